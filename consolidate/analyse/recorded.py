"""Time as it is known today: planned, recorded, absent, able, by month, person and team."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.history import History

TIME_FIELDS = {
    "projects": ("name", "kind", "state", "domain", "establishment", "department"),
    "workload": (
        *("person", "team", "service_code", "activity"),
        *("category", "time_category", "month", "date"),
        *("effort_planned", "effort_spent", "effort_remaining", "capacity", "absence"),
    ),
}
"""Fields that time is worked out of, by table."""

GROUPS = ("run", "build", "other")
"""What recorded time is: kept in operation, built, transverse."""


def time_rows(history: History) -> pd.DataFrame:
    """Return every line of time once, as the latest report tells it.

    Returns:
        Columns ``month`` (the one meant, as ``ordinal`` counts), ``team`` (the line's; else
        the name of the MCO container it stands in, for there is one a team; None where
        neither is told), ``person``, ``project_code``, ``project_kind``, ``service_code``,
        ``activity``, ``category`` (run, build, other, absence or None), ``time_category``,
        ``spent``, ``planned``, ``capacity``, ``absence`` (person-days) and ``record_id``.
    """
    rows = history.monthly("workload")
    projects = history.table("projects").sort_values("month", kind="stable")
    last = projects[projects["project_code"].notna()]
    last = last.drop_duplicates("project_code", keep="last").set_index("project_code")
    kind = rows["project_code"].map(last["kind"])
    named = rows["project_code"].map(last["name"]).astype("object")
    container = named.where(named.notna(), rows["project_code"])
    team = rows["team"].where(rows["team"].notna(), container.where(kind == "mco"))
    return pd.DataFrame(
        {
            "month": rows["month"],
            "team": team.astype("object").where(team.notna(), None),
            "person": rows["person"],
            "project_code": rows["project_code"],
            "project_kind": kind.astype("object").where(kind.notna(), None),
            "service_code": rows["service_code"],
            "activity": rows["activity"],
            "category": rows["category"],
            "time_category": rows["time_category"],
            "spent": rows["effort_spent"],
            "planned": rows["effort_planned"],
            "capacity": rows["capacity"],
            "absence": rows["absence"],
            "record_id": rows["record_id"],
        }
    )


def person_time(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the months of people; a capacity or an absence told on each line counts once.

    Args:
        rows: As ``time_rows`` returns them.

    Returns:
        Columns ``month``, ``person``, ``team`` (None for who works in two), ``capacity``
        (unknown where two differ), ``absence`` (days of the lines of absence, else what the
        column says; nothing for who tells absences in another month; unknown for who never
        tells any), ``recorded`` and ``planned`` (all but absence; unknown where none is
        told).
    """
    rows = rows[rows["person"].notna()]
    away = rows["category"] == "absence"
    parts = rows.assign(
        recorded=rows["spent"].where(~away),
        ahead=rows["planned"].where(~away),
        lines=rows["spent"].fillna(rows["planned"]).where(away),
    )
    groups = parts.groupby(["month", "person"], sort=True)
    one_capacity = groups["capacity"].nunique() == 1
    one_absence = groups["absence"].nunique() == 1
    column = groups["absence"].max().where(one_absence)
    found = pd.DataFrame(
        {
            "team": groups["team"].first().where(groups["team"].nunique() == 1),
            "capacity": groups["capacity"].max().where(one_capacity),
            "absence": groups["lines"].sum(min_count=1).fillna(column),
            "recorded": groups["recorded"].sum(min_count=1),
            "planned": groups["ahead"].sum(min_count=1),
        }
    ).reset_index()
    tells = found.groupby("person")["absence"].transform("count") > 0
    found["absence"] = found["absence"].fillna(found["absence"].where(~tells, 0.0))
    return found


def balance(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return time recorded and the time there was, grouped.

    Args:
        rows: As ``time_rows`` returns them, of the months wanted.
        by: ``month``, ``team``, both or neither (``[]``: one row for all).

    Returns:
        Columns ``by``, then ``run``, ``build``, ``other``, ``unsaid`` (days of no known
        category), ``recorded`` (their sum; unknown where nothing is told), ``run_share``
        (run over run and build), ``wide_share`` (run over run, build and transverse),
        ``people`` (months of people told of), ``able`` (those of known capacity),
        ``capacity``, ``absence`` (of those), ``rate`` (recorded and absent over capacity,
        of those), ``sure`` (those of known capacity and absence), ``unrecorded`` and
        ``beyond`` (capacity less absence less recorded, where above and below 0, of those).
        A month in which nobody of the group recorded anything has neither rate nor
        unrecorded time: its figures have not come.
    """
    keys = by or ["all"]
    rows = rows if by else rows.assign(all=0)
    days = rows[rows["category"].ne("absence") & rows["spent"].notna()]
    kind = days["category"].where(days["category"].isin(GROUPS), "unsaid")
    sums = _pivot(days.assign(kind=kind), keys, "kind", (*GROUPS, "unsaid"))
    sums["recorded"] = sums[[*GROUPS, "unsaid"]].sum(axis=1)
    both, three = sums["run"] + sums["build"], sums[list(GROUPS)].sum(axis=1)
    sums["run_share"] = sums["run"] / both.where(both > 0)
    sums["wide_share"] = sums["run"] / three.where(three > 0)
    found = sums.join(_able(rows, keys, sums.index), how="outer")
    found = found.reset_index()
    return found if by else found.drop(columns="all")


def _pivot(rows: pd.DataFrame, keys: list[str], name: str, kinds: tuple[str, ...]) -> pd.DataFrame:  # fmt: skip
    sums = rows.groupby([*keys, name], sort=True)["spent"].sum().unstack(name)
    return sums.reindex(columns=list(kinds)).fillna(0.0).rename_axis(columns=None)


def _able(rows: pd.DataFrame, keys: list[str], told: pd.Index) -> pd.DataFrame:
    people = person_time(rows)
    people = people if "all" not in keys else people.assign(all=0)
    people = people[people[keys].notna().all(axis=1)]
    index = people.set_index(keys).index
    arrived = pd.Series(index.isin(told), index=people.index)
    recorded = people["recorded"].fillna(0.0)
    able = people["capacity"].gt(0)
    sure = able & people["absence"].notna() & arrived
    left = (people["capacity"] - people["absence"] - recorded).where(sure)
    parts = people[keys].assign(
        people=1,
        able=able.astype("int64"),
        sure=sure.astype("int64"),
        capacity=people["capacity"].where(able),
        absence=people["absence"].where(able),
        used=(recorded + people["absence"].fillna(0.0)).where(able & arrived),
        unrecorded=left.clip(lower=0),
        beyond=(-left).clip(lower=0),
    )
    found = parts.groupby(keys, sort=True).sum(min_count=1)
    found["rate"] = found["used"] / found["capacity"]
    return found.drop(columns="used")


def in_year(rows: pd.DataFrame, now: int) -> pd.DataFrame:
    """Return the rows of the year up to a month."""
    return rows[(rows["month"] // 12 == now // 12) & (rows["month"] <= now)]


def own_past(monthly: pd.DataFrame, now: int, window: int, least: int) -> pd.Series:
    """Return each team's median share of run over the months before one.

    Args:
        monthly: ``balance`` by month and team.
        now: The month compared with it.
        window: How many months before it count.
        least: How many must be known.

    Returns:
        By team; teams with less are left out.
    """
    before = monthly[monthly["month"].between(now - window, now - 1)]
    known = before[before["run_share"].notna()].groupby("team")["run_share"]
    return known.median()[known.count() >= least]


def ahead(rows: pd.DataFrame, now: int, months: int) -> pd.DataFrame:
    """Return the load planned of the months to come, by team and for all (team None).

    Whoever works in two teams counts for all alone: nobody says how their capacity is shared.

    Returns:
        Columns ``month``, ``team``, ``planned``, ``capacity``, ``absence``, ``people``,
        ``able``; ``load`` (planned over capacity less absence) and ``left`` (the days that
        remain), both unknown while someone's capacity is, or nothing is planned.
    """
    coming = person_time(rows)
    coming = coming[coming["month"].between(now + 1, now + months)]
    if coming.empty:
        names = ["month", "team", "planned", "capacity", "absence", "people", "able", "load", "left"]  # fmt: skip
        return pd.DataFrame(columns=names, dtype="object")
    whole = coming.assign(team="")
    coming = pd.concat([whole, coming[coming["team"].notna()]], ignore_index=True)
    parts = coming.assign(people=1, able=coming["capacity"].gt(0).astype("int64"))
    names = ["planned", "capacity", "absence", "people", "able"]
    found = parts.groupby(["team", "month"], sort=True)[names].sum(min_count=1)
    found = found.reset_index()
    whole_known = found["people"] == found["able"]
    free = found["capacity"] - found["absence"].fillna(0.0)
    found["load"] = (found["planned"] / free.where(free > 0)).where(whole_known)
    found["left"] = (free - found["planned"]).where(whole_known)
    return found.assign(team=found["team"].replace("", None))


__all__ = [
    "GROUPS",
    "TIME_FIELDS",
    "ahead",
    "balance",
    "in_year",
    "own_past",
    "person_time",
    "time_rows",
]
