"""B10: an end too late for the funding a project depends on."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, of_projects, rule
from consolidate.analyse.columns import days
from consolidate.analyse.sources import gathered


@rule(
    "external-funding-at-risk",
    "projects",
    needs=("funding_programme", "legal_deadline"),
    uses=("end_forecast",),
    others={"milestones": ("milestone_type", "end_forecast", "end_actual", "state")},
    also=("on_hold",),
)
def external_funding_at_risk(case: Case) -> pd.DataFrame:
    """Tell the externally funded projects that end after, or just before, the deadline.

    The latest of the project's forecast and of its regulatory milestones' counts.
    """
    rows = case.rows
    rows = rows[rows["funding_programme"].isin(case.setting.lists["external"])]
    bound = of_projects(case, "milestones")
    bound = bound[
        (bound["milestone_type"] == "regulatory") & bound["end_actual"].isna()
    ]
    bound = bound[bound["end_forecast"].notna() & (bound["state"] != "cancelled")]
    by = ["month", "project_code"]
    keys = pd.MultiIndex.from_frame(rows[by])
    last = bound.groupby(by, sort=False)["end_forecast"].max().reindex(keys)
    regulatory = pd.Series(last.to_numpy(), index=rows.index)
    end = pd.concat([rows["end_forecast"], regulatory], axis=1).max(axis=1)
    margin = days(rows["legal_deadline"] - end)
    sources = (
        gathered(case.history, bound, "milestones", by)
        .reindex(keys)
        .set_axis(rows.index)
    )
    told = case.below(margin, rows, end=end, deadline=rows["legal_deadline"], sources=sources)  # fmt: skip
    return pd.concat([told, case.skip(rows[end.isna()], "end_forecast")], ignore_index=True)  # fmt: skip
