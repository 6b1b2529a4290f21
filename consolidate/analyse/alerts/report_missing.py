"""A02: a project under way of which nothing came this month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule


@rule("report-missing", "projects", scope="any")
def report_missing(case: Case) -> pd.DataFrame:
    """Tell the projects, active when last seen, that sent nothing since.

    A project that was never seen cannot be missed; one whose state is not known when it
    was last seen cannot be judged.
    """
    rows = case.rows[case.rows["project_code"].notna()]
    months = case.history.sent.columns.to_numpy()
    last = _last_seen(rows, months)
    gone = last[last["month"] > last["seen"]]
    count = gone["month"].map(_place(months)) - gone["seen"].map(_place(months))
    active = gone["state"] == "active"
    steps = {s: active & (count >= case.limit(s, gone)) for s in ("amber", "red")}
    unknown = gone[gone["state"].isna()]
    told = case.tell(steps, count.astype("float64"), gone, last=gone["seen_on"])
    return pd.concat([told, case.skip(unknown, "state")], ignore_index=True)


def _last_seen(rows: pd.DataFrame, months: np.ndarray) -> pd.DataFrame:
    """Return for each project and month, from its first, what it was when last seen."""
    codes = rows["project_code"].drop_duplicates()
    grid = pd.MultiIndex.from_product([months, codes], names=["month", "project_code"])
    known = rows.drop_duplicates(["month", "project_code"]).rename(columns={"as_of": "seen_on"})  # fmt: skip
    own = known[["month", "project_code", "record_id", "object", "state", "seen_on"]]
    own = own.assign(seen=own["month"])
    every = pd.DataFrame(index=grid).reset_index().merge(own, how="left")
    here = every["seen"].notna()
    # A state that is not given must not be taken from an earlier month.
    every["state"] = every["state"].where(~here | every["state"].notna(), "")
    filled = every.groupby("project_code", sort=False)[list(own.columns[2:])].ffill()
    every = every.assign(**{name: filled[name] for name in own.columns[2:]})
    every["state"] = every["state"].where(every["state"] != "", None)
    return every[every["seen"].notna()]


def _place(months: np.ndarray) -> dict[int, int]:
    return {int(m): k for k, m in enumerate(months)}
