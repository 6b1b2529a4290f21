"""B04: the work done cost more person-days than it was worth."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule


@rule(
    "cost-performance-low",
    "projects",
    needs=("progress", "effort_planned", "effort_spent"),
    also=("on_hold",),
)
def cost_performance_low(case: Case) -> pd.DataFrame:
    """Tell the projects whose cost performance index is low, in person-days.

    In euros it would mean nothing: lump purchases come at once.
    """
    rows = case.rows
    far = (rows["progress"] >= case.limit("from_progress")) & (
        rows["effort_planned"] > 0
    )
    index = cost_performance(rows)
    return case.below(index.where(far), progress=rows["progress"])


def cost_performance(rows: pd.DataFrame) -> pd.Series:
    """Return earned over spent person-days, unknown where nothing was spent."""
    spent = rows["effort_spent"]
    return rows["progress"] * rows["effort_planned"] / spent.where(spent > 0)
