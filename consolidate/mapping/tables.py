"""From a block of cells to records: the table, its columns, its rows."""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence

from consolidate.mapping.assign import Choice, naming_fields
from consolidate.mapping.builder import Builder
from consolidate.mapping.checks import check_totals, tell_cells, tell_hidden
from consolidate.mapping.choice import choose_table, find_fit, settle
from consolidate.mapping.columns import describe_column, tell_columns
from consolidate.mapping.periods import spread_periods, takes_periods
from consolidate.mapping.profile import Profile, profile
from consolidate.mapping.rows import Row, sort_rows
from consolidate.mapping.scope import Scope
from consolidate.mapping.values import merged_down, row_values
from consolidate.model.address import Box, box
from consolidate.model.block import Block, Lane
from consolidate.model.finding import Severity
from consolidate.model.schema import Schemas
from consolidate.model.text import fold
from consolidate.model.workbook import Column, Region, Sheet, Value

_RAID_KINDS = {
    "risk": "risks",
    "risque": "risks",
    "risks": "risks",
    "risques": "risks",
    "r": "risks",
}


def read_table(builder: Builder, scope: Scope, block: Block) -> bool:
    """Add the records of a block to the builder.

    Returns:
        False when the block is no table of a portfolio; it is told as left out then.
    """
    sheet = scope.sheet
    profiles = [_profile(scope, block, lane) for lane in block.lanes]
    fit = find_fit(builder, scope, block)
    best, ranking = choose_table(scope, block, profiles, fit)
    if best is None:
        builder.leave_out(sheet, block, "unknown" if fit is None else "layout", ranking)
        return False
    choices = settle(block, best, fit)
    columns = tuple(
        describe_column(builder, scope, block, lane, choice, seen)
        for lane, choice, seen in zip(block.lanes, choices, profiles, strict=True)
    )
    fields = {
        lane.at: c.field
        for lane, c in zip(block.lanes, choices, strict=True)
        if c.field
    }
    names = naming_fields(best.table)
    split = best.table == "milestones" and _has_two_names(choices)
    rows = sort_rows(sheet, block, fields, (*names, "phase") if split else names)
    number = len(builder.regions)
    before = len(builder.records)
    _add_records(builder, scope, block, best.table, columns, rows, number)
    builder.regions.append(
        Region(
            sheet.name,
            box(builder.place(block.box.a1)),
            best.table,
            block.shape,
            score=min(1.0, best.score / (best.score + 2)),
            header_rows=block.header,
            columns=columns,
            records=len(builder.records) - before,
            hidden=not sheet.visible,
            evidence={**best.evidence, **{f"table {t}": s for t, s in ranking}},
        )
    )
    held = _held(builder, before)
    tell_columns(builder, sheet, block, columns, best.table, profiles, held)
    _tell_rows(builder, sheet, block, rows, best.table)
    check_totals(builder, sheet, rows, fields, best.table)
    tell_cells(builder, sheet, block, rows, fields, best.table)
    tell_hidden(builder, sheet, block, best.table)
    return True


def _held(builder: Builder, first: int) -> set[int]:
    """Return the columns that gave a value to a record added since ``first``."""
    cells = builder.cells
    start = bisect.bisect_left(cells.record, first)
    return set(cells.column[start:])


def _profile(scope: Scope, block: Block, lane: Lane) -> Profile:
    if lane.period is not None:
        return Profile()
    sheet = scope.sheet
    codes = scope.legends.for_header(lane.label).codes
    cells = [
        (_said(sheet.value(r, lane.at), codes), sheet.look(r, lane.at))
        for r in block.body[:80]
    ]
    return profile(cells, scope.schemas.vocabularies)


def _said(value: Value, codes: Mapping[str, str]) -> Value:
    """Return the words a legend gives for a code, or the value itself."""
    if not codes or value is None or isinstance(value, bool):
        return value
    key = str(int(value)) if isinstance(value, float | int) and value == int(value) else fold(str(value))
    return codes.get(key, value)


def _has_two_names(choices: Sequence[Choice]) -> bool:
    """Whether a column that could be the name was given to the phase."""
    return any(
        c.field == "phase" and any(n == "name" and s >= 0.75 for n, s in c.candidates)
        for c in choices
    )


def _add_records(
    builder: Builder,
    scope: Scope,
    block: Block,
    table: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    region: int,
) -> None:
    sheet = scope.sheet
    used = [
        (i, lane, columns[i]) for i, lane in enumerate(block.lanes) if columns[i].field
    ]
    periods = [
        (i, lane) for i, lane in enumerate(block.lanes) if lane.period is not None
    ]
    spread = takes_periods(table, sheet, block, [lane for _, lane in periods])
    down = merged_down(sheet, block)
    kind_at = next((lane.at for _, lane, c in used if c.field == "kind"), None)
    for row in rows:
        if row.kind != "record":
            continue
        target = table
        if table == "actions" and kind_at is not None:
            said = fold(str(sheet.value(row.at, kind_at) or ""))
            target = _RAID_KINDS.get(said, table)
        values = row_values(scope, row, used, down, target, table)
        if spread:
            spread_periods(
                builder,
                scope.sheet,
                block,
                target,
                region,
                row,
                values,
                columns,
                periods,
            )
            continue
        record = builder.add_record(target, region, row.at)
        for value in values:
            builder.add(record, **value)  # type: ignore[arg-type]


def _tell_rows(
    builder: Builder, sheet: Sheet, block: Block, rows: Sequence[Row], table: str
) -> None:
    for row in rows:
        where = Box(row.at, block.box.left, row.at, block.box.right).a1
        shown = next((str(v) for _, v in _filled(sheet, row.at, block.box)), "")
        if row.kind == "nameless":
            builder.left_out = True
            builder.tell(
                "row-without-name",
                Severity.ERROR,
                sheet.name,
                where,
                table=table,
                raw=shown,
            )
        elif row.kind == "placeholder":
            builder.tell(
                "row-placeholder",
                Severity.INFO,
                sheet.name,
                where,
                table=table,
                raw=shown,
            )
        elif row.kind == "note":
            builder.tell(
                "row-note", Severity.INFO, sheet.name, where, table=table, raw=shown
            )


def _filled(sheet: Sheet, row: int, box: Box) -> list[tuple[int, Value]]:
    return [
        (c, v)
        for c in range(box.left, box.right + 1)
        if (v := sheet.value(row, c)) is not None
    ]
