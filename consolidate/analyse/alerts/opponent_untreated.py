"""R15: somebody of influence is against, and nothing is planned."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule


@rule(
    "opponent-untreated",
    "stakeholders",
    needs=("attitude", "influence"),
    uses=("strategy",),
)
def opponent_untreated(case: Case) -> pd.DataFrame:
    """Tell the reserved stakeholders of high influence without a strategy."""
    rows = case.rows
    against = rows["attitude"].isin(["resistant", "opponent"])
    strong = rows["influence"] >= case.limit("amber")
    alone = rows["strategy"].isna()
    return case.tell({"amber": against & strong & alone}, rows["influence"])
