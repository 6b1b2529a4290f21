"""Time of teams and people by month, from all the months told."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.history import History
from consolidate.analyse.sources import BETWEEN, gathered


def person_months(history: History, effort: str, *, ahead: bool) -> pd.DataFrame:
    """Return what each report says of each person and month.

    Args:
        history: Holds the workload.
        effort: ``effort_planned``, or ``recorded`` for days spent and absences.
        ahead: The month of the report and those after it, else that month alone.

    Returns:
        Columns ``month`` (of the report), ``of`` (the month meant), ``person``, ``team``
        (None when two), ``effort`` (days; unknown where none is given), ``capacity``
        (unknown where none is given, or two that differ), ``sources``, and
        ``project_code`` and ``record_id``, which are empty.
    """
    rows = history.dated("workload")
    near = rows["of"] >= rows["month"] if ahead else rows["of"] == rows["month"]
    rows = rows[near & rows["person"].notna()]
    if effort == "recorded":
        away = rows["absence"].fillna(0)
        days = rows["effort_spent"].fillna(0) + away
    else:
        days = rows[effort].where(rows["category"] != "absence")
    by = ["month", "of", "person"]
    groups = rows.assign(days=days).groupby(by, sort=False)
    capacities = groups["capacity"].nunique()
    found = pd.DataFrame(
        {
            "effort": groups["days"].sum(min_count=1),
            "capacity": groups["capacity"].max().where(capacities == 1),
            "team": groups["team"].first().where(groups["team"].nunique() == 1),
            "sources": gathered(history, rows, "workload", by),
        }
    )
    return found.reset_index().assign(project_code=None, record_id="")


def team_months(history: History) -> pd.DataFrame:
    """Return the share of run of each team and month, oldest first.

    Where a team's figures come a month late, they are taken in the month they come.

    Returns:
        Columns ``month``, ``team``, ``share`` (run over run and build, of days spent;
        neither transverse time nor absence counts), ``sources`` and, as alerts have
        them, ``object``, ``project_code``, ``record_id``.
    """
    rows = history.monthly("workload")
    rows = rows[rows["team"].notna() & rows["category"].isin(["run", "build"])]
    rows = rows[rows["effort_spent"].notna()]
    by = ["month", "team"]
    run = rows["effort_spent"].where(rows["category"] == "run", 0.0)
    groups = rows.assign(run=run).groupby(by)
    sums = groups[["run", "effort_spent"]].sum()
    found = pd.DataFrame(
        {
            "share": sums["run"] / sums["effort_spent"].where(sums["effort_spent"] > 0),
            "sources": gathered(history, rows, "workload", by),
        }
    ).reset_index()
    behind = history.now - found.groupby("team")["month"].transform("max")
    found["month"] += (behind == 1).astype("int64")
    return found.assign(object=found["team"], project_code=None, record_id="")


def joined(sources: pd.Series) -> str:
    """Return several sources as one; those of months that are not told are unknown."""
    return BETWEEN.join(sources.dropna())
