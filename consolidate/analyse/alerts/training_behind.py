"""R13: too few people trained just before the go-live."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, of_projects, rule
from consolidate.analyse.columns import days
from consolidate.analyse.sources import gathered


@rule(
    "training-behind",
    "projects",
    needs=("go_live_date",),
    others={
        "trainings": ("trained_share", "headcount_target", "headcount_trained", "state")
    },
)
def training_behind(case: Case) -> pd.DataFrame:
    """Tell the projects that go live within weeks with few of their people trained.

    Trained over target, of all trainings; where headcounts are not given, the mean of
    the shares. A training that says neither leaves its project undecided.
    """
    rows = case.rows
    left = days(rows["go_live_date"] - rows["as_of"])
    soon = left.between(0, case.setting.limits["days"])
    every = of_projects(case, "trainings")
    every = every[every["state"] != "cancelled"]
    by = ["month", "project_code"]
    keys = pd.MultiIndex.from_frame(rows[by])
    share = pd.Series(_trained(every, by).reindex(keys).to_numpy("float64"), rows.index)
    sources = (
        gathered(case.history, every, "trainings", by)
        .reindex(keys)
        .set_axis(rows.index)
    )
    told = case.below(share.where(soon), date=rows["go_live_date"], sources=sources)
    unknown = rows[soon & share.isna()]
    return pd.concat([told, case.skip(unknown, "trained_share")], ignore_index=True)


def _trained(trainings: pd.DataFrame, by: list[str]) -> pd.Series:
    counted = trainings[["headcount_trained", "headcount_target"]].notna().all(axis=1)
    groups = [trainings[name] for name in by]
    sums = trainings.groupby(by, sort=False)[["headcount_trained", "headcount_target"]].sum()  # fmt: skip
    target = sums["headcount_target"]
    ratio = sums["headcount_trained"] / target.where(target > 0)
    by_head = counted.groupby(groups, sort=False).all()
    by_share = trainings["trained_share"].notna().groupby(groups, sort=False).all()
    mean = trainings["trained_share"].groupby(groups, sort=False).mean()
    return ratio.where(by_head, mean.where(by_share))
