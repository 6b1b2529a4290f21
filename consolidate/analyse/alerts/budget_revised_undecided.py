"""B08: a budget revised without a decision."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.decisions import decided
from consolidate.analyse.history import before


@rule(
    "budget-revised-undecided",
    "projects",
    needs=("budget_revised", "amount_scope"),
    uses=("amount_year",),
    others={"actions": ("kind", "meeting_date", "raised_on", "closed_on")},
    also=("on_hold", "mco"),
)
def budget_revised_undecided(case: Case) -> pd.DataFrame:
    """Tell the projects whose revised budget moved while nothing was decided."""
    rows = case.rows
    was = before(rows, "budget_revised")
    year = rows["amount_year"].fillna(0)
    alike = (before(rows, "amount_scope") == rows["amount_scope"]) & (
        before(rows.assign(amount_year=year), "amount_year") == year
    )
    change = (rows["budget_revised"] / was.where(was > 0) - 1).where(alike)
    moved = change.abs().round(9) > case.limit("amber")
    settled = decided(case, rows, ("decision", "re_baseline"))
    return case.tell(
        {"amber": moved & ~settled}, change, was=was, now=rows["budget_revised"]
    )
