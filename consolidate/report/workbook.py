"""Write ``portfolio.xlsx``: the consolidated workbook, the same bytes for the same input."""

from __future__ import annotations

from pathlib import Path

from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Schemas, load_schemas
from consolidate.report import format as shown
from consolidate.report.book import new_book
from consolidate.report.book_sheets import book_sheets
from consolidate.report.sheet_block import BlockSheet, check_written
from consolidate.report.sheet_legend import write_legend
from consolidate.report.sheet_style import Style
from consolidate.report.sheet_summary import write_summary
from consolidate.report.sheet_table import write_table
from consolidate.report.sheet_text import Cleaner, sheet_name
from consolidate.report.sheet_words import BookWords
from consolidate.resources import shipped


def write_workbook(
    portfolio: Portfolio,
    path: Path,
    schemas: Schemas | None = None,
    source_root: str = "",
) -> None:
    """Write the consolidated workbook.

    Args:
        portfolio: The month's portfolio.
        path: The file; its folder exists.
        schemas: Labels and vocabularies; the shipped ones by default.
        source_root: Folder or address under which the received workbooks are found, so
            that sources lead there; empty for sources as text alone.
    """
    words = BookWords(portfolio.lang, schemas or load_schemas((shipped("schemas"),)))
    cleaner = Cleaner()
    sheets = list(book_sheets(portfolio, words, cleaner, source_root or None))
    names = [sheet.name for sheet in sheets]
    with new_book(path, _title(portfolio, words), portfolio.as_of) as book:
        book.worksheet_class = BlockSheet
        style = Style(book, words.lang)
        first = book.add_worksheet(sheet_name(words.tr("summary"), names))
        written = {s.name: book.add_worksheet(s.name) for s in sheets}
        last = book.add_worksheet(sheet_name(words.tr("legend"), names))
        for spec in sheets:
            write_table(written[spec.name], spec, style, words)
        write_summary(book, first, portfolio, sheets, style, words)
        write_legend(last, portfolio, sheets, style, words, cleaner)
        first.activate()
    check_written(book.worksheets())


def _title(portfolio: Portfolio, words: BookWords) -> str:
    return words.tr("title", month=shown.month(portfolio.period, words.lang))
