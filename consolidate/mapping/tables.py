"""From a block of cells to records: the table, its columns, its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consolidate.mapping.assign import Choice
from consolidate.mapping.builder import Builder
from consolidate.mapping.checks import tell_rows
from consolidate.mapping.choice import (
    choose_table,
    find_fit,
    settle,
    without_row_numbers,
)
from consolidate.mapping.columns import describe_column, tell_columns
from consolidate.mapping.indicators import read_indicators
from consolidate.mapping.kind import kind_said
from consolidate.mapping.marks import with_marks
from consolidate.mapping.periods import (
    periods_across,
    settle_across,
    spread_periods,
    takes_periods,
    with_years,
)
from consolidate.mapping.profile import Profile, profile
from consolidate.mapping.rows import sort_rows
from consolidate.mapping.scope import Scope, Table
from consolidate.mapping.values import Plan, add_record, make_plan, row_values
from consolidate.model.address import box
from consolidate.model.block import Block, Lane
from consolidate.model.finding import Severity
from consolidate.model.text import fold
from consolidate.model.workbook import PLAIN, Region, Sheet, Value

_SAMPLE = 40
_PLAIN_ROWS = frozenset({"record", "empty"})
_RISK_WORDS = frozenset({"risk", "risks", "risque", "risques", "r"})


def read_table(builder: Builder, scope: Scope, block: Block) -> bool:
    """Add the records of a block to the builder.

    Returns:
        False when the block is no table of a portfolio; it is told as left out then.
    """
    sheet = scope.sheet
    profiles = [_profile(scope, block, lane) for lane in block.lanes]
    fit = find_fit(builder, scope, block)
    if fit is None and read_indicators(builder, scope, block):
        return True
    best, ranking = choose_table(scope, block, profiles, fit)
    if best is None:
        builder.leave_out(sheet, block, "unknown" if fit is None else "layout", ranking)
        return False
    block = with_years(best.table, block)
    choices = settle_across(scope, block, best.spec, settle(block, best, fit))
    choices = with_marks(scope, block, best.spec, choices)
    choices = without_row_numbers(scope, block, best.spec, choices)
    columns = tuple(
        describe_column(builder, scope, block, lane, choice, seen)
        for lane, choice, seen in zip(block.lanes, choices, profiles, strict=True)
    )
    fields = {
        lane.at: c.field
        for lane, c in zip(block.lanes, choices, strict=True)
        if c.field
    }
    names = best.spec.names
    split = best.table == "milestones" and _has_two_names(choices)
    rows = sort_rows(sheet, block, fields, (*names, "phase") if split else names)
    table = Table(sheet, block, best.table, columns, tuple(profiles), tuple(rows))
    first = len(builder.entries)
    count = _add_records(builder, scope, table)
    builder.regions.append(
        Region(
            sheet.name,
            box(builder.place(block.box.a1)),
            best.table,
            block.shape,
            score=min(1.0, best.score / (best.score + 2)),
            header_rows=block.header,
            columns=columns,
            records=count,
            rows=tuple((r.at, r.kind) for r in rows if r.kind not in _PLAIN_ROWS),
            hidden=not sheet.visible,
            evidence={**best.evidence, **{f"table {t}": s for t, s in ranking}},
            layout=fit.layout if fit else "",
        )
    )
    tell_columns(builder, table, {e.column for e in builder.entries[first:]})
    tell_rows(builder, table)
    return True


def _profile(scope: Scope, block: Block, lane: Lane) -> Profile:
    sheet = scope.sheet
    codes = scope.legends.for_header(lane.label).codes
    rows, at, looks = sheet.rows, lane.at, sheet.looks
    cells = [
        (_said(value, codes) if codes else value, looks.get((r, at), PLAIN))
        for r in block.body[:_SAMPLE]
        if (value := rows[r][at] if at < len(rows[r]) else None) is not None
        or (r, at) in looks
    ]
    return profile(cells, scope.schemas.known_words)


def _said(value: Value, codes: Mapping[str, str]) -> Value:
    """Return the words a legend gives for a code, or the value itself."""
    if not codes or value is None or isinstance(value, bool):
        return value
    key = (
        str(int(value))
        if isinstance(value, float | int) and value == int(value)
        else fold(str(value))
    )
    return codes.get(key, value)


def _has_two_names(choices: Sequence[Choice]) -> bool:
    """Whether a column that could be the name was given to the phase."""
    return any(
        c.field == "phase" and any(n == "name" and s >= 0.75 for n, s in c.candidates)
        for c in choices
    )


def _add_records(builder: Builder, scope: Scope, table: Table) -> int:
    """Add the records of a table and return how many they are."""
    region, before = len(builder.regions), len(builder.records)
    name, block = table.name, table.block
    plan = make_plan(scope, table, region)
    risks = make_plan(scope, table, region, "risks") if name == "actions" else plan
    kind = next((lead.at for lead in plan.leads if lead.field == "kind"), None)
    spread = takes_periods(name, scope.sheet, block)
    across = periods_across(scope, plan, block) if spread else []
    said = kind_said(scope, table) if name == "actions" and kind is None else None
    _tell_groups(builder, table, plan)
    for row in table.rows:
        if row.kind != "record":
            continue
        if spread:
            spread_periods(builder, plan, across, row)
            continue
        own = plan
        if (
            name == "actions"
            and kind is not None
            and _is_risk(scope.sheet, row.at, kind)
        ):
            own = risks
        values = row_values(own, row)
        add_record(builder, own, row, [*values, said] if said else values)
    return len(builder.records) - before


def _tell_groups(builder: Builder, table: Table, plan: Plan) -> None:
    """Tell of a column whose names were given to the rows below them."""
    grouped = [p for p, (_, method, _) in plan.borrowed.items() if method == "above"]
    if not grouped:
        return
    at = grouped[0][1]
    lead = next(lead for lead in plan.leads if lead.at == at)
    column = table.columns[lead.column]
    builder.tell(
        "column-grouped",
        Severity.INFO,
        table.sheet.name,
        column.ref,
        table=table.name,
        name=lead.field,
        raw=column.header,
        params={"count": str(len(grouped))},
    )


def _is_risk(sheet: Sheet, row: int, col: int) -> bool:
    return fold(str(sheet.value(row, col) or "")) in _RISK_WORDS
