"""D07: months without a milestone behind or ahead."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.milestone_late import CLOSED
from consolidate.analyse.alerts.registry import Case, of_projects, rule
from consolidate.analyse.columns import days


@rule(
    "tunnel-effect",
    "projects",
    others={"milestones": ("end_forecast", "end_baseline", "end_actual", "state")},
    scope="active",
)
def tunnel_effect(case: Case) -> pd.DataFrame:
    """Tell the projects with no milestone reached lately and none due soon.

    A milestone reached on an unknown day, or open without a date, leaves it undecided.
    """
    marks = of_projects(case, "milestones")
    by = [marks["month"], marks["project_code"]]
    around = case.setting.limits["amber"]
    done = (marks["state"] == "completed") | marks["end_actual"].notna()
    open_ = ~done & ~marks["state"].isin(CLOSED)
    back = days(marks["as_of"] - marks["end_actual"])
    ahead = days(marks["end_expected"] - marks["as_of"])
    near = (back.between(0, around)) | (open_ & (ahead <= around))
    vague = (done & marks["end_actual"].isna()) | (open_ & marks["end_expected"].isna())
    seen = pd.DataFrame({"near": near, "vague": vague}).groupby(by, sort=False).max()
    rows = case.rows
    keys = pd.MultiIndex.from_frame(rows[["month", "project_code"]])
    found = seen.reindex(keys).set_axis(rows.index)
    known = found["vague"].eq(False) | found["near"].eq(True)
    told = case.tell({"amber": known & found["near"].eq(False)})
    return pd.concat([told, case.skip(rows[~known], "milestones")], ignore_index=True)
