"""S03: a degraded status and nothing said or done about it."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import OPEN_ACTION, Case, of_projects, rule


@rule(
    "degraded-without-plan",
    "projects",
    needs=("status",),
    uses=("attention_points",),
    others={"actions": ("state",)},
)
def degraded_without_plan(case: Case) -> pd.DataFrame:
    """Tell the amber or red projects without attention points and without open action."""
    rows = case.rows
    actions = of_projects(case, "actions")
    open_ = actions[actions["state"].isin(OPEN_ACTION)]
    acting = pd.MultiIndex.from_frame(rows[["month", "project_code"]]).isin(
        pd.MultiIndex.from_frame(open_[["month", "project_code"]])
    )
    low = rows["status"].isin(["amber", "red"])
    return case.tell({"amber": low & rows["attention_points"].isna() & ~acting}, status=rows["status"])  # fmt: skip
