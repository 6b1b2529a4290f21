"""Understand one sheet written as text, cells apart by ``|``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache

from consolidate.model.address import box
from consolidate.model.schema import Schemas, load_schemas
from consolidate.model.workbook import Extract, Look, Position, Sheet, Value, Workbook
from consolidate.resources import shipped
from consolidate.understand import understand


@cache
def schemas() -> Schemas:
    return load_schemas((shipped("schemas"),))


def cell(text: str) -> Value:
    """A number, an ISO date or a text, as a spreadsheet would hold it."""
    text = text.strip()
    for read in (float, date.fromisoformat):
        try:
            value = read(text)
        except ValueError:
            continue
        return value if isinstance(value, float) else datetime(*value.timetuple()[:3])
    return text or None


def understood(
    text: str,
    *,
    title: str = "Feuil1",
    looks: Mapping[Position, Look] | None = None,
    merges: Sequence[str] = (),
    name: str = "p1.xlsx",
) -> Extract:
    """Return what is understood of a sheet."""
    rows = [[cell(c) for c in line.split("|")] for line in text.strip().splitlines()]
    width = max(map(len, rows))
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    sheet = Sheet(
        title, padded, looks=dict(looks or {}), merges=tuple(map(box, merges))
    )
    return understand(Workbook(name, "xlsx", (sheet,)), schemas())


def records(extract: Extract, table: str) -> list[dict[str, Value]]:
    """Return the raw values of the records of one table, by field."""
    cells = extract.cells
    found: dict[int, dict[str, Value]] = {
        i: {} for i, r in enumerate(extract.records) if r.table == table
    }
    for record, field, raw in zip(cells.record, cells.field, cells.raw, strict=True):
        if record in found:
            found[record][field] = raw
    return list(found.values())
