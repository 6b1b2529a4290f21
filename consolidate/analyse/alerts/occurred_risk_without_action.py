"""R05: a risk that came true and nothing is done."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import OPEN_ACTION, Case, of_projects, rule


@rule(
    "occurred-risk-without-action",
    "risks",
    needs=("state",),
    others={"actions": ("state",)},
    also=("mco",),
)
def occurred_risk_without_action(case: Case) -> pd.DataFrame:
    """Tell the risks that occurred in a project without any open issue or action."""
    rows = case.rows
    actions = of_projects(case, "actions")
    open_ = actions[actions["state"].isin(OPEN_ACTION)]
    acting = pd.MultiIndex.from_frame(rows[["month", "project_code"]]).isin(
        pd.MultiIndex.from_frame(open_[["month", "project_code"]])
    )
    return case.tell({"amber": (rows["state"] == "occurred") & ~acting})
