"""P06: too many projects of first priority."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.sources import gathered


@rule("priority-inflation", "projects", needs=("priority",), scope="active")
def priority_inflation(case: Case) -> pd.DataFrame:
    """Tell when a large share of the active projects with a priority are of the first."""
    rows = case.rows
    first = rows["priority"] == "1"
    by = [rows["month"]]
    found = pd.DataFrame({"share": first.groupby(by, sort=False).mean(), "count": first.groupby(by, sort=False).sum()})  # fmt: skip
    found["sources"] = gathered(case.history, rows[first], "projects", ["month"])
    found = found.rename_axis("month").reset_index()
    found = found.assign(project_code=None, record_id="", object="")
    return case.above(found["share"], found, count=found["count"], sources=found["sources"])  # fmt: skip
