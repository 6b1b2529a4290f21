"""R16: an interface that a go-live needs and that nobody has tested."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, both, project_date, rule
from consolidate.analyse.columns import days
from consolidate.analyse.interfaces import proved


@rule(
    "interface-not-tested",
    "interfaces",
    uses=("state", "tested_on", "live_on", "source_system", "target_system"),
    others={
        "projects": ("go_live_date",),
        "milestones": ("milestone_type", "end_forecast", "end_baseline", "end_actual"),
    },
)
def interface_not_tested(case: Case) -> pd.DataFrame:
    """Tell the interfaces not tested whose project goes live soon, or is live.

    The project's go-live date counts, else its next milestone of that type. An interface
    that tells neither its state nor a test is not judged.
    """
    rows = case.rows
    when, sources = _go_live(case)
    ready = proved(rows["state"], rows["tested_on"], rows["live_on"], rows["as_of"])
    left = days(when - rows["as_of"])
    waiting = ready.eq(0) & left.notna()
    steps = {s: waiting & (left <= case.limit(s)) for s in ("amber", "red")}
    told = case.tell(steps, left, date=when, sources=sources)
    unknown = rows[ready.isna() & (left <= case.limit("amber"))]
    return both(told, case.skip(unknown, "state;tested_on"))


def _go_live(case: Case) -> tuple[pd.Series, pd.Series]:
    """Return when the project of each row goes live, and the record that says so."""
    when, sources = project_date(case, "go_live_date")
    stones = case.history.table("milestones")
    own = stones[stones["milestone_type"].eq("go_live")]
    day = own["end_actual"].fillna(own["end_expected"])
    own = own.assign(day=day)[day.notna()].sort_values("day", kind="stable")
    by = ["month", "project_code"]
    first = own.drop_duplicates(by).set_index(by)
    keys = pd.MultiIndex.from_frame(case.rows[by])
    found = first[["day", "record_id"]].reindex(keys).set_axis(case.rows.index)
    named = "milestones:" + found["record_id"].astype("object")
    return when.fillna(found["day"]), sources.where(when.notna(), named)
