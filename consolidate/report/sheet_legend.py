"""The last sheet: what the others hold, and how to read them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from consolidate.model.portfolio import Portfolio
from consolidate.report import format as shown
from consolidate.report.sheet_style import HEAD, MUTED, TONES, Style
from consolidate.report.sheet_table import TableSheet
from consolidate.report.sheet_text import Cleaner
from consolidate.report.sheet_words import BookWords


def write_legend(
    sheet: Worksheet,
    portfolio: Portfolio,
    sheets: Sequence[TableSheet],
    style: Style,
    words: BookWords,
    cleaner: Cleaner,
) -> None:
    """Write what colours, units and sheets mean, and what was cut."""
    title = style.look(bold=True, font_size=14, font_color=HEAD)
    section = style.look(bold=True, font_size=10, font_color=HEAD, bottom=1)
    plain = style.look(text_wrap=True, valign="top")
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, 34, plain)
    sheet.set_column(1, 1, 110, plain)
    sheet.write_string(0, 0, words.tr("legend"), title)
    row = _section(sheet, 2, words.tr("legend-read"), section)
    for text in _reading(portfolio, words, cleaner):
        sheet.merge_range(row, 0, row, 1, text, plain)
        sheet.set_row(row, 13.0 * math.ceil(len(text) / 150))
        row += 1
    row = _section(sheet, row + 1, words.tr("legend-status"), section)
    for code in TONES:
        fill, ink = TONES[code]
        look = style.look(bg_color=fill, font_color=ink, bold=True)
        sheet.write_string(row, 0, words.rag(code), look)
        sheet.write_string(row, 1, words.code("rag", code), plain)
        row += 1
    row = _section(sheet, row + 1, words.tr("legend-sheets"), section)
    for spec in sheets:
        sheet.write_string(row, 0, spec.name, plain)
        sheet.write_string(row, 1, spec.note, style.look(font_color=MUTED))
        row += 1


def _section(sheet: Worksheet, row: int, label: str, look: object) -> int:
    sheet.write_string(row, 0, label, look)
    sheet.write_blank(row, 1, None, look)
    return row + 1


def _reading(portfolio: Portfolio, words: BookWords, cleaner: Cleaner) -> list[str]:
    day = shown.day(portfolio.as_of, words.lang)
    keys = ("units", "empty", "source", "follows", "mco", "gaps", "fold", "text")
    texts = [words.tr(f"legend-{key}") for key in keys]
    texts.insert(3, words.tr("legend-late", day=day))
    if cleaner.cut:
        texts.append(words.plural("legend-cut", cleaner.cut))
    version = str(portfolio.run.get("version", ""))
    return [*texts, words.tr("legend-made", version=version)]
