"""B09: a project being built whose running cost nobody gave."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule

_LATE = (
    *("build", "acceptance", "pilot", "rollout", "closure"),
    "run",
)


@rule(
    "recurring-cost-missing",
    "projects",
    needs=("phase",),
    uses=("operating_amount",),
    also=("on_hold",),
)
def recurring_cost_missing(case: Case) -> pd.DataFrame:
    """Tell the projects from the building phase on that give no operating amount."""
    rows = case.rows
    late = rows["phase"].isin(_LATE)
    return case.tell({"amber": late & rows["operating_amount"].isna()}, phase=rows["phase"])  # fmt: skip
