"""Which project a finding of an earlier stage is about."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from functools import lru_cache

from consolidate.model.address import box
from consolidate.model.finding import CellRef, Finding
from consolidate.unify.unified import Unified


def with_codes(findings: Iterable[Finding], unified: Unified) -> tuple[Finding, ...]:
    """Return findings with the code of the project they are about, where it is certain.

    The record of the same row says it, else the only project of the sheet, else the only
    one of the workbook.
    """
    rows: dict[tuple[str, str, int], set[str]] = {}
    sheets: dict[tuple[str, str], set[str]] = {}
    books: dict[str, set[str]] = {}
    records = unified.records.loc[unified.records["project_code"] != ""]
    columns = (
        records[c].tolist() for c in ("workbook", "sheet", "row", "project_code")
    )
    for book, sheet, row, code in zip(*columns, strict=True):
        rows.setdefault((book, sheet, row), set()).add(code)
        sheets.setdefault((book, sheet), set()).add(code)
        books.setdefault(book, set()).add(code)

    def code_at(ref: CellRef) -> str:
        for known in (
            rows.get((ref.workbook, ref.sheet, _row(ref.cell))),
            sheets.get((ref.workbook, ref.sheet)),
            books.get(ref.workbook),
        ):
            if known:
                return next(iter(known)) if len(known) == 1 else ""
        return ""

    return tuple(
        f if f.project_code else dataclasses.replace(f, project_code=code_at(f.ref))
        for f in findings
    )


@lru_cache(maxsize=65536)
def _row(cell: str) -> int:
    """Return the 1-based row of a cell; 0 for a range of several rows or none."""
    try:
        place = box(cell)
    except ValueError:
        return 0
    return place.top + 1 if place.top == place.bottom else 0
