"""Cells that a merged range covers: nobody sees what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from consolidate.model.address import a1
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.workbook import Position, Sheet, Value, Workbook

_MOST_RAW = 80


def without_covered(workbook: Workbook) -> Workbook:
    """Return a workbook with nothing in covered cells.

    What they held is told, unless it is what is seen in their place.
    """
    sheets, findings = [], []
    for sheet in workbook.sheets:
        covered = _covered(sheet)
        hidden = sorted(
            at for at, shown in covered.items() if sheet.value(*at) != shown
        )
        if hidden:
            findings.append(_told(workbook.name, sheet, hidden))
        sheets.append(_uncovered(sheet, covered) if covered else sheet)
    told = (*workbook.findings, *findings)
    return replace(workbook, sheets=tuple(sheets), findings=told)


def _covered(sheet: Sheet) -> dict[Position, Value]:
    """Return the covered cells that hold something, and what is seen in their place."""
    found: dict[Position, Value] = {}
    for box in sheet.merges:
        for r in range(box.top, min(box.bottom + 1, len(sheet.rows))):
            left = box.left + (r == box.top)
            cells = sheet.rows[r][left : box.right + 1]
            if cells.count(None) < len(cells):
                shown = sheet.value(box.top, box.left)
                found |= {
                    (r, left + c): shown for c, v in enumerate(cells) if v is not None
                }
    return found


def _uncovered(sheet: Sheet, covered: Iterable[Position]) -> Sheet:
    rows = [list(row) for row in sheet.rows]
    for r, c in covered:
        rows[r][c] = None
    return replace(sheet, rows=rows)


def _told(workbook: str, sheet: Sheet, hidden: list[Position]) -> Finding:
    ref = CellRef(workbook, sheet.name, a1(*hidden[0]))
    raw = str(sheet.value(*hidden[0]))[:_MOST_RAW]
    params = {"count": str(len(hidden))}
    return Finding("cells-covered", Severity.INFO, ref, raw=raw, params=params)
