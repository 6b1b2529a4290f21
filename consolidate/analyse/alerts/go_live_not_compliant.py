"""R10: a go-live before the compliance it needs."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, of_projects, rule
from consolidate.analyse.columns import days
from consolidate.analyse.sources import gathered

_DONE = ("compliant", "not_applicable")


@rule(
    "go-live-not-compliant",
    "projects",
    needs=("go_live_date",),
    others={"compliance": ("framework", "state", "applicable")},
    also=("on_hold",),
)
def go_live_not_compliant(case: Case) -> pd.DataFrame:
    """Tell the projects that go live soon, or are live, with items not compliant.

    A project that lists no item of the frameworks concerned is not judged.
    """
    rows = case.rows
    items = of_projects(case, "compliance")
    items = items[items["framework"].isin(case.setting.lists["frameworks"])]
    items = items[items["state"].notna() & ~items["applicable"].eq(False)]
    by = ["month", "project_code"]
    open_ = items[~items["state"].isin(_DONE)]
    keys = pd.MultiIndex.from_frame(rows[by])
    known = keys.isin(pd.MultiIndex.from_frame(items[by]))
    count = open_.groupby(by, sort=False).size().reindex(keys).to_numpy("float64")
    sources = (
        gathered(case.history, open_, "compliance", by)
        .reindex(keys)
        .set_axis(rows.index)
    )
    left = days(rows["go_live_date"] - rows["as_of"])
    lacking = pd.Series(count, rows.index) > 0
    steps = {s: lacking & (left <= case.limit(s)) for s in ("amber", "red")}
    facts = {"date": rows["go_live_date"], "count": pd.Series(count, rows.index)}
    told = case.tell(steps, left, **facts, sources=sources)
    soon = left <= case.limit("amber")
    return pd.concat([told, case.skip(rows[~known & soon], "compliance")], ignore_index=True)  # fmt: skip
