"""D06: a milestone put off again and again."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.milestone_late import CLOSED
from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days
from consolidate.analyse.history import before, streak


@rule(
    "milestone-slipping",
    "milestones",
    needs=("end_expected",),
    uses=("end_actual", "state"),
)
def milestone_slipping(case: Case) -> pd.DataFrame:
    """Tell the milestones announced later in each of the last reports.

    Also those whose present run of slips adds up to many days.
    """
    rows = case.rows
    slip = days(rows["end_expected"] - before(rows, "end_expected"))
    later = slip > 0
    count = streak(later, rows["key"])
    run = (~later).groupby(rows["key"], sort=False).cumsum()
    total = slip.where(later, 0).groupby([rows["key"], run], sort=False).cumsum()
    open_ = rows["end_actual"].isna() & ~rows["state"].isin(CLOSED)
    far = later & (total > case.limit("red_days"))
    steps = {
        "amber": open_ & (count >= case.limit("amber")),
        "red": open_ & ((count >= case.limit("red")) | far),
    }
    facts = {"date": rows["end_expected"], "days": total}
    told = case.tell(steps, count.astype("float64"), **facts)
    # Grave for its days alone: no count of reports was passed.
    passed = told["value"] >= told["threshold"]
    return told.assign(threshold=told["threshold"].where(passed))
