"""Columns as alert rules compare them, and what follows from those of a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.schema import FieldType

DERIVED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "projects": {
        "reference_budget": ("budget_revised", "budget_initial"),
        "end_expected": ("end_forecast", "end_baseline"),
        "start": ("start_actual", "start_planned"),
        "planned": (
            "planned_progress",
            "start_planned",
            "start_actual",
            "end_baseline",
        ),
        "duration_days": ("start_planned", "start_actual", "end_baseline"),
        "slip_days": ("end_forecast", "end_baseline"),
    },
    "milestones": {"end_expected": ("end_forecast", "end_baseline")},
    "actions": {"due": ("revised_due_date", "due_date")},
    "workload": {"own_month": ("month", "date")},
    "services": {"own_month": ("month",)},
}
"""What a derived column comes from, by table: the fields of its cells."""

_TEXT = frozenset({"text", "long_text", "person", "list", "code", "month", "boolean"})


def typed(frame: pd.DataFrame, field: str, kind: FieldType) -> npt.NDArray[Any]:
    """Return a column as rules compare it, all unknown where the frame has none."""
    if kind == "date":
        if field not in frame:
            return np.full(len(frame), np.datetime64("NaT"), dtype="datetime64[s]")
        return dated(frame[field])
    if kind in _TEXT:
        if field not in frame:
            return np.full(len(frame), None, dtype="object")
        return frame[field].to_numpy(dtype="object")
    if field not in frame:
        return np.full(len(frame), np.nan)
    return frame[field].to_numpy(dtype="float64", na_value=np.nan)


def dated(column: pd.Series) -> npt.NDArray[np.datetime64]:
    """Return dates, ISO texts or None as days, each distinct one read once."""
    if column.dtype.kind == "M":
        return column.to_numpy(dtype="datetime64[s]")
    codes, distinct = pd.factorize(column)
    days = np.array([*distinct, None], dtype="datetime64[D]").astype("datetime64[s]")
    return days[codes]


def latest_dates(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return milestones with the end, actions with the day due, last announced."""
    for column, (first, second) in {
        "milestones": {"end_expected": ("end_forecast", "end_baseline")},
        "actions": {"due": ("revised_due_date", "due_date")},
    }.get(name, {}).items():
        frame = frame.assign(**{column: frame[first].fillna(frame[second])})
    return frame


def derived(projects: pd.DataFrame, *, compare_unknown: bool) -> pd.DataFrame:
    """Return projects with what follows from their fields.

    Returns:
        ``reference_budget`` (revised, else initial; unknown unless above 0),
        ``amount_scope`` without ``unknown`` unless that may be compared,
        ``end_expected`` (the end last announced: forecast, else baseline), ``start``
        (actual, else planned), ``duration_days`` (planned), ``planned`` (share that
        should be done at the cut-off: as given, else linear), ``slip_days``.
    """
    budget = projects["budget_revised"].fillna(projects["budget_initial"])
    begun = projects["start_planned"].fillna(projects["start_actual"])
    duration = days(projects["end_baseline"] - begun)
    elapsed = days(projects["as_of"] - begun) / duration.where(duration > 0)
    scope = projects["amount_scope"]
    return projects.assign(
        reference_budget=budget.where(budget > 0),
        amount_scope=scope
        if compare_unknown
        else scope.where(scope != "unknown", None),
        end_expected=projects["end_forecast"].fillna(projects["end_baseline"]),
        start=projects["start_actual"].fillna(projects["start_planned"]),
        duration_days=duration.where(duration > 0),
        planned=projects["planned_progress"].fillna(elapsed.clip(0, 1)),
        slip_days=days(projects["end_forecast"] - projects["end_baseline"]),
    )


def days(gap: pd.Series) -> pd.Series:
    """Return a difference of dates as a number of days."""
    found: pd.Series = gap.dt.total_seconds() / 86_400
    return found
