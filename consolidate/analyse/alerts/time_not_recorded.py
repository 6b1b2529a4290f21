"""W03: time of a team that nobody recorded."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.load import joined, person_months


@rule(
    "time-not-recorded",
    "workload",
    uses=("effort_spent", "absence", "capacity", "category"),
    scope="any",
)
def time_not_recorded(case: Case) -> pd.DataFrame:
    """Tell the teams whose days spent and absences of the month fall short of capacity.

    By team, never by person. A team with a member whose capacity is not known is not
    judged.
    """
    load = person_months(case.history, "recorded", ahead=False)
    load = load[load["team"].notna()]
    gaps = ~load["capacity"].gt(0)
    by = [load["month"], load["team"]]
    groups = load.groupby(["month", "team"], sort=False)
    found = groups.agg(recorded=("effort", "sum"), capacity=("capacity", "sum"), sources=("sources", joined))  # fmt: skip
    found["gap"] = gaps.groupby(by, sort=False).any()
    found = found.reset_index()
    rows = found.assign(object=found["team"], project_code=None, record_id="")
    known = ~rows["gap"]
    share = (rows["recorded"] / rows["capacity"].where(rows["capacity"] > 0)).where(known)  # fmt: skip
    told = case.below(share, rows, recorded=rows["recorded"], capacity=rows["capacity"], sources=rows["sources"])  # fmt: skip
    return pd.concat([told, case.skip(rows[~known], "capacity")], ignore_index=True)
