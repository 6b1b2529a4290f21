"""Rules about one project that several views share: lateness, money, basis."""

from __future__ import annotations

from datetime import date
from typing import Any

from consolidate.report.html_words import Record

ENDED = ("completed", "cancelled", "archived")
BASIS_UNKNOWN = ""


def is_open(project: Record) -> bool:
    """Whether a project still runs or is to come, as far as is known."""
    return project.get("state") not in ENDED


def end_field(project: Record) -> str:
    """Return which date says when a project ends: the actual one, else forecast."""
    return "end_actual" if project.get("end_actual") else "end_forecast"


def slip_days(project: Record) -> int | None:
    """Return days between the baseline and the latest end; None when one is unknown."""
    baseline, end = project.get("end_baseline"), project.get(end_field(project))
    if baseline is None or end is None:
        return None
    return int((end - baseline).days)


def is_overdue(project: Record, as_of: date) -> bool:
    """Whether an open project's last announced end is past."""
    due = project.get("end_forecast") or project.get("end_baseline")
    done = project.get("end_actual") is not None
    return bool(is_open(project) and not done and due is not None and due < as_of)


def is_late(project: Record, as_of: date) -> bool:
    """Whether a project slips or its end is past."""
    return is_overdue(project, as_of) or (slip_days(project) or 0) > 0


def slip_tone(project: Record, days: int) -> str:
    """Return how grave a slip is: red test first, then green, then amber."""
    start = project.get("start_actual") or project.get("start_planned")
    baseline = project.get("end_baseline")
    whole = (baseline - start).days if start and baseline else 0
    ratio = days / whole if whole > 0 else None
    if days > 60 or (days > 30 and ratio is not None and ratio > 0.1):
        return "poor"
    if days <= 15 or (ratio is not None and ratio <= 0.05):
        return ""
    return "fair"


def elapsed_share(project: Record, as_of: date) -> float | None:
    """Return the share of the planned time that is over, between 0 and 1."""
    start = project.get("start_actual") or project.get("start_planned")
    end = project.get("end_baseline")
    if start is None or end is None or end <= start:
        return None
    return float(min(max((as_of - start).days / (end - start).days, 0.0), 1.0))


def budget_field(project: Record) -> str:
    """Return which amount is the reference budget: revised when there is one."""
    revised = project.get("budget_revised") is not None
    return "budget_revised" if revised else "budget_initial"


def basis(row: Record, year_field: str = "amount_year") -> str:
    """Return what amounts may be summed with: ``total``, ``year 2026``, or nothing.

    A tax basis that is known keeps amounts apart too.
    """
    scope, year = row.get("amount_scope"), row.get(year_field)
    if scope == "total":
        kind = "total"
    elif scope == "year" and year is not None:
        kind = f"year {int(year)}"
    else:
        return BASIS_UNKNOWN
    tax: Any = row.get("tax_basis")
    return f"{kind} {tax}" if tax in ("excl_vat", "incl_vat") else kind


def landing_gap(project: Record) -> float | None:
    """Return the landing less the reference budget; None unless they compare."""
    budget, landing = project.get(budget_field(project)), project.get("forecast_cost")
    if basis(project) == BASIS_UNKNOWN or budget is None or landing is None:
        return None
    return float(landing - budget)


def gap_share(project: Record) -> float | None:
    """Return the landing gap as a share of the reference budget."""
    gap, budget = landing_gap(project), project.get(budget_field(project))
    return gap / budget if gap is not None and budget and budget > 0 else None
