"""How the projects of each programme slip, month after month."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from consolidate.analyse.milestone_trend import (
    LEAST_REPORTS,
    ends_of_projects,
    slips,
)
from consolidate.model.pack import Chart, Column, Section, Series
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.packs.trend_sections import reports
from consolidate.report import format as shown

_DRAWN, _EACH = 4, 4


def programmes(data: PackData) -> Section:
    """Return slip counts by programme, and the ends that its projects announced."""
    projects = data.table("projects").drop_duplicates("project_code")
    told = projects[projects["programme"].notna()]
    programme = told.set_index("project_code")["programme"].astype("object")
    trend = reports(data)
    own = trend.assign(programme=trend["project_code"].map(programme))
    own = own[own["programme"].notna()]
    found = _counted(own, programme)
    columns = (
        Column("programme", data.label("projects", "programme")),
        Column("projects", data.tr("trend-projects"), "count"),
        Column("milestones", data.tr("trend-milestones"), "count"),
        Column("slips", data.tr("trend-slips"), "count"),
        Column("recoveries", data.tr("trend-recoveries"), "count"),
        Column("rebaselined", data.tr("trend-rebaselined"), "count"),
        Column("latest", data.tr("trend-latest-worst"), "gap"),
    )
    table = parts.table(data, "trend-programmes", found, columns, note=data.tr("trend-programmes-note"))  # fmt: skip
    lead = data.plural("trend-programmes-lead", len(told), all=len(projects))
    title = data.tr("trend-programmes")
    return Section("programmes", title, (table, *_charts(data, own, found)), lead)


def _counted(trend: pd.DataFrame, programme: pd.Series) -> pd.DataFrame:
    """Return one row a programme, the one that slips most often first."""
    each = slips(trend).assign(
        programme=lambda rows: rows["project_code"].map(programme)
    )
    groups = each.groupby("programme", sort=True)
    found = groups[["slips", "recoveries", "rebaselined"]].sum()
    found = found.assign(
        projects=programme.value_counts(),
        milestones=groups.size(),
        latest=groups["latest"].max(),
    )
    order = ["slips", "programme"]
    return found.reset_index().sort_values(order, ascending=[False, True])


def _charts(
    data: PackData, trend: pd.DataFrame, found: pd.DataFrame
) -> Iterator[Chart]:
    """Yield a dates-dates chart of the programmes that slip, with reports enough."""
    for name in found.loc[found["slips"] > 0, "programme"].head(_DRAWN):
        own = trend[trend["programme"] == name]
        if own["month"].nunique() >= LEAST_REPORTS:
            yield _chart(data, str(name), ends_of_projects(own))


def _chart(data: PackData, name: str, ends: pd.DataFrame) -> Chart:
    wide = ends.pivot(index="as_of", columns="project_code", values="end")
    gap = (wide.ffill().iloc[-1] - wide.bfill().iloc[0]).dt.days
    most = gap.sort_values(ascending=False, kind="stable").head(_EACH)
    frame = wide[list(most.index)].rename_axis(columns=None).reset_index(names="report")
    moved = shown.days(int(most.iloc[0]), data.lang)
    return Chart(
        f"programme-{parts.slug(name)}",
        "dates",
        data.tr("trend-programme-chart", programme=name, gap=moved),
        frame,
        "report",
        tuple(Series(str(code), str(code)) for code in most.index),
        "date",
        x_label=data.tr("trend-report"),
        y_label=data.tr("trend-announced"),
        text=data.tr("trend-text"),
    )
