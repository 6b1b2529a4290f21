"""Who needs help first: the PMO's score of each project."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.history import History
from consolidate.analyse.rules import Rules
from consolidate.model.portfolio import PRIORITY_COLUMNS

ASSISTANCE = ("immediate", "this_month", "watch")
"""Levels of assistance, the most urgent first."""


def priorities(alerts: pd.DataFrame, history: History, rules: Rules) -> pd.DataFrame:
    """Return the projects that have alerts nobody acknowledged, the most urgent first.

    The score is the sum, by group capped, of severity weight times priority weight; a
    project without a priority counts as its ``unknown`` weight says.

    Returns:
        ``PRIORITY_COLUMNS``: ``level`` is one of ``ASSISTANCE``; ``alerts`` how many
        count; ``gravest`` the rule of the heaviest.
    """
    own = alerts[alerts["project_code"].notna() & alerts["acknowledged_until"].isna()]
    weights = rules.priority
    projects = history.table("projects")
    latest = projects.drop_duplicates("project_code", keep="last")
    importance = latest.set_index("project_code")["priority"].map(weights["priority"])
    weight = own["severity"].map(weights["severity"]).astype("float64")
    factor = own["project_code"].map(importance).fillna(weights["priority"]["unknown"])
    scored = own.assign(points=weight * factor)
    groups = scored.groupby(["project_code", "group"], sort=False)["points"].sum()
    score = groups.clip(upper=weights["group_cap"]).groupby(level=0, sort=False).sum()
    by_project = scored.sort_values("points", ascending=False, kind="stable")
    first = by_project.drop_duplicates("project_code").set_index("project_code")["rule"]
    score = score.round(6).astype("float64")
    found = pd.DataFrame(
        {
            "project_code": score.index.astype("object"),
            "score": score.to_numpy(),
            "alerts": scored["project_code"]
            .value_counts()
            .reindex(score.index)
            .to_numpy(),
            "gravest": first.reindex(score.index).to_numpy(),
        }
    )
    found["level"] = pd.Series("watch", index=found.index, dtype="object")
    found["level"] = found["level"].mask(
        found["score"] >= weights["this_month"], "this_month"
    )
    found["level"] = found["level"].mask(
        found["score"] >= weights["immediate"], "immediate"
    )
    return found.sort_values(
        ["score", "project_code"], ascending=[False, True], ignore_index=True
    )[PRIORITY_COLUMNS]
