"""The grid of the first sheet: what is put on it, at which place and in which look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from consolidate.report.sheet_block import Cell
from consolidate.report.sheet_formula import Headers, book_formula
from consolidate.report.sheet_style import HEAD, LINE, MUTED, Style
from consolidate.report.sheet_text import Cleaner
from consolidate.report.sheet_words import BookWords

LEFT, RIGHT = 1, 12
"""0-based first and last column of the page; column A is its margin."""

DATA = 15
"""0-based first column of what charts are drawn from, beside the page."""


class Page:
    """Writes on the first sheet; knows the tables formulas may speak of."""

    def __init__(
        self,
        sheet: Worksheet,
        style: Style,
        words: BookWords,
        headers: Headers,
        ranks: Mapping[str, Sequence[Cell]],
    ) -> None:
        """Keep what is written on, in which words, and what its formulas speak of.

        Args:
            sheet: The first sheet.
            style: Its formats.
            words: Its words.
            headers: Headers of the tables.
            ranks: Columns that rank the projects.
        """
        self.sheet = sheet
        self.style = style
        self.words = words
        self.headers = headers
        self.ranks = ranks
        self.clean = Cleaner().text
        line = {"bottom": 1, "bottom_color": LINE}
        self.label = style.look(**line)
        self.muted = style.look(font_color=MUTED)
        self.small = style.look(font_color=MUTED, font_size=8)
        self.head = style.look(bold=True, align="right", font_color=MUTED)
        self.count = style.number("count", align="right", **line)

    def section(self, row: int, left: int, right: int, label: str) -> None:
        """Write a heading above columns."""
        look = self.style.look(
            bold=True, font_size=11, font_color=HEAD, bottom=2, bottom_color=HEAD
        )
        self.sheet.write_string(row, left, label, look)
        for k in range(left + 1, right + 1):
            self.sheet.write_blank(row, k, None, look)

    def text(self, row: int, col: int, text: str, look: Format) -> None:
        """Write words of our own, or a text that was read."""
        self.sheet.write_string(row, col, self.clean(text), look)

    def figure(
        self, row: int, col: int, template: str, value: Cell, look: Format
    ) -> None:
        """Write a formula and its result, or the result alone when a table lacks.

        Args:
            row: 0-based row.
            col: 0-based column.
            template: As ``book_formula`` takes it.
            value: What it gives.
            look: Format of the cell.
        """
        formula = book_formula(template, self.headers)
        told = self.clean(value) if isinstance(value, str) else value
        if formula is not None:
            self.sheet.write_formula(
                row, col, formula, look, "" if told is None else told
            )
        elif isinstance(told, str):
            self.sheet.write_string(row, col, told, look)
        elif told is not None:
            self.sheet.write_number(row, col, told, look)
        else:
            self.sheet.write_blank(row, col, None, look)

    def wide(self, row: int, left: int, right: int, look: Format) -> None:
        """Join cells of a row, to be written after."""
        if right > left:
            self.sheet.merge_range(row, left, row, right, "", look)

    def has(self, table: str, *columns: str) -> bool:
        """Whether a sheet has all these columns."""
        return all(c in self.headers.get(table, {}) for c in columns)

    def counted(self, key: str, **more: Any) -> Format:
        """Return a look that writes a count in words: ``of 12 projects``.

        None, one and several are worded apart by the format: no formula for it.
        """
        none = f'"{self.words.tr("missing")}"'
        one, many = (self._worded(f"{key}-{n}") for n in ("one", "many"))
        return self.style.look(num_format=f"[=0]{none};[=1]{one};{many}", **more)

    def _worded(self, key: str) -> str:
        before, _, after = self.words.tr(key, number="\0").partition("\0")
        return f'"{before}"#,##0"{after}"'
