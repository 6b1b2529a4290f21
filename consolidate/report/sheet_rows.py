"""The columns of a table as arrays, for what is worked out from them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from consolidate.report.format import CellKind
from consolidate.report.sheet_block import Cell
from consolidate.report.sheet_column import SheetColumn
from consolidate.report.sheet_words import BookWords

Numbers: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]


_WIDTHS: Mapping[str, float] = {"budget": 12, "basis": 14, "gap": 12, "due": 17}
_USUAL = 10


@dataclass(frozen=True)
class Rows:
    """The columns a table has, as arrays.

    Attributes:
        table: The table.
        columns: By name; ``source`` is always there.
        words: Labels and codes.
        as_of: The day dates are compared with, as Excel counts it.
        projects: Columns of the projects, by name.
    """

    table: str
    columns: Mapping[str, SheetColumn]
    words: BookWords
    as_of: float
    projects: Mapping[str, SheetColumn]

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.columns["source"].cells)

    def has(self, *names: str) -> bool:
        """Whether there is any of these columns."""
        return any(n in self.columns for n in names)

    def numbers(self, name: str) -> Numbers:
        """Return a column's numbers; NaN for what is none."""
        cells = self._cells(name)
        if any(isinstance(c, str) for c in cells):
            cells = [None if isinstance(c, str) else c for c in cells]
        return np.array(cells, dtype="float64")

    def first(self, *names: str) -> Numbers:
        """Return the first number that is known, by row."""
        found = self.numbers(names[0])
        for name in names[1:]:
            found = np.where(np.isnan(found), self.numbers(name), found)
        return found

    def holds(self, name: str, *labels: str) -> Flags:
        """Return by row whether a column holds one of these texts."""
        return np.array([c in labels for c in self._cells(name)], dtype="bool")

    def filled(self, name: str) -> Flags:
        """Return by row whether a column holds anything."""
        return np.array([c is not None for c in self._cells(name)], dtype="bool")

    def labels(self, codes: Sequence[str]) -> list[str]:
        """Return the words of states of this table."""
        field = self.words.schemas.tables[self.table].by_name["state"]
        known = self.words.codes(field)
        return [known[c] for c in codes if c in known]

    def _cells(self, name: str) -> Sequence[Cell]:
        column = self.columns.get(name)
        return column.cells if column else [None] * self.size


def worked(
    rows: Rows,
    name: str,
    kind: CellKind,
    formula: str,
    cells: Numbers | Sequence[Cell],
) -> SheetColumn:
    """Return a column that is worked out: its formula, and what it gives."""
    header = rows.words.tr(f"column-{name}")
    given = [None if math.isnan(n) else n for n in cells.tolist()] if isinstance(cells, np.ndarray) else cells  # fmt: skip
    width = _WIDTHS.get(name, _USUAL)
    return SheetColumn(name, header, kind, given, width, formula=formula)
