"""Workload: run and build by team, and where saturation is ahead. No one is named."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.headline import run_and_build
from consolidate.model.pack import Block, Chart, Section, Series, Table
from consolidate.packs.data import PackData
from consolidate.packs.review_shape import column, columns, live_alerts, month_named

_TEAMS = ("team-saturation-ahead", "run-share-high")
_PEOPLE = ("person-overload", "time-not-recorded", "key-person-shared")


def section(data: PackData) -> Section:
    """Return days of the month by team; of people only how many are overloaded."""
    found = run_and_build(data.portfolio.tables, data.portfolio.period)
    period = month_named(data, data.portfolio.period)
    frame = found.assign(team=found["team"].fillna(data.tr("review-no-team")))
    run, build = frame["run"].sum(), frame["build"].sum()
    share = run / (run + build) if run + build else None
    table = Table(
        id="load",
        title=data.tr("review-load-table"),
        columns=(
            column(data, "team"),
            column(data, "run", "days", total=True),
            column(data, "build", "days", total=True),
            column(data, "other", "days", total=True),
            column(data, "run_share", "share"),
        ),
        frame=frame.assign(run_share=frame["share"]),
        note=data.tr("review-load-note"),
        empty=data.tr("review-load-empty", period=period),
    )
    lead = (
        data.tr("review-load-none", period=period)
        if share is None
        else data.tr("review-load-lead", percent=round(share * 100))
    )
    blocks: tuple[Block, ...] = (
        table,
        *_chart(data, frame),
        _ahead(data),
        _people(data),
    )
    return Section("workload", data.tr("review-load"), blocks, lead)


def _chart(data: PackData, frame: pd.DataFrame) -> tuple[Chart, ...]:
    if len(frame) < 2:
        return ()
    chart = Chart(
        id="load-by-team",
        form="shares",
        title=data.tr("review-load-chart"),
        frame=frame,
        x="team",
        series=(
            Series("run", data.tr("review-col-run")),
            Series("build", data.tr("review-col-build")),
            Series("other", data.tr("review-col-other")),
        ),
        kind="days",
        y_label=data.tr("review-load-unit"),
        text=data.tr("review-load-chart-text"),
    )
    return (chart,)


def _ahead(data: PackData) -> Table:
    alerts = live_alerts(data)
    own = alerts[alerts["rule"].isin(_TEAMS)]
    return Table(
        id="load-alerts",
        title=data.plural("review-load-alerts", len(own)),
        columns=columns(
            data, severity="severity", object="text", title="text", message="text"
        ),
        frame=own,
        note=data.tr("review-load-alerts-note"),
        empty=data.tr("review-load-alerts-empty"),
    )


def _people(data: PackData) -> Table:
    """Return how many people each rule speaks of, never who."""
    alerts = live_alerts(data)
    own = alerts[alerts["rule"].isin(_PEOPLE)]
    counts = own.groupby("title", sort=True)["object"].nunique()
    frame = counts.rename("people").reset_index()
    return Table(
        id="load-people",
        title=data.tr("review-load-people"),
        columns=columns(data, title="text", people="count"),
        frame=frame,
        note=data.tr("review-load-people-note"),
        empty=data.tr("review-load-people-empty"),
    )
