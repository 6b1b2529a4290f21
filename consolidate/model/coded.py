"""Columns of few distinct values: each value once, and which of them at each place."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")

_WIDTHS = {"B": 1 << 8, "H": 1 << 16, "I": 1 << 32}
"""How many values each type of code tells apart."""

_SHORT = 1 << 15


@dataclass(frozen=True, slots=True)
class Coded(Sequence[T], Generic[T]):
    """A column of values, as codes: a tenth of the room, and of the work it makes.

    Attributes:
        codes: Position in ``values`` of each entry.
        values: The distinct values.
    """

    codes: array[int]
    values: list[T]

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.codes)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> list[T]: ...
    def __getitem__(self, at: int | slice) -> T | list[T]:
        """Return one entry, or some."""
        if isinstance(at, slice):
            return [self.values[code] for code in self.codes[at]]
        return self.values[self.codes[at]]

    def __iter__(self) -> Iterator[T]:
        """Yield the entries."""
        return map(self.values.__getitem__, self.codes)


def coded(column: Sequence[T]) -> Coded[T]:
    """Return a column of one type as codes."""
    if isinstance(column, Coded):
        return column
    code = {value: at for at, value in enumerate(dict.fromkeys(column))}
    return Coded(_codes(column, code), [*code])


def coded_by_type(column: Sequence[T]) -> Coded[T]:
    """Return a column of any types as codes; 1, 1.0 and True stay three values."""
    if isinstance(column, Coded):
        return column
    keys = [*zip(map(type, column), column, strict=True)]
    code = {key: at for at, key in enumerate(dict.fromkeys(keys))}
    return Coded(_codes(keys, code), [value for _, value in code])


def _codes(keys: Sequence[Hashable], code: Mapping[Any, int]) -> array[int]:
    width = next(w for w, most in _WIDTHS.items() if len(code) <= most)
    return array(width, [*map(code.__getitem__, keys)])


def narrow(numbers: Sequence[int]) -> array[int]:
    """Return whole numbers, -1 the least, in two bytes each where they fit."""
    return array("h" if max(numbers, default=0) < _SHORT else "i", numbers)
