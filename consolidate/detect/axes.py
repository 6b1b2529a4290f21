"""Find the statuses of one project by axis: Qualité, Coûts, Délais, Risques side by side."""

from __future__ import annotations

from collections.abc import Sequence

from consolidate.detect.grid import Grid
from consolidate.model.block import Pair
from consolidate.model.workbook import Value

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
_NONE: frozenset[int] = frozenset()


def find_axes(grid: Grid) -> list[Pair]:
    """Return the labels of axes in a row, each with the status right below it.

    A row that also heads projects, or with another status further down, is the header
    of a list and left to it.
    """
    words = [*map(_words, grid.filled), _NONE, _NONE]
    return [
        pair
        for row, cells in enumerate(grid.filled)
        if len(cells) >= _LEAST
        for pair in _axes_of(grid, row, words[row + 2])
    ]


def _words(cells: Sequence[tuple[int, Value]]) -> frozenset[int]:
    """Return the columns where a row holds a short word."""
    return frozenset(
        [c for c, v in cells if isinstance(v, str) and len(v.strip()) <= _SHORT]
    )


def _axes_of(grid: Grid, row: int, below: frozenset[int]) -> list[Pair]:
    """Return the axes named in a row; ``below``: columns of the words two rows down."""
    axes: dict[str, Pair] = {}
    cells = grid.filled[row]
    short = [c for c, v in cells if isinstance(v, str) and len(v) <= _SHORT * 2]
    # What stands below rules out the rows of a list before any label is looked up.
    headed = [c for c in short if c not in below]
    if len(headed) < _LEAST or sum(_heads_one(grid, row, c) for c in headed) < _LEAST:
        return []
    for col in short:
        fields = {
            m.field
            for m, score in grid.match(row, col).items()
            if m.table == "projects" and score >= _SURE
        }
        if fields & _IDENTITY:
            return []
        for name in fields & _AXES:
            axes.setdefault(name, Pair(grid.text(row, col), (row, col), (row + 1, col)))
    if len(axes) < _LEAST:
        return []
    columns = {pair.cell[1] for pair in axes.values()}
    if len(columns) < _LEAST or not all(_heads_one(grid, row, c) for c in columns):
        return []
    return sorted({*axes.values()}, key=lambda pair: pair.cell)


def _heads_one(grid: Grid, row: int, col: int) -> bool:
    """Whether a cell has a status right below it, and no other further down."""
    return _shows(grid, row + 1, col) and not _shows(grid, row + 2, col)


def _shows(grid: Grid, row: int, col: int) -> bool:
    """Whether a cell shows a status: a colour alone, or a short word."""
    value = grid.sheet.value(row, col)
    shown = value.strip() if isinstance(value, str) else value
    if shown is not None and shown != "":
        return isinstance(shown, str) and len(shown) <= _SHORT
    look = grid.sheet.look(row, col)
    return bool(look.icon) or look.fill not in {"", _WHITE}
