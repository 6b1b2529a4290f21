"""The life cycle: running projects by phase, their deliverables and next bodies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consolidate.report import format as shown
from consolidate.report import html_project as rule
from consolidate.report.html_context import RAG_TONES, Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record, records

_FIELDS = ("phase", "status", "progress", "last_committee_date", "next_committee_date")
_DONE = frozenset({"validated", "delivered", "not_applicable"})
_RANK = {"red": 0, "amber": 1, "": 2, "grey": 3, "green": 4, "blue": 5}


@dataclass(frozen=True, slots=True)
class Step:
    """One phase: how many projects are in it, and how many of each status."""

    label: str
    count: int
    tones: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One project in its phase."""

    code: str
    project: str
    phase: Figure
    status: Figure
    progress: Figure
    delivered: Figure
    late: Figure
    last: Figure
    next: Figure


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """Running projects by phase.

    Attributes:
        steps: Every phase in its order, those without a project too.
        unknown: Running projects that do not tell their phase.
        stages: In the order of the phases, what needs a look first; those that tell
            nothing of this are left out.
        deliverables: Deliverables expected of running projects, those that are there,
            and those that are late.
    """

    steps: tuple[Step, ...]
    unknown: int
    stages: tuple[Stage, ...]
    deliverables: tuple[int, int, int]


def lifecycle(context: Context) -> LifeCycle:
    """Return the running projects by phase; MCO containers are left out."""
    running = [p for p in context.projects if rule.is_open(p)]
    order = context.words.schemas.vocabularies["phase"].codes
    place = {code: k for k, code in enumerate(order)}
    items = _deliverables(context)
    told = [p for p in running if _tells(p, items)]
    told.sort(
        key=lambda p: (
            place.get(str(p.get("phase") or ""), len(order)),
            _RANK.get(str(p.get("status") or ""), 2),
            str(p["project_code"]),
        )
    )
    context.load("projects", told, _FIELDS)
    own = [d for p in running for d in items.get(str(p["project_code"]), ())]
    return LifeCycle(
        tuple(_step(context, code, running) for code in order),
        sum(not p.get("phase") for p in running),
        tuple(_stage(context, p, items.get(str(p["project_code"]), ())) for p in told),
        (
            len(own),
            sum(_is_there(d) for d in own),
            sum(_is_late(context, d) for d in own),
        ),
    )


def _deliverables(context: Context) -> Mapping[str, Sequence[Record]]:
    columns = ("project_code", "state", "due_date", "delivered_on", "validated_on")
    found: dict[str, list[Record]] = {}
    for row in records(context.portfolio.tables["deliverables"], columns):
        found.setdefault(str(row.get("project_code") or ""), []).append(row)
    return found


def _tells(project: Record, items: Mapping[str, Sequence[Record]]) -> bool:
    fields = ("phase", "last_committee_date", "next_committee_date")
    return str(project["project_code"]) in items or any(project.get(f) for f in fields)


def _is_there(row: Record) -> bool:
    dated = row.get("delivered_on") or row.get("validated_on")
    return bool(dated) or row.get("state") in _DONE


def _is_late(context: Context, row: Record) -> bool:
    due = row.get("due_date")
    return not _is_there(row) and due is not None and due < context.as_of


def _step(context: Context, code: str, running: Sequence[Record]) -> Step:
    own = [p for p in running if p.get("phase") == code]
    counts = Counter(str(p.get("status") or "") for p in own)
    tones = tuple(
        (
            RAG_TONES.get(status, "none"),
            context.words.tr(f"rag-{status}")
            if status
            else context.words.tr("missing"),
            counts[status],
        )
        for status in ("red", "amber", "green", "blue", "grey", "")
        if counts[status]
    )
    return Step(context.words.code("phase", code), len(own), tones)


def _stage(context: Context, project: Record, items: Sequence[Record]) -> Stage:
    code = str(project["project_code"])
    there = sum(_is_there(d) for d in items)
    late = sum(_is_late(context, d) for d in items)
    among = context.words.tr(
        "lifecycle-among",
        count=shown.number(there, context.lang, 0),
        all=shown.number(len(items), context.lang, 0),
    )
    return Stage(
        code,
        context.name_of(code),
        context.text("projects", project, "phase"),
        context.rag("projects", project, "status"),
        context.share("projects", project, "progress"),
        Figure(among, there) if items else Figure(),
        Figure(shown.number(late, context.lang, 0), late, None, "poor" if late else "")
        if items
        else Figure(),
        context.day("projects", project, "last_committee_date"),
        context.day("projects", project, "next_committee_date"),
    )
