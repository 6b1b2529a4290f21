"""B01: a final cost forecast above the budget."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.tolerance import cost_limits


@rule(
    "budget-forecast-overrun",
    "projects",
    needs=("forecast_cost", "reference_budget", "amount_scope"),
    uses=("amount_year", "tolerance_cost_pct"),
    also=("on_hold", "mco"),
)
def budget_forecast_overrun(case: Case) -> pd.DataFrame:
    """Tell the projects whose forecast exceeds their budget beyond what is tolerated."""
    rows = case.rows
    gap = rows["forecast_cost"] / rows["reference_budget"] - 1
    limits = cost_limits(case.rules, case.rule.id, rows)
    facts = {"forecast": rows["forecast_cost"], "budget": rows["reference_budget"]}
    return case.over(gap, limits, **facts)
