"""Take out of a workbook what consolidate put into it: it is no data."""

from __future__ import annotations

from dataclasses import replace

from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.reply import is_ours, without_ours
from consolidate.model.template import is_help, is_untouched
from consolidate.model.workbook import Sheet, Workbook


def without_help(workbook: Workbook) -> Workbook:
    """Return a standard workbook without its instructions and lists of choices.

    Raises:
        UnreadableWorkbookError: Nothing was written into it (``template-unchanged``).
    """
    helps = {s.name for s in workbook.sheets if is_help(s.value(0, 0))}
    if not helps:
        return workbook
    if is_untouched(workbook.sheets):
        raise UnreadableWorkbookError("template-unchanged")
    kept = tuple(s for s in workbook.sheets if s.name not in helps)
    told = tuple(
        Finding("sheet-of-template", Severity.INFO, CellRef(workbook.name, s.name))
        for s in workbook.sheets
        if s.name in helps and s.visible
    )
    return replace(workbook, sheets=kept, findings=(*workbook.findings, *told))


def without_reply(workbook: Workbook) -> Workbook:
    """Return a workbook without our sheet and comments; our colours are never read.

    Raises:
        UnreadableWorkbookError: Nothing is left (``own-output``).
    """
    kept = tuple(s for s in workbook.sheets if not is_ours(s.value(0, 0)))
    sheets = tuple(_without_comments(s) for s in kept)
    if len(kept) == len(workbook.sheets):
        return workbook if sheets == kept else replace(workbook, sheets=sheets)
    if not kept:
        raise UnreadableWorkbookError("own-output")
    told = tuple(
        Finding("sheet-of-reply", Severity.INFO, CellRef(workbook.name, s.name))
        for s in workbook.sheets
        if is_ours(s.value(0, 0))
    )
    return replace(workbook, sheets=sheets, findings=(*workbook.findings, *told))


def _without_comments(sheet: Sheet) -> Sheet:
    left = {at: without_ours(text) for at, text in sheet.comments.items()}
    if left == sheet.comments:
        return sheet
    return replace(sheet, comments={at: text for at, text in left.items() if text})
