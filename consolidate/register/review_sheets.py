"""Read the sheets of a review that were filled in during the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from consolidate.model.address import Box
from consolidate.model.finding import Finding
from consolidate.model.register import Entry
from consolidate.model.workbook import Cells, Extract, Record, Region
from consolidate.register.sheets import Read, read_sheet
from consolidate.register.specs import review_specs

FIELDS = {
    "decisions": {
        "kind": "kind",
        "owner": "owner",
        "due": "due_date",
        "state": "state",
    },
    "cases": {
        "owner": "owner",
        "acted_on": "raised_on",
        "closed_on": "closed_on",
    },
}
"""Columns that are read as fields of an action are: words, days and names."""


def read_review(path: Path) -> Read:
    """Return the rows of a review's sheets that are read back, in a confined worker.

    A matter without a decision is no row: most sheets have some.

    Raises:
        UnreadableWorkbookError: It is no workbook, or one that cannot be read.
    """
    from consolidate.read import read_workbook  # noqa: PLC0415 (in the worker alone)

    book = read_workbook(path.name, path.read_bytes())
    entries: list[Entry] = []
    findings: list[Finding] = []
    for sheet in book.sheets:
        for spec in review_specs():
            if spec.is_called(sheet.name):
                found, told = read_sheet(book.name, sheet, spec)
                entries += found
                findings += [f for f in told if f.rule != "register-row-incomplete"]
    return tuple(entries), tuple(findings)


def as_actions(workbook: str, entries: Sequence[Entry]) -> Extract:
    """Return rows as actions, one record a row, to be normalised as any other."""
    records, regions = [], []
    columns: dict[str, list[object]] = {name: [] for name in Cells.__dataclass_fields__}
    for number, entry in enumerate(entries):
        regions.append(Region(entry.sheet, Box(0, 0, 0, 0), "actions", "table"))
        records.append(Record("actions", number, entry.row))
        for name, field in FIELDS[entry.register].items():
            if name not in entry.values:
                continue
            told = {
                "record": number,
                "field": field,
                "raw": entry.values[name],
                "format": entry.formats.get(name, ""),
                "sheet": entry.sheet,
                "row": entry.row,
                "col": entry.cols[name],
                "column": -1,
                "method": "column",
                "confidence": 1.0,
                "used": True,
            }
            for key, column in columns.items():
                column.append(told[key])
    cells = Cells(**columns)  # type: ignore[arg-type]
    return Extract(
        workbook,
        "xlsx",
        language=_language(entries),
        regions=tuple(regions),
        records=tuple(records),
        cells=cells,
    )


def _language(entries: Sequence[Entry]) -> str:
    """Return the language of the sheets: 04/11 is a day of November in a French one."""
    names = {entry.sheet.strip() for entry in entries}
    told = {
        lang
        for spec in review_specs()
        for lang, label in spec.label.items()
        if label in names
    }
    return told.pop() if len(told) == 1 else ""
