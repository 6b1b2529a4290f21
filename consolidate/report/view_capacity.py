"""Teams over their capacity: work planned, or spent, against what a month holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from consolidate.report import format as shown
from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record, records

MOST = 24
_FULL = 1.0
_HEAVY = 1.1
_FIELDS = ("effort_planned", "effort_spent", "capacity")


@dataclass(frozen=True, slots=True)
class Over:
    """One month of a team: its work, its capacity and the share of it."""

    team: str
    month: str
    work: Figure
    capacity: Figure
    share: Figure
    to_come: bool


@dataclass(frozen=True, slots=True)
class Capacity:
    """How full the teams are.

    Attributes:
        over: Months over capacity, the nearest to come first, then the latest past.
        known: Months of teams whose capacity and work are known.
    """

    over: tuple[Over, ...]
    known: int


def capacity(context: Context) -> Capacity:
    """Return the months in which a team's work is over its capacity.

    Work is what is planned, else what was spent; a person's capacity counts once a
    month however many activities repeat it.
    """
    frame = context.portfolio.tables["workload"]
    given = frame.loc[frame["month"].notna() & frame["team"].notna()]
    if given["capacity"].notna().sum() == 0:
        return Capacity((), 0)
    keys = ["team", "month"]
    person = given["person"].fillna("") if "person" in given else ""
    own = given.assign(_person=person)
    room = (
        own.groupby([*keys, "_person"])["capacity"].max().groupby(keys).sum(min_count=1)
    )
    work = own.groupby(keys)[["effort_planned", "effort_spent"]].sum(min_count=1)
    load = work["effort_planned"].fillna(work["effort_spent"])
    both = pd.DataFrame({"work": load, "room": room}).dropna()
    both = both.loc[both["room"] > 0].reset_index()
    both["share"] = both["work"] / both["room"]
    over = _ordered(context, both.loc[both["share"] > _FULL])
    cells = _cells(context, own, over)
    return Capacity(
        tuple(_over(context, row, cells[row["team"], row["month"]]) for row in over),
        len(both),
    )


def _ordered(context: Context, over: pd.DataFrame) -> Sequence[Record]:
    period = context.portfolio.period
    coming = over.loc[over["month"] > period].sort_values(
        ["month", "share"], ascending=[True, False]
    )
    past = over.loc[over["month"] <= period].sort_values(
        ["month", "share"], ascending=[False, False]
    )
    return records(pd.concat([coming, past]).head(MOST))


def _cells(
    context: Context, given: pd.DataFrame, over: Sequence[Record]
) -> dict[tuple[str, str], _Cells]:
    """Return the first lines of work and of capacity of the months that are shown."""
    shown_ = {(row["team"], row["month"]) for row in over}
    keys = pd.Series(
        list(zip(given["team"], given["month"], strict=True)), index=given.index
    )
    lines: dict[tuple[str, str], list[Record]] = {key: [] for key in shown_}
    for key, row in zip(keys, records(given[["record_id", *_FIELDS]]), strict=True):
        if key in lines:
            lines[key].append(row)
    every = [row for own in lines.values() for row in own]
    context.load("workload", every, _FIELDS)
    return {key: _Cells.of(context, rows) for key, rows in lines.items()}


@dataclass(frozen=True, slots=True)
class _Cells:
    """Proofs of the work and of the capacity of one month of a team."""

    work: int | None
    room: int | None

    @classmethod
    def of(cls, context: Context, rows: Sequence[Record]) -> _Cells:
        planned = [r for r in rows if r["effort_planned"] is not None]
        field = "effort_planned" if planned else "effort_spent"
        spent = planned or [r for r in rows if r["effort_spent"] is not None]
        room = [r for r in rows if r["capacity"] is not None]
        return cls(
            _summed(context, "formula-work", spent, field),
            _summed(context, "formula-room", room, "capacity"),
        )


def _summed(
    context: Context, key: str, rows: Sequence[Record], field: str
) -> int | None:
    formula = context.words.tr(key, field=context.words.field("workload", field))
    return context.counted(formula, "workload", [(r, field) for r in rows])


def _over(context: Context, row: Record, cells: _Cells) -> Over:
    lang = context.lang
    work, room, share = row["work"], row["room"], row["share"]
    tone = "poor" if share > _HEAVY else "fair"
    formula = context.words.tr("formula-share")
    proof = context.proofs.derived(formula, (cells.work, cells.room))
    return Over(
        row["team"],
        shown.month(row["month"], lang, short=True),
        Figure(shown.number(work, lang, 1), work, cells.work),
        Figure(shown.number(room, lang, 1), room, cells.room),
        Figure(shown.percent(share, lang), round(share, 4), proof, tone),
        row["month"] > context.portfolio.period,
    )
