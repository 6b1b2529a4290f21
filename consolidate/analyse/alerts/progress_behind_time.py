"""D03: less is done than the time gone by asks for."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule


@rule("progress-behind-time", "projects", needs=("planned", "progress"), scope="active")
def progress_behind_time(case: Case) -> pd.DataFrame:
    """Tell the projects whose progress is far behind the one planned at the cut-off."""
    rows = case.rows
    gap = rows["planned"] - rows["progress"]
    return case.above(gap, planned=rows["planned"], progress=rows["progress"])
