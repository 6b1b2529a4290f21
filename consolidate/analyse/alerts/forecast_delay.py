"""D02: the end is now expected later than planned."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.tolerance import drift


@rule(
    "forecast-delay",
    "projects",
    needs=("end_forecast", "end_baseline"),
    uses=("start_planned", "start_actual", "tolerance_days"),
)
def forecast_delay(case: Case) -> pd.DataFrame:
    """Tell the projects whose forecast end is later than the baseline allows.

    A delay that is only grave for a short project waits for its start to be known.
    """
    rows = case.rows
    late = drift(case.rules, rows)
    steps = {"amber": late["rank"] == 1, "red": late["rank"] == 2}
    facts = {"end": rows["end_forecast"], "baseline": rows["end_baseline"]}
    told = case.tell(steps, rows["slip_days"], share=late["share"], **facts)
    unknown = rows[late["rank"].isna()]
    told = told.assign(threshold=late["threshold"])
    return pd.concat([told, case.skip(unknown, "start_planned")], ignore_index=True)
