"""Write a pack as a workbook: a first sheet that says what it is, a sheet a section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from consolidate.model.pack import (
    Block,
    Chart,
    Column,
    Figures,
    Pack,
    Section,
    Table,
    Text,
)
from consolidate.report.book import new_book
from consolidate.report.csv_text import values
from consolidate.report.format import cell_format
from consolidate.report.pack_plot import plot
from consolidate.report.pack_text import (
    CELLS,
    RAG_TONES,
    as_day,
    is_figure,
    is_known,
    told,
    tone_of,
)
from consolidate.report.sheet_column import serial
from consolidate.report.sheet_style import HEAD, LINE, MUTED, PALE, TONES, Style
from consolidate.report.sheet_text import Cleaner, sheet_name, unique
from consolidate.wording import tr

_LEFT = 0
_WIDEST, _NARROWEST = 46.0, 9.0
_ACROSS = 110.0
"""Width of a page in characters, over which paragraphs go."""

_INK = {name: TONES[code] for code, name in RAG_TONES.items()}
_FILLED_IN = "#FFF8E1"
_LINE_HEIGHT = 12.5
_LONGEST_LIST = 255
"""Characters that the choices of a cell may take in all, as Excel has it."""


def write_pack_book(pack: Pack, path: Path) -> None:
    """Write a pack as a workbook; the same bytes for the same pack.

    Args:
        pack: What its reader is given.
        path: The file; its folder exists.
    """
    sections = [s for s in pack.sections if s.blocks]
    with new_book(path, pack.title, pack.as_of) as book:
        style = Style(book, pack.lang)
        names: list[str] = [tr("pack-cover", pack.lang)]
        for section in sections:
            names.append(sheet_name(section.title, names))
        cover = book.add_worksheet(names[0])
        _write_cover(cover, pack, list(zip(sections, names[1:], strict=True)), style)
        for number, (section, name) in enumerate(
            zip(sections, names[1:], strict=True), start=1
        ):
            sheet = book.add_worksheet(name)
            _SectionSheet(book, sheet, pack, section, style, number).write()
        cover.activate()


def _write_cover(
    sheet: Worksheet,
    pack: Pack,
    sections: Sequence[tuple[Section, str]],
    style: Style,
) -> None:
    """Write who the pack is for, and lead to its sections."""
    clean = Cleaner().text
    _print_setup(sheet, pack)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 84)
    big = style.look(bold=True, font_size=18, font_color=HEAD)
    soft = style.look(font_color=MUTED, font_size=11, text_wrap=True, valign="top")
    sheet.write_string(0, 0, clean(pack.title), big)
    sheet.set_row(0, 28)
    sheet.write_string(1, 0, clean(pack.subtitle), style.look(font_size=12))
    sheet.write_string(2, 0, clean(pack.reader), style.look(bold=True, font_size=11))
    head = style.heading()
    sheet.write_string(4, 0, tr("pack-contents", pack.lang), head)
    sheet.write_string(4, 1, tr("pack-says", pack.lang), head)
    link = style.link(wrap=True)
    for row, (section, name) in enumerate(sections, start=5):
        quoted = name.replace("'", "''")
        sheet.write_url(row, 0, f"internal:'{quoted}'!A1", link, clean(section.title))
        sheet.write_string(row, 1, clean(section.lead), soft)
    if pack.note:
        foot = len(sections) + 6
        sheet.merge_range(foot, 0, foot, 1, clean(pack.note), soft)
        sheet.set_row(foot, _height(pack.note, 118, 14))


def _print_setup(sheet: Worksheet, pack: Pack, *, one_page: bool = False) -> None:
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1 if one_page else 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    reader, title = (t.replace("&", "&&") for t in (pack.reader, pack.title))
    sheet.set_footer(f"&L&8{reader[:90]}&C&8{title[:60]}&R&8&P / &N")


def _height(text: str, across: float, line: float = 12.5) -> float:
    lines = sum(max(1, -(-len(part) // int(across))) for part in text.split("\n"))
    return line * lines + 3


@dataclass(slots=True)
class _SectionSheet:
    """One section being written, block below block."""

    book: Workbook
    sheet: Worksheet
    pack: Pack
    section: Section
    style: Style
    number: int
    row: int = 0
    widths: Sequence[float] = ()

    def write(self) -> None:
        """Write the whole section."""
        self.sheet.hide_gridlines(2)
        _print_setup(self.sheet, self.pack, one_page=self.section.one_page)
        self.widths = _widths(self.section.blocks, self.pack.lang)
        for col, width in enumerate(self.widths):
            self.sheet.set_column(col, col, width)
        self._line(self.section.title, bold=True, font_size=15, font_color=HEAD)
        self._line(self.pack.subtitle, font_color=MUTED)
        if self.section.lead:
            self._paragraph(self.section.lead, font_size=11)
        self.row += 1
        top = self.row
        for block in self.section.blocks:
            self._block(block)
            self.row += 1
        tables = [b for b in self.section.blocks if isinstance(b, Table)]
        if len(self.section.blocks) == 1 and tables and len(tables[0].frame):
            head = top + 1 + bool(tables[0].note)
            self.sheet.freeze_panes(head + 1, 1)
            self.sheet.repeat_rows(head)

    def _block(self, block: Block) -> None:
        if isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Figures):
            self._figures(block)
        elif isinstance(block, Chart):
            self._chart(block)
        else:
            self._text(block)

    def _line(self, text: str, **look: Any) -> None:
        self.sheet.write_string(
            self.row, _LEFT, Cleaner().text(text), self.style.look(**look)
        )
        if look.get("font_size", 9) > 12:
            self.sheet.set_row(self.row, 22)
        self.row += 1

    def _paragraph(self, text: str, **look: Any) -> None:
        made = self.style.look(text_wrap=True, valign="top", **look)
        self.sheet.merge_range(self.row, 0, self.row, 7, "", made)
        self.sheet.write_string(self.row, 0, Cleaner().text(text), made)
        size = look.get("font_size", 9)
        self.sheet.set_row(self.row, _height(text, _ACROSS * 9 / size, size * 1.4))
        self.row += 1

    def _text(self, block: Text) -> None:
        look = _tone_look(block.tone)
        for paragraph in block.paragraphs:
            self._paragraph(paragraph, **look)

    def _figures(self, block: Figures) -> None:
        """Write each figure with its denominator and how it is worked out."""
        lang = self.pack.lang
        heads = ("pack-figure", "pack-value", "pack-before", "pack-note", "pack-how")
        for col, key in enumerate(heads):
            self.sheet.write_string(self.row, col, tr(key, lang), self.style.heading())
        self.row += 1
        clean = Cleaner().text
        rule = {"bottom": 1, "bottom_color": LINE, "valign": "top", "text_wrap": True}
        for figure in block.figures:
            words = self.style.look(bold=True, **rule)
            self.sheet.write_string(self.row, 0, clean(figure.label), words)
            big = {"bold": True, "font_size": 13, **rule, **_tone_look(figure.tone)}
            self._value(self.row, 1, figure.value, figure.kind, big)
            self._value(self.row, 2, figure.before, figure.kind, rule)
            soft = self.style.look(font_color=MUTED, **rule)
            self.sheet.write_string(self.row, 3, clean(figure.note), soft)
            how = "\n".join(filter(None, (figure.how, *figure.cells)))
            self.sheet.write_string(self.row, 4, clean(how), soft)
            self.row += 1

    def _value(
        self, row: int, col: int, value: Any, kind: Any, look: Mapping[str, Any]
    ) -> None:
        if not is_known(value):
            soft = {**look, "font_color": MUTED, "italic": True}
            missing = tr("html-missing-short", self.pack.lang)
            self.sheet.write_string(row, col, missing, self.style.look(**soft))
        elif is_figure(kind):
            number = self.style.look(
                **{**look, "num_format": cell_format(CELLS[kind], self.pack.lang)},
                align="left",
            )
            self._number(row, col, value, kind, number)
        else:
            text = Cleaner().text(told(value, kind, self.pack.lang))
            own = _tone_look(tone_of(value, kind))
            self.sheet.write_string(row, col, text, self.style.look(**{**look, **own}))

    def _number(self, row: int, col: int, value: Any, kind: Any, look: Format) -> None:
        if kind == "date":
            value = serial(as_day(value))
        elif kind == "month":
            value = serial(pd.Period(str(value), "M").start_time.date())
        if isinstance(value, str):
            self.sheet.write_string(row, col, value, look)
        else:
            self.sheet.write_number(row, col, float(value), look)

    def _table(self, table: Table) -> None:
        self._line(table.title, bold=True, font_size=11)
        if table.note:
            self._paragraph(table.note, font_color=MUTED)
        rows = len(table.frame) + table.blank
        if not rows:
            self._paragraph(table.empty or tr("pack-empty", self.pack.lang))
            return
        first, last = self.row, self.row + rows
        headers = unique(c.label for c in table.columns)
        totals = [c.total for c in table.columns]
        for col, column in enumerate(table.columns):
            self._column(table, col, column, first + 1)
        self.sheet.add_table(
            first,
            0,
            last + any(totals),
            len(headers) - 1,
            {
                "name": f"t{self.number}_{table.id.replace('-', '_')}",
                "style": None,
                "autofilter": rows > 1,
                "total_row": any(totals),
                "columns": list(_heads(table, headers, self.style, self.pack.lang)),
            },
        )
        self._heights(table, first)
        self.row = last + 1 + any(totals)

    def _heights(self, table: Table, first: int) -> None:
        """Make each row as high as its longest text needs; the header too."""
        lines = [1] * len(table.frame)
        head = 1
        for width, column in zip(self.widths, table.columns, strict=False):
            head = max(head, _lines(column.label, width - 2))
            if is_figure(column.kind) or column.name not in table.frame:
                continue
            for row, value in enumerate(values(table.frame[column.name])):
                text = told(value, column.kind, self.pack.lang)
                if len(text) > width or "\n" in text:
                    lines[row] = max(lines[row], _lines(text, width))
        self.sheet.set_row(first, _LINE_HEIGHT * head + 4)
        for row, count in enumerate(lines, start=first + 1):
            if count > 1:
                self.sheet.set_row(row, min(_LINE_HEIGHT * count + 2, 400))
        if table.blank or any(c.fill for c in table.columns):
            done = first + 1 + len(lines)
            for row in range(done, done + table.blank):
                self.sheet.set_row(row, 24)

    def _column(self, table: Table, col: int, column: Column, first: int) -> None:
        given = values(table.frame[column.name]) if column.name in table.frame else []
        tones = values(table.frame[column.tone]) if column.tone else [""] * len(given)
        for row, (value, tone) in enumerate(
            zip(given, tones, strict=True), start=first
        ):
            self._cell(row, col, column, value, tone or tone_of(value, column.kind))
        rows = len(table.frame)
        if column.fill or table.blank:
            start = first if column.fill else first + rows
            blank = self._look(column, "")
            for row in range(first + len(given), first + rows + table.blank):
                self.sheet.write_blank(row, col, None, blank)
            self._choices(column, start, first + rows + table.blank - 1, col)

    def _choices(self, column: Column, first: int, last: int, col: int) -> None:
        options = list(column.options)
        if options and last >= first and len(",".join(options)) <= _LONGEST_LIST:
            self.sheet.data_validation(
                first, col, last, col, {"validate": "list", "source": options}
            )

    def _cell(self, row: int, col: int, column: Column, value: Any, tone: str) -> None:
        look = self._look(column, tone)
        if not is_known(value):
            self.sheet.write_blank(row, col, None, look)
        elif is_figure(column.kind):
            self._number(row, col, value, column.kind, look)
        else:
            text = told(value, column.kind, self.pack.lang)
            self.sheet.write_string(row, col, Cleaner().text(text), look)

    def _look(self, column: Column, tone: str) -> Format:
        look: dict[str, Any] = {"valign": "top", "bottom": 1, "bottom_color": LINE}
        if is_figure(column.kind):
            number = cell_format(CELLS[column.kind], self.pack.lang)
            look |= {"num_format": number, "align": "right", "indent": 1}
        else:
            look |= {"text_wrap": True}
        if column.fill:
            look |= {"bg_color": _FILLED_IN, "border": 1, "border_color": LINE}
        return self.style.look(**{**look, **_tone_look(tone)})

    def _chart(self, chart: Chart) -> None:
        self._line(chart.title, bold=True, font_size=11)
        if chart.text:
            self._paragraph(chart.text, font_color=MUTED)
        self.row = plot(self.book, self.sheet, chart, self.row, self.style)


def _heads(
    table: Table, headers: Sequence[str], style: Style, lang: str
) -> Iterator[Mapping[str, Any]]:
    named = not any(c.total for c in table.columns)
    for header, column in zip(headers, table.columns, strict=True):
        head: dict[str, Any] = {"header": header, "header_format": style.heading()}
        if column.total:
            known = [v for v in values(table.frame[column.name]) if is_known(v)]
            number = cell_format(CELLS[column.kind], lang)
            look = style.look(bold=True, num_format=number, top=1, bg_color=PALE)
            head |= {"total_function": "sum", "total_value": sum(known), "format": look}
        elif not named:
            head |= {"total_string": tr("pack-total", lang)}
        named = True
        yield head


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of a width, words kept whole."""
    across = max(int(width), 1)
    parts = (wrap(part, across) or [""] for part in text.split("\n"))
    return sum(map(len, parts))


def _widths(blocks: Sequence[Block], lang: str) -> list[float]:
    """Return the width of each column: what its texts and headers need, within reason."""
    found: list[float] = []
    for block in blocks:
        wanted = _block_widths(block, lang)
        found += [_NARROWEST] * (len(wanted) - len(found))
        found = [
            max(w, wanted[k]) if k < len(wanted) else w for k, w in enumerate(found)
        ]
    return found


def _block_widths(block: Block, lang: str) -> list[float]:
    if isinstance(block, Figures):
        return [30, 14, 14, 30, 46]
    if not isinstance(block, Table):
        return [18]
    return [_width(block, column, lang) for column in block.columns]


def _width(table: Table, column: Column, lang: str) -> float:
    head = max((len(w) for w in column.label.split()), default=0) + 3.0
    given = values(table.frame[column.name]) if column.name in table.frame else []
    texts = [told(v, column.kind, lang) for v in given[:400]]
    lengths = sorted(len(t) for t in texts if t)
    usual = lengths[int(len(lengths) * 0.9)] + 2.0 if lengths else 0.0
    least = 22.0 if column.fill else _NARROWEST
    return min(max(usual, head, least), _WIDEST)


def _tone_look(tone: str) -> dict[str, Any]:
    if tone not in _INK:
        return {}
    fill, ink = _INK[tone]
    return {"bg_color": fill, "font_color": ink}
