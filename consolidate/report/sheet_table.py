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
from consolidate.report.sheet_style import FONT, HEAD, MUTED, PALE, SIZE, Style
from consolidate.report.sheet_words import BookWords

TOP = 2
"""0-based row of a table's header."""

_LINE_HEIGHT = 12.0
_NOTE = {"font_name": FONT, "font_size": SIZE, "x_scale": 2, "y_scale": 0.8}
_NOTE |= {"color": PALE, "author": "consolidate"}
_MOST_LINES = 8
_MOST_ASIDE = 3
_LAST_ROW = 1_048_575


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A sheet to write.

    Attributes:
        table: Canonical table, or another name; the Excel table's name.
        name: The sheet's.
        title, note: Above the table.
        hints: What else is said there, of how to read it.
        copy: Whose copy it is, at the foot of each page.
        columns: Its columns, all of one length, at least 1.
        frozen: How many stay in view.
        group: The first column, when rows that share it belong together.
        tone: Colour of its tab.
        is_summed: Whether a row stands for several records.
    """

    table: str
    name: str
    title: str
    note: str
    columns: Sequence[SheetColumn]
    frozen: int
    group: str = ""
    tone: str = HEAD
    is_summed: bool = False
    hints: Sequence[str] = ()
    copy: str = ""

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
    sheet.write_string(1, 0, " ".join([spec.note, *spec.hints]), note)
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
    for k, column in enumerate(spec.columns):
        for row, text in column.notes.items():
            sheet.write_comment(TOP + 1 + row, k, text, _NOTE)
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
        if not column.wrap or column.fold:
            continue
        room = column.width - 1
        distinct = {c for c in column.cells if type(c) is str}
        most = _MOST_ASIDE if column.aside else _MOST_LINES
        high = {
            c: min(_lines(c, column.width), most)
            for c in distinct
            if len(c) > room or "\n" in c
        }
        for k, cell in enumerate(column.cells):
            if cell in high:
                lines[k] = max(lines.get(k, 1), high[cell])
    return {k: _LINE_HEIGHT * n + 2 for k, n in lines.items() if n > 1}


def _lines(text: str, width: float) -> int:
    # A column is as wide as so many digits; letters are narrower, lines not all full.
    room = max(width * 1.05, 4)
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
    if any(c.aside for c in spec.columns):
        printed = [k for k, c in enumerate(spec.columns) if not (c.aside or c.fold)]
        sheet.print_area(0, 0, _LAST_ROW, printed[-1])
    sheet.set_tab_color(spec.tone)
    title = spec.title.replace("&", "&&")[:80]
    copy = spec.copy.replace("&", "&&")[:80]
    page = f"{words.tr('page')} &P / &N"
    sheet.set_footer(f"&L&8{title}&C&8{copy}&R&8{page}")
