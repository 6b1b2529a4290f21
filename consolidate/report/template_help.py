"""The first sheet of the standard workbook: what to do, and where."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from consolidate.model.template import MARKS, Template
from consolidate.report.format import month
from consolidate.report.sheet_text import Cleaner
from consolidate.report.template_cells import Cells
from consolidate.wording import tr

_STEPS = 5
_WIDTHS = (26, 74, 16)


def write_help(book: Workbook, cells: Cells, template: Template) -> None:
    """Add the instructions, before any other sheet."""
    lang = template.lang
    sheet = book.add_worksheet(tr("template-help", lang))
    for col, width in enumerate(_WIDTHS):
        sheet.set_column(col, col, width)
    clean = Cleaner().text
    sheet.write_string(0, 0, MARKS[lang], cells.made({"of": "mark"}))
    title = clean(tr("template-title", lang, manager=template.manager))
    sheet.write_string(1, 0, title, cells.made({"of": "title"}))
    when = tr("template-month", lang, month=month(template.period, lang))
    sheet.write_string(2, 0, when, cells.made({"of": "month"}))
    known = tr("template-new", lang)
    if template.source:
        known = tr("template-from", lang, month=month(template.source, lang))
    sheet.write_string(3, 0, known, cells.made({"of": "lead"}))
    row = _lines(sheet, cells, 5, "template-steps", [f"template-step-{n}" for n in range(1, _STEPS + 1)], lang)  # fmt: skip
    row = _sheets(sheet, cells, row, template)
    row = _colours(sheet, cells, row, lang)
    for key in ("template-star", "template-protected", "template-privacy"):
        sheet.write_string(row, 0, tr(key, lang), cells.made({"of": "lead"}))
        row += 1
    sheet.set_row(1, 28)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.protect()
    sheet.activate()


def _lines(
    sheet: Worksheet, cells: Cells, row: int, title: str, keys: list[str], lang: str
) -> int:
    _title(sheet, cells, row, tr(title, lang))
    for at, key in enumerate(keys, row + 1):
        sheet.merge_range(at, 0, at, 2, tr(key, lang), cells.made({"of": "line"}))
        sheet.set_row(at, 18)
    return row + len(keys) + 2


def _title(sheet: Worksheet, cells: Cells, row: int, text: str) -> None:
    sheet.set_row(row, 22)
    for col in range(len(_WIDTHS)):
        sheet.write_blank(row, col, None, cells.made({"of": "section"}))
    sheet.write_string(row, 0, text, cells.made({"of": "section"}))


def _sheets(sheet: Worksheet, cells: Cells, row: int, template: Template) -> int:
    """List the sheets, each with a link."""
    lang = template.lang
    _title(sheet, cells, row, tr("template-sheets", lang))
    heads = ("template-sheet-name", "template-sheet-lead", "template-sheet-rows")
    for col, key in enumerate(heads):
        sheet.write_string(row + 1, col, tr(key, lang), cells.made({"of": "head"}))
    for at, each in enumerate(template.sheets, row + 2):
        quoted = each.title.replace("'", "''")
        link = cells.made({"of": "link"})
        sheet.write_url(at, 0, f"internal:'{quoted}'!A1", link, each.title)
        sheet.write_string(at, 1, each.lead, cells.made({"of": "small"}))
        sheet.write_number(at, 2, len(each.rows), cells.made({"of": "small"}))
        sheet.set_row(at, 18 if len(each.lead) < _WIDTHS[1] else 30)
    return row + len(template.sheets) + 3


def _colours(sheet: Worksheet, cells: Cells, row: int, lang: str) -> int:
    """Show what the cells' looks mean."""
    _title(sheet, cells, row, tr("template-colours", lang))
    for at, name in enumerate(("free", "asked", "fixed"), row + 1):
        sheet.write_blank(at, 0, None, cells.made({"of": name}))
        words = tr(f"template-colour-{name}", lang)
        sheet.write_string(at, 1, words, cells.made({"of": "line"}))
        sheet.set_row(at, 18)
    return row + 5
