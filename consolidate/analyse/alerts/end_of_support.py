"""M06: a version the vendor will support no more."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, both, rule
from consolidate.analyse.columns import days
from consolidate.analyse.service import services


@rule(
    "end-of-support",
    "services",
    uses=("end_of_support_date",),
    scope="any",
    also=("mco",),
)
def end_of_support(case: Case) -> pd.DataFrame:
    """Tell the services whose support ends soon, or has ended."""
    rows, unknown = services(case, "end_of_support_date")
    left = days(rows["end_of_support_date"] - rows["as_of"])
    told = case.below(left, rows, date=rows["end_of_support_date"])
    return both(told, unknown)
