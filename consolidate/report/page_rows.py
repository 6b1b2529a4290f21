"""Which rows of each table the page of a project lists, chosen once for all pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from consolidate.report.html_context import Context
from consolidate.report.html_words import Record, records

Order: TypeAlias = Callable[[Record, date], tuple[Any, ...] | None]
PLACE = ("workbook", "sheet", "row")
_FAR = date.max


@dataclass(frozen=True, slots=True)
class Pick:
    """Which rows of a table are listed.

    Attributes:
        table: Its name.
        fields: What is shown of a row.
        keys: What decides which rows are listed, and what is counted.
        most: How many rows are listed.
        order: Where a row comes in the list, given the cut-off; None leaves it out.
    """

    table: str
    fields: tuple[str, ...]
    keys: tuple[str, ...]
    most: int
    order: Order


@dataclass(frozen=True, slots=True)
class Picked:
    """The rows of one table of one project.

    Attributes:
        every: All of them, with their keys and places only.
        listed: Those listed, with what is shown, in their order.
        counted: How many could be listed.
    """

    every: Sequence[Record] = ()
    listed: Sequence[Record] = ()
    counted: int = 0


NONE = Picked()


def pick_rows(context: Context, pick: Pick) -> Mapping[str, Picked]:
    """Return the rows of one table by project code, their proofs made ready."""
    frame = context.portfolio.tables[pick.table]
    columns = ("project_code", *PLACE, *pick.keys)
    also = tuple(f for f in pick.fields if f not in columns)
    groups: dict[str, list[tuple[int, Record]]] = {}
    for position, row in enumerate(records(frame, columns)):
        code = row["project_code"]
        if code is not None:
            groups.setdefault(str(code), []).append((position, row))
    chosen, counts = {}, {}
    for code, rows in groups.items():
        ranked = [
            (rank, position)
            for position, row in rows
            if (rank := pick.order(row, context.as_of)) is not None
        ]
        chosen[code] = [p for _, p in sorted(ranked)[: pick.most]]
        counts[code] = len(ranked)
    positions = [p for own in chosen.values() for p in own]
    shown = records(frame.iloc[positions], ("record_id", *columns, *also))
    context.load(pick.table, shown, pick.fields)
    by_position = dict(zip(positions, shown, strict=True))
    return {
        code: Picked(
            [row for _, row in groups[code]],
            [by_position[p] for p in chosen[code]],
            counts[code],
        )
        for code in groups
    }


def soonest(*fields: str) -> Callable[[Record], date]:
    """Return a key: the first of some dates that is known, else the far future."""

    def key(row: Record) -> date:
        return next((row[f] for f in fields if row.get(f) is not None), _FAR)

    return key
