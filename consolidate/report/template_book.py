"""Write the standard workbook of a project manager: instructions, tables, choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from consolidate.model.address import column_letters
from consolidate.model.template import (
    HEADER,
    MARKS,
    PRINT,
    TURNED,
    Template,
    TemplateColumn,
    TemplateSheet,
    fingerprint,
)
from consolidate.model.workbook import Value
from consolidate.report.format import month
from consolidate.report.sheet_text import Cleaner
from consolidate.report.template_cells import Cells, width_of
from consolidate.report.template_help import write_help
from consolidate.wording import tr

_SPARE = 30
"""Rows drawn ready for new records; those below can be filled all the same."""

_FURTHEST = 1000
"""Row down to which choices and checks are offered."""

_LABELS, _WIDE, _NARROW = 30, 62, 40
_MANY = 2
_LINE, _ROOM, _TALLEST = 19.0, 45.0, 400.0
_PROTECTED: Mapping[str, Any] = {
    "format_columns": True,
    "format_rows": True,
    "format_cells": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}


def write_template(path: Path, template: Template) -> None:
    """Write the workbook of one manager.

    Args:
        path: The file, which is replaced.
        template: What it holds; nothing of it becomes a formula or a link.
    """
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": "Calibri", "font_size": 10},
    }
    with Workbook(str(path), options) as book:
        stamp = datetime.fromisoformat(f"{template.period}-01")
        title = tr("template-title", template.lang, manager=template.manager)
        book.set_properties({"title": title, "author": "consolidate", "created": stamp})
        cells = Cells(book, template.lang)
        write_help(book, cells, template)
        lists = _Lists(template)
        grids = [_write_sheet(book, cells, template, s, lists) for s in template.sheets]
        lists.write(book, fingerprint(grids))


class _Lists:
    """The choices of a workbook, each vocabulary in a column of a hidden sheet."""

    def __init__(self, template: Template) -> None:
        """Gather the choices of all its sheets."""
        self._lang = template.lang
        self._title = tr("template-lists", template.lang)
        self._words: dict[tuple[str, ...], int] = {}
        for sheet in template.sheets:
            for column in sheet.columns:
                if column.words:
                    self._words.setdefault(column.words, len(self._words) + 1)

    def source(self, words: tuple[str, ...]) -> str:
        """Return the range that holds some choices."""
        letters = column_letters(self._words[words])
        return f"='{self._title}'!${letters}$1:${letters}${len(words)}"

    def write(self, book: Workbook, print_: str) -> None:
        """Write the hidden sheet, and the print of the tables."""
        sheet = book.add_worksheet(self._title)
        sheet.write_string(0, 0, MARKS[self._lang])
        sheet.write_string(*PRINT, print_)
        clean = Cleaner().text
        for words, col in self._words.items():
            for row, word in enumerate(words):
                sheet.write_string(row, col, clean(word))
        sheet.hide()
        sheet.protect()


def _write_sheet(
    book: Workbook,
    cells: Cells,
    template: Template,
    planned: TemplateSheet,
    lists: _Lists,
) -> tuple[str, list[list[Value]]]:
    """Write one table and return its name and what its cells hold."""
    sheet = book.add_worksheet(planned.title)
    sheet.protect("", dict(_PROTECTED))
    grid = _Grid(sheet, cells)
    is_turned = planned.table == TURNED
    if is_turned:
        _turned(grid, planned, lists)
    else:
        _listed(grid, planned, lists)
    _head(grid, planned)
    _page(sheet, template, is_turned=is_turned)
    return planned.title, grid.values


class _Grid:
    """A sheet being written, and what its cells hold."""

    def __init__(self, sheet: Worksheet, cells: Cells) -> None:
        self.sheet = sheet
        self.cells = cells
        self.values: list[list[Value]] = []
        self._clean = Cleaner().text

    def put(self, row: int, col: int, value: Value, looks: Mapping[str, Any]) -> None:
        """Write a value as what it is; a text is never anything else."""
        if isinstance(value, str):
            value = self._clean(value)
        made = self.cells.made(looks, value)
        if value is None or value == "":
            self.sheet.write_blank(row, col, None, made)
            return
        if isinstance(value, str):
            self.sheet.write_string(row, col, value, made)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, col, datetime(value.year, value.month, value.day), made)  # noqa: DTZ001  # fmt: skip
        elif isinstance(value, int | float):
            self.sheet.write_number(row, col, value, made)
        while len(self.values) <= row:
            self.values.append([])
        cells = self.values[row]
        cells.extend([None] * (col + 1 - len(cells)))
        cells[col] = value


def _head(grid: _Grid, planned: TemplateSheet) -> None:
    sheet, cells = grid.sheet, grid.cells
    sheet.set_row(0, 12, cells.made({"of": "mark"}))
    sheet.set_row(1, 26, cells.made({"of": "title"}))
    sheet.set_row(2, 20, cells.made({"of": "lead"}))
    grid.put(0, 0, planned.mark, {"of": "mark"})
    grid.put(1, 0, planned.title, {"of": "title"})
    grid.put(2, 0, planned.lead, {"of": "lead"})


def _listed(grid: _Grid, planned: TemplateSheet, lists: _Lists) -> None:
    """Write a table of one row a record."""
    sheet, columns = grid.sheet, planned.columns
    sheet.set_row(HEADER, 30, grid.cells.made({"of": "head"}))
    last = HEADER + len(planned.rows) + _SPARE
    for col, column in enumerate(columns):
        looks = grid.cells.looks(column, [row[col] for row in planned.rows])
        sheet.set_column(col, col, width_of(column), grid.cells.made(looks | {"line": False}))  # fmt: skip
        star = " *" if column.is_key else ""
        grid.put(HEADER, col, column.header + star, {"of": "head"})
        sheet.write_comment(HEADER, col, column.hint, grid.cells.comment)
        for at, row in enumerate(planned.rows, HEADER + 1):
            grid.put(at, col, row[col], looks)
        for at in range(HEADER + 1 + len(planned.rows), last + 1):
            sheet.write_blank(at, col, None, grid.cells.made(looks))
        area = (HEADER + 1, col, max(last, _FURTHEST), col)
        grid.cells.check(sheet, area, column, lists.source)
    sheet.freeze_panes(HEADER + 1, _frozen(planned))
    sheet.autofilter(HEADER, 0, last, len(columns) - 1)
    sheet.repeat_rows(HEADER)
    sheet.print_area(0, 0, max(HEADER + len(planned.rows), HEADER + 8), len(columns) - 1)  # fmt: skip


def _frozen(planned: TemplateSheet) -> int:
    """Return how many columns stay in sight: those up to the name of the record."""
    keys = [i for i, column in enumerate(planned.columns) if column.is_key]
    return keys[0] + 1 if keys and keys[0] <= _MANY else 1


def _turned(grid: _Grid, planned: TemplateSheet, lists: _Lists) -> None:
    """Write a table of one column a record, its fields under titles."""
    sheet, count = grid.sheet, max(1, len(planned.rows))
    sheet.set_column(0, 0, _LABELS)
    sheet.set_column(1, count, _WIDE if count == 1 else _NARROW)
    row, section = HEADER, planned.columns[0].section if planned.columns else ""
    for number, column in enumerate(planned.columns):
        if column.section != section:
            section = column.section
            _section(grid, row, count, section)
            row += 1
        values = [each[number] for each in planned.rows] or [None]
        looks = grid.cells.looks(column, values)
        of = "named" if row == HEADER else "label"
        grid.put(row, 0, column.header, {"of": of})
        sheet.write_comment(row, 0, column.hint, grid.cells.comment)
        for col, value in enumerate(values, 1):
            grid.put(row, col, value, {**looks, "named": row == HEADER})
        sheet.set_row(row, _height(column, values, count))
        grid.cells.check(sheet, (row, 1, row, count), column, lists.source)
        row += 1
    sheet.freeze_panes(HEADER + 1, 1)
    sheet.print_area(0, 0, row - 1, count)
    sheet.repeat_columns(0)


def _section(grid: _Grid, row: int, count: int, title: str) -> None:
    grid.sheet.set_row(row, 20)
    grid.put(row, 0, title, {"of": "section"})
    for col in range(1, count + 1):
        grid.sheet.write_blank(row, col, None, grid.cells.made({"of": "section"}))


def _height(column: TemplateColumn, values: Sequence[Value], count: int) -> float:
    """Return the height that the longest text of a row takes, or may come to take."""
    width = _WIDE if count == 1 else _NARROW
    texts = [v for v in values if isinstance(v, str)]
    lines = [sum(1 + len(part) // width for part in text.split("\n")) for text in texts]
    most = max(lines, default=1)
    least = _ROOM if column.type == "long_text" else _LINE
    return min(_TALLEST, max(least, 4 + 13.5 * most))


def _page(sheet: Worksheet, template: Template, *, is_turned: bool) -> None:
    lang = template.lang
    footer = tr(
        "template-footer",
        lang,
        manager=template.manager.replace("&", "&&"),
        month=month(template.period, lang),
    )
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    if not is_turned:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.set_footer(f"&L&8{footer}&R&8&P / &N")
