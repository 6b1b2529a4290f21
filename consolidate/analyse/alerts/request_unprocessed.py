"""P01: a request nobody decided on."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days

_WAITING = ("received", "studied", "waiting_info", "to_arbitrate")


@rule("request-unprocessed", "requests", needs=("state", "received_on"), scope="any")
def request_unprocessed(case: Case) -> pd.DataFrame:
    """Tell the requests received long ago and neither accepted nor refused."""
    rows = case.rows
    waiting = rows["state"].isin(_WAITING)
    age = days(rows["as_of"] - rows["received_on"]).where(waiting)
    return case.above(age, date=rows["received_on"])
