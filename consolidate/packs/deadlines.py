"""The pack of deadlines: what is late, and what is due within three months."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from consolidate.model.pack import Column, Pack, Section, Table
from consolidate.packs.data import PackData, sources
from consolidate.packs.frame import pack

NEXT_DAYS = 90
_DONE = ("completed", "cancelled")


def packs(data: PackData) -> tuple[Pack, ...]:
    """Return the pack of deadlines."""
    return (pack(data, "deadlines", (section(data),)),)


def section(data: PackData) -> Section:
    """Return open milestones that are late, then those due within ``NEXT_DAYS`` days."""
    rows = open_milestones(data)
    late = rows[rows["away"] < 0].sort_values(["away", "project_code"])
    near = rows["away"].between(0, NEXT_DAYS)
    coming = rows[near].sort_values(["away", "project_code"])
    undated = int(rows["away"].isna().sum())
    lead = data.plural("pack-deadlines-lead", len(late), all=len(rows) - undated)
    return Section(
        "deadlines",
        data.tr("pack-deadlines"),
        (
            _table(data, "late", late),
            _table(data, "coming", coming),
        ),
        lead,
    )


def open_milestones(data: PackData) -> pd.DataFrame:
    """Return the milestones still to be reached, of projects that are not ended.

    Returns:
        The columns of ``milestones``, then ``project`` (its name), ``due`` (the forecast
        end, else the baseline), ``slip`` (days of the one over the other), ``away`` (days
        from the cut-off to it) and ``source``.
    """
    rows = data.table("milestones")
    projects = data.table("projects").drop_duplicates("project_code")
    named = projects.set_index("project_code")
    ended = named.index[named["state"].isin(["cancelled", "archived"])]
    is_open = (
        ~rows["state"].isin(_DONE)
        & rows["end_actual"].isna()
        & ~rows["project_code"].isin(ended)
    )
    rows = rows[is_open]
    due = pd.to_datetime(rows["end_forecast"].fillna(rows["end_baseline"]))
    baseline = pd.to_datetime(rows["end_baseline"])
    return rows.assign(
        project=rows["project_code"].map(named["name"]),
        due=due.dt.date,
        slip=(due - baseline) // timedelta(days=1),
        away=(due - pd.Timestamp(data.portfolio.as_of)) // timedelta(days=1),
        source=sources(rows),
    )


def _table(data: PackData, kind: str, rows: pd.DataFrame) -> Table:
    columns = (
        Column("project_code", data.label("projects", "project_code"), "code"),
        Column("project", data.label("projects", "name")),
        Column("name", data.tr("pack-milestone")),
        Column("end_baseline", data.label("milestones", "end_baseline"), "date"),
        Column("due", data.tr("pack-due"), "date"),
        Column("slip", data.tr("pack-slip"), "gap"),
        Column("away", data.tr("pack-away"), "gap"),
        Column("source", data.tr("pack-source"), "source"),
    )
    return Table(
        kind,
        data.tr(f"pack-deadlines-{kind}"),
        columns,
        rows.reset_index(drop=True),
        empty=data.tr(f"pack-deadlines-{kind}-none"),
    )
