"""What the figures of rows tell: rows prepared for later, and sums of the rows above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from consolidate.model.workbook import Sheet, Value

Cells = Mapping[int, Value]
"""The filled cells of a row, by column."""

_PEOPLE = frozenset({"owner", "person", "project_manager"})
_AGAIN = 3
_DEFAULT = 25
_ADDENDS = 3
_CENT = 0.01


def written(filled: Cells, fields: Mapping[int, str]) -> tuple[tuple[int, Value], ...]:
    """Return what a row holds besides its number."""
    return tuple((c, v) for c, v in filled.items() if fields.get(c) != "code")


def prepared_rows(
    contents: Mapping[int, Cells], fields: Mapping[int, str]
) -> frozenset[tuple[tuple[int, Value], ...]]:
    """Return what stands again and again in rows: figures and a default, for later.

    A day, a person or a sentence is somebody's word, however often it is repeated.
    """
    counts = Counter(written(cells, fields) for cells in contents.values())
    return frozenset(
        cells
        for cells, count in counts.items()
        if count >= _AGAIN and not any(_is_word(v, fields.get(c, "")) for c, v in cells)
    )


def _is_word(value: Value, field: str) -> bool:
    return (
        isinstance(value, date)
        or field in _PEOPLE
        or (isinstance(value, str) and len(value) > _DEFAULT)
    )


def closing_rows(body: Sequence[int]) -> frozenset[int]:
    """Return the rows where sums stand: the last two, and those below a blank row."""
    below = (r for before, r in pairwise(body) if r - before > 1)
    return frozenset([*body[-2:], *below])


def sums_up(sheet: Sheet, row: int, filled: Cells, above: Sequence[Cells]) -> bool:
    """Whether a row is the sum of the records above it, whatever its name.

    A name and figures only; each figure sums its column. Chance makes a sum of two or
    three small numbers: a formula or a second column tells.
    """
    figures = _figures(filled)
    others = sum(1 for v in filled.values() if not isinstance(v, float | int))
    if others > 1 or not figures:
        return False
    columns = [[n[col] for n in map(_figures, above) if col in n] for col in figures]
    return (
        all(len(parts) >= _ADDENDS for parts in columns)
        and all(
            abs(sum(parts) - figure) <= _CENT
            for parts, figure in zip(columns, figures.values(), strict=True)
        )
        and (len(figures) > 1 or all((row, c) in sheet.formulas for c in figures))
    )


def _figures(filled: Cells) -> dict[int, float]:
    """Return the numbers of a row that are not zero."""
    return {
        c: float(v)
        for c, v in filled.items()
        if isinstance(v, float | int) and not isinstance(v, bool) and v
    }
