"""Write the sheet on which a manager says whether figures were read right."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from consolidate.model.reading_check import HEADER, MARKS, RIGHT, SAID, ReadingCheck
from consolidate.report.format import month
from consolidate.report.sheet_text import Cleaner
from consolidate.wording import tr

_INK, _PALE, _HEAD, _LINE, _SOFT = "#23304A", "#6B7588", "#24406B", "#C9D1DE", "#EEF2F8"  # fmt: skip
_WIDTHS = (5, 34, 30, 26, 26, 13, 26)
_HEADS = ("rank", "what", "where", "written", "understood", "said", "right")
_PER_WIDTH, _ROW, _TALLEST = 1.05, 15.0, 120.0
_BASE = {"font_name": "Calibri", "font_size": 10, "font_color": _INK}


def write_check(path: Path, check: ReadingCheck) -> None:
    """Write the sheet of one manager about one workbook.

    Args:
        path: The file, which is replaced.
        check: What is asked; nothing of it becomes a formula or a link.
    """
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    lang = check.lang
    with Workbook(str(path), options) as book:
        stamp = datetime.fromisoformat(f"{check.period}-01")
        book.set_properties({"author": "consolidate", "created": stamp})
        sheet = book.add_worksheet(tr("check-sheet", lang))
        _head(book, sheet, check)
        _lines(book, sheet, check)
        sheet.hide_gridlines(2)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.freeze_panes(HEADER + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 1)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        sheet.set_selection(HEADER + 1, SAID, HEADER + 1, SAID)


def _head(book: Workbook, sheet: Worksheet, check: ReadingCheck) -> None:
    lang, clean = check.lang, Cleaner().text
    small = book.add_format({**_BASE, "font_size": 8, "font_color": _PALE, "italic": True})  # fmt: skip
    title = book.add_format({**_BASE, "font_size": 16, "bold": True, "font_color": _HEAD})  # fmt: skip
    lead = book.add_format({**_BASE, "font_size": 11, "text_wrap": True, "valign": "top"})  # fmt: skip
    sheet.write_string(0, 0, MARKS[lang], small)
    sheet.write_string(1, 0, tr("check-title", lang), title)
    told = {
        "workbook": check.workbook.rpartition("/")[2],
        "month": month(check.period, lang),
    }
    sheet.merge_range(2, 0, 2, RIGHT, "", lead)
    sheet.write_string(2, 0, clean(tr("check-lead", lang, **told)), lead)
    sheet.merge_range(3, 0, 3, RIGHT, "", lead)
    sheet.write_string(3, 0, tr("check-how", lang), lead)
    sheet.write_string(4, 0, f"{tr('check-layout', lang)} {check.layout}", small)
    sheet.set_row(1, 26)
    sheet.set_row(2, 32)
    sheet.set_row(3, 32)


def _lines(book: Workbook, sheet: Worksheet, check: ReadingCheck) -> None:
    lang, clean = check.lang, Cleaner().text
    head = book.add_format({**_BASE, "bold": True, "font_color": "#FFFFFF", "bg_color": _HEAD, "valign": "vcenter", "text_wrap": True})  # fmt: skip
    drawn: dict[str, Any] = {**_BASE, "text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": _LINE}  # fmt: skip
    plain = book.add_format({**drawn, "bg_color": _SOFT})
    acting = book.add_format({**drawn, "bg_color": _SOFT, "quote_prefix": True})
    open_ = book.add_format({**drawn, "locked": False, "border": 1, "border_color": _HEAD, "num_format": "@"})  # fmt: skip
    for col, (name, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
        sheet.set_column(col, col, width)
        sheet.write_string(HEADER, col, tr(f"check-head-{name}", lang), head)
    sheet.set_row(HEADER, 32)
    last = HEADER + len(check.lines)
    for rank, line in enumerate(check.lines, 1):
        row = HEADER + rank
        texts = (str(rank), line.label, line.place, line.written, line.understood)
        for col, text in enumerate(texts):
            looks = acting if text.startswith(("=", "+", "-", "@")) else plain
            sheet.write_string(row, col, clean(text), looks)
        sheet.write_blank(row, SAID, None, open_)
        sheet.write_blank(row, RIGHT, None, open_)
        sheet.set_row(row, _height(texts))
    choices = [tr("check-yes", lang), tr("check-no", lang)]
    offered = {"validate": "list", "source": choices, "error_type": "warning"}
    sheet.data_validation(HEADER + 1, SAID, max(last, HEADER + 1), SAID, offered)


def _height(texts: tuple[str, ...]) -> float:
    lines = [
        1 + int(len(text) / (width * _PER_WIDTH))
        for text, width in zip(texts, _WIDTHS, strict=False)
    ]
    return min(_TALLEST, 6 + _ROW * max(lines))
