"""W02: a team that spends more on running than it used to."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.load import team_months


@rule(
    "run-share-high",
    "workload",
    uses=("category", "effort_spent"),
    scope="any",
)
def run_share_high(case: Case) -> pd.DataFrame:
    """Tell the teams whose share of run is above their own past, by points.

    Compared with the median of the team's last months, no norm; a team that has hardly
    any time left for projects is told whatever its past. Too little past: not judged.
    """
    months = team_months(case.history)
    window, least = (
        int(case.setting.limits["window"]),
        int(case.setting.limits["least"]),
    )
    past = months.groupby("team", sort=False)["share"].transform(
        lambda own: own.shift(1).rolling(window, min_periods=least).median()
    )
    rows = months.assign(past=past)
    rows = rows[rows["month"].isin(case.history.sent.columns)]
    gap = rows["share"] - rows["past"]
    full = rows["share"].round(9) > case.limit("full", rows)
    exact = gap.round(9)
    steps = {
        "amber": exact > case.limit("amber", rows),
        "red": (exact > case.limit("red", rows)) | full,
    }
    facts = {"share": rows["share"], "past": rows["past"], "sources": rows["sources"]}
    told = case.tell(steps, gap, rows, **facts)
    unknown = rows[rows["past"].isna() & ~full]
    return pd.concat([told, case.skip(unknown, "history")], ignore_index=True)
