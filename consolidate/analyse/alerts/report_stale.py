"""A03: figures that are old."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days


@rule("report-stale", "projects", needs=("report_date",), also=("on_hold", "mco"))
def report_stale(case: Case) -> pd.DataFrame:
    """Tell the projects whose report is dated long before the cut-off."""
    rows = case.rows
    age = days(rows["as_of"] - rows["report_date"])
    return case.above(age, date=rows["report_date"])
