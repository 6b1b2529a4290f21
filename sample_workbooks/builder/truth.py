"""The truth of a month, as text to be reviewed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from builder.book import Book
from builder.part import Expected, Fact, Record
from builder.write import shown_in_csv

_HEAD = """\
# What a careful reader finds in the workbooks of this folder; written by
# sample_workbooks/build.py, read by tests/test_samples.py.
#
# [[workbooks]]  every file, and the state the run gives it.
# [[records]]    every record: table, workbook, sheet, row (none for forms and columns),
#                project (a code, or the name of a project without one), then each of its
#                values: [value, cell] or [value, cell, what the cell shows], where
#                it differs. `also`: other cells that show the same; `derived = true`: may
#                as well be computed from other values. A cell elsewhere: "workbook!sheet!cell".
# [[findings]]   what the run has to raise, and nothing else above `info`; `rule` is its id.
#                `optional = true`: a finding that may be raised there.
"""


def truth_of(books: Iterable[Book]) -> str:
    """Return the truth of a month's books as TOML."""
    books = list(books)
    blocks = [_HEAD, *(_workbook(book) for book in books)]
    for workbook, record in _merged(books):
        blocks.append(_record(workbook, record))
    for book in books:
        told = [*book.expected, *(f for sheet in book.sheets for f in sheet.expected)]
        blocks.extend(_finding(book, finding) for finding in told)
    return "\n".join(blocks)


def _merged(books: list[Book]) -> list[tuple[str, Record]]:
    """Return the records in order, one project of several places as one record.

    Raises:
        ValueError: Two places give a project different values; nothing says which wins.
    """
    found: list[tuple[str, Record]] = []
    by_project: dict[str, tuple[str, Record]] = {}
    for book in books:
        if book.state == "superseded":
            continue
        shown = shown_in_csv(book.sheets[0], book.delimiter) if book.encoding else {}
        for original in book.records:
            record = _as_csv(original, shown) if book.encoding else original
            known = (
                by_project.get(record.project) if record.table == "projects" else None
            )
            if known is None:
                copy = replace(record, facts=dict(record.facts))
                found.append((book.name, copy))
                if record.table == "projects":
                    by_project[record.project] = found[-1]
                continue
            workbook, first = known
            for name, fact in record.facts.items():
                place = Fact(fact.value, fact.cell, fact.raw, record.sheet, book.name)
                first.facts[name] = _agreed(first, workbook, name, place)
    return found


def _agreed(record: Record, workbook: str, name: str, place: Fact) -> Fact:
    known = record.facts.get(name)
    inside = place.workbook == workbook
    sheet = place.sheet if place.sheet != record.sheet or not inside else ""
    there = "!".join(
        p for p in ("" if inside else place.workbook, sheet, place.cell) if p
    )
    if known is None:
        return Fact(place.value, there, place.raw)
    if known.value != place.value:
        raise ValueError(f"{record.project}: {name} is {known.value} and {place.value}")
    return replace(known, also=(*known.also, there))


def _as_csv(record: Record, shown: dict[str, str]) -> Record:
    """Return the record with the texts of a .csv as what its cells show."""

    def text(fact: Fact) -> Fact:
        raw = shown.get(fact.cell)
        return replace(fact, raw=None if raw == str(fact.value) else raw)

    return replace(
        record, sheet="*", facts={n: text(f) for n, f in record.facts.items()}
    )


def _workbook(book: Book) -> str:
    lines = [
        "[[workbooks]]",
        f"workbook = {_toml(book.name)}",
        f'state = "{book.state}"',
    ]
    if book.reason:
        lines.append(f"why = {_toml(book.reason)}")
    return "\n".join(lines) + "\n"


def _record(workbook: str, record: Record) -> str:
    lines = [
        "[[records]]",
        f'table = "{record.table}"',
        f"workbook = {_toml(workbook)}",
    ]
    lines.append(f"sheet = {_toml(record.sheet)}")
    if record.row:
        lines.append(f"row = {record.row}")
    if record.project:
        lines.append(f"project = {_toml(record.project)}")
    lines.extend(f"{name} = {_fact(fact)}" for name, fact in record.facts.items())
    return "\n".join(lines) + "\n"


def _fact(fact: Fact) -> str:
    if not fact.also and not fact.derived:
        parts = [fact.value, fact.cell] + ([] if fact.raw is None else [fact.raw])
        return "[" + ", ".join(_toml(part) for part in parts) + "]"
    pairs = [f"value = {_toml(fact.value)}", f"cell = {_toml(fact.cell)}"]
    if fact.raw is not None:
        pairs.append(f"raw = {_toml(fact.raw)}")
    if fact.also:
        pairs.append(f"also = [{', '.join(_toml(cell) for cell in fact.also)}]")
    if fact.derived:
        pairs.append("derived = true")
    return "{ " + ", ".join(pairs) + " }"


def _finding(book: Book, finding: Expected) -> str:
    sheet = "*" if book.encoding and finding.sheet else finding.sheet
    severity, _, optional = finding.severity.partition(" ")
    lines = [
        "[[findings]]",
        f"workbook = {_toml(book.name)}",
        f"sheet = {_toml(sheet)}",
        f"cell = {_toml(finding.cell)}",
        f'severity = "{severity}"',
        f'rule = "{finding.rule}"',
        f"expect = {_toml(finding.expect)}",
    ]
    if optional:
        lines.append("optional = true")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'
