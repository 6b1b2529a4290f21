"""D04: the work done is a small part of the work planned by now."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule


@rule(
    "schedule-performance-low",
    "projects",
    needs=("planned", "progress"),
    scope="active",
)
def schedule_performance_low(case: Case) -> pd.DataFrame:
    """Tell the projects whose schedule performance index (earned over planned) is low."""
    rows = case.rows
    far = (rows["progress"] >= case.limit("from_progress")) & (rows["planned"] > 0)
    index = (rows["progress"] / rows["planned"].where(rows["planned"] > 0)).where(far)
    return case.below(index, planned=rows["planned"], progress=rows["progress"])
