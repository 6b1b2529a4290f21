"""Tell headings from records in narrow tables, where a record too may be a lone name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from consolidate.model.workbook import Sheet, Value

_FEWEST = 2


def headings(
    sheet: Sheet, contents: Mapping[int, Mapping[int, Value]], names: Sequence[int]
) -> list[int]:
    """Return the rows of a narrow table that title those below them, by their look.

    A heading is a name alone in its row and set apart by bold or a fill, with a row that
    is not set apart below it; there are two at least, and fewer than the other rows. When
    every row is a lone name they are bold and filled, and one of them comes first.

    Args:
        sheet: The sheet.
        contents: The filled cells of each row of the body.
        names: The columns that may name a record.
    """
    rows = [r for r, cells in contents.items() if any(c in cells for c in names)]
    lone = [r for r in rows if len(contents[r]) == 1]
    strict = len(lone) == len(rows)
    marked = [r for r in lone if _is_apart(sheet, r, *contents[r], both=strict)]
    apart = set(marked)
    if len(marked) < _FEWEST or len(marked) * 2 > len(rows) or rows[-1] in apart:
        return []
    if strict and rows[0] not in apart:
        return []
    return [] if any({*pair} <= apart for pair in pairwise(rows)) else marked


def _is_apart(sheet: Sheet, row: int, col: int, *, both: bool) -> bool:
    look = sheet.look(row, col)
    signs = look.bold, bool(look.fill)
    return all(signs) if both else any(signs)
