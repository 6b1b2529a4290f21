"""Maintenance: availability against commitment, incidents, what nears its end."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.headline import services_told
from consolidate.model.pack import Section, Table
from consolidate.packs.data import PackData, sources
from consolidate.packs.review_shape import column, columns, live_alerts, names, rates


def section(data: PackData) -> Section:
    """Return the services of the month, those below their commitment first."""
    found = services(data)
    below = int((found["verdict"] == "below").sum())
    table = Table(
        id="services",
        title=data.plural("review-services-table", len(found)),
        columns=(
            column(data, "verdict_word", tone="tone"),
            *columns(
                data,
                object="text",
                project_code="code",
                target="text",
                actual="text",
                incidents="count",
                incidents_major="count",
                longest_outage_h="number",
                cell="source",
            ),
        ),
        frame=found,
        note=data.tr("review-services-note"),
        empty=data.tr("review-services-empty"),
        group="verdict_word",
    )
    told = services_told(data.portfolio.tables, data.portfolio.period)
    lead = data.plural("review-services-lead", below, total=len(told))
    return Section("services", data.tr("review-services"), (table, _alerts(data)), lead)


def services(data: PackData) -> pd.DataFrame:
    """Return the services told of for the month, with their verdict."""
    period = data.portfolio.period
    rows = data.table("services")
    rows = rows[rows["month"].isna() | rows["month"].eq(period)]
    gap = services_told(data.portfolio.tables, period)["gap"].reindex(rows.index)
    verdict = pd.Series("unknown", rows.index, dtype="object")
    verdict = verdict.mask(gap >= 0, "met").mask(gap < 0, "below")
    order = verdict.map({"below": 0, "unknown": 1, "met": 2})
    found = rows.assign(
        object=rows["name"].fillna(rows["application"]),
        target=rates(data, rows["availability_target"]),
        actual=rates(data, rows["availability_actual"]),
        verdict=verdict,
        verdict_word=verdict.map(lambda v: data.tr(f"review-verdict-{v}")),
        tone=verdict.map({"below": "poor", "unknown": "unknown", "met": "good"}),
        cell=sources(rows),
        _order=order,
        _gap=gap,
    )
    return found.sort_values(["_order", "_gap", "object"], ignore_index=True)


def _alerts(data: PackData) -> Table:
    """Return what rules say of services: tests overdue, ends of support, contracts."""
    alerts = live_alerts(data)
    own = alerts[alerts["group"].eq("mco") & alerts["rule"].ne("availability-below-target")]  # fmt: skip
    return Table(
        id="services-alerts",
        title=data.plural("review-services-alerts", len(own)),
        columns=columns(
            data,
            severity="severity",
            object="text",
            project="text",
            title="text",
            message="text",
            since="month",
        ),
        frame=own.assign(project=own["project_code"].map(names(data))),
        note=data.tr("review-services-alerts-note"),
        empty=data.tr("review-services-alerts-empty"),
    )
