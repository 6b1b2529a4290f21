"""Keep a text a text when somebody edits its cell: what begins with ``=`` stays what it is.

A cell of text is no formula; but Excel reads it anew when a person has typed in it, unless
the cell says that it is quoted (the ``'`` that is not part of the text).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import CellStringTuple, Worksheet

ACTING = frozenset("=+-@\t\r＝＋－＠")
"""What a text begins with that a spreadsheet would take for a formula (OWASP)."""

Quoted = Callable[[Format | None], Format]


def acts(text: object) -> bool:
    """Whether a text would be taken for a formula when it is typed."""
    return isinstance(text, str) and text[:1] in ACTING


def quote_acting(book: Workbook) -> None:
    """Quote the texts of a workbook that begin like a formula, before it is closed."""
    numbers = {n for text, n in book.str_table.string_table.items() if acts(text)}
    made: dict[int, Format] = {}

    def quoted(look: Format | None) -> Format:
        if id(look) not in made:
            own = copy.copy(look) if look is not None else book.add_format()
            own.quote_prefix, own._format_key, own.xf_index = True, None, None  # noqa: SLF001 - it has no copy of its own
            if look is not None:
                book.formats.append(own)
            made[id(look)] = own
        return made[id(look)]

    for sheet in book.worksheets():
        _quote(sheet, numbers, quoted)
        if hasattr(sheet, "quote_lanes"):
            sheet.quote_lanes(quoted)


def _quote(sheet: Worksheet, numbers: set[int], quoted: Quoted) -> None:
    if not numbers:
        return
    rows: Mapping[int, dict[int, object]] = sheet.table
    for row in rows.values():
        for col, cell in row.items():
            if isinstance(cell, CellStringTuple) and cell.string in numbers:
                row[col] = CellStringTuple(cell.string, quoted(cell.format))
