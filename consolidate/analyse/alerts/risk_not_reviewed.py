"""R03: a high risk nobody looked at for months."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days


@rule(
    "risk-not-reviewed",
    "risks",
    needs=("criticality", "review_date"),
    uses=("state", "closed_on"),
    also=("mco",),
)
def risk_not_reviewed(case: Case) -> pd.DataFrame:
    """Tell the open risks of high criticality whose last review is old."""
    rows = case.rows
    open_ = (rows["state"] != "closed") & rows["closed_on"].isna()
    high = open_ & (rows["criticality"] >= case.limit("criticality"))
    age = days(rows["as_of"] - rows["review_date"]).where(high)
    return case.above(age, date=rows["review_date"], criticality=rows["criticality"])
