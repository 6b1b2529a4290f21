"""A1 addresses: between what people see in a workbook and 0-based positions."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


@lru_cache(maxsize=16384)
def column_letters(col: int) -> str:
    """Return the letters of a 0-based column: 0 is "A", 26 is "AA"."""
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def a1(row: int, col: int) -> str:
    """Return the A1 address of a 0-based row and column."""
    return f"{column_letters(col)}{row + 1}"


def position(cell: str) -> tuple[int, int]:
    """Return the 0-based row and column of an A1 address.

    Raises:
        ValueError: The text is not one cell's address.
    """
    letters = cell.rstrip("0123456789")
    digits = cell[len(letters) :]
    if not (letters.isascii() and letters.isalpha() and digits):
        raise ValueError(cell)
    col = 0
    for letter in letters.upper():
        col = col * 26 + ord(letter) - 64
    return int(digits) - 1, col - 1


class Box(NamedTuple):
    """A rectangle of cells, 0-based, all four edges inside."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, col: int) -> bool:
        """Whether a position lies inside."""
        return self.top <= row <= self.bottom and self.left <= col <= self.right

    @property
    def a1(self) -> str:
        """The range as text; one cell is written as one cell."""
        first = a1(self.top, self.left)
        last = a1(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"


def box(text: str) -> Box:
    """Return the box of ``A1`` or ``A1:C9``.

    Raises:
        ValueError: The text is not a range.
    """
    first, _, last = text.replace("$", "").partition(":")
    top, left = position(first)
    bottom, right = position(last or first)
    return Box(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
