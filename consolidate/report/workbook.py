"""Write ``portfolio.xlsx``: the consolidated workbook, the same bytes for the same input."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter import workbook as engine

from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Schemas, load_schemas
from consolidate.report import format as shown
from consolidate.report.book_sheets import book_sheets
from consolidate.report.sheet_block import BlockSheet, check_written
from consolidate.report.sheet_legend import write_legend
from consolidate.report.sheet_style import FONT, SIZE, Style
from consolidate.report.sheet_summary import write_summary
from consolidate.report.sheet_table import write_table
from consolidate.report.sheet_text import Cleaner, sheet_name
from consolidate.report.sheet_words import BookWords
from consolidate.resources import shipped

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


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
    with _book(path, portfolio, words) as book:
        style = Style(book, words.lang)
        first = book.add_worksheet(sheet_name(words.tr("summary"), names))
        written = {s.name: book.add_worksheet(s.name) for s in sheets}
        last = book.add_worksheet(sheet_name(words.tr("legend"), names))
        for spec in sheets:
            write_table(written[spec.name], spec, style, words)
        write_summary(book, first, portfolio, sheets, style, words)
        write_legend(last, portfolio, sheets, style, words, cleaner)
        first.activate()


@contextmanager
def _book(path: Path, portfolio: Portfolio, words: BookWords) -> Iterator[Workbook]:
    """Give a workbook that is written when all went well, its drafts kept beside it."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".book-") as drafts:
        # Made anew for each workbook: xlsxwriter writes into it.
        font = {"font_name": FONT, "font_size": SIZE}
        own = {"tmpdir": drafts, "default_format_properties": font}
        book = Workbook(str(path), {**_OPTIONS, **own})
        book.worksheet_class = BlockSheet
        day = portfolio.as_of
        book.set_properties(
            {
                "title": _title(portfolio, words),
                "author": "consolidate",
                # Not the clock: the same input gives the same bytes.
                "created": datetime(day.year, day.month, day.day, tzinfo=UTC),
            }
        )
        book.set_size(2400, 1500)
        yield book
        with _compressed():
            book.close()
        check_written(book.worksheets())


@contextmanager
def _compressed() -> Iterator[None]:
    """Have xlsxwriter compress at a level it gives no choice of.

    The fifth takes two thirds of the usual one's time, for a file 3 % larger.
    """
    usual = engine.ZipFile
    engine.ZipFile = partial(usual, compresslevel=5)
    try:
        yield
    finally:
        engine.ZipFile = usual


def _title(portfolio: Portfolio, words: BookWords) -> str:
    return words.tr("title", month=shown.month(portfolio.period, words.lang))
