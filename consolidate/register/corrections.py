"""Corrections as the register writes them, ready to be read as any other value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from consolidate.model.address import Box
from consolidate.model.correction import Correction
from consolidate.model.finding import Finding, Severity
from consolidate.model.register import Entry
from consolidate.model.schema import Schemas, TableSpec
from consolidate.model.text import fold
from consolidate.model.workbook import Cells, Extract, Record, Region

T = TypeVar("T")

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_IDENTITY = frozenset({"project_code", "project_name"})


@dataclass(frozen=True, slots=True)
class Asked:
    """The corrections that hold for a month.

    Attributes:
        corrections: In the order of the register.
        extract: Their values as records, to be normalised as any other.
        findings: Those that do not hold, or cannot be understood.
    """

    corrections: tuple[Correction, ...]
    extract: Extract
    findings: tuple[Finding, ...]


def asked(entries: Sequence[Entry], schemas: Schemas, period: str) -> Asked:
    """Return the corrections of a month.

    Args:
        entries: Rows of the register of corrections.
        schemas: Tables and fields.
        period: The month, ``YYYY-MM``.
    """
    corrections: list[Correction] = []
    kept: list[Entry] = []
    findings: list[Finding] = []
    for entry in entries:
        found = _correction(entry, schemas, period, len(corrections))
        if isinstance(found, Finding):
            findings.append(found)
        else:
            corrections.append(found)
            kept.append(entry)
    extract = _extract(corrections, kept)
    return Asked(tuple(corrections), extract, tuple(findings))


def _correction(
    entry: Entry, schemas: Schemas, period: str, number: int
) -> Correction | Finding:
    until = entry.text("until")[:7]
    if until and not _MONTH.fullmatch(until):
        return _refused("correction-bad-month", entry, "until")
    if until and until < period:
        return _refused("correction-expired", entry, "until", Severity.INFO)
    spec = _table(entry.text("table"), schemas)
    if spec is None:
        return _refused("correction-unknown-table", entry, "table")
    field = _field(entry.text("field"), spec)
    if not field or field in _IDENTITY:
        return _refused("correction-unknown-field", entry, "field")
    return Correction(
        number=number,
        project=entry.text("project"),
        table=spec.name,
        record=entry.text("record"),
        field=field,
        raw=entry.text("value"),
        reason=entry.text("reason"),
        author=entry.text("author"),
        until=until,
        ref=entry.ref("value"),
    )


def _refused(
    rule: str, entry: Entry, column: str, severity: Severity = Severity.ERROR
) -> Finding:
    params = {"project": entry.text("project"), "field": entry.text("field")}
    ref = entry.ref(column)
    return Finding(rule, severity, ref, raw=entry.text(column), params=params)


def _table(text: str, schemas: Schemas) -> TableSpec | None:
    wanted = fold(text)
    if not wanted:
        return schemas.tables["projects"]
    return _only(
        t
        for t in schemas.tables.values()
        if wanted in {*map(fold, (t.name, *t.label.values(), *t.nouns))}
    )


def _field(text: str, spec: TableSpec) -> str:
    """Return the field of that name or label; else the only one that has the alias."""
    wanted = fold(text)
    named = [
        f.name
        for f in spec.fields
        if wanted in {fold(f.name), *map(fold, f.label.values())}
    ]
    if named:
        return named[0] if len(named) == 1 else ""
    return _only(f.name for f in spec.fields if wanted in map(fold, f.aliases)) or ""


def _only(found: Iterable[T]) -> T | None:
    listed = list(found)
    return listed[0] if len(listed) == 1 else None


def _extract(corrections: Sequence[Correction], entries: Sequence[Entry]) -> Extract:
    """Return one record a correction, with its one value."""
    regions = tuple(
        Region(e.sheet, Box(0, 0, 0, 0), c.table, "table")
        for c, e in zip(corrections, entries, strict=True)
    )
    rows = [max(e.row, -1) for e in entries]
    size = len(entries)
    cells = Cells(
        record=list(range(size)),
        field=[c.field for c in corrections],
        raw=[e.values["value"] for e in entries],
        format=[e.formats.get("value", "") for e in entries],
        sheet=[e.sheet for e in entries],
        row=rows,
        col=[e.cols.get("value", -1) for e in entries],
        column=[-1] * size,
        method=["correction"] * size,
        confidence=[1.0] * size,
        used=[True] * size,
    )
    workbook = entries[0].workbook if entries else ""
    records = tuple(
        Record(c.table, k, r)
        for k, (c, r) in enumerate(zip(corrections, rows, strict=True))
    )
    return Extract(workbook, "xlsx", regions=regions, records=records, cells=cells)
