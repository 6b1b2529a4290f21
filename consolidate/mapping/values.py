"""The values of one row, as a person sees them: fills, symbols, merged and borrowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from consolidate.mapping.builder import Builder, Entry
from consolidate.mapping.group import above, group_column
from consolidate.mapping.marks import METHOD, Grid, grids_of, is_marked
from consolidate.mapping.rows import Row
from consolidate.mapping.scope import Scope, Table
from consolidate.model.block import Block
from consolidate.model.workbook import PLAIN, Look, Position, Sheet, Value

_SECTION_FIELD = {
    "milestones": "phase",
    "deliverables": "phase",
    "budget_lines": "category",
    "risks": "category",
    "objectives": "objective_type",
    "workload": "team",
}
_COLOUR_FIELDS = frozenset({"rag", "trend"})
_DOTS = frozenset({"l", "n", "●", "■", "⬤", "•", "◼", "⚫"})
_RAID_FIELDS = {"impact": "consequence", "progress": "", "escalation_level": ""}
_SHARED = frozenset({"merged", "above"})
_MAX_MERGE = 500
_entry = partial(tuple.__new__, Entry)
"""Makes an ``Entry`` of its nine values; there are thousands, and this takes half the time."""


class Lead(NamedTuple):
    """How to read one used column of a table."""

    at: int
    column: int
    field: str
    coloured: bool
    method: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read the rows of one table.

    Attributes:
        sheet: The sheet.
        table: Canonical table of its records.
        region: Number of the region.
        leads: Its used columns.
        borrowed: For cells that a vertical merge covers, and blank cells of a column
            that groups rows: the cell that holds the value, ``merged`` or ``above``, and
            how sure that is.
        nested: Whether a row without a name takes that of its phase column.
        name: Field that names a record.
        grids: Columns of marks that give one field together.
    """

    sheet: Sheet
    table: str
    region: int
    leads: tuple[Lead, ...]
    borrowed: Mapping[Position, tuple[Position, str, float]]
    nested: bool = False
    name: str = ""
    grids: tuple[Grid, ...] = ()


def make_plan(scope: Scope, table: Table, region: int, other: str = "") -> Plan:
    """Return how to read the rows of a table.

    Args:
        scope: The sheet.
        table: The table.
        region: Number of its region.
        other: Another canonical table to read some of its rows as: the risks of a RAID
            log. A column keeps its field where that table has it, or one like it.
    """
    spec = scope.schemas.tables[other or table.name]
    leads: list[Lead] = []
    for i, (lane, column) in enumerate(
        zip(table.block.lanes, table.columns, strict=True)
    ):
        name = _RAID_FIELDS.get(column.field, column.field) if other else column.field
        if column.method == METHOD:
            continue
        if name in spec.by_name and all(x.field != name for x in leads):
            coloured = spec.by_name[name].values in _COLOUR_FIELDS
            sure = min(1.0, column.confidence)
            leads.append(Lead(lane.at, i, name, coloured, column.method, sure))
    nested = "name" in spec.by_name and "phase" in spec.by_name
    sheet, block = scope.sheet, table.block
    grouped = group_column(sheet, block, table.name, table.fields)
    borrowed = {
        **{p: (q, "above", 0.85) for p, q in above(sheet, table.rows, grouped).items()},
        **{p: (q, "merged", 1.0) for p, q in _merged_down(sheet, block).items()},
    }
    name = next(iter(spec.names), "")
    given = [(c.field, c.method) for c in table.columns]
    grids = tuple(g for g in grids_of(block, given) if g.field in spec.by_name)
    return Plan(sheet, spec.name, region, tuple(leads), borrowed, nested, name, grids)


def _merged_down(sheet: Sheet, block: Block) -> Mapping[Position, Position]:
    found: dict[Position, Position] = {}
    header = block.header[-1] if block.header else -1
    for box in sheet.merges:
        if box.bottom == box.top or box.top <= header:
            continue
        if box.left > block.box.right or box.right < block.box.left:
            continue
        for row in range(box.top + 1, min(box.bottom, box.top + _MAX_MERGE) + 1):
            found[row, box.left] = (box.top, box.left)
    return found


def row_values(plan: Plan, row: Row) -> list[Entry]:
    """Return what the used columns of a row hold, and what its section gives."""
    sheet, at = plan.sheet, row.at
    name = sheet.name
    cells = sheet.rows[at] if at < len(sheet.rows) else ()
    looks, borrowed = sheet.looks, plan.borrowed
    width = len(cells)
    values: list[Entry] = []
    for col, column, target, coloured, usual, sure in plan.leads:
        place, method, confidence = (at, col), usual, sure
        if borrowed and place in borrowed:
            place, method, limit = borrowed[place]
            confidence = min(sure, limit)
            raw = sheet.value(*place)
        else:
            raw = cells[col] if col < width else None
        if raw is None and not coloured:
            continue
        look = looks.get(place, PLAIN)
        if coloured or look.font:
            raw, how = shown(raw, look, coloured=coloured)
            if how:
                method, confidence = how, min(confidence, 0.9)
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            continue
        written = "" if isinstance(raw, str) else look.format
        values.append(
            _entry((target, raw, written, name, *place, column, method, confidence))
        )
    if plan.nested:
        _borrow_name(values)
    for grid in plan.grids:
        _add_marked(values, plan, row, grid)
    if row.numbered:
        _name_by_number(values, plan.name)
    _add_section(values, plan, row)
    return values


def shown(raw: Value, look: Look, *, coloured: bool) -> tuple[Value, str]:
    """Return what a cell shows, and how when it is not its value: fill, symbol, icon.

    Args:
        raw: Its value.
        look: How it looks.
        coloured: Whether a colour alone can be its meaning.
    """
    text = raw.strip() if isinstance(raw, str) else ""
    if look.font and 0 < len(text) <= 2:
        dot = text in _DOTS and look.ink
        return (look.ink, "ink") if dot else (raw, "symbol")
    if not coloured:
        return raw, ""
    if look.icon:
        return look.icon, "icon"
    if text in _DOTS and look.ink:
        return look.ink, "ink"
    blank = (not text or text in _DOTS) and not _typed(raw)
    if blank and look.fill and look.fill != "FFFFFF":
        return look.fill, "fill"
    return raw, ""


def _typed(raw: Value) -> bool:
    return raw is not None and not isinstance(raw, str)


def _borrow_name(values: list[Entry]) -> None:
    """Name a row without a sub-task by its task: the phase column of that row."""
    name = next((i for i, v in enumerate(values) if v.field == "name"), -1)
    if name >= 0 and not _is_blank(values[name].raw):
        return
    phase = next(
        (v for v in values if v.field == "phase" and v.method not in _SHARED), None
    )
    if phase:
        if name >= 0:
            del values[name]
        values.append(phase._replace(field="name", confidence=0.85))


def _add_marked(values: list[Entry], plan: Plan, row: Row, grid: Grid) -> None:
    """Add what the marks of a row say, at the first of them."""
    ticked = [
        (number, at, text)
        for number, (at, text) in grid.said.items()
        if is_marked(plan.sheet, row.at, at)
    ]
    if ticked:
        number, at, _ = ticked[0]
        text = "; ".join(text for _, _, text in ticked)
        where = (plan.sheet.name, row.at, at, number)
        values.append(Entry(grid.field, text, "", *where, METHOD, 0.9))


def _name_by_number(values: list[Entry], name: str) -> None:
    number = next(v for v in values if v.field == "code")
    raw = number.raw
    text = f"{raw:g}" if isinstance(raw, int | float) else str(raw)
    values.append(
        number._replace(field=name, raw=text, method="position", confidence=0.5)
    )


def _is_blank(raw: Value) -> bool:
    return isinstance(raw, str) and not raw.strip(" -–—_.…")


def _add_section(values: list[Entry], plan: Plan, row: Row) -> None:
    target = _SECTION_FIELD.get(plan.table)
    if row.section and target and all(v.field != target for v in values):
        text, at, col = row.section
        values.append(
            Entry(target, text, "", plan.sheet.name, at, col, -1, "section", 0.9)
        )


def add_record(builder: Builder, plan: Plan, row: Row, values: Sequence[Entry]) -> int:
    """Add one record with its values and return its number."""
    record = builder.add_record(plan.table, plan.region, row.at)
    builder.add(record, values)
    return record
