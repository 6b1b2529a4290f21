"""Risks: the five by five matrix, and the risks it counts, gravest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record, records

TOP = 10
MOST_OF_CELL = 8
CRITICAL = 15
_FIELDS = (
    *("title", "description", "probability", "impact", "criticality"),
    *("mitigation", "owner"),
)
_COLUMNS = ("record_id", "project_code", "state", *_FIELDS)


@dataclass(frozen=True, slots=True)
class Risk:
    """One open risk as it is listed; ``cell`` is its place in the matrix."""

    code: str
    project: str
    title: Figure
    probability: Figure
    impact: Figure
    criticality: Figure
    mitigation: Figure
    owner: Figure
    cell: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix."""

    key: str
    probability: int
    impact: int
    count: int
    level: str


@dataclass(frozen=True, slots=True)
class Risks:
    """The open risks of the portfolio.

    Attributes:
        matrix: Rows of cells, the highest probability first.
        listed: Rated risks, gravest first: ``TOP`` and the gravest of each cell.
        judged: Rated risks in all.
        open_count: Open risks in all.
        rated: Those with a probability and an impact.
        critical: Those of a criticality of ``CRITICAL`` or more.
        unready: Critical ones without mitigation.
        owned: Whether owners are told at all; a shared copy names none.
        unowned: Critical ones without owner.
    """

    matrix: tuple[tuple[Cell, ...], ...]
    listed: tuple[Risk, ...]
    judged: int
    open_count: int
    rated: int
    critical: int
    unready: int
    owned: bool
    unowned: int


def risks(context: Context) -> Risks:
    """Return the open risks; those of cancelled and archived projects are left out."""
    rows = records(context.portfolio.tables["risks"], _COLUMNS)
    still = [r for r in rows if r.get("state") != "closed" and _counts(context, r)]
    judged = [r for r in still if r.get("criticality") is not None or _rated(r)]
    judged.sort(key=lambda r: (-_grade(r), str(r["project_code"]), str(r["record_id"])))
    listed = _listed(judged)
    context.load("risks", listed, _FIELDS)
    counts = Counter(_key(r) for r in judged if _rated(r))
    grave = [r for r in judged if _grade(r) >= CRITICAL]
    return Risks(
        matrix=tuple(
            tuple(_cell(p, i, counts) for i in range(1, 6)) for p in range(5, 0, -1)
        ),
        listed=tuple(_risk(context, r) for r in listed),
        judged=len(judged),
        open_count=len(still),
        rated=sum(counts.values()),
        critical=len(grave),
        unready=sum(not r.get("mitigation") for r in grave),
        owned=any(r.get("owner") for r in judged),
        unowned=sum(not r.get("owner") for r in grave),
    )


def _listed(judged: Sequence[Record]) -> list[Record]:
    """Return the gravest risks, and the gravest of each cell, in their order."""
    seen: Counter[str] = Counter()
    found = []
    for place, row in enumerate(judged):
        key = _key(row) if _rated(row) else ""
        seen[key] += 1
        if place < TOP or seen[key] <= MOST_OF_CELL:
            found.append(row)
    return found


def _counts(context: Context, row: Record) -> bool:
    project = context.by_code.get(str(row.get("project_code") or ""), {})
    return project.get("state") not in ("cancelled", "archived")


def _rated(row: Record) -> bool:
    return all(1 <= (row.get(f) or 0) <= 5 for f in ("probability", "impact"))


def _grade(row: Record) -> float:
    given: Any = row.get("criticality")
    if given is None:
        given = row["probability"] * row["impact"]
    return float(given)


def _key(row: Record) -> str:
    p, i = (int(row[f] + 0.5) for f in ("probability", "impact"))
    return f"{p}-{i}"


def _cell(probability: int, impact: int, counts: Counter[str]) -> Cell:
    key = f"{probability}-{impact}"
    grade = probability * impact
    level = "poor" if grade >= CRITICAL else "fair" if grade >= 10 else "low"
    return Cell(key, probability, impact, counts[key], level)


def _risk(context: Context, row: Record) -> Risk:
    code = str(row.get("project_code") or "")
    field = "title" if row.get("title") else "description"
    grade = context.count("risks", row, "criticality")
    level = "poor" if _grade(row) >= CRITICAL else "fair" if _grade(row) >= 10 else ""
    return Risk(
        code=code,
        project=context.name_of(code),
        title=context.text("risks", row, field),
        probability=context.count("risks", row, "probability"),
        impact=context.count("risks", row, "impact"),
        criticality=Figure(grade.text, grade.sort, grade.proof, level),
        mitigation=context.text("risks", row, "mitigation"),
        owner=context.text("risks", row, "owner"),
        cell=_key(row) if _rated(row) else "",
    )
