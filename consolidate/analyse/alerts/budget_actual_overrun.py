"""B02: more spent or committed than the budget."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.tolerance import cost_limits


@rule(
    "budget-actual-overrun",
    "projects",
    needs=("reference_budget", "amount_scope"),
    uses=("spent", "committed", "amount_year", "tolerance_cost_pct"),
    also=("on_hold", "mco"),
)
def budget_actual_overrun(case: Case) -> pd.DataFrame:
    """Tell the projects whose spent or committed amount exceeds their budget.

    The two are different figures: each is compared alone, the larger is told.
    """
    rows = case.rows
    amounts = rows[["spent", "committed"]]
    known = amounts.notna().any(axis=1)
    most = amounts.max(axis=1)
    which = (rows["committed"] == most).map({True: "committed", False: "spent"})
    limits = cost_limits(case.rules, case.rule.id, rows)
    gap = most / rows["reference_budget"] - 1
    facts = {"amount": most, "budget": rows["reference_budget"], "which": which}
    told = case.over(gap, limits, **facts)
    return pd.concat(
        [told, case.skip(rows[~known], "spent;committed")], ignore_index=True
    )
