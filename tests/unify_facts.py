"""Readings from a few lines of text, for the tests of unify and validate."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from consolidate.model.facts import (
    FACT_COLUMNS,
    RECORD_COLUMNS,
    Facts,
    Reading,
    facts_frame,
    records_frame,
)
from consolidate.model.finding import Finding
from consolidate.model.schema import Schemas, load_schemas
from consolidate.wording import message, remedy

SCHEMAS: Schemas = load_schemas([Path(__file__).parent.parent / "schemas"])


class Books:
    """Workbooks written region by region, read as the stages before would.

    Example:
        books = Books()
        home = books.add("a.xlsx", "projects", "project_code | name\nPRJ-1 | Portail")[0]
        books.add("a.xlsx", "risks", "code | title\nR1 | Retard", project=home)
    """

    def __init__(self) -> None:
        self.facts: dict[str, list[dict[str, object]]] = {}
        self.records: list[dict[str, object]] = []
        self.regions = 0
        self.rows: dict[tuple[str, str], int] = {}

    def add(
        self,
        workbook: str,
        table: str,
        text: str,
        *,
        sheet: str = "",
        project: int = -1,
        method: str = "column",
        region: int | None = None,
    ) -> list[int]:
        """Add a region: a header line, then a line a record; returns record numbers."""
        sheet = sheet or table
        header, *lines = [line.strip() for line in text.strip().splitlines()]
        fields = [f.strip() for f in header.split("|")]
        at = self.regions if region is None else region
        self.regions += 1
        start = self.rows.get((workbook, sheet), 1) + 1
        self.rows[workbook, sheet] = start + len(lines) + 1
        numbers = []
        for k, line in enumerate(lines):
            number = len(self.records)
            numbers.append(number)
            self.records.append(
                {
                    "record": number,
                    "table": table,
                    "workbook": workbook,
                    "sheet": sheet,
                    "row": start + k,
                    "region": at,
                    "project": project,
                    "hidden": False,
                }
            )
            cells = line.split("|")
            for col, (field, cell) in enumerate(zip(fields, cells, strict=True), 1):
                if cell.strip():
                    place = (workbook, sheet, start + k, col)
                    self._cell(table, number, field, cell.strip(), place, method)
        return numbers

    def _cell(
        self,
        table: str,
        record: int,
        field: str,
        raw: str,
        place: tuple[str, str, int, int],
        method: str,
    ) -> None:
        workbook, sheet, row, col = place
        self.facts.setdefault(table, []).append(
            {
                "record": record,
                "field": field,
                "raw": raw,
                "value": value_of(table, field, raw),
                "workbook": workbook,
                "sheet": sheet,
                "row": row,
                "col": col,
                "number_format": "",
                "method": method,
                "confidence": 1.0,
                "used": True,
                "derived_from": "",
            }
        )

    def reading(self) -> Reading:
        """Return all that was added."""
        return Reading(
            {
                table: Facts(
                    table, facts_frame({c: [r[c] for r in rows] for c in FACT_COLUMNS})
                )
                for table, rows in self.facts.items()
            },
            records_frame({c: [r[c] for r in self.records] for c in RECORD_COLUMNS}),
        )

    def sources(self, **months: str) -> pd.DataFrame:
        """Return one row a workbook; months by file stem."""
        names = sorted({str(r["workbook"]) for r in self.records})
        return pd.DataFrame(
            {
                "workbook": names,
                "state": "",
                "report_month": [months.get(Path(n).stem, "") for n in names],
            }
        )


def value_of(table: str, field: str, raw: str) -> object:
    """Return what normalising would make of a simple cell."""
    kind = SCHEMAS.tables[table].by_name[field].type
    if kind == "date":
        return date.fromisoformat(raw)
    if kind in {"integer", "rating", "criticality"}:
        return int(raw)
    if kind in {"number", "money", "effort", "duration", "hours", "share"}:
        return float(raw)
    return raw == "true" if kind == "boolean" else raw


def values(facts: Facts, field: str) -> dict[int, object]:
    """Return the used value of a field, by record."""
    frame = facts.frame
    own = frame.loc[frame["used"] & (frame["field"] == field)]
    assert not own["record"].duplicated().any()
    return dict(zip(own["record"].tolist(), own["value"].tolist(), strict=True))


def told(findings: Sequence[Finding], *rules: str) -> list[tuple[str, str]]:
    """Return rule and cell of findings, those of some rules when they are given.

    Every finding must have words in both languages.
    """
    for finding, lang in itertools.product(findings, ("fr", "en")):
        assert message(finding, lang)
        assert remedy(finding, lang)
    return [(f.rule, str(f.ref)) for f in findings if not rules or f.rule in rules]
