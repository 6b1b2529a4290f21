"""Columns that group the rows below: their name is written once, then left blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consolidate.mapping.rows import Row
from consolidate.model.block import Block
from consolidate.model.text import fold
from consolidate.model.workbook import Position, Sheet, Value

GROUPS = {
    "milestones": frozenset({"phase", "project_name"}),
    "deliverables": frozenset({"phase", "project_name"}),
    "budget_lines": frozenset({"category", "project_name"}),
    "risks": frozenset({"category", "project_name"}),
    "actions": frozenset({"project_name"}),
    "workload": frozenset({"person", "team", "project_name"}),
    "objectives": frozenset({"objective_type", "project_name"}),
}
"""Fields that may head a group of rows, by table."""

_BLANK = 1 / 3
_STARTS = frozenset({"record", "section", "nameless"})


def group_column(
    sheet: Sheet, block: Block, table: str, fields: Mapping[int, str]
) -> int | None:
    """Return the column whose names stand for the rows below them too.

    It is the leftmost one that is used; a third of its cells are blank, at least; its
    first row is filled; no name comes twice, since a name written again is of its row only.
    """
    used = [c for c, name in sorted(fields.items()) if name != "code"]
    if not used or fields[used[0]] not in GROUPS.get(table, ()):
        return None
    cells = [sheet.value(r, used[0]) for r in block.body if _is_filled(sheet, r, used)]
    names = [fold(v) for v in cells if isinstance(v, str) and v.strip()]
    blank = sum(_is_blank(v) for v in cells)
    if len(names) < 2 or len(set(names)) < len(names) or _is_blank(cells[0]):
        return None
    mixed = len(names) + blank < len(cells)
    return used[0] if blank >= len(cells) * _BLANK and not mixed else None


def above(
    sheet: Sheet, rows: Sequence[Row], column: int | None
) -> Mapping[Position, Position]:
    """Return, for the blank cells of a group column, the cell that names their group.

    A total ends its group.
    """
    found: dict[Position, Position] = {}
    if column is None:
        return found
    last: Position | None = None
    for row in rows:
        if row.kind == "total":
            last = None
        elif not _is_blank(sheet.value(row.at, column)):
            last = (row.at, column) if row.kind in _STARTS else None
        elif last and row.kind == "record":
            found[row.at, column] = last
    return found


def _is_filled(sheet: Sheet, row: int, columns: Sequence[int]) -> bool:
    return any(not _is_blank(sheet.value(row, c)) for c in columns)


def _is_blank(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
