"""D05: a milestone whose day is past and that nobody says is reached."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days

CLOSED = ("completed", "cancelled", "on_hold")
"""States of a milestone that nobody waits for."""


@rule(
    "milestone-late",
    "milestones",
    needs=("end_expected",),
    uses=("end_actual", "state", "progress", "is_critical", "milestone_type"),
)
def milestone_late(case: Case) -> pd.DataFrame:
    """Tell the milestones due before the cut-off and not reached.

    Where nothing in a project's plan says what is reached (no state, no progress, no
    actual date), nothing is late: it cannot be known.
    """
    rows = case.rows
    told_of = rows["end_actual"].notna() | rows["state"].notna()
    kept = told_of.groupby([rows["month"], rows["project_code"]], sort=False, dropna=False)  # fmt: skip
    known = kept.transform("any") | rows["progress"].notna()
    open_ = rows["end_actual"].isna() & ~rows["state"].isin(CLOSED)
    open_ &= ~(rows["progress"] >= 1)
    late = days(rows["as_of"] - rows["end_expected"])
    over = known & open_ & (late > case.limit("amber"))
    grave = rows["is_critical"].eq(True) | (rows["milestone_type"] == "regulatory")
    told = case.tell({"amber": over, "red": over & grave}, late, date=rows["end_expected"])  # fmt: skip
    unknown = rows[~known & open_ & (late > 0)]
    return pd.concat([told, case.skip(unknown, "state")], ignore_index=True)
