"""Workbooks as Excel accepts them: nothing is a formula or a link unless we say so."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter import workbook as engine

from consolidate.report.quoting import quote_acting
from consolidate.report.sheet_style import FONT, SIZE

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


@contextmanager
def new_book(target: Path | BytesIO, title: str, day: date) -> Iterator[Workbook]:
    """Give a workbook that is written when all went well.

    Args:
        target: The file, whose folder exists and keeps the drafts; or memory, and then
            the drafts are in memory too.
        title: Among its properties.
        day: When it says it was made: not the clock, so that the same input gives the
            same bytes.
    """
    # Made anew for each workbook: xlsxwriter writes into it.
    font = {"font_name": FONT, "font_size": SIZE}
    with _drafts(target) as own:
        file = target if isinstance(target, BytesIO) else str(target)
        book = Workbook(file, {**_OPTIONS, **own, "default_format_properties": font})
        book.set_properties(
            {
                "title": title,
                "author": "consolidate",
                "created": datetime(day.year, day.month, day.day, tzinfo=UTC),
            }
        )
        book.set_size(2400, 1500)
        yield book
        quote_acting(book)
        with _compressed():
            book.close()


@contextmanager
def _drafts(target: Path | BytesIO) -> Iterator[dict[str, object]]:
    """Give the options of where xlsxwriter keeps its drafts."""
    if isinstance(target, BytesIO):
        yield {"in_memory": True}
        return
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".book-") as drafts:
        yield {"tmpdir": drafts}


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
