"""Find the statuses of one project by axis: Qualité, Coûts, Délais, Risques side by side."""

from __future__ import annotations

from consolidate.detect.grid import Grid
from consolidate.model.block import Pair

_AXES = frozenset(
    {
        "status_quality",
        "status_cost",
        "status_schedule",
        "status_risk",
        "status_resources",
    }
)
_IDENTITY = frozenset({"name", "project_code", "short_name"})
_SURE = 0.84
_LEAST = 3
_SHORT = 16
_WHITE = "FFFFFF"


def find_axes(grid: Grid) -> list[Pair]:
    """Return the labels of axes in a row, each with the status right below it.

    A row that also heads projects, or with another status further down, is the header
    of a list and left to it.
    """
    return [
        pair
        for row, cells in enumerate(grid.filled)
        if len(cells) >= _LEAST
        for pair in _axes_of(grid, row)
    ]


def _axes_of(grid: Grid, row: int) -> list[Pair]:
    axes: dict[str, Pair] = {}
    for col, value in grid.filled[row]:
        if not isinstance(value, str) or len(value) > _SHORT * 2:
            continue
        fields = {
            m.field
            for m, score in grid.match(row, col).items()
            if m.table == "projects" and score >= _SURE
        }
        if fields & _IDENTITY:
            return []
        for name in fields & _AXES:
            axes.setdefault(name, Pair(value.strip(), (row, col), (row + 1, col)))
    if len(axes) < _LEAST:
        return []
    columns = {pair.cell[1] for pair in axes.values()}
    if len(columns) < _LEAST or not all(_shows(grid, row + 1, c) for c in columns):
        return []
    below = any(_shows(grid, row + 2, c) for c in columns)
    return [] if below else sorted({*axes.values()}, key=lambda pair: pair.cell)


def _shows(grid: Grid, row: int, col: int) -> bool:
    """Whether a cell shows a status: a colour alone, or a short word."""
    if grid.empty(row, col):
        look = grid.sheet.look(row, col)
        return bool(look.icon) or look.fill not in {"", _WHITE}
    text = grid.text(row, col)
    return bool(text) and len(text) <= _SHORT
