"""Which columns a sheet shows, in which order, and which it folds away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from consolidate.model.schema import TableSpec
from consolidate.report.sheet_column import SheetColumn

A4, A3 = 225.0, 318.0
"""Characters across a landscape page at the least size that is still read (6 points)."""

_LEAD: Mapping[str, tuple[str, ...]] = {
    "projects": (
        *("project_code", "name", "project_manager", "establishment", "state"),
        *("phase", "status", "status_quality", "status_cost", "status_schedule"),
        *("status_risk", "status_resources", "trend", "progress", "end_baseline"),
        *("end_forecast", "end_actual", "slip", "late", "budget", "committed"),
        *("spent", "forecast_cost", "gap", "gap_share", "basis", "source"),
        *("attention_points", "decisions", "priority", "domain", "department"),
        *("programme", "sponsor", "kind", "assistance_requested"),
    ),
    "milestones": (
        *("project_code", "project_name", "name", "phase", "state", "status"),
        *("progress", "end_baseline", "end_forecast", "end_actual", "slip", "late"),
        *("due", "owner", "is_critical", "source", "comment"),
    ),
    "budget_lines": (
        *("project_code", "project_name", "label", "category", "nature", "year"),
        *("amount_scope", "tax_basis", "budget_initial", "budget_revised"),
        *("committed", "invoiced", "paid", "spent", "available", "forecast_cost"),
        *("source", "supplier", "comment"),
    ),
    "risks": (
        *("project_code", "project_name", "code", "title", "probability", "impact"),
        *("criticality", "state", "owner", "due_date", "late", "source"),
        *("mitigation", "description"),
    ),
    "actions": (
        *("project_code", "project_name", "code", "kind", "title", "state"),
        *("priority", "owner", "revised_due_date", "due_date", "closed_on", "late"),
        *("source", "comment", "description"),
    ),
    "workload": (
        *("project_code", "project_name", "person", "team", "activity", "month"),
        *("category", "time_category", "effort_planned", "effort_spent"),
        *("effort_remaining", "capacity", "source", "comment"),
    ),
    "deliverables": (
        *("project_code", "project_name", "name", "phase", "state", "owner"),
        *("due_date", "delivered_on", "validated_on", "late", "source", "comment"),
    ),
    "requests": (
        *("code", "title", "state", "priority", "requester", "establishment"),
        *("received_on", "decided_on", "estimated_cost", "estimated_effort", "source"),
    ),
    "services": (
        *("service_code", "name", "application", "month", "establishment"),
        *("availability_target", "availability_actual", "incidents", "incidents_major"),
        *("restore_target_hours", "restore_actual_hours", "source"),
    ),
    "compliance": (
        *("project_code", "project_name", "framework", "requirement", "state"),
        *("owner", "due_date", "late", "source", "evidence", "comment"),
    ),
    "convergence": ("domain", "establishment", "state", "source"),
    "interfaces": (
        *("project_code", "project_name", "code", "name", "source_system"),
        *("target_system", "standard", "state", "test_planned_on", "tested_on"),
        *("live_on", "source", "owner", "comment"),
    ),
}
"""What a sheet shows first; the rest follows in the schema's order, long texts last.

What is before ``source`` is always shown; what is behind it, as far as a page has room.
"""


_SPARE = (
    *("status_resources", "trend", "establishment", "end_actual", "category"),
    *("gap_share", "phase"),
)
"""What folds away first where the others leave no room."""


def planned(spec: TableSpec, columns: Sequence[SheetColumn]) -> list[SheetColumn]:
    """Return the columns in the order of the sheet, those without room folded away.

    The source comes behind all that is printed, then long texts without room on paper;
    what is folded away comes last.
    """
    own = {c.name: c for c in columns}
    lead = _LEAD.get(spec.name, ("project_code", "project_name", "source"))
    first = [n for n in lead if n in own and not own[n].fold]
    rest = [f for f in spec.fields if f.name in own and f.name not in first]
    rest.sort(key=lambda f: f.type == "long_text")
    order = [*first, *(f.name for f in rest)]
    kept = order[: order.index("source") + 1]
    page = A4 if _width(own, first) <= A4 else A3
    for name in _SPARE:
        if name in kept and _width(own, kept) > page:
            kept.remove(name)
    for name in order:
        if name not in kept and _width(own, [*kept, name]) <= page:
            kept.append(name)
    shown = [own[n] for n in order if n in kept and n != "source"]
    long = {f.name for f in spec.fields if f.type == "long_text"}
    left = [n for n in order if n not in kept]
    aside = [replace(own[n], aside=True) for n in left if n in long]
    folded = [replace(own[n], fold=True) for n in left if n not in long]
    workings = [c for c in columns if c.fold]
    return [*shown, own["source"], *aside, *folded, *workings]


def _width(own: Mapping[str, SheetColumn], names: Sequence[str]) -> float:
    return sum(own[n].width for n in names)


def is_wide(columns: Sequence[SheetColumn]) -> bool:
    """Return whether a sheet needs A3 to be read on paper."""
    return sum(c.width for c in columns if not (c.fold or c.aside)) > A4
