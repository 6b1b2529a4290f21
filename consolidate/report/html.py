"""Write the portfolio report: one page that holds all it needs and opens offline."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Schemas
from consolidate.report import format as shown
from consolidate.report import html_chart
from consolidate.report.html_context import Context
from consolidate.report.html_figure import thousands_pattern
from consolidate.report.html_proof import Proofs, embedded
from consolidate.report.html_words import Words, visible
from consolidate.report.view_budgets import budgets
from consolidate.report.view_decisions import decisions
from consolidate.report.view_findings import findings
from consolidate.report.view_load import load
from consolidate.report.view_milestones import deadlines
from consolidate.report.view_overview import Views, overview
from consolidate.report.view_portfolio import choices, project_rows, sums
from consolidate.report.view_risks import risks
from consolidate.report.view_services import requests, services
from consolidate.report.view_workbooks import workbooks
from consolidate.resources import search_path

# What the script says; the page carries these words in its language.
_SCRIPT_WORDS = (
    "js-all",
    "js-copied",
    "js-count",
    "js-less",
    "js-more",
    "js-others",
    "js-sure",
    "js-unsure",
    "known-among",
    "proof-cell",
    "proof-derived",
    "proof-format",
    "proof-how",
    "proof-inputs",
    "proof-raw",
    "proof-sheet",
    "proof-source",
    "proof-sure",
    "proof-workbook",
    "sum-label",
)


def write_html(
    portfolio: Portfolio,
    schemas: Schemas,
    folder: Path,
    templates: Path | None = None,
) -> None:
    """Write ``index.html``.

    Args:
        portfolio: The month's portfolio.
        schemas: Labels of fields and codes.
        folder: Where to write; it exists.
        templates: A folder of the user's templates, searched first.
    """
    page = render_index(portfolio, schemas, templates)
    (folder / "index.html").write_text(page, encoding="utf-8", newline="\n")


def render_index(
    portfolio: Portfolio, schemas: Schemas, templates: Path | None = None
) -> str:
    """Return the report as HTML; the same bytes for the same portfolio."""
    words = Words(portfolio.lang, schemas)
    context = Context(portfolio, words, Proofs(portfolio.lineage, words))
    environment = make_environment(templates)
    style, script = (_inlined(environment, n) for n in ("style.css", "app.js"))
    values = page_values(context)
    data = {
        **context.proofs.payload(),
        "lang": words.lang,
        "i": {key: words.tr(key) for key in _SCRIPT_WORDS},
        "kilo": thousands_pattern(words.lang),
    }
    return environment.get_template("html/index.html.j2").render(
        values,
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=content_policy(style, script),
        data=Markup(embedded(data)),  # noqa: S704 - escaped for its element
    )


@lru_cache(maxsize=2)
def make_environment(templates: Path | None) -> Environment:
    """Return the jinja2 environment: every value escaped, every absent name an error."""
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(search_path("templates", templates)),
    )


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
        "t": context.words.tr,
        "plural": context.words.plural,
        "number": lambda value: shown.number(value, context.lang, 0),
        "percent": lambda share: shown.percent(share, context.lang),
        "lang": context.lang,
        "period": shown.month(context.portfolio.period, context.lang),
        "as_of": shown.day(context.as_of, context.lang),
        "version": str(context.portfolio.run.get("version", "")),
        "overview": first,
        "decisions": decisions(context),
        "rows": rows,
        "sums": sums(context, context.projects),
        "choices": choices(context, rows),
        "containers": project_rows(context, context.containers),
        "requests": requests(context),
        "charts": html_chart.charts(context, first, views),
        **{name: getattr(views, name) for name in Views.__slots__},
    }


def content_policy(style: str, script: str) -> str:
    """Return the page's Content-Security-Policy: its own style and script, no more."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()


def _inlined(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    text, _, _ = environment.loader.get_source(environment, f"html/{name}")
    return text.replace("\r\n", "\n").strip()
