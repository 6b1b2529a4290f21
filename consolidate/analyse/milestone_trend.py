"""Milestone trend: what each report announced of a milestone, and how often it slipped.

A report is compared with the report before it of the same project: a month without a
return is no slip, and what a project last announced stays as it was, with its date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from consolidate.analyse.columns import dated
from consolidate.analyse.history import Month, ordinal

FIELDS: Mapping[str, Sequence[str]] = {
    "milestones": (
        "name",
        "code",
        "state",
        "end_baseline",
        "end_forecast",
        "end_actual",
    )
}
TOLD_COLUMNS = [
    *("month", "as_of", "project_code", "record_id", "name", "baseline", "end"),
    *("reached",),
]
SLIP_COLUMNS = [
    *("project_code", "record_id", "name", "reports", "slips", "recoveries"),
    *("rebaselined", "first", "last", "total", "latest", "told_on", "reached"),
]
LEAST_REPORTS = 3
"""Reports a trend needs (projectplanningoffice.com, dates-dates chart)."""


def told(months: Sequence[Month]) -> pd.DataFrame:
    """Return what each month's report announced of each milestone.

    Returns:
        ``TOLD_COLUMNS``, oldest first: ``month`` (int), ``as_of``, ``baseline`` and
        ``end`` (datetime64; the actual end, else the forecast, else the baseline),
        ``reached``.
    """
    frames = [_month(m) for m in months if "milestones" in m.tables]
    filled = [f for f in frames if len(f)]
    if not filled:
        days = dict.fromkeys(("as_of", "baseline", "end"), "datetime64[s]")
        return pd.DataFrame(columns=TOLD_COLUMNS).astype({**days, "reached": "bool"})
    return pd.concat(filled, ignore_index=True)


def _month(month: Month) -> pd.DataFrame:
    rows = month.tables["milestones"]
    rows = rows[rows["state"].ne("cancelled") & rows["project_code"].notna()]
    rows = rows.drop_duplicates(["project_code", "record_id"])
    day = {
        name: pd.Series(dated(rows[name]), rows.index)
        for name in ("end_actual", "end_forecast", "end_baseline")
    }
    end = day["end_actual"].fillna(day["end_forecast"]).fillna(day["end_baseline"])
    made = pd.DataFrame(
        {
            "month": ordinal(month.period),
            "as_of": pd.Timestamp(month.as_of),
            "project_code": rows["project_code"].astype("object"),
            "record_id": rows["record_id"].astype("object"),
            "name": rows["name"].fillna(rows["code"]).astype("object"),
            "baseline": day["end_baseline"],
            "end": end,
            "reached": day["end_actual"].notna() | rows["state"].eq("completed"),
        }
    )
    return made[end.notna()].reset_index(drop=True)


def slips(trend: pd.DataFrame) -> pd.DataFrame:
    """Return how often and how far each milestone slipped, the furthest first.

    Args:
        trend: See ``told``.

    Returns:
        ``SLIP_COLUMNS``: ``reports`` it was told in; ``slips`` and ``recoveries``, later
        or earlier than the report before said; ``rebaselined``, changes of its baseline;
        ``first`` and ``last`` end announced; ``total`` and ``latest`` in days (over all
        reports, and over the last one); ``told_on``, the cut-off it was last told at.
    """
    rows = trend.sort_values(["project_code", "record_id", "month"], kind="stable")
    keys = ["project_code", "record_id"]
    groups = rows.groupby(keys, sort=False)
    gap = groups["end"].diff().dt.days
    moved = groups["baseline"].diff().dt.days
    rows = rows.assign(
        gap=gap,
        slip=gap.gt(0).astype("int64"),
        recovery=gap.lt(0).astype("int64"),
        moved=(moved.notna() & moved.ne(0)).astype("int64"),
    )
    groups = rows.groupby(keys, sort=False)
    last = groups.tail(1).set_index(keys)
    found = pd.DataFrame(
        {
            "name": last["name"],
            "reports": groups.size(),
            "slips": groups["slip"].sum(),
            "recoveries": groups["recovery"].sum(),
            "rebaselined": groups["moved"].sum(),
            "first": groups["end"].first(),
            "last": groups["end"].last(),
            "latest": last["gap"],
            "told_on": last["as_of"],
            "reached": last["reached"],
        }
    )
    found = found.assign(total=(found["last"] - found["first"]).dt.days).reset_index()
    order = ["total", "slips", "project_code", "name"]
    return found.sort_values(
        order, ascending=[False, False, True, True], ignore_index=True
    )[SLIP_COLUMNS]


def slipping(trend: pd.DataFrame) -> pd.DataFrame:
    """Return the open milestones that slipped, told in at least ``LEAST_REPORTS``."""
    found = slips(trend)
    able = (found["reports"] >= LEAST_REPORTS) & ~found["reached"].astype("bool")
    return found[able & (found["slips"] > 0)].reset_index(drop=True)


def lines(trend: pd.DataFrame, code: str, most: int) -> pd.DataFrame:
    """Return the dates-dates chart of a project: a report a row, a milestone a column.

    Args:
        trend: See ``told``.
        code: Of the project.
        most: Milestones drawn: those that moved furthest.

    Returns:
        ``report`` (datetime64), then a column a milestone, named by its record.
    """
    own = trend[trend["project_code"] == code]
    first = slips(own).head(most)["record_id"]
    kept = own[own["record_id"].isin(first)]
    wide = kept.pivot_table(
        index="as_of", columns="record_id", values="end", aggfunc="last"
    )
    return (
        wide[[c for c in first if c in wide]]
        .rename_axis(columns=None)
        .reset_index(names="report")
    )


def ends_of_projects(trend: pd.DataFrame) -> pd.DataFrame:
    """Return what each report announced as the last milestone of each project.

    Args:
        trend: See ``told``.

    Returns:
        ``project_code``, ``as_of``, ``end`` (datetime64), oldest first.
    """
    groups = trend.groupby(["project_code", "as_of"], sort=True)["end"]
    return groups.max().reset_index().sort_values("as_of", kind="stable")
