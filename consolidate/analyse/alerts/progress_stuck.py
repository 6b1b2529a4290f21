"""D09: a progress that goes back or stands still."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.history import before, streak


@rule("progress-stuck", "projects", needs=("progress",), scope="active")
def progress_stuck(case: Case) -> pd.DataFrame:
    """Tell the projects whose progress fell, or is the same in several reports."""
    rows = case.rows
    was = before(rows, "progress")
    change = (rows["progress"] - was).round(9)
    fell = change < -case.limit("points")
    same = (change == 0) & (rows["progress"] < 1)
    reports = streak(same, rows["key"]) + 1
    frozen = same & (reports >= case.limit("amber"))
    how = fell.map({True: "fell", False: "frozen"})
    facts = {"how": how, "was": was, "progress": rows["progress"]}
    return case.tell({"amber": fell | frozen}, change, **facts)
