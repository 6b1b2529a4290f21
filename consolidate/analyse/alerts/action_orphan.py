"""R07: an action nobody owns, or without a day."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import OPEN_ACTION, Case, rule


@rule(
    "action-orphan",
    "actions",
    needs=("state",),
    uses=("kind", "owner", "due"),
    also=("mco",),
)
def action_orphan(case: Case) -> pd.DataFrame:
    """Tell the open actions without owner or without due date."""
    rows = case.rows
    open_ = rows["state"].isin(OPEN_ACTION)
    open_ &= rows["kind"].isna() | (rows["kind"] == "action")
    no_owner, no_date = rows["owner"].isna(), rows["due"].isna()
    lacking = pd.Series("due_date", index=rows.index, dtype="object")
    lacking = lacking.mask(no_owner, "owner").mask(no_owner & no_date, "owner;due_date")
    return case.tell({"amber": open_ & (no_owner | no_date)}, lacking=lacking)
