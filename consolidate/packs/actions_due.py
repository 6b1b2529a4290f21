"""Open actions and decisions: what is late, then what is due within a month."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.columns import dated
from consolidate.model.pack import Column, Section
from consolidate.packs import parts
from consolidate.packs.data import PackData

NEXT_DAYS = 30
_OVER = ("completed", "cancelled", "closed")


def section(data: PackData) -> Section:
    """Return the open actions that are late or due within ``NEXT_DAYS`` days."""
    rows = due(data)
    late = rows[rows["away"] < 0]
    columns = (
        Column("project_code", data.label("projects", "project_code"), "code"),
        Column("project", data.label("projects", "name")),
        Column("title", data.label("actions", "title")),
        Column("owner", data.label("actions", "owner")),
        Column("due_date", data.label("actions", "due_date"), "date", tone="tone"),
        Column("away", data.tr("pack-away"), "gap"),
        Column("source", data.tr("pack-source"), "source"),
    )
    table = parts.table(data, "actions-due", rows, columns)
    lead = data.plural("actions-due-lead", len(late), all=len(rows))
    return Section("actions", data.tr("actions-due"), (table,), lead)


def due(data: PackData) -> pd.DataFrame:
    """Return open actions whose due date is past or near, the latest first.

    Returns:
        The columns of ``actions``, then ``project``, ``away`` (days from the cut-off),
        ``tone`` and ``source``.
    """
    rows = data.table("actions")
    rows = rows[~rows["state"].isin(_OVER)]
    day = pd.Series(dated(rows["due_date"]), rows.index)
    away = (day - pd.Timestamp(data.portfolio.as_of)).dt.days
    title = rows["title"].fillna(rows["description"]).fillna(rows["code"])
    rows = rows.assign(away=away, title=title)
    near = rows[rows["away"] <= NEXT_DAYS]
    near = near.assign(tone=near["away"].lt(0).map({True: "poor", False: ""}))
    named = parts.with_source(parts.with_names(data, near))
    return named.sort_values(["away", "project_code"], ignore_index=True)
