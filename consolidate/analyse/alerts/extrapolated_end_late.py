"""D10: at this pace the project ends well after what is announced."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days


@rule(
    "extrapolated-end-late",
    "projects",
    needs=("start", "progress", "end_forecast"),
    scope="active",
)
def extrapolated_end_late(case: Case) -> pd.DataFrame:
    """Tell the projects whose end, at the pace so far, is long after the forecast."""
    rows = case.rows
    far = (rows["progress"] >= case.limit("from_progress")) & (rows["progress"] < 1)
    elapsed = days(rows["as_of"] - rows["start"])
    whole = (elapsed / rows["progress"].where(far)).where(elapsed > 0)
    announced = days(rows["end_forecast"] - rows["start"])
    return case.above(whole - announced, end=rows["end_forecast"], progress=rows["progress"])  # fmt: skip
