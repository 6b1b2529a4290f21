"""Gather the regions, records, values and findings of one workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consolidate.model.address import Box, a1, box
from consolidate.model.block import Block
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.workbook import Cells, Position, Record, Region, Sheet, Value


@dataclass(slots=True)
class Builder:
    """What understanding one workbook has gathered so far; the one mutable value here.

    Attributes:
        turned_at: While a transposed table is read as if it were not: the row its
            records are said to be on; addresses are turned back. None otherwise.
    """

    workbook: str
    regions: list[Region] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    cells: Cells = field(default_factory=Cells)
    findings: list[Finding] = field(default_factory=list)
    mapped: set[tuple[str, Position]] = field(default_factory=set)
    left_out: bool = False
    turned_at: int | None = None

    def add_record(self, table: str, region: int, row: int, project: int = -1) -> int:
        """Add a record and return its number."""
        place = row if self.turned_at is None else self.turned_at
        self.records.append(Record(table, region, place, project))
        return len(self.records) - 1

    def add(
        self,
        record: int,
        name: str,
        raw: Value,
        *,
        sheet: Sheet | None = None,
        at: Position = (-1, -1),
        column: int = -1,
        method: str = "column",
        confidence: float = 1.0,
        number_format: str = "",
    ) -> None:
        """Add one value of a record."""
        if self.turned_at is not None:
            at = (at[1], at[0])
        cells = self.cells
        cells.record.append(record)
        cells.field.append(name)
        cells.raw.append(raw)
        cells.format.append(number_format)
        cells.sheet.append(sheet.name if sheet else "")
        cells.row.append(at[0])
        cells.col.append(at[1])
        cells.column.append(column)
        cells.method.append(method)
        cells.confidence.append(round(confidence, 2))
        cells.used.append(True)
        if at[0] >= 0 and sheet:
            self.mapped.add((sheet.name, at))

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
        hidden = not sheet.visible
        self.regions.append(
            Region(
                sheet.name,
                edges,
                "",
                block.shape,
                reason=reason,
                hidden=hidden,
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

    def tell(
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
        clipped = raw if len(raw) <= 200 else raw[:199] + "…"
        self.findings.append(
            Finding(rule, severity, ref, table, name, clipped, params=params or {})
        )

    def tell_at(
        self,
        rule: str,
        severity: Severity,
        sheet: str,
        at: Position,
        **more: str,
    ) -> None:
        """Add a finding at a 0-based position."""
        known = {k: more.pop(k) for k in ("table", "name", "raw") if k in more}
        self.tell(rule, severity, sheet, a1(*at), params=more, **known)
