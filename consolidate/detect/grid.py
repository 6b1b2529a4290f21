"""A sheet prepared for looking around: filled cells by row, merges, covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from consolidate.model.address import Box
from consolidate.model.lexicon import Lexicon, Meaning
from consolidate.model.period import Period, parse_period
from consolidate.model.workbook import Position, Sheet, Value

_MAX_COVER = 4000
NUMBER = (float, int)
"""Built once: a union written where it is used is built for each of thousands of cells."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet and what looking around in it needs.

    Attributes:
        sheet: The sheet.
        lexicon: Aliases of all fields.
        filled: Of each row, its filled columns in order and their values.
        spans: Merged range by its anchor.
        covers: Anchor by covered position, the anchor itself included.
    """

    sheet: Sheet
    lexicon: Lexicon
    filled: tuple[tuple[tuple[int, Value], ...], ...]
    spans: Mapping[Position, Box]
    covers: Mapping[Position, Position]

    def text(self, row: int, col: int) -> str:
        """Return the stripped text of a cell, empty when it is not text."""
        value = self.sheet.value(row, col)
        return value.strip() if isinstance(value, str) else ""

    def empty(self, row: int, col: int) -> bool:
        """Whether a cell holds nothing a person would see."""
        value = self.sheet.value(row, col)
        return value is None or (isinstance(value, str) and not value.strip())

    def span(self, row: int, col: int) -> Box:
        """Return the merged range a cell anchors, or the cell itself."""
        return self.spans.get((row, col), Box(row, col, row, col))

    def anchor(self, row: int, col: int) -> Position:
        """Return the top left cell of the merged range a cell lies in, or itself."""
        return self.covers.get((row, col), (row, col))

    def period(self, row: int, col: int) -> Period | None:
        """Return the period a cell names, None when it names none."""
        value = self.sheet.value(row, col)
        if value is None:
            return None
        return parse_period(value, self.sheet.look(row, col).format)

    def match(self, row: int, col: int) -> Mapping[Meaning, float]:
        """Return what a cell may mean as a header."""
        text = self.text(row, col)
        return self.lexicon.match(text) if text and len(text) <= 200 else {}

    def between(self, row: int, left: int, right: int) -> Sequence[tuple[int, Value]]:
        """Return the filled cells of a row between two columns, both inside."""
        if not 0 <= row < len(self.filled):
            return ()
        cells = self.filled[row]
        if not cells or (left <= cells[0][0] and cells[-1][0] <= right):
            return cells
        return [cell for cell in cells if left <= cell[0] <= right]


@dataclass(slots=True)
class Taken:
    """The filled cells that blocks have taken so far.

    Attributes:
        boxes: Blocks all of whose filled cells are taken.
        cells: Other cells, one by one.
    """

    boxes: list[Box] = field(default_factory=list)
    cells: set[Position] = field(default_factory=set)

    def __contains__(self, place: Position) -> bool:
        """Whether a filled cell is taken."""
        return place in self.cells or any(box.holds(*place) for box in self.boxes)

    def free(self, grid: Grid, row: int) -> Sequence[tuple[int, Value]]:
        """Return the filled cells of a row that are not taken."""
        cells = grid.filled[row]
        if not cells:
            return ()
        first, last = cells[0][0], cells[-1][0]
        for box in self.boxes:
            if box.top <= row <= box.bottom and box.left <= first and last <= box.right:
                return ()
        return [cell for cell in cells if (row, cell[0]) not in self]

    def meets(self, grid: Grid, area: Box) -> bool:
        """Whether a filled cell of an area is taken; asked before cells are added."""
        return any(
            grid.between(row, max(area.left, box.left), min(area.right, box.right))
            for box in self.boxes
            if box.left <= area.right and area.left <= box.right
            for row in range(max(area.top, box.top), min(area.bottom, box.bottom) + 1)
        )


def prepare(sheet: Sheet, lexicon: Lexicon) -> Grid:
    """Return a sheet prepared for detection."""
    filled = tuple(
        [
            tuple(
                [
                    (col, value)
                    for col, value in enumerate(row)
                    if value is not None and (type(value) is not str or value.strip())
                ]
            )
            for row in sheet.rows
        ]
    )
    spans: dict[Position, Box] = {}
    covers: dict[Position, Position] = {}
    for box in sheet.merges:
        anchor = (box.top, box.left)
        spans[anchor] = box
        if (box.bottom - box.top + 1) * (box.right - box.left + 1) > _MAX_COVER:
            continue
        for row in range(box.top, box.bottom + 1):
            for col in range(box.left, box.right + 1):
                covers[row, col] = anchor
    return Grid(sheet, lexicon, filled, spans, covers)


def is_number(value: Value) -> bool:
    """Whether a value is a number (a truth value is none)."""
    return isinstance(value, NUMBER) and not isinstance(value, bool)


def is_data(value: Value) -> bool:
    """Whether a value is typed: a number, a date, a time; text and truth are not."""
    return is_number(value) or isinstance(value, date)
