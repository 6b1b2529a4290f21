"""Workbooks as Excel accepts them: nothing is a formula or a link unless we say so."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter import workbook as engine

from consolidate.report.sheet_style import FONT, SIZE

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


@contextmanager
def new_book(path: Path, title: str, day: date) -> Iterator[Workbook]:
    """Give a workbook that is written when all went well, its drafts kept beside it.

    Args:
        path: The file; its folder exists.
        title: Among its properties.
        day: When it says it was made: not the clock, so that the same input gives the
            same bytes.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".book-") as drafts:
        # Made anew for each workbook: xlsxwriter writes into it.
        font = {"font_name": FONT, "font_size": SIZE}
        own = {"tmpdir": drafts, "default_format_properties": font}
        book = Workbook(str(path), {**_OPTIONS, **own})
        book.set_properties(
            {
                "title": title,
                "author": "consolidate",
                "created": datetime(day.year, day.month, day.day, tzinfo=UTC),
            }
        )
        book.set_size(2400, 1500)
        yield book
        with _compressed():
            book.close()


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
