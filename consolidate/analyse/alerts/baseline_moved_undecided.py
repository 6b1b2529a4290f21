"""D11: a reference date that changed without a decision."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days
from consolidate.analyse.decisions import decided
from consolidate.analyse.history import before


@rule(
    "baseline-moved-undecided",
    "projects",
    needs=("end_baseline",),
    others={"actions": ("kind", "meeting_date", "raised_on", "closed_on")},
)
def baseline_moved_undecided(case: Case) -> pd.DataFrame:
    """Tell the projects whose baseline end is not the one of their last return."""
    rows = case.rows
    was = before(rows, "end_baseline")
    moved = days(rows["end_baseline"] - was)
    settled = decided(case, rows, ("re_baseline",))
    changed = moved.notna() & (moved != 0) & ~settled
    return case.tell({"amber": changed}, moved, was=was, now=rows["end_baseline"])
