"""The director's minute: headline figures, statuses, and what to look at first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from consolidate.report import format as shown
from consolidate.report import html_project as rule
from consolidate.report.html_context import RAG_TONES, Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record, brief
from consolidate.report.view_budgets import Budgets
from consolidate.report.view_decisions import asks
from consolidate.report.view_findings import Findings
from consolidate.report.view_load import Load
from consolidate.report.view_milestones import Deadlines
from consolidate.report.view_portfolio import STATUSES
from consolidate.report.view_risks import Risks
from consolidate.report.view_services import Services
from consolidate.report.view_workbooks import Workbooks

FIRST = 3
_NAMED = 3
CODES = ("red", "amber", "green", "blue", "grey", "")


@dataclass(frozen=True, slots=True)
class Views:
    """The other views, for their headlines."""

    deadlines: Deadlines
    budgets: Budgets
    risks: Risks
    load: Load
    services: Services
    findings: Findings
    workbooks: Workbooks


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to look at first: what, which, and where in the page."""

    title: str
    detail: str
    href: str


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure of the director's minute; ``proof`` says how it was counted."""

    label: str
    value: str
    note: str
    href: str
    proof: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a split: its code, word, letter, tone, count and share.

    ``told`` is the count as it is shown and proved.
    """

    code: str
    word: str
    letter: str
    tone: str
    count: int
    share: float
    told: Figure


@dataclass(frozen=True, slots=True)
class Split:
    """How running projects are rated on one axis."""

    label: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first screen says.

    Attributes:
        first: At most ``FIRST`` things to look at.
        headlines: The few figures.
        splits: Statuses by axis, over the running projects.
        running: Projects neither ended nor cancelled.
        red: How many of them are declared red; None when no status is known.
        states: Projects by state: its word, the table filtered by it, how many.
        phases: Running projects by phase, the same.
    """

    first: tuple[Look, ...]
    headlines: tuple[Headline, ...]
    splits: tuple[Split, ...]
    running: int
    red: int | None
    states: tuple[tuple[str, str, Figure], ...]
    phases: tuple[tuple[str, str, Figure], ...]


def overview(context: Context, views: Views) -> Overview:
    """Return the first screen. MCO containers are in none of its counts of projects."""
    running = [p for p in context.projects if rule.is_open(p)]
    looks = list(_looks(context, running, views))
    return Overview(
        first=tuple(looks[:FIRST]),
        headlines=tuple(_headlines(context, running, views)),
        splits=tuple(_split(context, running, s) for s in STATUSES),
        running=len(running),
        red=sum(p.get("status") == "red" for p in running)
        if any(p.get("status") for p in running)
        else None,
        states=_by_code(context, context.projects, "state", "project_state"),
        phases=_by_code(context, running, "phase", "phase"),
    )


def _by_code(
    context: Context, projects: Sequence[Record], field: str, vocabulary: str
) -> tuple[tuple[str, str, Figure], ...]:
    own = _grouped(projects, field)
    order = context.words.schemas.vocabularies[vocabulary].codes
    codes = [*order, *sorted(set(own) - set(order) - {""}), ""]
    return tuple(
        (
            word or context.words.tr("missing"),
            _filtered(context, field, vocabulary, c, len(own[c])),
            _count(context, own[c], field, word),
        )
        for c in codes
        if c in own
        for word in [context.words.code(vocabulary, c)]
    )


def _grouped(projects: Sequence[Record], field: str) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for project in projects:
        found.setdefault(str(project.get(field) or ""), []).append(project)
    return found


def _count(context: Context, rows: Sequence[Record], field: str, word: str) -> Figure:
    """Return how many projects have a value, and the cells of the first that do."""
    proof = context.having("projects", rows, field, word, "name")
    return Figure(shown.number(len(rows), context.lang, 0), len(rows), proof)


def _filtered(
    context: Context, field: str, vocabulary: str, code: str, count: int
) -> str:
    """Return the table filtered by a code, nothing when it would list others too."""
    if sum(str(p.get(field) or "") == code for p in context.projects) != count:
        return ""
    return f"#projects?{urlencode({field: context.words.code(vocabulary, code)})}"


def _split(context: Context, projects: Sequence[Record], field: str) -> Split:
    own = _grouped(projects, field)
    odd = [p for code, rows in own.items() if code not in CODES for p in rows]
    parts = []
    for code in CODES:
        rows = [*own.get(code, ()), *(odd if code == "grey" else ())]
        if not rows:
            continue
        word = context.words.tr(f"rag-{code}" if code else "missing")
        letter = context.words.tr(f"rag-letter-{code}") if code else "?"
        tone = RAG_TONES.get(code, "missing")
        count = _count(context, rows, field, word)
        share = len(rows) / len(projects)
        parts.append(Part(code, word, letter, tone, len(rows), share, count))
    return Split(context.words.tr(f"filter-{field}"), tuple(parts))


def _names(context: Context, projects: Sequence[Record]) -> str:
    names = [
        brief(str(p.get("name") or p["project_code"]), 80) for p in projects[:_NAMED]
    ]
    more = len(projects) - len(names)
    if more:
        names.append(context.words.plural("and-more", more))
    return " · ".join(names)


def _looks(context: Context, running: Sequence[Record], views: Views) -> Iterator[Look]:
    """Yield what deserves a look, what stops the reader from trusting the rest first."""
    rejected = [b for b in views.workbooks.listed if b.tone == "poor"]
    if rejected:
        names = " · ".join(b.name for b in rejected[:_NAMED])
        title = context.words.plural("look-rejected", len(rejected))
        yield Look(title, names, "#workbooks")
    yield from _project_looks(context, running)
    deadlines, risks = views.deadlines, views.risks
    if deadlines.late_count:
        title = context.words.plural("look-milestones", deadlines.late_count)
        critical = deadlines.late_critical
        detail = context.words.plural("look-critical", critical) if critical else ""
        yield Look(title, detail, "#deadlines")
    if views.services.below:
        title = context.words.plural("look-services", views.services.below)
        yield Look(title, "", "#services")
    if risks.unready:
        title = context.words.plural("look-unready", risks.unready)
        yield Look(title, "", "#risks")
    errors = views.findings.counts["error"]
    if errors:
        yield Look(context.words.plural("look-errors", errors), "", "#quality")


def _project_looks(context: Context, running: Sequence[Record]) -> Iterator[Look]:
    kinds = (
        ("look-assistance", [p for p in running if asks(p)], "#decisions"),
        (
            "look-red",
            [p for p in running if p.get("status") == "red"],
            "#projects?status=red",
        ),
        (
            "look-better",
            [p for p in running if p.get("status") == "green" and _grave(p)],
            "#projects?status=green&late=1",
        ),
        ("look-overrun", [p for p in running if _over(p)], "#budgets"),
        (
            "look-overdue",
            [p for p in running if rule.is_overdue(p, context.as_of)],
            "#projects?late=1",
        ),
    )
    for key, found, href in kinds:
        if found:
            ranked = sorted(found, key=lambda p: str(p.get("priority") or "9"))
            title = context.words.plural(key, len(found))
            yield Look(title, _names(context, ranked), href)


def _grave(project: Record) -> bool:
    days = rule.slip_days(project)
    late = days is not None and rule.slip_tone(project, days) == "poor"
    return late or _over(project)


def _over(project: Record) -> bool:
    return (rule.gap_share(project) or 0) > 0.1


def _headlines(
    context: Context, running: Sequence[Record], views: Views
) -> Iterator[Headline]:
    words, lang = context.words, context.lang
    told = [p for p in running if p.get("state")]
    yield Headline(
        words.tr("running-projects"),
        shown.number(len(running), lang, 0),
        words.plural("among-projects", len(context.projects)),
        "#projects",
        _counted(context, "running", _proofs(context, "projects", told, "state")),
    )
    dated = [p for p in running if p.get("end_forecast") or p.get("end_baseline")]
    late = [p for p in dated if rule.is_late(p, context.as_of)]
    yield Headline(
        words.tr("late-projects"),
        shown.number(len(late), lang, 0),
        words.plural("among-dated", len(dated)),
        "#projects?late=1",
        _counted(
            context,
            "late",
            _proofs(context, "projects", late, "end_baseline", "end_forecast"),
        ),
    )
    yield Headline(
        words.tr("late-milestones"),
        shown.number(views.deadlines.late_count, lang, 0),
        words.plural("among-open", views.deadlines.dated),
        "#deadlines",
        _counted(
            context,
            "milestones",
            [m.forecast.proof or m.baseline.proof for m in views.deadlines.late],
        ),
    )
    yield from _money(context, views.budgets)
    yield Headline(
        words.tr("critical-risks"),
        shown.number(views.risks.critical, lang, 0),
        words.plural("among-risks", views.risks.open_count),
        "#risks",
        _counted(context, "risks", [r.criticality.proof for r in views.risks.listed]),
    )
    if views.load.total and views.load.total.run.text:
        yield Headline(
            words.tr("run-share"),
            views.load.total.run.text,
            words.tr("run-share-note"),
            "#load",
            views.load.total.run.proof,
        )
    if views.services.compared:
        yield Headline(
            words.tr("services-below"),
            shown.number(views.services.below, lang, 0),
            words.plural("among-services", views.services.compared),
            "#services",
            _counted(
                context, "services", [v.actual.proof for v in views.services.listed]
            ),
        )


def _counted(context: Context, key: str, inputs: Iterable[int | None]) -> int | None:
    """Return the proof of a headline: how it is counted, and the first it counts."""
    known = [proof for proof in inputs if proof is not None][: 2 * _NAMED]
    day = shown.day(context.as_of, context.lang)
    formula = context.words.tr(f"counts-{key}", day=day)
    return context.proofs.derived(formula, known) if known else None


def _proofs(
    context: Context, table: str, rows: Sequence[Record], *fields: str
) -> list[int | None]:
    """Return the proofs of some fields of the first rows of a table."""
    first = rows[:_NAMED]
    context.load(table, first, fields)
    return [context.proof(table, row, f) for row in first for f in fields]


def _money(context: Context, budgets: Budgets) -> Iterator[Headline]:
    known = [s for s in budgets.sums if s.sums[0].text]
    if known:
        largest = max(known, key=lambda s: s.projects.sort or 0)
        label = context.words.tr("reference-budget")
        note = f"{largest.label} · {largest.sums[0].note}"
        proof = largest.sums[0].proof
        yield Headline(label, largest.sums[0].text, note, "#budgets", proof)
