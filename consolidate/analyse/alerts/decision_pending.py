"""A06: a decision that is waited for."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import OPEN_ACTION, Case, rule
from consolidate.analyse.columns import days


@rule(
    "decision-pending",
    "actions",
    needs=("kind", "state"),
    uses=("meeting_date", "raised_on"),
    also=("on_hold", "mco"),
)
def decision_pending(case: Case) -> pd.DataFrame:
    """Tell the decisions still open long after the meeting that should have taken them."""
    rows = case.rows
    rows = rows[(rows["kind"] == "decision") & rows["state"].isin(OPEN_ACTION)]
    since = rows["meeting_date"].fillna(rows["raised_on"])
    known = since.notna()
    age = days(rows["as_of"] - since)
    told = case.above(age, rows, date=since)
    return pd.concat([told, case.skip(rows[~known], "meeting_date")], ignore_index=True)
