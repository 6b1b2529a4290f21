"""P03: more work accepted than there is time to do it."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.load import person_months
from consolidate.analyse.sources import gathered


@rule(
    "intake-above-capacity",
    "requests",
    uses=("state", "estimated_effort"),
    others={"workload": ("effort_planned", "capacity", "category")},
    scope="any",
)
def intake_above_capacity(case: Case) -> pd.DataFrame:
    """Tell when accepted requests ask for more days than the next months leave free.

    Free are the capacities of the months ahead, less what is planned. A request without
    an estimate, or a capacity not known, leaves it undecided.
    """
    rows = case.rows
    rows = rows[(rows["state"] == "accepted") & rows["project_code"].isna()]
    asked = rows.groupby("month", sort=False)["estimated_effort"]
    load = person_months(case.history, "effort_planned", ahead=True)
    ahead = load["of"] - load["month"]
    load = load[ahead.between(1, case.setting.limits["months"])]
    free = (load["capacity"] - load["effort"].fillna(0)).groupby(load["month"])
    found = pd.DataFrame(
        {
            "asked": asked.sum().where(rows["estimated_effort"].isna().groupby(rows["month"]).sum() == 0),
            "sources": gathered(case.history, rows, "requests", ["month"]),
        }
    )  # fmt: skip
    whole = load["capacity"].isna().groupby(load["month"]).sum() == 0
    found["free"] = free.sum().where(whole).reindex(found.index)
    found = found.rename_axis("month").reset_index()
    found = found.assign(project_code=None, record_id="", object="")
    known = found["asked"].notna() & found["free"].gt(0)
    share = (found["asked"] / found["free"]).where(known)
    told = case.above(share, found, asked=found["asked"], free=found["free"], sources=found["sources"])  # fmt: skip
    return pd.concat([told, case.skip(found[~known], "estimated_effort;capacity")], ignore_index=True)  # fmt: skip
