"""W06: an active project nobody spends a day on."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.history import streak


@rule(
    "project-without-effort",
    "projects",
    others={"workload": ("effort_spent",)},
    scope="active",
    also=("mco",),
)
def project_without_effort(case: Case) -> pd.DataFrame:
    """Tell the active projects without a day spent for months in a row.

    Only months in which anybody recorded time count, and projects whose time was ever
    recorded: others may keep it elsewhere.
    """
    rows = case.rows
    load = case.history.monthly("workload")
    spent = load[load["effort_spent"].fillna(0) > 0]
    ever = rows["project_code"].isin(spent["project_code"])
    measured = rows["month"].isin(spent["month"])
    worked = pd.MultiIndex.from_frame(rows[["month", "project_code"]]).isin(
        pd.MultiIndex.from_frame(spent[["month", "project_code"]])
    )
    known = rows[measured & ever]
    idle = pd.Series(~worked, rows.index)[measured & ever]
    count = streak(idle, known["key"])
    steps = {"amber": count >= case.limit("amber", known)}
    told = case.tell(steps, count.astype("float64"), known)
    return pd.concat([told, case.skip(rows[~(measured & ever)], "effort_spent")], ignore_index=True)  # fmt: skip
