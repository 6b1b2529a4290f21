"""W04: a project that takes more person-days than planned."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule


@rule(
    "effort-overrun",
    "projects",
    needs=("effort_spent", "effort_remaining", "effort_planned"),
)
def effort_overrun(case: Case) -> pd.DataFrame:
    """Tell the projects whose spent and remaining effort exceeds the planned one."""
    rows = case.rows
    total = rows["effort_spent"] + rows["effort_remaining"]
    planned = rows["effort_planned"].where(rows["effort_planned"] > 0)
    return case.above(total / planned - 1, total=total, planned=planned)
