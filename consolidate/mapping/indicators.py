"""Dashboards of a service: an indicator a row, a month a column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consolidate.mapping.builder import Builder, Entry
from consolidate.mapping.periods import period_entry
from consolidate.mapping.scope import Scope
from consolidate.model.address import a1, box
from consolidate.model.block import Block, Lane
from consolidate.model.finding import Severity
from consolidate.model.lexicon import hints
from consolidate.model.text import fold
from consolidate.model.workbook import Column, Region, Value

TABLE = "services"
_TARGET_OF = {
    "availability_actual": "availability_target",
    "response_actual_hours": "response_target_hours",
    "restore_actual_hours": "restore_target_hours",
}
_MEASURED = frozenset(
    {
        *_TARGET_OF,
        *_TARGET_OF.values(),
        *("downtime_unplanned_h", "downtime_planned_h", "longest_outage_h"),
        *("incidents", "incidents_major", "incidents_open"),
        *("effort_spent", "effort_planned", "maintenance_cost", "users_count"),
    }
)
_TARGET = re.compile(r"cible|objectif|target|engagement|sla|seuil|vise")
_SURE = 0.75
_SURE_NAME = 0.9


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where what stands in a dashboard of a service.

    Attributes:
        label: Column of the indicators.
        service: Column of the services; None when the whole sheet is of one.
        target: Column of what was committed; None when there is none.
        months: Columns of months.
        fields: Field by row; rows of no known indicator are left out.
    """

    label: Lane
    service: Lane | None
    target: Lane | None
    months: tuple[Lane, ...]
    fields: Mapping[int, str]


def read_indicators(builder: Builder, scope: Scope, block: Block) -> bool:
    """Add the months of the services that a dashboard follows, one record each.

    Returns:
        False when the block is no such dashboard.
    """
    grid = _grid(scope, block)
    if grid is None:
        return False
    rows = [r for r in block.body if r in grid.fields]
    columns = tuple(_column(builder, scope, grid, row) for row in rows)
    number = len(builder.regions)
    records: dict[tuple[str, int], int] = {}
    for index, row in enumerate(rows):
        name = _name(scope, block, grid, row)
        for lane in grid.months:
            if scope.sheet.value(row, lane.at) is None:
                continue
            key = (fold(str(name.raw)), lane.at)
            if key not in records:
                records[key] = builder.add_record(TABLE, number, row)
                said = period_entry(scope.sheet, TABLE, block, lane, -1)
                builder.add(records[key], [name, said])
            entries = [*_values(scope, grid, row, lane, index)]
            builder.add(records[key], entries)
    builder.regions.append(
        Region(
            scope.sheet.name,
            box(builder.place(block.box.a1)),
            TABLE,
            block.shape,
            score=0.8,
            header_rows=block.header,
            columns=columns,
            records=len(records),
            hidden=not scope.sheet.visible,
            evidence={"indicators": float(len(rows))},
        )
    )
    _tell(builder, scope, block, grid)
    return True


def _grid(scope: Scope, block: Block) -> _Grid | None:
    months = tuple(x for x in block.lanes if x.period and x.period.kind == "month")
    others = [lane for lane in block.lanes if lane.period is None]
    if len(months) < 2:
        return None
    for lane in others[:3]:
        fields = {
            row: name
            for row in block.body
            if (name := _field(scope, _text(scope.sheet.value(row, lane.at))))
        }
        labelled = sum(1 for r in block.body if _text(scope.sheet.value(r, lane.at)))
        if len({*fields.values()}) >= 2 and len(fields) * 2 > labelled:
            beside = [x for x in others if x is not lane]
            service = next((x for x in beside if x.at < lane.at), None)
            target = next((x for x in beside if _TARGET.search(fold(x.label))), None)
            return _Grid(lane, service, target, months, fields)
    return None


def _field(scope: Scope, text: str) -> str:
    """Return the measure of a service that a text names, empty when it names none."""
    if not text or len(text) > 80:
        return ""
    found = scope.lexicon.match_by_table(text).get(TABLE, {})
    ranked = sorted(
        (-score, name) for name, score in found.items() if name in _MEASURED
    )
    return ranked[0][1] if ranked and -ranked[0][0] >= _SURE else ""


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else ""


def _column(builder: Builder, scope: Scope, grid: _Grid, row: int) -> Column:
    """Return an indicator as the column it would be were the table the other way round."""
    label = _text(scope.sheet.value(row, grid.label.at))
    shown = scope.sheet.look(row, grid.months[0].at).format
    unit = hints(label).unit or ("percent" if "%" in shown else "")
    place = builder.place(a1(row, grid.label.at))
    return Column(place, label, grid.fields[row], 0.9, "indicator", unit=unit)


def _name(scope: Scope, block: Block, grid: _Grid, row: int) -> Entry:
    """Return what names the service of a row: its cell or the one above, else the sheet."""
    sheet = scope.sheet
    if grid.service is not None:
        at = grid.service.at
        above = (r for r in range(row, block.body[0] - 1, -1))
        found = next((r for r in above if _text(sheet.value(r, at))), None)
        if found is not None:
            method = "column" if found == row else "above"
            text = _text(sheet.value(found, at))
            return Entry(
                "name", text, "", sheet.name, found, at, -1, method, _SURE_NAME
            )
    if block.title and block.title_cell:
        where = (sheet.name, *block.title_cell, -1)
        return Entry("name", block.title, "", *where, "title", 0.6)
    return Entry("name", sheet.name, "", sheet.name, -1, -1, -1, "sheet_name", 0.6)


def _values(
    scope: Scope, grid: _Grid, row: int, month: Lane, index: int
) -> Iterator[Entry]:
    """Yield the measure of a month, and what was committed for it."""
    sheet, field = scope.sheet, grid.fields[row]
    sought = [(field, month.at)]
    if grid.target is not None and field in _TARGET_OF:
        sought.append((_TARGET_OF[field], grid.target.at))
    for name, at in sought:
        raw = sheet.value(row, at)
        if raw is not None:
            shown = sheet.look(row, at).format
            where = (sheet.name, row, at, index)
            yield Entry(name, raw, shown, *where, "indicator", 0.9)


def _tell(builder: Builder, scope: Scope, block: Block, grid: _Grid) -> None:
    """Tell of the rows that no measure was recognised in, and of a name assumed."""
    sheet = scope.sheet
    for row in block.body:
        text = _text(sheet.value(row, grid.label.at))
        if text and row not in grid.fields:
            place = (row, grid.label.at)
            builder.tell_at(
                "indicator-unknown",
                Severity.INFO,
                sheet.name,
                place,
                table=TABLE,
                raw=text,
            )
    if grid.service is None:
        place = block.title_cell or (block.box.top, block.box.left)
        name = block.title or sheet.name
        builder.tell_at(
            "service-name-assumed",
            Severity.WARNING,
            sheet.name,
            place,
            table=TABLE,
            name="name",
            raw=name,
        )
