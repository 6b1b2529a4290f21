"""A sheet with one real Excel table, that stays readable when it is edited."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format

from consolidate.report.sheet_block import Block, BlockSheet, Cell, Lane
from consolidate.report.sheet_column import SheetColumn
from consolidate.report.sheet_formula import table_name
from consolidate.report.sheet_marks import mark
from consolidate.report.sheet_plan import is_wide
from consolidate.report.sheet_style import HEAD, MUTED, Style
from consolidate.report.sheet_words import BookWords

TOP = 2
"""0-based row of a table's header."""

_LINE_HEIGHT = 12.0
_MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A sheet to write.

    Attributes:
        table: Canonical table, or another name; the Excel table's name.
        name: The sheet's.
        title, note: Above the table.
        columns: Its columns, all of one length, at least 1.
        frozen: How many stay in view.
        group: The first column, when rows that share it belong together.
        tone: Colour of its tab.
    """

    table: str
    name: str
    title: str
    note: str
    columns: Sequence[SheetColumn]
    frozen: int
    group: str = ""
    tone: str = HEAD

    @property
    def size(self) -> int:
        """How many rows it has."""
        return len(self.columns[0].cells)

    def at(self, column: str) -> int | None:
        """Return the 0-based place of a column; None when the sheet has none."""
        names = [c.name for c in self.columns]
        return names.index(column) if column in names else None


def write_table(
    sheet: BlockSheet, spec: TableSheet, style: Style, words: BookWords
) -> None:
    """Write a sheet: title, table, conditional formats, and how it prints."""
    heading = style.look(bold=True, font_size=14, font_color=HEAD)
    note = style.look(font_color=MUTED)
    sheet.set_row(0, 22)
    sheet.write_string(0, 0, spec.title, heading)
    sheet.write_string(1, 0, spec.note, note)
    sheet.set_row(TOP, _head_height(spec.columns))
    _columns(sheet, spec.columns, style)
    lanes = [
        Lane(
            c.header,
            c.cells,
            _look(c, style),
            style.heading(is_formula=bool(c.formula)),
            c.formula,
            c.shared,
            c.links,
        )
        for c in spec.columns
    ]
    inner = _inner(spec.columns[0].cells) if spec.group else ()
    block = Block(TOP, lanes, _heights(spec.columns), inner)
    sheet.add_block(block, table_name(spec.table))
    mark(sheet, spec, TOP, style, words)
    _page(sheet, spec, words)


def _columns(sheet: BlockSheet, columns: Sequence[SheetColumn], style: Style) -> None:
    """Set widths; what is folded hides behind one button."""
    for k, column in enumerate(columns):
        options = {"level": 1, "hidden": True} if column.fold else {}
        sheet.set_column(k, k, column.width, style.cell(column.kind), options)
    if any(c.fold for c in columns):
        button = columns.index(next(c for c in columns if c.fold)) - 1
        before = columns[button]
        options = {"collapsed": True}
        sheet.set_column(button, button, before.width, style.cell(before.kind), options)
        sheet.outline_settings(symbols_below=False, symbols_right=False)


def _inner(keys: Sequence[Cell]) -> frozenset[int]:
    """Return the rows that follow one of the same group."""
    pairs = enumerate(itertools.pairwise(keys), start=1)
    return frozenset(k for k, (before, key) in pairs if key == before)


def _look(column: SheetColumn, style: Style) -> Format:
    if column.links:
        return style.link(wrap=column.wrap)
    is_status = column.name.startswith("status")
    return style.cell(column.kind, wrap=column.wrap, centred=is_status)


def _head_height(columns: Sequence[SheetColumn]) -> float:
    lines = max(_lines(c.header, max(c.width - 3, 4)) for c in columns if not c.fold)
    return 12.0 * min(max(lines, 2), 5) + 6


def _heights(columns: Sequence[SheetColumn]) -> dict[int, float]:
    """Return heights of rows whose text wraps; very long text is cut from view.

    Excel would make the rest as high as they need, LibreOffice too, but not both alike.
    """
    lines: dict[int, int] = {}
    for column in columns:
        if column.wrap and not column.fold:
            for k, cell in enumerate(column.cells):
                if type(cell) is str and (len(cell) > column.width - 1 or "\n" in cell):
                    lines[k] = max(lines.get(k, 1), _lines(cell, column.width))
    return {
        k: _LINE_HEIGHT * min(count, _MOST_LINES) + 2
        for k, count in lines.items()
        if count > 1
    }


def _lines(text: str, width: float) -> int:
    # Words do not fill a line to its end: a tenth of it is lost.
    room = max(width * 1.05 - 1, 4)
    return sum(max(math.ceil(len(line) / room), 1) for line in text.split("\n"))


def _page(sheet: BlockSheet, spec: TableSheet, words: BookWords) -> None:
    sheet.hide_gridlines(2)
    sheet.freeze_panes(TOP + 1, spec.frozen)
    sheet.set_zoom(100)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(TOP)
    sheet.set_paper(8 if is_wide(spec.columns) else 9)
    sheet.fit_to_pages(1, 0)
    sheet.set_tab_color(spec.tone)
    title = spec.title.replace("&", "&&")[:100]
    sheet.set_footer(f"&L&8{title}&R&8{words.tr('page')} &P / &N")
