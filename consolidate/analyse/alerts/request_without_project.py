"""P02: a request accepted that became no project."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days


@rule("request-without-project", "requests", needs=("state", "decided_on"), scope="any")
def request_without_project(case: Case) -> pd.DataFrame:
    """Tell the requests accepted long ago without a project."""
    rows = case.rows
    waiting = (rows["state"] == "accepted") & rows["project_code"].isna()
    age = days(rows["as_of"] - rows["decided_on"]).where(waiting)
    return case.above(age, date=rows["decided_on"])
