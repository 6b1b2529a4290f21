"""The headers of a pack's tables, and the totals below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from consolidate.model.pack import Column, Table
from consolidate.report.format import cell_format
from consolidate.report.pack_text import CELLS, plain
from consolidate.report.sheet_style import PALE, Style
from consolidate.report.sheet_text import unique
from consolidate.wording import tr

_SPECIAL = re.compile(r"['#\[\]]")
"""What a reference to a column of a table escapes."""


def total_of(table: Table, column: Column) -> float | None:
    """Return the sum of a column that has one; None where nothing is known."""
    known = [v for v in plain(table, column) if v is not None] if column.total else []
    return sum(known) if known else None


def heads(table: Table, style: Style) -> Iterator[Mapping[str, Any]]:
    """Yield how xlsxwriter is told of each column: its header, its total."""
    named = all(total_of(table, c) is None for c in table.columns)
    headers = unique(c.label for c in table.columns)
    for header, column in zip(headers, table.columns, strict=True):
        head: dict[str, Any] = {"header": header, "header_format": style.heading()}
        total = total_of(table, column)
        if total is not None:
            look = _look(column, style)
            head |= {"total_function": "sum", "total_value": total, "format": look}
        elif not named:
            head |= {"total_string": tr("pack-total", style.lang)}
        named = True
        yield head


def write_totals(
    sheet: Worksheet, table: Table, start: tuple[int, int], name: str, style: Style
) -> None:
    """Write the totals as Excel itself saves them, with the table's name.

    Without it, other spreadsheets show an error in their place.

    Args:
        sheet: Of the table.
        table: What is written.
        start: First cell of the row of totals.
        name: Of the table in its workbook.
        style: Of the workbook.
    """
    row, left = start
    headers = unique(c.label for c in table.columns)
    for col, (header, column) in enumerate(zip(headers, table.columns, strict=True)):
        total = total_of(table, column)
        if total is not None:
            escaped = _SPECIAL.sub(r"'\g<0>", header)
            formula = f"=SUBTOTAL(109,{name}[{escaped}])"
            sheet.write_formula(row, left + col, formula, _look(column, style), total)


def _look(column: Column, style: Style) -> Format:
    number = cell_format(CELLS[column.kind], style.lang)
    return style.look(bold=True, num_format=number, top=1, bg_color=PALE)
