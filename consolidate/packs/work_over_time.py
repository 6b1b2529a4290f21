"""Time over the months: what run, build and the rest took of a team or a manager."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from consolidate.model.pack import Block, Chart, Column, Section, Series, Table, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.report import format as shown

MONTHS = 12
_KINDS = ("run", "build", "other")


def section(data: PackData) -> Section:
    """Return days spent by month and by project; no one is named."""
    rows = spent(data)
    if rows.empty:
        nothing = Text((data.tr("time-none"),), tone="unknown")
        return Section("time", data.tr("time"), (nothing,))
    return Section("time", data.tr("time"), tuple(_blocks(data, rows)))


def spent(data: PackData) -> pd.DataFrame:
    """Return days spent up to the month, absences left out.

    Returns:
        Columns ``month``, ``category`` (run, build or other), ``project_code`` and
        ``effort_spent`` (person-days).
    """
    rows = data.table("workload")
    known = rows["effort_spent"].notna() & rows["category"].isin(_KINDS)
    past = rows["month"].notna() & (rows["month"] <= data.portfolio.period)
    columns = ["month", "category", "project_code", "effort_spent"]
    return rows.loc[known & past, columns].reset_index(drop=True)


def by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the days of run, build and other of the last ``MONTHS`` months told."""
    sums = rows.groupby(["month", "category"])["effort_spent"].sum().unstack()
    whole = sums.reindex(columns=list(_KINDS)).fillna(0.0).sort_index()
    return whole.tail(MONTHS).reset_index()


def _blocks(data: PackData, rows: pd.DataFrame) -> Iterator[Block]:
    months = by_month(rows)
    labels = [shown.month(m, data.lang, short=True) for m in months["month"]]
    days = months[list(_KINDS)].sum()
    share = days["run"] / (days["run"] + days["build"]) if days[["run", "build"]].sum() else None  # fmt: skip
    title = (
        data.tr("time-says", share=parts.percent(data, share))
        if share is not None
        else data.tr("time-chart")
    )
    yield Chart(
        "time-by-month",
        "stacked",
        title,
        months.assign(label=labels),
        "label",
        tuple(Series(k, data.tr(f"time-{k}")) for k in _KINDS),
        "days",
        x_label=data.tr("pack-month"),
        y_label=data.tr("time-days"),
        text=data.tr("time-text"),
    )
    own = rows.groupby(["project_code", "category"])["effort_spent"].sum().unstack()
    own = own.reindex(columns=list(_KINDS)).reset_index()
    named = parts.with_names(data, own).sort_values("project_code")
    columns = (
        Column("project_code", data.label("projects", "project_code"), "code"),
        Column("project", data.label("projects", "name")),
        *(Column(k, data.tr(f"time-{k}"), "days", total=True) for k in _KINDS),
    )
    frame = parts.shown(named, columns)
    yield Table("time-by-project", data.tr("time-by-project"), columns, frame)
