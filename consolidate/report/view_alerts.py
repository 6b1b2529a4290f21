"""Who needs help first: the projects in alert, and what the figures say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consolidate.report import format as shown
from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record, records
from consolidate.report.page_alert import (
    Alert,
    alerts,
    alerts_of,
    computed,
    computed_of,
)

MOST = 30
MOST_EACH = 3
"""Alerts told of one project; the others are on its page."""

_TONES = {"immediate": "error", "this_month": "warning", "watch": "info"}
_STATUS_FIELDS = (
    *("status", "forecast_cost", "budget_revised", "budget_initial"),
    *("end_forecast", "end_baseline", "start_planned", "end_actual"),
)


@dataclass(frozen=True, slots=True)
class Helped:
    """One project in alert: how urgent, its status as told and as figures give it."""

    code: str
    project: str
    tone: str
    level: str
    status: Figure
    computed: Figure | None
    alerts: tuple[Alert, ...]
    more: int
    since: str


@dataclass(frozen=True, slots=True)
class Help:
    """Projects in alert, those that need help first on top.

    Attributes:
        listed: At most ``MOST``.
        count: How many there are in all.
        alerts: How many alerts they have that nobody knows of yet.
    """

    listed: tuple[Helped, ...]
    count: int
    alerts: int


def help_first(context: Context) -> Help:
    """Return the projects in alert; alerts the PMO acknowledged do not rank them."""
    ranked = records(context.portfolio.priorities)
    listed = [r for r in ranked if str(r["project_code"]) in context.by_code][:MOST]
    codes = {str(r["project_code"]) for r in listed}
    own = alerts_of(context, MOST_EACH, codes)
    context.load("projects", [context.by_code[c] for c in codes], _STATUS_FIELDS)
    said = computed_of(context)
    return Help(
        tuple(
            _helped(context, row, own.get(str(row["project_code"]), []), said)
            for row in listed
        ),
        len(ranked),
        sum(int(r["alerts"]) for r in ranked),
    )


def _helped(
    context: Context,
    row: Record,
    rows: Sequence[Record],
    said: Mapping[str, str],
) -> Helped:
    code, level = str(row["project_code"]), str(row["level"])
    project = context.by_code[code]
    first = min((str(r["since"]) for r in rows if r["since"]), default="")
    return Helped(
        code,
        context.name_of(code),
        _TONES.get(level, "info"),
        context.words.tr(f"help-{level}"),
        context.rag("projects", project, "status"),
        computed(context, project, said.get(code)),
        tuple(alerts(context, rows, MOST_EACH)),
        max(len(rows) - MOST_EACH, 0),
        shown.month(first, context.lang, short=True) if first else "",
    )
