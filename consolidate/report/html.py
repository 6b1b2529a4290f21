"""Write the portfolio report: one page that holds all it needs and opens offline."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Schemas
from consolidate.report import html_chart
from consolidate.report.html_context import Context
from consolidate.report.html_figure import thousands_pattern
from consolidate.report.html_page import make_shell
from consolidate.report.html_proof import Proofs, Sources
from consolidate.report.html_words import Words
from consolidate.report.page_project import FOLDER, write_projects
from consolidate.report.understood import write_understood
from consolidate.report.view_alerts import help_first
from consolidate.report.view_budgets import budgets
from consolidate.report.view_capacity import capacity
from consolidate.report.view_decisions import decisions
from consolidate.report.view_findings import findings
from consolidate.report.view_lifecycle import lifecycle
from consolidate.report.view_load import load
from consolidate.report.view_milestones import deadlines
from consolidate.report.view_overview import Views, overview
from consolidate.report.view_portfolio import choices, project_rows, sums
from consolidate.report.view_risks import risks
from consolidate.report.view_services import requests, services
from consolidate.report.view_timeline import timeline
from consolidate.report.view_workbooks import workbooks

# What the index's own script says; the page carries these words in its language.
_SCRIPT_WORDS = (
    *("js-all", "js-copied", "js-count", "js-sum", "known-among", "sum-label"),
)


def write_html(
    portfolio: Portfolio,
    schemas: Schemas,
    folder: Path,
    templates: Path | None = None,
    drawings: Mapping[str, bytes] | None = None,
    source_root: str = "",
) -> None:
    """Write ``index.html``, ``projects/`` and ``understood/``.

    Args:
        portfolio: The month's portfolio.
        schemas: Labels of fields and codes.
        folder: Where to write; it exists.
        templates: A folder of the user's templates, searched first.
        drawings: By workbook, packed by ``model.drawing``; each has a page of its own.
        source_root: Folder or address the workbooks are under; empty makes no link.
    """
    drawn = drawings or {}
    context = make_context(portfolio, schemas, frozenset(drawn), source_root)
    page = _index(context, templates)
    (folder / "index.html").write_text(page, encoding="utf-8", newline="\n")
    write_projects(context, folder, templates)
    write_understood(context, drawn, folder, templates)


def render_index(
    portfolio: Portfolio, schemas: Schemas, templates: Path | None = None
) -> str:
    """Return the report as HTML; the same bytes for the same portfolio."""
    return _index(make_context(portfolio, schemas), templates)


def make_context(
    portfolio: Portfolio,
    schemas: Schemas,
    understood: frozenset[str] = frozenset(),
    source_root: str = "",
) -> Context:
    """Return what the views of a portfolio start from."""
    words = Words(portfolio.lang, schemas)
    proofs = Proofs(Sources(portfolio.lineage, source_root), words)
    return Context(portfolio, words, proofs, understood)


def _index(context: Context, templates: Path | None) -> str:
    values = page_values(context)
    shell = make_shell(
        "index.html.j2", ("app.js",), ("index.css",), templates=templates
    )
    kilo = thousands_pattern(context.lang)
    return shell.render(context, values, _SCRIPT_WORDS, kilo=kilo)


def page_values(context: Context) -> Mapping[str, Any]:
    """Return what the template shows, view by view."""
    views = Views(
        deadlines=deadlines(context),
        budgets=budgets(context),
        risks=risks(context),
        load=load(context),
        services=services(context),
        findings=findings(context),
        workbooks=workbooks(context),
    )
    first = overview(context, views)
    rows = project_rows(context, context.projects)
    return {
        "overview": first,
        "help": help_first(context),
        "decisions": decisions(context),
        "rows": rows,
        "sums": sums(context, context.projects),
        "choices": choices(context, rows),
        "containers": project_rows(context, context.containers),
        "requests": requests(context),
        "timeline": timeline(context),
        "capacity": capacity(context),
        "lifecycle": lifecycle(context),
        "understood": {b.name: b.page for b in views.workbooks.listed if b.page},
        "pages": {code: f"{FOLDER}/{name}" for code, name in context.pages.items()},
        "charts": html_chart.charts(context, first, views),
        **{name: getattr(views, name) for name in Views.__slots__},
    }
