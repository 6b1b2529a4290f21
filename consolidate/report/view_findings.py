"""Findings by project manager, then workbook, those of one kind told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consolidate.model.text import fold
from consolidate.report.html_context import Context
from consolidate.report.html_words import brief, records

SEVERITIES = ("error", "warning", "info")
MOST_GROUPS = 900
MOST_INFO = 3
_MOST_PLACES = 8


@dataclass(frozen=True, slots=True)
class Place:
    """One cell and what was read there."""

    cell: str
    raw: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Findings of one rule about one field of one sheet."""

    severity: str
    rule: str
    title: str
    sheet: str
    field: str
    message: str
    suggestion: str
    places: tuple[Place, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Book:
    """The findings of one workbook; ``hidden`` are kinds that are not listed here."""

    workbook: str
    kinds: tuple[Kind, ...]
    counts: Mapping[str, int]
    hidden: int


@dataclass(frozen=True, slots=True)
class Manager:
    """The workbooks of one project manager, or of nobody known or several."""

    name: str
    books: tuple[Book, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings: managers in the order of their names, nobody ranked."""

    managers: tuple[Manager, ...]
    counts: Mapping[str, int]
    by_book: Mapping[str, Mapping[str, int]]


def findings(context: Context) -> Findings:
    """Return the findings by project manager."""
    rows = records(context.portfolio.findings)
    owners = _owners(context)
    groups: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in rows:
        book = str(row["workbook"] or "")
        name = _manager(context, row, owners.get(book, ()))
        groups.setdefault(name, {}).setdefault(book, []).append(row)
    # Someone known first, in the order of the alphabet, then what nobody owns.
    names = sorted(groups, key=lambda n: (not n, fold(n), n))
    room = MOST_GROUPS
    managers = []
    for name in names:
        books = []
        for book in sorted(groups[name]):
            told = book_findings(context, book, groups[name][book], room, 1)
            room -= len(told.kinds)
            books.append(told)
        counts = _counts(r for b in groups[name].values() for r in b)
        managers.append(Manager(name, tuple(books), counts))
    by_book: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_book.setdefault(str(row["workbook"] or ""), []).append(row)
    told_by_book = {book: _counts(own) for book, own in by_book.items()}
    return Findings(tuple(managers), _counts(rows), told_by_book)


def _owners(context: Context) -> Mapping[str, tuple[str, ...]]:
    """Return the managers of each workbook's projects."""
    found = {}
    for row in records(context.portfolio.workbooks):
        codes = [c for c in str(row["project_codes"] or "").split(";") if c]
        names = {
            str(context.by_code[c]["project_manager"])
            for c in codes
            if context.by_code.get(c, {}).get("project_manager")
        }
        found[str(row["workbook"])] = tuple(sorted(names))
    return found


def _manager(context: Context, row: Mapping[str, Any], owners: Sequence[str]) -> str:
    project = context.by_code.get(str(row["project_code"] or ""), {})
    own = project.get("project_manager")
    if own:
        return str(own)
    return owners[0] if len(owners) == 1 else ""


def _counts(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, int]:
    counts = Counter(str(r["severity"]) for r in rows)
    return {s: counts[s] for s in SEVERITIES}


def book_findings(
    context: Context,
    book: str,
    rows: Sequence[Mapping[str, Any]],
    room: int,
    info: int = MOST_INFO,
) -> Book:
    """Return the findings of one workbook.

    Args:
        context: The portfolio.
        book: Its name.
        rows: Its findings.
        room: How many kinds of them to list at most.
        info: How many kinds that only inform.
    """
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        key = tuple(str(row[c] or "") for c in ("severity", "sheet", "rule", "field"))
        groups.setdefault(key, []).append(row)
    order = {s: n for n, s in enumerate(SEVERITIES)}
    ranked = sorted(groups.items(), key=lambda g: (order.get(g[0][0], 9), g[0]))
    grave = [g for g in ranked if g[0][0] != "info"]
    light = [g for g in ranked if g[0][0] == "info"][:info]
    kept = [*grave, *light][: max(room, 0)]
    kinds = tuple(_kind(context, own) for _, own in kept)
    return Book(book, kinds, _counts(rows), len(ranked) - len(kept))


def _kind(context: Context, rows: Sequence[Mapping[str, Any]]) -> Kind:
    first = rows[0]
    table, field = str(first["table"] or ""), str(first["field"] or "")
    known = table in context.words.schemas.tables
    return Kind(
        severity=str(first["severity"]),
        rule=str(first["rule"] or ""),
        title=context.words.known(f"rule-{first['rule']}", ""),
        sheet=str(first["sheet"] or ""),
        field=context.words.field(table, field) if known and field else field,
        message=str(first["message"] or ""),
        suggestion=str(first["suggestion"] or ""),
        places=tuple(
            Place(
                str(r["cell"] or ""), brief(" ".join(str(r["raw"] or "").split()), 80)
            )
            for r in rows[:_MOST_PLACES]
        ),
        count=len(rows),
    )
