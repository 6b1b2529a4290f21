"""Months, weeks or years across: one record a row and period."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import NamedTuple

from consolidate.mapping.assign import PERIODS, Choice
from consolidate.mapping.builder import Builder, Entry
from consolidate.mapping.rows import Row
from consolidate.mapping.scope import Scope
from consolidate.mapping.values import Plan, add_record, row_values
from consolidate.model.block import Block, Lane
from consolidate.model.lexicon import Lexicon, hints
from consolidate.model.period import Period, parse_period
from consolidate.model.schema import TableSpec
from consolidate.model.text import fold
from consolidate.model.workbook import Position, Sheet

_AMOUNT = {"workload": "effort_planned", "budget_lines": "budget_initial"}
_SPENT = ("realise", "reel", "consomme", "actual", "spent", "fait", "passe")
_OTHER = r"\b(?:ecarts?|variance|delta|diff\w*|taux|ratio|part|evol\w*|comment\w*|statut|status)\b"
_NEAR = 6


def takes_periods(table: str, sheet: Sheet, block: Block) -> bool:
    """Whether the amounts under period columns are values of a table.

    They are when the table is kept by period and most filled cells are numbers;
    otherwise the columns draw a calendar.
    """
    lanes = [lane for lane in block.lanes if lane.period]
    kinds = PERIODS.get(table)
    if not kinds or len(lanes) < 2:
        return False
    if not all(lane.period and lane.period.kind in kinds for lane in lanes):
        return False
    values = [
        v
        for row in block.body[:60]
        for lane in lanes
        if (v := sheet.value(row, lane.at)) is not None
    ]
    numbers = sum(1 for v in values if isinstance(v, float | int) and v is not True)
    return bool(values) and numbers * 2 >= len(values)


def with_years(table: str, block: Block) -> Block:
    """Return a block whose columns named for several years are headed by them.

    Budget 2025, Réalisé 2025, Budget 2026: once a name stands with two years, every year
    heads its columns.
    """
    if "year" not in PERIODS.get(table, ()):
        return block
    years = {lane.at: hints(lane.label).year for lane in block.lanes}
    named: dict[str, set[int]] = {}
    for lane in block.lanes:
        if years[lane.at]:
            named.setdefault(_without_year(lane.label), set()).add(years[lane.at])
    if all(len(found) < 2 for found in named.values()):
        return block
    lanes = tuple(
        dataclasses.replace(lane, period=Period("year", years[lane.at]))
        if lane.period is None and years[lane.at]
        else lane
        for lane in block.lanes
    )
    return dataclasses.replace(block, lanes=lanes)


def _without_year(label: str) -> str:
    return " ".join(re.sub(r"20[0-4]\d", " ", fold(label)).split())


class Across(NamedTuple):
    """A column headed by a period.

    Attributes:
        at: 0-based column.
        column: Number of the column in its table.
        period: What heads it.
        said: The period, as a value of each record of the column.
        amount: Field that the amounts below it are of.
    """

    at: int
    column: int
    period: Period
    said: Entry
    amount: str


def periods_across(scope: Scope, plan: Plan, block: Block) -> list[Across]:
    """Return the columns of a table that are headed by periods, amounts below them."""
    spec = scope.schemas.tables[plan.table]
    return [
        Across(
            lane.at,
            i,
            lane.period,
            period_entry(plan.sheet, plan.table, block, lane, i),
            amount,
        )
        for i, lane in enumerate(block.lanes)
        if lane.period is not None
        and (amount := _amount_field(scope.lexicon, spec, lane, block.title))
    ]


def settle_across(
    scope: Scope, block: Block, spec: TableSpec, choices: Sequence[Choice]
) -> tuple[Choice, ...]:
    """Settle the columns under periods, and those of the whole row beside them.

    A total is the sum of what is read period by period, and of no period itself:
    it loses its field. What stands under a period without being an amount (%, Écart)
    is told as unused.
    """
    if not takes_periods(spec.name, scope.sheet, block):
        return tuple(choices)
    settled = []
    for lane, choice in zip(block.lanes, choices, strict=True):
        if lane.period is not None:
            amount = _amount_field(scope.lexicon, spec, lane, block.title)
            known = Choice(method="across", candidates=((amount, 1.0),))
            settled.append(known if amount else Choice(method="other"))
        elif _is_amount(spec, choice.field):
            settled.append(Choice(method="whole"))
        else:
            settled.append(choice)
    return tuple(settled)


def _is_amount(spec: TableSpec, name: str) -> bool:
    kept = {"", "unit_price"}
    return name not in kept and spec.by_name[name].type in {"money", "effort"}


def spread_periods(
    builder: Builder, plan: Plan, across: Sequence[Across], row: Row
) -> None:
    """Add one record for each filled period of a row."""
    values = row_values(plan, row)
    sheet = plan.sheet
    by_period: dict[Period, int] = {}
    for at, column, period, said, amount in across:
        raw = sheet.value(row.at, at)
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            continue
        shown = sheet.look(row.at, at).format
        where = (sheet.name, row.at, at, column)
        entries = [Entry(amount, raw, shown, *where, "column", 0.95)]
        record = by_period.get(period)
        if record is None:
            record = by_period[period] = add_record(builder, plan, row, values)
            entries.insert(0, said)
        builder.add(record, entries)


def _amount_field(lexicon: Lexicon, spec: TableSpec, lane: Lane, title: str) -> str:
    """Return the field of the amounts below a period, empty when they are none.

    What stands beside the period in the header says (2026 / Engagé), else the title.
    """
    parts = [p for p in lane.label.split(" / ") if parse_period(p) is None]
    for part in reversed(parts):
        known = lexicon.match_by_table(part).get(spec.name, {})
        likely = {f: s for f, s in known.items() if s >= 0.8 and _is_amount(spec, f)}
        if likely:
            return max(likely, key=lambda f: likely[f])
    own = fold(parts[-1]) if parts else ""
    if re.search(_OTHER, own) or "%" in lane.label:
        return ""
    said = f"{own} {fold(title)}"
    if spec.name == "workload" and any(word in said for word in _SPENT):
        return "effort_spent"
    return _AMOUNT[spec.name]


def period_entry(
    sheet: Sheet, table: str, block: Block, lane: Lane, column: int
) -> Entry:
    """Return the period that heads a column, as a value of a record."""
    row, col = _period_cell(sheet, block.header, lane)
    kind = lane.period.kind if lane.period else ""
    name = "year" if table == "budget_lines" else "date" if kind == "day" else "month"
    shown = sheet.look(row, col).format
    raw = sheet.value(row, col)
    return Entry(name, raw, shown, sheet.name, row, col, column, "header", 1.0)


def _period_cell(sheet: Sheet, header: Sequence[int], lane: Lane) -> Position:
    """Return the header cell that names the period, which may be a merged one above."""
    for row in header:
        for col in range(lane.at, max(-1, lane.at - _NEAR), -1):
            value = sheet.value(row, col)
            if value is not None:
                if parse_period(value, sheet.look(row, col).format) == lane.period:
                    return row, col
                break
    return lane.cell or (header[-1], lane.at)
