"""S04: green last time, red now."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.history import before


@rule("green-to-red", "projects", needs=("status",))
def green_to_red(case: Case) -> pd.DataFrame:
    """Tell the projects that went from green to red between two returns."""
    rows = case.rows
    jumped = (before(rows, "status") == "green") & (rows["status"] == "red")
    return case.tell({"amber": jumped})
