"""R02: a treatment of a risk that should be over."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days


@rule(
    "mitigation-overdue",
    "risks",
    needs=("due_date", "state"),
    uses=("closed_on",),
    also=("mco",),
)
def mitigation_overdue(case: Case) -> pd.DataFrame:
    """Tell the open risks whose treatment was due before the cut-off."""
    rows = case.rows
    open_ = (rows["state"] != "closed") & rows["closed_on"].isna()
    late = days(rows["as_of"] - rows["due_date"]).where(open_)
    return case.above(late, date=rows["due_date"])
