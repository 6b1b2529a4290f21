"""One section of a pack as a sheet: blocks one below the other, or two abreast on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from consolidate.model.pack import (
    Block,
    Chart,
    Column,
    Figures,
    Kind,
    Pack,
    Section,
    Table,
    Text,
)
from consolidate.report.format import cell_format
from consolidate.report.pack_plot import Place, beside_of, plot
from consolidate.report.pack_text import (
    CELLS,
    as_day,
    is_figure,
    is_known,
    plain,
    texts,
    told,
    tone_of,
    tones,
)
from consolidate.report.pack_total import heads, total_of, write_totals
from consolidate.report.pack_width import (
    NARROWEST,
    height,
    lines,
    on_larger_paper,
    page_breaks,
    print_setup,
    rows_taken,
    tone_look,
    widths,
)
from consolidate.report.sheet_column import serial
from consolidate.report.sheet_style import HEAD, LINE, MUTED, Style
from consolidate.report.sheet_text import Cleaner
from consolidate.wording import tr

_FILLED_IN = "#FFF8E1"
_LINE_HEIGHT = 12.5
_LONGEST_LIST = 255
_CHART = 95.0
"""Characters that a chart beside its numbers is wide."""
_HOW_UNTIL = 9
"""The last column that the words on a figure reach over."""
"""Characters that the choices of a cell may take in all, as Excel has it."""


Lane: TypeAlias = tuple[int, list[Block], list[float]]
"""First column, blocks one below the other, widths of their columns."""


@dataclass(slots=True)
class SectionSheet:
    """One section being written, block below block."""

    book: Workbook
    sheet: Worksheet
    pack: Pack
    section: Section
    style: Style
    number: int
    row: int = 0
    left: int = 0
    widths: Sequence[float] = ()
    heights: dict[int, float] = field(default_factory=dict)

    def write(self) -> None:
        """Write the whole section."""
        self.sheet.hide_gridlines(2)
        print_setup(self.sheet, self.pack, one_page=self.section.one_page)
        lanes = self._lanes()
        self._widen(lanes)
        self._line(self.section.title, bold=True, font_size=15, font_color=HEAD)
        self._line(self.pack.subtitle, font_color=MUTED)
        if self.section.lead:
            self._paragraph(self.section.lead, font_size=11)
        self.row += 1
        if self.section.one_page:
            for block in self.section.blocks:
                if isinstance(block, Figures):
                    self._tiles(block)
                    self.row += 1
        top = self.row
        places: list[tuple[int, int]] = []
        for left, lane, wanted in lanes:
            self.row, self.left, self.widths = top, left, wanted
            for block in lane:
                first = self.row
                self._block(block)
                places.append((first, self.row))
                self.row += 1
        if not self.section.one_page:
            charts = (b for b in self.section.blocks if isinstance(b, Chart))
            beside = (sum(self.widths[: beside_of(c)]) + _CHART for c in charts)
            across = max(sum(self.widths), *beside, 0.0)
            on_larger_paper(self.sheet, across)
            self.sheet.set_h_pagebreaks(page_breaks(places, self.heights, across))
        self._freeze(top)

    def _lanes(self) -> list[Lane]:
        """Return where blocks stand: in two lanes on a page that holds all."""
        if not self.section.one_page:
            every = list(self.section.blocks)
            return [(0, every, widths(every, self.pack.lang))]
        blocks: list[Block] = [
            b for b in self.section.blocks if not isinstance(b, Figures)
        ]
        if not blocks:  # figures alone
            return [(0, [], widths(list(self.section.blocks), self.pack.lang))]
        sizes = [rows_taken(b) for b in blocks]
        half, first = sum(sizes) / 2, 0
        while (
            first < len(blocks) and sum(sizes[: first + 1]) <= half + sizes[first] / 2
        ):
            first += 1
        one, two = blocks[:first], blocks[first:]
        left, right = widths(one, self.pack.lang), widths(two, self.pack.lang)
        return [(0, one, left), (len(left) + 1, two, right)]

    def _widen(self, lanes: Sequence[Lane]) -> None:
        every: list[float] = []
        for left, _, wanted in lanes:
            every += [2.0] * (left - len(every))
            every += wanted
        for col, width in enumerate(every):
            self.sheet.set_column(col, col, width)
        self.widths = every

    def _freeze(self, top: int) -> None:
        """Keep the header of a section's only table in sight."""
        blocks = self.section.blocks
        if len(blocks) == 1 and isinstance(blocks[0], Table) and len(blocks[0].frame):
            head = top + 1 + bool(blocks[0].note)
            self.sheet.freeze_panes(head + 1, 1)
            self.sheet.repeat_rows(head)

    def _high(self, row: int, high: float) -> None:
        """Make a row at least so high."""
        self.heights[row] = max(high, self.heights.get(row, 0.0))
        self.sheet.set_row(row, self.heights[row])

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
            self.row, self.left, Cleaner().text(text), self.style.look(**look)
        )
        if look.get("font_size", 9) > 12:
            self._high(self.row, 22)
        self.row += 1

    def _paragraph(self, text: str, **look: Any) -> None:
        made = self.style.look(text_wrap=True, valign="top", **look)
        last = self.left + max(min(len(self.widths), 8), 2) - 1
        self.sheet.merge_range(self.row, self.left, self.row, last, "", made)
        self.sheet.write_string(self.row, self.left, Cleaner().text(text), made)
        size = look.get("font_size", 9)
        across = max(sum(self.widths[:8]), 20.0) * 9 / size
        self._high(self.row, height(text, across, size * 1.4))
        self.row += 1

    def _text(self, block: Text) -> None:
        look = tone_look(block.tone)
        for paragraph in block.paragraphs:
            self._paragraph(paragraph, **look)

    def _figures(self, block: Figures) -> None:
        """Write each figure with its denominator and how it is worked out."""
        lang = self.pack.lang
        heads = ("pack-figure", "pack-value", "pack-before", "pack-note", "pack-how")
        for col, key in enumerate(heads):
            self.sheet.write_string(self.row, col, tr(key, lang), self.style.heading())
        last = min(max(len(self.widths) - 1, 4), _HOW_UNTIL)
        room = sum(self.widths[4 : last + 1])
        if last > 4:
            title = tr(heads[-1], lang)
            self.sheet.merge_range(self.row, 4, self.row, last, title, self.style.heading())  # fmt: skip
        self.row += 1
        clean = Cleaner().text
        rule = {"bottom": 1, "bottom_color": LINE, "valign": "top", "text_wrap": True}
        for figure in block.figures:
            words = self.style.look(bold=True, **rule)
            self.sheet.write_string(self.row, 0, clean(figure.label), words)
            big = {"bold": True, "font_size": 13, **rule, **tone_look(figure.tone)}
            self._value(self.row, 1, figure.value, figure.kind, big)
            self._value(self.row, 2, figure.before, figure.kind, rule)
            soft = self.style.look(font_color=MUTED, **rule)
            self.sheet.write_string(self.row, 3, clean(figure.note), soft)
            how = "\n".join(filter(None, (figure.how, " · ".join(figure.cells))))
            if last > 4:
                self.sheet.merge_range(self.row, 4, self.row, last, "", soft)
            self.sheet.write_string(self.row, 4, clean(how), soft)
            told_in = ((figure.label, self.widths[0] - 2), (figure.note, self.widths[3]), (how, room))  # fmt: skip
            most = max(lines(text, width) for text, width in told_in)
            self._high(self.row, max(_LINE_HEIGHT * most + 2, 20))
            self.row += 1

    def _tiles(self, block: Figures) -> None:
        """Write figures side by side, for a page that holds all; the rest as notes."""
        clean = Cleaner().text
        columns = [c for c, w in enumerate(self.widths) if w >= NARROWEST]
        across = len(columns)
        soft = {"font_color": MUTED, "text_wrap": True, "valign": "top"}
        for k, figure in enumerate(block.figures):
            row, col = self.row + k // across * 3, columns[k % across]
            line = {"top": 1, "top_color": LINE}
            label = self.style.look(**soft, **line)
            self.sheet.write_string(row, col, clean(figure.label), label)
            room = self.widths[col] - 1
            self._high(row, _LINE_HEIGHT * lines(figure.label, room) + 2)
            self._high(row + 2, _LINE_HEIGHT * 0.9 * lines(figure.note, room) + 2)
            big = {"bold": True, "font_size": 12, **tone_look(figure.tone)}
            self._value(row + 1, col, figure.value, figure.kind, big)
            note = self.style.look(**soft, font_size=8)
            self.sheet.write_string(row + 2, col, clean(figure.note), note)
        self.row += -(-len(block.figures) // across) * 3

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
            own = tone_look(tone_of(value, kind))
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
        totals = [total_of(table, c) is not None for c in table.columns]
        for col, column in enumerate(table.columns, start=self.left):
            self._column(table, col, column, first + 1)
        name = f"t{self.number}_{table.id.replace('-', '_')}"
        self.sheet.add_table(
            first,
            self.left,
            last + any(totals),
            self.left + len(table.columns) - 1,
            {
                "name": name,
                "style": None,
                "autofilter": rows > 1 and not self.section.one_page,
                "total_row": any(totals),
                "columns": list(heads(table, self.style)),
            },
        )
        write_totals(self.sheet, table, (last + 1, self.left), name, self.style)
        self._heights(table, first)
        self.row = last + 1 + any(totals)

    def _heights(self, table: Table, first: int) -> None:
        """Make each row as high as its longest text needs; the header too."""
        counts = [1] * len(table.frame)
        head = 1
        for width, column in zip(self.widths, table.columns, strict=False):
            head = max(head, lines(column.label, width - 2))
            if is_figure(column.kind) or column.name not in table.frame:
                continue
            for row, text in enumerate(texts(table, column, self.pack.lang)):
                if len(text) > width or "\n" in text:
                    counts[row] = max(counts[row], lines(text, width))
        self._high(first, _LINE_HEIGHT * head + 4)
        for row, count in enumerate(counts, start=first + 1):
            if count > 1:
                self._high(row, min(_LINE_HEIGHT * count + 2, 400))
        if table.blank or any(c.fill for c in table.columns):
            done = first + 1 + len(counts)
            for row in range(done, done + table.blank):
                self._high(row, 24)

    def _column(self, table: Table, col: int, column: Column, first: int) -> None:
        given = plain(table, column)
        toned = tones(table, column) if given else []
        looks = {tone: self._look(column, tone) for tone in set(toned)}
        written = zip(given, texts(table, column, self.pack.lang), toned, strict=True)
        for row, (value, text, tone) in enumerate(written, start=first):
            self._cell((row, col), column.kind, value, text, looks[tone])
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

    def _cell(
        self, at: tuple[int, int], kind: Kind, value: Any, text: str, look: Format
    ) -> None:
        if value is None:
            self.sheet.write_blank(*at, None, look)
        elif is_figure(kind):
            self._number(*at, value, kind, look)
        else:
            self.sheet.write_string(*at, Cleaner().text(text), look)

    def _look(self, column: Column, tone: str) -> Format:
        look: dict[str, Any] = {"valign": "top", "bottom": 1, "bottom_color": LINE}
        if is_figure(column.kind):
            number = cell_format(CELLS[column.kind], self.pack.lang)
            look |= {"num_format": number, "align": "right", "indent": 1}
        else:
            look |= {"text_wrap": True}
        if column.fill:
            look |= {"bg_color": _FILLED_IN, "border": 1, "border_color": LINE}
        return self.style.look(**{**look, **tone_look(tone)})

    def _chart(self, chart: Chart) -> None:
        self._line(chart.title, bold=True, font_size=11)
        if chart.text:
            self._paragraph(chart.text, font_color=MUTED)
        room = sum(self.widths) if self.section.one_page else None
        place = Place(self.row, self.left, room)
        self.row = plot(self.book, self.sheet, chart, place, self.style)
