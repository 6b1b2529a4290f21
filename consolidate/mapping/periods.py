"""Months, weeks or years across: one record a row and period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consolidate.mapping.builder import Builder
from consolidate.mapping.rows import Row
from consolidate.model.block import Block, Lane
from consolidate.model.text import fold
from consolidate.model.workbook import Column, Sheet

_AMOUNT = {"workload": "effort_planned", "budget_lines": "budget_initial"}
_KINDS = {"workload": {"month", "day", "week"}, "budget_lines": {"year"}}
_SPENT = ("realise", "reel", "consomme", "actual", "spent", "fait", "passe")


def takes_periods(
    table: str, sheet: Sheet, block: Block, lanes: Sequence[Lane]
) -> bool:
    """Whether the amounts under period columns are values of a table.

    They are when the table is kept by period and most filled cells are numbers;
    otherwise the columns draw a calendar.
    """
    kinds = _KINDS.get(table)
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
    numbers = sum(
        1 for v in values if isinstance(v, float | int) and not isinstance(v, bool)
    )
    return bool(values) and numbers * 2 >= len(values)


def spread_periods(
    builder: Builder,
    sheet: Sheet,
    block: Block,
    table: str,
    region: int,
    row: Row,
    values: Sequence[dict[str, Any]],
    columns: Sequence[Column],
    lanes: Sequence[tuple[int, Lane]],
) -> None:
    """Add one record for each filled period of a row."""
    by_period: dict[tuple[int, ...], int] = {}
    for i, lane in lanes:
        at = (row.at, lane.at)
        raw = sheet.value(*at)
        if (
            raw is None
            or (isinstance(raw, str) and not raw.strip())
            or lane.cell is None
        ):
            continue
        period = lane.period
        if period is None:
            continue
        key = (period.year, period.number, period.day)
        record = by_period.get(key)
        if record is None:
            record = builder.add_record(table, region, row.at)
            by_period[key] = record
            for value in values:
                builder.add(record, **value)
            _add_period(builder, sheet, block, table, record, lane, i)
        builder.add(
            record,
            _amount_field(table, lane.label, block.title),
            raw,
            sheet=sheet,
            at=at,
            column=i,
            confidence=0.95,
            number_format=sheet.look(*at).format,
        )
    del columns


def _amount_field(table: str, label: str, title: str) -> str:
    said = fold(f"{label} {title}")
    if table == "workload" and any(word in said for word in _SPENT):
        return "effort_spent"
    return _AMOUNT[table]


def _add_period(
    builder: Builder,
    sheet: Sheet,
    block: Block,
    table: str,
    record: int,
    lane: Lane,
    column: int,
) -> None:
    period = lane.period
    if period is None or lane.cell is None:
        return
    cell = _period_cell(sheet, block, lane)
    if table == "budget_lines":
        name = "year"
    elif period.kind == "day":
        name = "date"
    else:
        name = "month"
    builder.add(
        record,
        name,
        sheet.value(*cell),
        sheet=sheet,
        at=cell,
        column=column,
        method="header",
        number_format=sheet.look(*cell).format,
    )


def _period_cell(sheet: Sheet, block: Block, lane: Lane) -> tuple[int, int]:
    """Return the header cell that names the period, which may be a merged one above."""
    from consolidate.model.period import parse_period

    for row in block.header:
        for col in range(lane.at, max(-1, lane.at - 6), -1):
            value = sheet.value(row, col)
            if value is not None:
                if parse_period(value, sheet.look(row, col).format) == lane.period:
                    return row, col
                break
    return lane.cell or (block.header[-1], lane.at)
