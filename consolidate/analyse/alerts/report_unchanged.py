"""A04: a return that says word for word what the last one said."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.history import before, streak

_SAME = ("highlights", "next_steps", "progress", "end_forecast", "forecast_cost")


@rule(
    "report-unchanged",
    "projects",
    needs=("progress",),
    uses=_SAME,
    also=("on_hold", "mco"),
)
def report_unchanged(case: Case) -> pd.DataFrame:
    """Tell the projects whose texts, progress and forecasts are those of last month.

    A return without highlights and next steps says nothing that could be copied.
    """
    rows = case.rows
    same = rows["highlights"].notna() | rows["next_steps"].notna()
    for name in _SAME:
        was = before(rows, name)
        same &= (rows[name] == was) | (rows[name].isna() & was.isna())
    count = streak(same, rows["key"])
    steps = {s: count >= case.limit(s) for s in case.setting.severity}
    return case.tell(steps, count.astype("float64"))
