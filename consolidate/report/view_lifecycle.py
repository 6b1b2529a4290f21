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
_ITEM = ("name", "state", "due_date", "delivered_on", "validated_on")
_TELLING = ("validated_on", "delivered_on", "state", "due_date")
"""Fields that say whether a deliverable is there, the surest first."""

_DONE = frozenset({"validated", "delivered", "not_applicable"})
_RANK = {"red": 0, "amber": 1, "": 2, "grey": 3, "green": 4, "blue": 5}


@dataclass(frozen=True, slots=True)
class Step:
    """One phase: how many projects are in it, and how many of each status."""

    label: str
    count: Figure
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
    first = [d for p in told for d in items.get(str(p["project_code"]), ())]
    context.load("deliverables", first, _ITEM)
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
    columns = ("record_id", "project_code", *_ITEM)
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
    label = context.words.code("phase", code)
    proof = context.having("projects", own, "phase", label, "name")
    count = Figure(shown.number(len(own), context.lang, 0), len(own), proof)
    return Step(label, count, tones)


def _stage(context: Context, project: Record, items: Sequence[Record]) -> Stage:
    code = str(project["project_code"])
    held = [d for d in items if _is_there(d)]
    late = [d for d in items if _is_late(context, d)]
    among = context.words.tr(
        "lifecycle-among",
        count=shown.number(len(held), context.lang, 0),
        all=shown.number(len(items), context.lang, 0),
    )
    return Stage(
        code,
        context.name_of(code),
        context.text("projects", project, "phase"),
        context.rag("projects", project, "status"),
        context.share("projects", project, "progress"),
        Figure(among, len(held), _proof(context, "there", held or items))
        if items
        else Figure(),
        Figure(
            shown.number(len(late), context.lang, 0),
            len(late),
            _proof(context, "overdue", late or items),
            "poor" if late else "",
        )
        if items
        else Figure(),
        context.day("projects", project, "last_committee_date"),
        context.day("projects", project, "next_committee_date"),
    )


def _proof(context: Context, key: str, items: Sequence[Record]) -> int | None:
    """Return the proof of a count of deliverables: what each of the first says."""
    cells = [
        (d, next((f for f in _TELLING if d.get(f) is not None), "name")) for d in items
    ]
    day = shown.day(context.as_of, context.lang)
    formula = context.words.tr(f"counts-{key}", day=day)
    return context.counted(formula, "deliverables", cells)
