"""Gather the regions, records, values and findings of one workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from consolidate.model.address import Box, a1, box
from consolidate.model.block import Block
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.workbook import Cells, Position, Record, Region, Sheet, Value

_NOWHERE: Position = (-1, -1)
_CLIP = 200


class Entry(NamedTuple):
    """One value of a record, in the order of the columns of ``Cells`` after the first."""

    field: str
    raw: Value
    format: str
    sheet: str
    row: int
    col: int
    column: int
    method: str
    confidence: float


@dataclass(slots=True)
class Builder:
    """What understanding one workbook has gathered so far; the one mutable value here.

    Attributes:
        owners: Number of the record of each of ``entries``.
        unused: Regions whose values are shown elsewhere too.
        turned_at: While a transposed table is read as if it were not: the row its
            records are said to be on; addresses are turned back. None otherwise.
        subjects: Code or name of the project that a sheet says it is about, by sheet.
    """

    workbook: str
    regions: list[Region] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    unused: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    left_out: bool = False
    turned_at: int | None = None
    subjects: dict[str, str] = field(default_factory=dict)

    def add_record(self, table: str, region: int, row: int, project: int = -1) -> int:
        """Add a record and return its number."""
        place = row if self.turned_at is None else self.turned_at
        self.records.append(Record(table, region, place, project))
        return len(self.records) - 1

    def add(self, record: int, entries: Sequence[Entry]) -> None:
        """Add values of a record."""
        if self.turned_at is not None:
            entries = [e._replace(row=e.col, col=e.row) for e in entries]
        self.owners.extend([record] * len(entries))
        self.entries.extend(entries)

    def add_named(  # noqa: PLR0913 (the parts of one record)
        self,
        record: int,
        name: str,
        raw: Value,
        *,
        method: str,
        confidence: float,
        sheet: str = "",
        at: Position = _NOWHERE,
    ) -> None:
        """Add a value that no column of a table gave: of a form, a name, a heading."""
        sure = round(confidence, 2)
        self.owners.append(record)
        self.entries.append(Entry(name, raw, "", sheet, *at, -1, method, sure))

    def records_with(self, *names: str) -> set[int]:
        """Return the records that have a value for one of some fields."""
        pairs = zip(self.owners, self.entries, strict=True)
        return {record for record, entry in pairs if entry.field in names}

    def cells(self) -> tuple[Cells, int]:
        """Return the values column by column, and how many cells gave one."""
        if not self.entries:
            return Cells(), 0
        used = [True] * len(self.owners)
        if self.unused:
            used = [self.records[r].region not in self.unused for r in self.owners]
        columns: list[Any] = [*map(list, zip(*self.entries, strict=True))]
        cells = Cells(*[self.owners, *columns, used])
        places = zip(cells.sheet, cells.row, cells.col, strict=True)
        return cells, len({place for place in places if place[1] >= 0})

    def place(self, cell: str) -> str:
        """Return an address or range as it is on the sheet."""
        if self.turned_at is None or not cell:
            return cell
        found = box(cell)
        return Box(found.left, found.top, found.right, found.bottom).a1

    def leave_out(
        self,
        sheet: Sheet,
        block: Block,
        reason: str,
        ranking: Sequence[tuple[str, float]] = (),
    ) -> None:
        """Add a region that is not used, and tell of it."""
        edges = block.box
        evidence = {f"table {table}": score for table, score in ranking}
        self.regions.append(
            Region(
                sheet.name,
                edges,
                "",
                block.shape,
                reason=reason,
                hidden=not sheet.visible,
                evidence=evidence,
            )
        )
        texts = [
            str(v).strip()
            for row in sheet.rows[edges.top : min(edges.bottom, edges.top + 2) + 1]
            for v in row[edges.left : edges.right + 1]
            if v is not None
        ]
        self.tell(
            "region-notes" if reason == "notes" else "region-unused",
            Severity.INFO,
            sheet.name,
            edges.a1,
            raw=" | ".join(texts),
            params={"candidates": ", ".join(table for table, _ in ranking)},
        )

    def tell(  # noqa: PLR0913 (the parts of one record)
        self,
        rule: str,
        severity: Severity,
        sheet: str,
        cell: str = "",
        *,
        table: str = "",
        name: str = "",
        raw: str = "",
        params: Mapping[str, str] | None = None,
    ) -> None:
        """Add a finding at a cell, a range or a sheet."""
        ref = CellRef(self.workbook, sheet, self.place(cell))
        shown = raw if len(raw) <= _CLIP else raw[: _CLIP - 1] + "…"
        self.findings.append(
            Finding(rule, severity, ref, table, name, shown, params=params or {})
        )

    def tell_at(
        self, rule: str, severity: Severity, sheet: str, at: Position, **more: str
    ) -> None:
        """Add a finding at a 0-based position."""
        known = {k: more.pop(k) for k in ("table", "name", "raw") if k in more}
        self.tell(rule, severity, sheet, a1(*at), params=more, **known)
