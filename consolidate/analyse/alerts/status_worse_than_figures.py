"""S06: a declared status worse than the figures."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.computed import COMPUTED_FROM, status_of


@rule("status-worse-than-figures", "projects", needs=("status",), uses=COMPUTED_FROM)
def status_worse_than_figures(case: Case) -> pd.DataFrame:
    """Tell the projects declared red whose figures are green."""
    rows = case.rows
    found = status_of(rows, case.status)
    severe = (rows["status"] == "red") & (found["overall"] == "green")
    return case.tell({"low": severe})
