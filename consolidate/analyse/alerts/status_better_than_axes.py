"""S02: an overall status better than those of its axes."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.computed import RANK

_AXES = ("status_quality", "status_cost", "status_schedule", "status_risk")


@rule("status-better-than-axes", "projects", needs=("status",), uses=_AXES)
def status_better_than_axes(case: Case) -> pd.DataFrame:
    """Tell the projects whose declared status is better than their worst declared axis."""
    rows = case.rows
    axes = pd.DataFrame({name: rows[name].map(RANK).astype("float64") for name in _AXES})  # fmt: skip
    worst = axes.max(axis=1)
    gap = worst - rows["status"].map(RANK).astype("float64")
    steps = {s: gap >= case.limit(s) for s in ("amber", "red")}
    colour = worst.map({rank: name for name, rank in RANK.items()})
    return case.tell(steps, gap, declared=rows["status"], worst=colour)
