"""S05: red for several returns in a row."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.history import streak


@rule("status-red-persistent", "projects", needs=("status",))
def status_red_persistent(case: Case) -> pd.DataFrame:
    """Tell the projects declared red in several returns in a row."""
    rows = case.rows
    count = streak(rows["status"] == "red", rows["key"])
    steps = {s: count >= case.limit(s) for s in ("amber", "red")}
    return case.tell(steps, count.astype("float64"))
