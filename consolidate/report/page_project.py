"""One page per project and per MCO container: what its manager and a director read."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from consolidate.report import format as shown
from consolidate.report import html_project as rule
from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure, figure_writer
from consolidate.report.html_page import Shell, make_shell
from consolidate.report.html_proof import Proofs
from consolidate.report.html_words import Record, brief, seen
from consolidate.report.page_alert import MOST as MOST_ALERTS
from consolidate.report.page_alert import alerts, computed
from consolidate.report.page_card import Card, Own, cards
from consolidate.report.page_listing import PICKS, listing, named
from consolidate.report.page_load import load_listing
from consolidate.report.page_milestone import milestones
from consolidate.report.page_name import page_name
from consolidate.report.page_rows import NONE
from consolidate.report.page_stock import Stock, gather
from consolidate.report.page_value import figure_of
from consolidate.report.view_findings import SEVERITIES, Book, book_findings
from consolidate.report.view_portfolio import STATUSES, Bar

FOLDER = "projects"
_ABOUT = (
    "project_manager",
    "business_manager",
    "sponsor",
    "domain",
    "programme",
    "establishment",
    "establishments",
    "department",
    "state",
    "priority",
    "trend",
    "report_date",
    "last_committee_date",
    "next_committee_date",
)
_TOLD = ("highlights", "next_steps", "attention_points", "decisions", "comment")
_PURPOSE = ("objective", "description")
_FIELDS = (
    "project_code",
    "name",
    "phase",
    "progress",
    "start_planned",
    "start_actual",
    "end_baseline",
    "end_forecast",
    "end_actual",
    "budget_initial",
    "budget_revised",
    "committed",
    "spent",
    "forecast_cost",
    "amount_scope",
    "effort_planned",
    "effort_spent",
    "effort_remaining",
    "assistance_requested",
    *STATUSES,
    *_ABOUT,
    *_TOLD,
    *_PURPOSE,
)
_EXPECTED = (
    "status",
    "project_manager",
    "phase",
    "objective",
    "progress",
    "highlights",
    "next_steps",
)
_EXPECTED_TABLES = (
    "milestones",
    "risks",
    "actions",
    "deliverables",
    "budget_lines",
    "compliance",
    "meetings",
    "objectives",
)
_TONES = {
    "compliant": "good",
    "partially_compliant": "fair",
    "in_progress": "fair",
    "non_compliant": "poor",
}
_LONGEST = 1500
_MOST_FINDINGS = 10


def write_projects(
    context: Context, folder: Path, templates: Path | None = None
) -> None:
    """Write the page of every project and MCO container into ``folder/projects``.

    Args:
        context: The portfolio.
        folder: Where to write; it exists.
        templates: A folder of the user's templates, searched first.
    """
    if not context.pages:
        return
    (folder / FOLDER).mkdir()
    for name, page in render_projects(context, templates):
        path = folder / FOLDER / name
        path.write_bytes(page.encode())


def render_projects(
    context: Context, templates: Path | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the file name and the content of every page, in the order of the codes."""
    shell = make_shell(
        "project.html.j2", ("project.js",), ("project.css",), templates=templates
    )
    stock = gather(context, _FIELDS)
    codes = list(context.pages)
    for before, code, after in zip(["", *codes], codes, [*codes[1:], ""], strict=False):
        yield context.pages[code], _render(context, shell, stock, (before, code, after))


def _render(
    context: Context, shell: Shell, stock: Stock, around: tuple[str, str, str]
) -> str:
    own_context = dataclasses.replace(
        context, proofs=Proofs(context.proofs.sources, context.words, "../")
    )
    before, code, after = around
    own = Own(own_context, context.by_code[code], stock.of(code))
    values = page_values(own, stock)
    neighbours = {
        "figure": figure_writer(context.words),
        "before": _neighbour(context, before),
        "after": _neighbour(context, after),
    }
    return shell.render(own_context, {**values, **neighbours})


def _neighbour(context: Context, code: str) -> tuple[str, str] | None:
    if not code:
        return None
    return context.pages[code], context.name_of(code) or code


def page_values(own: Own, stock: Stock) -> dict[str, Any]:
    """Return what the template shows of one project."""
    context, record = own.context, own.record
    code = str(record["project_code"])
    figures = cards(own)
    sources = stock.sources.get(code, {})
    lists = {
        table: made
        for table, pick in PICKS.items()
        if (made := listing(context, pick, own.picked.get(table, NONE)))
    }
    if days := load_listing(context, stock.months.get(code, ())):
        lists["workload"] = days
    found = stock.findings.get(code, ())
    values = {
        "code": context.text("projects", record, "project_code"),
        "name": context.text("projects", record, "name"),
        "is_mco": record.get("kind") == "mco",
        "status": context.rag("projects", record, "status"),
        "computed": computed(context, record, stock.computed.get(code)),
        "alerts": alerts(context, stock.alerts.get(code, ())),
        "alerts_more": max(len(stock.alerts.get(code, ())) - MOST_ALERTS, 0),
        "about": _about(own),
        "steps": _steps(own),
        "purpose": _texts(own, _PURPOSE),
        "told": _told(own),
        "progress": context.share("projects", record, "progress"),
        "elapsed": _elapsed(own),
        "progress_bar": _bar(own),
        "cards": figures,
        "milestones": milestones(context, own.picked["milestones"]),
        "lists": lists,
        "findings": _to_correct(context, found),
        "counts": _counts(found),
        "sources": sources,
        "requirements": _requirements(own),
        "understood": {b: page_name(b) for b in sources if b in context.understood},
    }
    return {**values, "unknown": _unknown(own, values)}


def _about(own: Own) -> list[tuple[str, Figure]]:
    """Return what is known of who and where; one establishment is told once."""
    fields = [f for f in _ABOUT if own.record.get(f) is not None]
    if own.record.get("establishment") == own.record.get("establishments"):
        fields = [f for f in fields if f != "establishments"]
    return [
        (own.label(f), figure_of(own.context, "projects", own.record, f)[1])
        for f in fields
    ]


def _steps(own: Own) -> list[tuple[str, str]]:
    """Return the phases with ``past``, ``now`` or ``next``; none for an unknown one."""
    phases = own.context.words.schemas.vocabularies["phase"]
    phase = own.record.get("phase")
    if phase not in phases.codes:
        return []
    at = phases.codes.index(str(phase))
    return [
        (
            own.context.words.code("phase", code).partition(". ")[2]
            or own.context.words.code("phase", code),
            "past" if n < at else "now" if n == at else "next",
        )
        for n, code in enumerate(phases.codes)
    ]


def _texts(own: Own, fields: Sequence[str]) -> list[tuple[str, Figure]]:
    """Return long texts in full, as far as a page goes."""
    return [
        (own.label(f), _long(own.context.text("projects", own.record, f)))
        for f in fields
        if own.record.get(f) is not None
    ]


def _told(own: Own) -> list[tuple[str, Figure, bool]]:
    """Return what the manager writes; what asks the reader for something is marked."""
    told = [(*pair, pair[0] == own.label("decisions")) for pair in _texts(own, _TOLD)]
    if own.record.get("assistance_requested") is True:
        words = own.context.words
        label, help_ = words.tr("page-help"), words.tr("decision-help")
        told.append(
            (label, Figure(help_, None, own.proof("assistance_requested")), True)
        )
    return told


def _requirements(own: Own) -> list[tuple[Figure, Figure, str]]:
    """Return requirements with their state and its tone; an unknown state has none."""
    context = own.context
    return [
        (
            named(context, "compliance", row, ("requirement", "framework")),
            context.text("compliance", row, "state"),
            _TONES.get(str(row.get("state")), "none"),
        )
        for row in own.picked.get("compliance", NONE).listed
    ]


def _long(figure: Figure) -> Figure:
    text = Markup(escape(seen(brief(figure.text, _LONGEST))))  # noqa: S704 - escaped
    return dataclasses.replace(figure, text=text)


def _elapsed(own: Own) -> Figure:
    share = rule.elapsed_share(own.record, own.context.as_of)
    if share is None:
        return Figure()
    start = "start_actual" if own.record.get("start_actual") else "start_planned"
    formula = own.context.words.tr(
        "page-how-elapsed",
        day=shown.day(own.context.as_of, own.context.lang),
        start=own.label(start),
        end=own.label("end_baseline"),
    )
    proof = own.context.proofs.derived(
        formula, [own.proof(f) for f in (start, "end_baseline")]
    )
    return Figure(shown.percent(share, own.context.lang), None, proof)


def _bar(own: Own) -> Bar | None:
    done = own.record.get("progress")
    elapsed = rule.elapsed_share(own.record, own.context.as_of)
    if done is None:
        return None
    return Bar(min(max(float(done), 0.0), 1.0), mark=elapsed)


def _to_correct(context: Context, rows: Sequence[Record]) -> list[Book]:
    """Return errors and warnings about a project, workbook by workbook."""
    by_book: dict[str, list[Record]] = {}
    for row in rows:
        if row["severity"] != "info":
            by_book.setdefault(str(row["workbook"] or ""), []).append(row)
    room, books = _MOST_FINDINGS, []
    for name in sorted(by_book):
        books.append(book_findings(context, name, by_book[name], room))
        room -= len(books[-1].kinds)
    return books


def _counts(rows: Sequence[Record]) -> Mapping[str, Mapping[str, int]]:
    """Return how many findings of each severity a workbook has, by workbook."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        counts = found.setdefault(
            str(row["workbook"] or ""), dict.fromkeys(SEVERITIES, 0)
        )
        counts[str(row["severity"])] += 1
    return found


def _unknown(own: Own, values: Mapping[str, Any]) -> list[str]:
    """Return what the project's workbooks say nothing of, in the order of the page."""
    words, lists = own.context.words, values["lists"]
    is_mco = own.record.get("kind") == "mco"
    figures: Sequence[Card] = values["cards"]
    expected = _EXPECTED[:2] if is_mco else _EXPECTED
    tables = ("services",) if is_mco else _EXPECTED_TABLES
    groups = () if is_mco else ("cost", "schedule", "effort")
    told = {
        **{own.label(f): own.record.get(f) is not None for f in expected},
        **{c.label: c.known for c in figures if c.name in groups},
        **{words.tr(f"page-list-{t}"): bool(own.rows(t)) for t in tables},
        words.tr("page-list-workload"): "workload" in lists,
    }
    return [label for label, is_told in told.items() if not is_told]
