"""B06: a final cost that nobody estimates anew."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.cost_performance_low import cost_performance
from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.history import streak


@rule(
    "forecast-not-reestimated",
    "projects",
    needs=("reference_budget", "amount_scope"),
    uses=("forecast_cost", "spent", "progress", "effort_planned", "effort_spent"),
    also=("on_hold",),
)
def forecast_not_reestimated(case: Case) -> pd.DataFrame:
    """Tell the projects whose forecast stays the budget although the work costs more.

    Also those without a forecast whose budget is half spent.
    """
    rows = case.rows
    budget = rows["reference_budget"]
    weak = cost_performance(rows) < case.limit("performance")
    count = streak((rows["forecast_cost"] == budget) & weak, rows["key"])
    share = rows["spent"] / budget
    silent = rows["forecast_cost"].isna() & (share > case.limit("spent"))
    copied = count >= case.limit("reports")
    return case.tell({"amber": copied | silent}, share)
