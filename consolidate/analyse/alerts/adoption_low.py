"""R14: few use what went live."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, project_date, rule
from consolidate.analyse.columns import days


@rule(
    "adoption-low",
    "trainings",
    needs=("adoption_share",),
    others={"projects": ("go_live_date",)},
    scope="any",
)
def adoption_low(case: Case) -> pd.DataFrame:
    """Tell the measures of use that are low months after the go-live."""
    rows = case.rows
    when, sources = project_date(case, "go_live_date")
    settled = days(rows["as_of"] - when) >= case.limit("days")
    settled &= rows["project_state"] != "cancelled"
    return case.below(rows["adoption_share"].where(settled), date=when, sources=sources)
