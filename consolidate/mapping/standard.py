"""Read a sheet of the standard workbook: its headers are known, nothing is weighed.

A sheet whose manager added a column or wrote beside the table is no longer standard: it
is read as any other, so that nothing in it is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from consolidate.mapping.builder import Builder
from consolidate.mapping.checks import tell_rows
from consolidate.mapping.profile import profile
from consolidate.mapping.rows import Row
from consolidate.mapping.scope import Scope, Table, turned
from consolidate.mapping.values import add_record, make_plan, row_values
from consolidate.model.address import Box, a1, box
from consolidate.model.block import Block, Lane
from consolidate.model.layout import STANDARD
from consolidate.model.schema import Field, TableSpec
from consolidate.model.template import HEADER, TURNED, table_of
from consolidate.model.workbook import Column, Region, Sheet, Value

_METHOD = "column"
_UNITS: Mapping[str, str] = {
    "money": "eur",
    "effort": "day",
    "duration": "day",
    "hours": "hour",
}
_SCALES: Mapping[str, int] = {"rating": 5, "criticality": 25}
_NO_PROFILE = profile([], {})


def read_standard(builder: Builder, scope: Scope) -> bool:
    """Add the records of a sheet of the standard workbook.

    Returns:
        False when it is no such sheet, or no longer one.
    """
    known = table_of(scope.sheet.value(0, 0), scope.schemas)
    if known is None:
        return False
    table, lang, subject = known
    spec = scope.schemas.tables[table]
    sheet = _across(scope.sheet) if table == TURNED else scope.sheet
    block = _block(sheet, spec, lang, is_turned=table == TURNED)
    if block is None:
        return False
    if table == TURNED:
        builder.turned_at = HEADER
    if subject:
        builder.subjects[sheet.name] = subject
    _read(builder, replace(scope, sheet=sheet), block, (spec, lang))
    builder.turned_at = None
    return True


def _across(sheet: Sheet) -> Sheet:
    return turned(sheet, Block("transposed", Box(0, 0, 0, 0)))[0]


def _block(
    sheet: Sheet, spec: TableSpec, lang: str, *, is_turned: bool
) -> Block | None:
    """Return the table of a sheet; None when not all of it is as it was handed out."""
    header = 0 if is_turned else HEADER
    first = HEADER if is_turned else 0
    labels = {f.label[lang] for f in spec.fields}
    width = max(map(len, sheet.rows), default=0)
    lanes: list[Lane] = []
    for col in range(first, width):
        label = str(sheet.value(header, col) or "").strip().removesuffix(" *")
        if label in labels:
            lanes.append(Lane(col, label, (header, col)))
        elif any(_below(sheet, header, col)):
            return None
    if len({lane.label for lane in lanes}) < len(lanes) or not lanes:
        return None
    bottom = len(sheet.rows) - 1
    body = tuple(range(header + 1, bottom + 1))
    shape = "transposed" if is_turned else "table"
    edges = Box(0, 0, bottom, max(width - 1, lanes[-1].at))
    return Block(shape, edges, (header,), tuple(lanes), body)


def _below(sheet: Sheet, header: int, col: int) -> Iterator[bool]:
    for row in range(header + 1, len(sheet.rows)):
        yield _is_filled(sheet.value(row, col)) or (row, col) in sheet.errors


def _is_filled(value: Value) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _read(
    builder: Builder, scope: Scope, block: Block, known: tuple[TableSpec, str]
) -> None:
    (spec, lang), sheet = known, scope.sheet
    by_label = {f.label[lang]: f for f in spec.fields}
    fields = [by_label[lane.label] for lane in block.lanes]
    columns = tuple(
        _column(builder, lane, field)
        for lane, field in zip(block.lanes, fields, strict=True)
    )
    named = [
        lane.at
        for lane, f in zip(block.lanes, fields, strict=True)
        if f.name in spec.names
    ]
    rows = tuple(_rows(sheet, block, named))
    table = Table(sheet, block, spec.name, columns, (_NO_PROFILE,) * len(columns), rows)
    region = len(builder.regions)
    plan = replace(make_plan(scope, table, region), borrowed={}, nested=False, grids=())
    records = [row for row in rows if row.kind == "record"]
    for row in records:
        add_record(builder, plan, row, row_values(plan, row))
    builder.regions.append(
        Region(
            sheet.name,
            box(builder.place(block.box.a1)),
            spec.name,
            block.shape,
            score=1.0,
            header_rows=block.header,
            columns=columns,
            records=len(records),
            rows=tuple((r.at, r.kind) for r in rows if r.kind == "nameless"),
            hidden=not sheet.visible,
            layout=STANDARD,
        )
    )
    tell_rows(builder, table)


def _column(builder: Builder, lane: Lane, field: Field) -> Column:
    unit = _UNITS.get(field.type, "")
    if field.type == "number" and field.name.startswith("effort_"):
        unit = "day"
    return Column(
        ref=builder.place(a1(*lane.cell)) if lane.cell else "",
        header=lane.label,
        field=field.name,
        confidence=1.0,
        method=_METHOD,
        unit=unit,
        scale=_SCALES.get(field.type, 0),
    )


def _rows(sheet: Sheet, block: Block, named: Sequence[int]) -> Iterator[Row]:
    """Yield the rows that hold something; a record has one of its names."""
    for at in block.body:
        if any(_is_filled(sheet.value(at, lane.at)) for lane in block.lanes):
            is_named = any(_is_filled(sheet.value(at, col)) for col in named)
            yield Row(at, "record" if is_named else "nameless")
