"""W01: more work planned for somebody than there is time."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.history import period_of
from consolidate.analyse.load import person_months


@rule(
    "person-overload",
    "workload",
    uses=("effort_planned", "capacity", "category"),
    scope="any",
)
def person_overload(case: Case) -> pd.DataFrame:
    """Tell the people planned beyond their capacity, in the month or after: the worst.

    Nobody is told of without a capacity, or with two that differ.
    """
    load = person_months(case.history, "effort_planned", ahead=True)
    known = load["capacity"].gt(0) & load["effort"].notna()
    share = (load["effort"] / load["capacity"]).where(known)
    load = load.assign(share=share, own=load["of"].map(period_of))
    worst = load[known].sort_values(["month", "share"], kind="stable")
    worst = worst.drop_duplicates(["month", "person"], keep="last")
    rows = worst.assign(object=worst["person"])
    facts = {"own": rows["own"], "sources": rows["sources"]}
    told = case.above(rows["share"], rows, **facts)
    unknown = load[~known].drop_duplicates(["month", "person"])
    unknown = unknown.assign(object=unknown["person"])
    return pd.concat([told, case.skip(unknown, "capacity")], ignore_index=True)
