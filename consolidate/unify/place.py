"""Which project a finding of an earlier stage is about."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from functools import lru_cache

import pandas as pd

from consolidate.model.address import box
from consolidate.model.finding import CellRef, Finding
from consolidate.unify.unified import Unified

_PLACE = ["workbook", "sheet", "row", "project_code"]


def with_codes(findings: Iterable[Finding], unified: Unified) -> tuple[Finding, ...]:
    """Return findings with the code of the project they are about, where it is certain.

    The record of the same row says it, else the only project of the sheet, else the only
    one of the workbook.
    """
    listed = tuple(findings)
    lacking = [f.ref for f in listed if not f.project_code]
    records = unified.records.loc[unified.records["project_code"] != "", _PLACE]
    records = records.loc[records["workbook"].isin({r.workbook for r in lacking})]
    wanted = {(r.workbook, _row(r.cell)) for r in lacking}
    places = zip(records["workbook"].tolist(), records["row"].tolist(), strict=True)
    near = records.loc[[place in wanted for place in places]]
    rows = _codes_by(near, ["workbook", "sheet", "row"])
    sheets = _codes_by(records, ["workbook", "sheet"])
    books = _codes_by(records, ["workbook"])

    def code_at(ref: CellRef) -> str:
        for known in (
            rows.get((ref.workbook, ref.sheet, _row(ref.cell))),
            sheets.get((ref.workbook, ref.sheet)),
            books.get((ref.workbook,)),
        ):
            if known:
                return next(iter(known)) if len(known) == 1 else ""
        return ""

    return tuple(
        f if f.project_code else dataclasses.replace(f, project_code=code_at(f.ref))
        for f in listed
    )


def _codes_by(
    records: pd.DataFrame, place: Sequence[str]
) -> dict[tuple[object, ...], set[str]]:
    """Return the codes of the records of each place."""
    named = records[[*place, "project_code"]].drop_duplicates()
    codes: dict[tuple[object, ...], set[str]] = {}
    for *key, code in zip(*(named[c].tolist() for c in named), strict=True):
        codes.setdefault(tuple(key), set()).add(code)
    return codes


@lru_cache(maxsize=65536)
def _row(cell: str) -> int:
    """Return the 1-based row of a cell; 0 for a range of several rows or none."""
    try:
        place = box(cell)
    except ValueError:
        return 0
    return place.top + 1 if place.top == place.bottom else 0
