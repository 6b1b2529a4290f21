"""Project teams and stakeholders: which roles are held, whose concerns are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from consolidate.analyse.places import is_live
from consolidate.model.text import fold

HELD, ABSENT, UNTOLD = "held", "absent", "untold"
STRONG = 4
"""From which influence, 1 to 5, a stakeholder's concern should be answered."""

Roles = Mapping[str, Mapping[str, Sequence[str]]]


def role_coverage(tables: Mapping[str, pd.DataFrame], roles: Roles) -> pd.DataFrame:
    """Return which roles each running project says it has.

    Args:
        tables: Canonical tables of one month.
        roles: By role: ``project_fields`` (any filled), ``categories`` of stakeholders,
            ``words`` in a stakeholder's role or name, ``frameworks`` of compliance
            whose items have an owner.

    Returns:
        ``project_code``, ``project_manager``, then a column a role: ``held``, ``absent``
        (the project lists its stakeholders, and none has it) or ``untold`` (it lists
        none: nothing can be said).
    """
    projects = tables["projects"]
    live = projects[is_live(projects)].drop_duplicates("project_code")
    people = tables["stakeholders"]
    listed = live["project_code"].isin(people["project_code"])
    found = live[["project_code"]].copy()
    said = " " + people["role"].fillna("") + " " + people["name"].fillna("") + " "
    text = " " + said.map(fold) + " "
    items = tables["compliance"]
    for role, ways in roles.items():
        own = people["category"].isin(list(ways.get("categories", ())))
        for word in ways.get("words", ()):
            own |= text.str.contains(f" {fold(word)} ", regex=False)
        held = live["project_code"].isin(people.loc[own, "project_code"])
        for name in ways.get("project_fields", ()):
            held |= live[name].notna()
        frames = items["framework"].isin(list(ways.get("frameworks", ())))
        owned = items.loc[frames & items["owner"].notna(), "project_code"]
        held |= live["project_code"].isin(owned)
        state = pd.Series(UNTOLD, live.index, dtype="object")
        found[role] = state.mask(listed, ABSENT).mask(held, HELD)
    return found.reset_index(drop=True)


def influence_grid(stakeholders: pd.DataFrame) -> pd.DataFrame:
    """Return how many stakeholders stand at each influence and interest.

    Returns:
        ``influence`` and ``interest`` (1..5), ``count``, ``unanswered`` (without a
        strategy); those that tell both ratings alone.
    """
    known = stakeholders[stakeholders[["influence", "interest"]].notna().all(axis=1)]
    rows = known.assign(
        influence=known["influence"].round().astype("int64"),
        interest=known["interest"].round().astype("int64"),
        unanswered=known["strategy"].isna().astype("int64"),
    )
    groups = rows.groupby(["influence", "interest"], sort=True)["unanswered"]
    found = groups.agg(["size", "sum"]).set_axis(["count", "unanswered"], axis=1)
    return found.reset_index()


def groups_answered(stakeholders: pd.DataFrame) -> pd.DataFrame:
    """Return for each category of stakeholders how many concerns are answered.

    Returns:
        ``category`` (``""`` unknown), ``groups``, ``answered`` (with a strategy),
        ``share``, ``strong`` (influence known and at least ``STRONG``),
        ``strong_unanswered``, ``projects``.
    """
    rows = stakeholders.assign(category=stakeholders["category"].fillna(""))
    strong = rows["influence"].ge(STRONG)
    counted: dict[str, Any] = {
        "answered": rows["strategy"].notna(),
        "strong": strong,
        "strong_unanswered": strong & rows["strategy"].isna(),
    }
    counts = pd.DataFrame(counted, index=rows.index).astype("int64")
    found = counts.groupby(rows["category"]).sum()
    found.insert(0, "groups", rows.groupby("category").size())
    found["share"] = found["answered"] / found["groups"]
    found["projects"] = rows.groupby("category")["project_code"].nunique()
    return found.reset_index()
