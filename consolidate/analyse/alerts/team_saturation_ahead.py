"""W07: a team with more work ahead than time."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.load import joined, person_months


@rule(
    "team-saturation-ahead",
    "workload",
    uses=("effort_planned", "capacity", "category"),
    scope="any",
)
def team_saturation_ahead(case: Case) -> pd.DataFrame:
    """Tell the teams whose planned effort of the next months exceeds their capacity.

    A team with a member whose capacity is not known is not judged.
    """
    load = person_months(case.history, "effort_planned", ahead=True)
    ahead = load["of"] - load["month"]
    load = load[ahead.between(1, case.setting.limits["months"]) & load["team"].notna()]
    gaps = ~load["capacity"].gt(0)
    by = [load["month"], load["team"]]
    groups = load.groupby(["month", "team"], sort=False)
    found = groups.agg(effort=("effort", "sum"), capacity=("capacity", "sum"), sources=("sources", joined))  # fmt: skip
    found["gap"] = gaps.groupby(by, sort=False).any()
    found = found.reset_index()
    rows = found.assign(object=found["team"], project_code=None, record_id="")
    share = (rows["effort"] / rows["capacity"].where(rows["capacity"] > 0)).where(~rows["gap"])  # fmt: skip
    told = case.above(share, rows, effort=rows["effort"], capacity=rows["capacity"], sources=rows["sources"])  # fmt: skip
    return pd.concat([told, case.skip(rows[rows["gap"]], "capacity")], ignore_index=True)  # fmt: skip
