"""The sheet of alerts: what needs help, the projects that need it most first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from consolidate.model.portfolio import Portfolio
from consolidate.report.csv_text import values
from consolidate.report.sheet_column import (
    WIDE,
    SheetColumn,
    month_column,
    number_column,
    text_column,
)
from consolidate.report.sheet_text import Cleaner
from consolidate.report.sheet_words import BookWords
from consolidate.wording import tr

_FOLDED = ("code", "rule")


def alert_columns(
    portfolio: Portfolio, words: BookWords, cleaner: Cleaner
) -> list[SheetColumn]:
    """Return the alerts by project, in the order of who needs help first."""
    ranked = values(portfolio.priorities["project_code"])
    rank = {code: k for k, code in enumerate(ranked)}
    codes = values(portfolio.alerts["project_code"])
    order = sorted(
        range(len(codes)),
        key=lambda k: (rank.get(codes[k], len(rank)), codes[k] or "", k),
    )
    frame = portfolio.alerts.iloc[order]
    own = values(frame["project_code"])
    names, managers = (_of_projects(portfolio, own, n) for n in _NAMED)
    lang = words.lang
    severity = [tr(f"alert-severity-{s}", lang) for s in values(frame["severity"])]

    def text(name: str, texts: Sequence[str | None], most: int) -> SheetColumn:
        return text_column(name, tr(f"column-{name}", lang), texts, cleaner, most=most)

    manager = words.field("projects", "project_manager")
    found = [
        text("project_code", own, 30),
        text_column("name", words.field("projects", "name"), names, cleaner),
        text_column("project_manager", manager, managers, cleaner, most=24),
        text("severity", severity, 12),
        text("alert", values(frame["message"]), 64),
        text("object", values(frame["object"]), 30),
        month_column("since", tr("column-since", lang), values(frame["since"])),
        number_column(
            "occurrences",
            tr("column-occurrences", lang),
            "count",
            values(frame["occurrences"]),
        ),
        text("acknowledged_because", values(frame["acknowledged_because"]), WIDE),
        text("code", values(frame["code"]), 8),
        text("rule", values(frame["rule"]), 24),
    ]
    kept = [c for c in found if any(cell is not None for cell in c.cells)]
    return [replace(c, fold=c.name in _FOLDED) for c in kept]


_NAMED = ("name", "project_manager")


def _of_projects(
    portfolio: Portfolio, codes: Sequence[str | None], field: str
) -> list[str | None]:
    """Return a field of the project of each row."""
    projects = portfolio.tables["projects"]
    pairs = zip(values(projects["project_code"]), values(projects[field]), strict=True)
    known = dict(pairs)
    return [known.get(code) for code in codes]
