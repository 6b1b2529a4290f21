"""R06: actions that should be done."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import OPEN_ACTION, Case, rule
from consolidate.analyse.columns import days
from consolidate.analyse.sources import gathered

_TOLD = ("information", "assumption")
"""Kinds of items that nobody has to do."""


@rule(
    "actions-overdue",
    "actions",
    needs=("state", "due"),
    uses=("kind", "closed_on"),
    also=("mco",),
)
def actions_overdue(case: Case) -> pd.DataFrame:
    """Tell the projects with open actions due before the cut-off, once per project."""
    rows = case.rows
    open_ = rows["state"].isin(OPEN_ACTION) & rows["closed_on"].isna()
    rows = rows[open_ & ~rows["kind"].isin(_TOLD) & rows["project_code"].notna()]
    late = days(rows["as_of"] - rows["due"])
    over = late > 0
    by = ["month", "project_code"]
    groups = rows.assign(late=late.where(over), over=over).groupby(by, sort=False)
    found = groups.agg(open=("over", "size"), overdue=("over", "sum"), longest=("late", "max"))  # fmt: skip
    found["sources"] = gathered(case.history, rows[over], "actions", by)
    found = of_project(case, found.reset_index())
    ratio = found["overdue"] / found["open"]
    count = found["overdue"].astype("float64")
    much = ratio.round(9) > case.limit("red_share", found)
    long = found["longest"] > case.limit("red_days", found)
    steps = {
        "amber": count >= case.limit("amber", found),
        "red": (count >= case.limit("amber", found)) & (much | long),
    }
    facts = {name: found[name] for name in ("open", "longest", "sources")}
    return case.tell(steps, count, found, **facts)


def of_project(case: Case, found: pd.DataFrame) -> pd.DataFrame:
    """Return what is counted by month and project, as records of the projects' table."""
    projects = case.history.table("projects")
    own = projects[["month", "project_code", "record_id", "object"]]
    own = own.drop_duplicates(["month", "project_code"])
    made = found.merge(own, on=["month", "project_code"], how="left")
    made["record_id"] = made["record_id"].fillna("")
    made["object"] = made["object"].fillna(made["project_code"])
    return made.assign(table="projects")
