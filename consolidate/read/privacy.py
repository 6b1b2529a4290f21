"""What does not belong in a dashboard: patients' identifiers, reasons of absence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from consolidate.model.address import a1
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.identifiers import MASK, NIR, is_nir, without_identifiers
from consolidate.model.text import fold
from consolidate.model.workbook import Position, Sheet, Value, Workbook
from consolidate.read.absences import (
    absence_reason,
    may_be_reason,
    reasons_in_place,
    told_why,
    without_reasons,
    words,
)
from consolidate.read.patients import patients_in

ABSENCE = "Absence"
_LEAST, _MOST = 100_000_000_000_000, 900_000_000_000_000
_ENOUGH = 3
_MEMORY = 65_536
_clean: set[str] = set()
"""Texts with nothing to mask: most come again, in this workbook or the next."""


def mask(workbook: Workbook) -> Workbook:
    """Return a workbook without identifiers of patients and reasons of absence.

    A social security number counts when its shape and its key are right. In number cells,
    which may be anything else, three of them in a column are needed, or a word beside that
    says so. Hospital numbers, dates of birth and the names beside them count under a
    heading that says so (``consolidate.read.patients``), or after such a word in a text.
    """
    findings: list[Finding] = []
    if MASK in workbook.name:
        ref = CellRef(workbook.name)
        findings.append(Finding("patient-identifier", Severity.WARNING, ref))
    sheets = []
    for sheet in workbook.sheets:
        found = _masked_sheet(workbook.name, sheet, findings)
        sheets.append(found)
    earlier = tuple(_said_without(f) for f in workbook.findings)
    if not findings:
        return replace(workbook, findings=earlier)
    return replace(workbook, sheets=_told_apart(sheets), findings=(*earlier, *findings))


def _said_without(finding: Finding) -> Finding:
    """Return an earlier finding that repeats nothing of what is masked."""
    ref = replace(finding.ref, sheet=without_identifiers(finding.ref.sheet))
    params = {key: without_identifiers(text) for key, text in finding.params.items()}
    return replace(finding, ref=ref, raw=_masked_text(finding.raw), params=params)


def _told_apart(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """Return sheets whose names differ, though masks made some of them the same."""
    taken: set[str] = set()
    found = []
    for sheet in sheets:
        name, number = sheet.name, 1
        while name in taken and MASK in sheet.name:
            number += 1
            name = f"{sheet.name} ({number})"
        taken.add(name)
        found.append(sheet if name == sheet.name else replace(sheet, name=name))
    return tuple(found)


def _masked_sheet(workbook: str, sheet: Sheet, findings: list[Finding]) -> Sheet:
    texts = {v for row in sheet.rows for v in row if type(v) is str}
    masked, doubtful = _masked_texts(texts)
    numbers = _numbers(sheet)
    changes: dict[Position, Value] = dict.fromkeys(numbers, MASK)
    changes |= dict.fromkeys(patients_in(sheet, texts, numbers), MASK)
    changes |= dict.fromkeys(reasons_in_place(workbook, sheet, doubtful), ABSENCE)
    if masked:
        changes |= {
            (r, c): masked[v]
            for r, row in enumerate(sheet.rows)
            for c, v in enumerate(row)
            if isinstance(v, str) and v in masked and changes.get((r, c)) != MASK
        }
    for at in told_why(sheet, texts):
        of_patient = MASK in str(changes.get(at))
        changes[at] = f"{ABSENCE} {MASK}" if of_patient else ABSENCE
    comments = {at: _masked_text(text) for at, text in sheet.comments.items()}
    hidden = {at: t for at, t in comments.items() if t != sheet.comments[at]}
    choices = tuple(
        (area, tuple(without_identifiers(word) for word in words))
        for area, words in sheet.choices
    )
    listed = {
        (now[0].top, now[0].left): MASK
        for was, now in zip(sheet.choices, choices, strict=True)
        if was != now
    }
    name = without_identifiers(sheet.name)
    if name != sheet.name:
        ref = CellRef(workbook, name)
        findings.append(Finding("patient-identifier", Severity.WARNING, ref))
    for at, shown in sorted({**changes, **hidden, **listed}.items()):
        findings.append(_told(workbook, sheet.name, at, str(shown)))
    if not changes and not hidden and not listed and name == sheet.name:
        return sheet
    rows = [list(row) for row in sheet.rows]
    for (r, c), value in changes.items():
        rows[r][c] = value
    return replace(sheet, name=name, rows=rows, comments=comments, choices=choices)


def _masked_texts(texts: set[str]) -> tuple[dict[str, str], set[str]]:
    """Return what is shown for texts not to be shown, and those that depend on the place."""
    unknown = texts - _clean
    doubtful = {t for t in unknown if may_be_reason(t)}
    masked = {t: m for t in unknown - doubtful if (m := _masked_text(t)) != t}
    if len(_clean) > _MEMORY:
        _clean.clear()
    _clean.update(texts - doubtful - masked.keys())
    return masked, doubtful


def _masked_text(text: str) -> str:
    if absence_reason(text):
        return ABSENCE
    return without_reasons(without_identifiers(text))


def _numbers(sheet: Sheet) -> list[Position]:
    """Return the number cells that are social security numbers."""
    large = [
        (r, c, value)
        for r, row in enumerate(sheet.rows)
        for c, value in enumerate(row)
        if (type(value) is float or type(value) is int) and _LEAST <= value < _MOST
    ]
    hits: dict[int, list[int]] = {}
    for r, c, value in large:
        text = str(int(value))
        if NIR.fullmatch(text) and is_nir(text):
            hits.setdefault(c, []).append(r)
    return [
        (r, c)
        for c, rows in hits.items()
        if len(rows) >= _ENOUGH or _says_so(sheet, c, rows)
        for r in rows
    ]


def _says_so(sheet: Sheet, col: int, rows: Sequence[int]) -> bool:
    beside = [sheet.value(r, col - 1) for r in rows]
    above = [sheet.value(r, col) for r in range(min(rows))]
    said = " ".join(fold(v) for v in (*beside, *above) if isinstance(v, str))
    return any(f" {word} " in f" {said} " for word in words("identifiers"))


def _told(workbook: str, sheet: str, at: Position, shown: str) -> Finding:
    """Tell that something was masked, and never what."""
    number = MASK in shown
    rule = "patient-identifier" if number else "absence-masked"
    severity = Severity.WARNING if number else Severity.INFO
    return Finding(
        rule, severity, CellRef(workbook, without_identifiers(sheet), a1(*at))
    )
