"""The grids of an xlsx's sheets: calamine's, or our own where it must not go or fails."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from python_calamine import CalamineWorkbook

from consolidate.model.address import Box, a1, box
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.workbook import Position, Value
from consolidate.read.looks import Seen
from consolidate.read.ooxml import Package
from consolidate.read.styles import Styles
from consolidate.read.usual import in_usual_order
from consolidate.read.values import (
    Dense,
    is_dated,
    open_values,
    read_cells,
    read_grid,
    shared_strings,
)

_MOST_AREA = 5_000_000
_MOST_TEXT, _LONGEST = 256 << 20, 1 << 17
_FAR_ROWS, _FAR_COLS = 100_000, 200
_STRING_CELL = re.compile(rb't="s"[^>]*><v>(\d+)</v>')
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')


@dataclass(frozen=True, slots=True)
class Grid:
    """The values of one sheet.

    Attributes:
        rows: From A1.
        merges: Merged ranges.
        beyond: Filled cells too far from the others to be in ``rows``.
        read, there: Cells that were read, and cells that stand in the file.
        whole: Whether the sheet's part could be read to its end.
        cleaned: Whether texts may have characters that no text should.
    """

    rows: list[list[Value]]
    merges: tuple[Box, ...] = ()
    cleaned: bool = False
    beyond: Sequence[Position] = ()
    read: int = 0
    there: int = 0
    whole: bool = True


class Grids:
    """Reads the sheets of one package; what they share is read once, and when needed."""

    def __init__(self, data: bytes, package: Package, styles: Styles) -> None:
        self._data = data
        self._package = package
        self._styles = styles
        self._known: dict[str, str] = {}
        names = [part.name for part in package.parts]
        # Calamine finds sheets by name.
        self._dense = len(set(names)) == len(names)

    def read(self, sheet: str, xml: bytes, seen: Seen, *, whole: bool) -> Grid:
        """Return the values of a sheet.

        Args:
            sheet: Its name.
            xml: Its part, in the usual form.
            seen: What the part shows.
            whole: False when the part breaks off.

        Raises:
            UnreadableWorkbookError: The workbook is encrypted.
        """
        if not seen.rows:
            return Grid([], whole=whole)
        far = seen.rows * seen.cols > _MOST_AREA or self._repeats_long_texts(xml)
        grid = self._dense_grid(sheet) if whole and not far else None
        there = seen.filled
        if grid is not None:
            read = _filled(grid.rows) + len(seen.errors)
            if read < there:
                there -= _blank(xml, self._strings)
            if read >= there:
                return Grid(*grid, read=read, there=there)
        own = self._own_grid(xml, seen)
        if grid is None or own.read > read:
            return own
        return Grid(*grid, read=read, there=there)

    def _repeats_long_texts(self, xml: bytes) -> bool:
        """Whether texts shown in many cells are long: calamine copies each of them."""
        most = min(self._package.size(self._package.strings), _LONGEST)
        if most * xml.count(b't="s"') <= _MOST_TEXT:
            return False
        shown = Counter(map(int, _STRING_CELL.findall(xml)))
        sizes = (times * len(self._strings[i]) for i, times in shown.items() if i < len(self._strings))  # fmt: skip
        return sum(sizes) > _MOST_TEXT

    def _dense_grid(self, sheet: str) -> Dense | None:
        book = self._book if self._dense else None
        try:
            return read_grid(book, sheet, self._known) if book else None
        except UnreadableWorkbookError:
            return None

    @cached_property
    def _book(self) -> CalamineWorkbook | None:
        try:
            return open_values(self._data)
        except UnreadableWorkbookError as err:
            if err.reason == "encrypted":
                raise
            return None

    @cached_property
    def _strings(self) -> list[str]:
        return shared_strings(self._package.read(self._package.strings))

    @cached_property
    def _dated(self) -> Mapping[int, str]:
        formats = {i: look.format for i, look in enumerate(self._styles.looks)}
        return {i: shown for i, shown in formats.items() if is_dated(shown)}

    def _own_grid(self, xml: bytes, seen: Seen) -> Grid:
        usual, whole = in_usual_order(xml)
        # Patterns read on behind the break that ends a parser's reading.
        cells = read_cells(
            usual if whole else xml,
            self._strings,
            self._dated,
            date_1904=self._package.date_1904,
        )
        rows, beyond = gridded(cells)
        read = len(cells) + len(seen.errors)
        there = seen.filled - _blank(xml, self._strings)
        return Grid(rows, _merges(xml), True, beyond, read, there, whole)


def gridded(
    cells: Mapping[Position, Value],
) -> tuple[list[list[Value]], list[Position]]:
    """Return the grid of cells, without those that would make it huge, and these."""
    height = max((r for r, _ in cells), default=-1) + 1
    width = max((c for _, c in cells), default=-1) + 1
    beyond: list[Position] = []
    if height * width > _MOST_AREA:
        beyond = sorted(at for at in cells if at[0] >= _FAR_ROWS or at[1] >= _FAR_COLS)
        cells = {at: cells[at] for at in cells.keys() - set(beyond)}
        height = max((r for r, _ in cells), default=-1) + 1
    rows: list[list[Value]] = [[] for _ in range(height)]
    for (r, c), value in sorted(cells.items(), key=itemgetter(0)):
        row = rows[r]
        row.extend([None] * (c + 1 - len(row)))
        row[c] = value
    return rows, beyond


def tell_sparse(workbook: str, sheet: str, beyond: Sequence[Position]) -> list[Finding]:
    """Tell of cells too far from the others to be read."""
    if not beyond:
        return []
    cells = ", ".join(a1(*at) for at in beyond[:5])
    params = {"cells": cells, "count": str(len(beyond))}
    ref = CellRef(workbook, sheet, a1(*beyond[0]))
    return [Finding("sheet-sparse", Severity.ERROR, ref, params=params)]


def _merges(xml: bytes) -> tuple[Box, ...]:
    return tuple(box(ref.decode()) for ref in _MERGE.findall(xml))


def _filled(rows: Sequence[Sequence[Value]]) -> int:
    return sum(len(row) - row.count(None) for row in rows)


def _blank(xml: bytes, strings: Sequence[str]) -> int:
    """Count the cells whose text is empty: they look filled in the file, to nobody else."""
    empty = {str(i).encode() for i, text in enumerate(strings) if not text}
    if not empty:
        return 0
    return sum(1 for index in _STRING_CELL.findall(xml) if index in empty)
