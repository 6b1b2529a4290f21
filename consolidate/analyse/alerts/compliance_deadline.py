"""R11: a day by which an item had to be compliant."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days


@rule(
    "compliance-deadline",
    "compliance",
    needs=("state", "due_date"),
    uses=("applicable", "framework"),
    also=("on_hold", "mco"),
)
def compliance_deadline(case: Case) -> pd.DataFrame:
    """Tell the items not compliant whose deadline is near or past."""
    rows = case.rows
    open_ = ~rows["state"].isin(["compliant", "not_applicable"])
    open_ &= ~rows["applicable"].eq(False)
    left = days(rows["due_date"] - rows["as_of"])
    steps = {
        "amber": open_ & (left <= case.limit("amber")),
        "red": open_ & (left < case.limit("red")),
    }
    return case.tell(steps, left, date=rows["due_date"], framework=rows["framework"])
