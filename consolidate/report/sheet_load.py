"""Workload as the workbook shows it: in full, or summed when it is long."""

from __future__ import annotations

import pandas as pd

MOST_ROWS = 10_000
"""Rows of workload a workbook shows one by one; nobody reads more."""

_KEYS = ["project_code", "person", "month"]
_LABELS = ["project_name", "team", "category"]
_SUMS = ["effort_planned", "effort_spent", "effort_remaining", "capacity", "absence"]


def shown_load(frame: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """Return the workload to show, and whether it is summed.

    Returns:
        The frame as it is up to ``MOST_ROWS`` rows; else one row a project, person,
        month and category, without what cannot be summed; of its sources, the first.
    """
    if len(frame) <= MOST_ROWS:
        return frame, False
    by = [k for k in (*_KEYS, "category") if k in frame]
    summed = {k: "sum" for k in _SUMS if k in frame}
    first = {
        k: "first"
        for k in (*_LABELS, "workbook", "sheet", "row")
        if k in frame and k not in by
    }
    keyed = frame.assign(**{k: frame[k].fillna("") for k in by})
    groups = keyed.groupby(by, sort=True)
    sums = groups[list(summed)].sum(min_count=1)
    whole = sums.join(groups[list(first)].first()).reset_index()
    whole = whole.assign(**{k: whole[k].where(whole[k] != "", None) for k in by})
    return whole.reindex(columns=frame.columns), True
