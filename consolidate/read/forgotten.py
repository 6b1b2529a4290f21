"""Write the pseudonyms of people the PMO forgot, before anything is made of a workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from consolidate.model.address import a1
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.forgotten import current
from consolidate.model.workbook import Position, Sheet, Workbook
from consolidate.read.properties import hidden_texts

RULE = "person-forgotten"
Masked = Callable[[str], str]


def without_forgotten(workbook: Workbook, data: bytes) -> Workbook:
    """Return a workbook that names nobody who was forgotten, told where it did.

    Args:
        workbook: As it was read.
        data: Its bytes: properties and shapes are never read, but say that no copy of the
            workbook may go out.
    """
    known = current()
    if not known.people:
        return workbook
    findings: list[Finding] = []
    sheets = tuple(_sheet(workbook.name, s, known.masked, findings) for s in workbook.sheets)  # fmt: skip
    if not findings and any(known.masked(t) != t for t in hidden_texts(data)):
        findings.append(Finding(RULE, Severity.INFO, CellRef(workbook.name), params={"cells": "1"}))  # fmt: skip
    if not findings:
        return workbook
    return replace(workbook, sheets=_told_apart(sheets), findings=(*workbook.findings, *findings))  # fmt: skip


def _sheet(book: str, sheet: Sheet, masked: Masked, findings: list[Finding]) -> Sheet:
    texts = {v for row in sheet.rows for v in row if type(v) is str}
    known = {t: m for t in texts if (m := masked(t)) != t}
    changes: dict[Position, str] = {
        (r, c): known[v]
        for r, row in enumerate(sheet.rows if known else ())
        for c, v in enumerate(row)
        if isinstance(v, str) and v in known
    }
    comments = {at: masked(text) for at, text in sheet.comments.items()}
    choices = tuple((a, tuple(map(masked, words))) for a, words in sheet.choices)
    name = masked(sheet.name)
    places = {*changes, *(at for at, t in comments.items() if t != sheet.comments[at])}
    if not places and name == sheet.name and choices == sheet.choices:
        return sheet
    first = a1(*min(places)) if places else ""
    told = {"cells": str(len(places) or 1)}
    findings.append(Finding(RULE, Severity.INFO, CellRef(book, name, first), params=told))  # fmt: skip
    rows = [list(row) for row in sheet.rows]
    for (r, c), text in changes.items():
        rows[r][c] = text
    return replace(sheet, name=name, rows=rows, comments=comments, choices=choices)


def _told_apart(sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
    """Return sheets whose names differ, though pseudonyms made some of them the same."""
    taken: set[str] = set()
    found = []
    for sheet in sheets:
        name, number = sheet.name, 1
        while name in taken:
            number += 1
            name = f"{sheet.name} ({number})"
        taken.add(name)
        found.append(sheet if name == sheet.name else replace(sheet, name=name))
    return tuple(found)
