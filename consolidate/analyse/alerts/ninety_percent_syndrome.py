"""D08: nearly done for months."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.history import streak


@rule("ninety-percent-syndrome", "projects", needs=("progress",), scope="active")
def ninety_percent_syndrome(case: Case) -> pd.DataFrame:
    """Tell the projects whose progress is nearly full in several reports in a row."""
    rows = case.rows
    nearly = (rows["progress"] >= case.limit("progress")) & (rows["progress"] < 1)
    count = streak(nearly, rows["key"])
    steps = {"amber": count >= case.limit("amber")}
    return case.tell(steps, count.astype("float64"), progress=rows["progress"])
