"""A05: a project whose committee has not met for long."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, of_projects, rule
from consolidate.analyse.columns import days

_BODIES = ("steering_committee", "project_committee")


@rule(
    "committee-not-held",
    "projects",
    uses=("last_committee_date", "priority"),
    others={"meetings": ("governance_body", "meeting_date", "meeting_state")},
    scope="active",
)
def committee_not_held(case: Case) -> pd.DataFrame:
    """Tell the projects whose last committee was held too long ago."""
    rows = case.rows
    held = of_projects(case, "meetings")
    held = held[
        (held["meeting_state"] == "held") & held["governance_body"].isin(_BODIES)
    ]
    held = held[held["meeting_date"] <= held["as_of"]]
    last = held.groupby(["month", "project_code"], sort=False)["meeting_date"].max()
    keys = pd.MultiIndex.from_frame(rows[["month", "project_code"]])
    met = pd.Series(last.reindex(keys).to_numpy(), index=rows.index)
    when = pd.concat([rows["last_committee_date"], met], axis=1).max(axis=1)
    known = when.notna()
    age = days(rows["as_of"] - when)
    high = rows["priority"].isin(["1", "2"])
    limit = case.limit("days").mask(high, case.limit("days_high_priority"))
    steps = {"amber": known & (age > limit)}
    told = case.tell(steps, age, date=when).assign(threshold=limit)
    return pd.concat(
        [told, case.skip(rows[~known], "last_committee_date")], ignore_index=True
    )
