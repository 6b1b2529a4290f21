"""Deadlines: the milestones of the last 30 and the next 90 days."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from consolidate.analyse.columns import dated
from consolidate.model.pack import Block, Chart, Section, Series, Table
from consolidate.packs.cells import cells
from consolidate.packs.data import PackData
from consolidate.packs.parts import MOST
from consolidate.packs.review_shape import column, columns, live_alerts, names
from consolidate.packs.trend_sections import dates_chart

BACK, AHEAD = 30, 90
"""Days looked back on, and ahead."""
_DRAWN, _CHARTS = 25, 3
_TONES = {"done": "good", "late": "poor", "ahead": ""}


def section(data: PackData) -> Section:
    """Return the milestones around the cut-off, those past and not reached first."""
    found = around(data)
    late = int((found["when"] == "late").sum())
    cut = data.tr("review-first-listed", listed=MOST, count=len(found))
    more = f" {cut}" if len(found) > MOST else ""
    table = Table(
        id="deadlines",
        title=data.plural("review-deadlines-table", len(found)),
        columns=(
            column(data, "when_word", tone="tone"),
            *columns(
                data,
                project_code="code",
                project="text",
                object="text",
                milestone_type="text",
                end_baseline="date",
                end_forecast="date",
                end_actual="date",
                drift="gap",
                cell="source",
            ),
        ),
        frame=found.head(MOST),
        note=f"{data.tr('review-deadlines-note', back=BACK, ahead=AHEAD)}{more}",
        empty=data.tr("review-deadlines-empty", back=BACK, ahead=AHEAD),
        group="when_word",
    )
    lead = data.plural("review-deadlines-lead", late, ahead=AHEAD)
    blocks: tuple[Block, ...] = (
        table,
        *_slipping(data),
        *_announced(data),
        *_gantt(data, found),
    )
    return Section("deadlines", data.tr("review-deadlines"), blocks, lead)


def around(data: PackData) -> pd.DataFrame:
    """Return the milestones of the last 30 and next 90 days, and those open before.

    Returns:
        Milestones with ``when`` (``late``: past and not reached, however long ago;
        ``ahead``; ``done``), its word and tone, ``drift`` days, ``cell``.
    """
    rows = data.table("milestones").reset_index(drop=True)
    projects = data.table("projects")
    gone = projects["state"].isin(("cancelled", "archived"))
    over = projects.loc[gone, "project_code"]
    rows = rows[~rows["project_code"].isin(over) & rows["state"].ne("cancelled")]
    base, forecast, actual = (
        pd.Series(dated(rows[f]), rows.index)
        for f in ("end_baseline", "end_forecast", "end_actual")
    )
    due = forecast.fillna(base)
    cut_off = pd.Timestamp(data.portfolio.as_of)
    done = rows["state"].eq("completed") | actual.notna()
    last = actual.fillna(due)
    gap = (last - cut_off).dt.days
    when = pd.Series("ahead", rows.index, dtype="object").mask(gap <= 0, "done")
    when = when.where(done | (due >= cut_off), "late")
    near = gap.between(-BACK, AHEAD) | when.eq("late")
    field = pd.Series("end_baseline", rows.index, dtype="object")
    field = field.mask(forecast.notna(), "end_forecast").mask(actual.notna(), "end_actual")  # fmt: skip
    found = rows.assign(
        when=when,
        day=last,
        project=rows["project_code"].map(names(data)),
        object=rows["name"],
        milestone_type=data.words("milestone_type", rows["milestone_type"]),
        drift=(actual.fillna(forecast) - base).dt.days,
        table="milestones",
        field=field,
    )[near & last.notna()]
    order = found["when"].map({"late": 0, "ahead": 1, "done": 2})
    found = found.assign(
        when_word=found["when"].map(lambda w: data.tr(f"review-when-{w}")),
        tone=found["when"].map(_TONES),
        cell=cells(data.portfolio, found),
        _order=order,
    )
    return found.sort_values(["_order", "day", "project_code"], ignore_index=True)


def _slipping(data: PackData) -> tuple[Table, ...]:
    """Return the milestones that slip month after month, as rule D06 finds them."""
    alerts = live_alerts(data)
    own = alerts[alerts["rule"] == "milestone-slipping"]
    if own.empty:
        return ()
    frame = own.assign(project=own["project_code"].map(names(data)))
    shown = columns(
        data,
        severity="severity",
        project_code="code",
        project="text",
        object="text",
        message="text",
        since="month",
    )
    title = data.plural("review-slipping", len(own))
    note = data.tr("review-slipping-note")
    return (Table("slipping", title, shown, frame, note),)


def _announced(data: PackData) -> Iterator[Chart]:
    """Yield the dates-dates charts of the first projects whose milestones slip."""
    alerts = live_alerts(data)
    codes = alerts.loc[alerts["rule"] == "milestone-slipping", "project_code"]
    for code in codes.drop_duplicates().head(_CHARTS):
        chart = dates_chart(data, code)
        if chart is not None:
            yield chart


def _gantt(data: PackData, found: pd.DataFrame) -> tuple[Chart, ...]:
    """Return the next milestones, where they were to be and where they are."""
    own = found[found["when"] != "done"].head(_DRAWN)
    if own.empty:
        return ()
    label = (
        own["project_code"].astype("str") + " " + own["object"].fillna("").astype("str")
    )
    parts = [
        pd.DataFrame({"label": label, "day": own[f], "sort": s, "tone": own["tone"]})
        for f, s in (("end_baseline", "baseline"), ("end_forecast", "forecast"))
    ]
    frame = pd.concat(parts).dropna(subset="day").reset_index(drop=True)
    chart = Chart(
        id="deadlines-gantt",
        form="gantt",
        title=data.plural("review-gantt", len(own)),
        frame=frame,
        x="label",
        series=(Series("day", data.tr("review-col-due")),),
        kind="date",
        text=data.tr("review-gantt-text"),
    )
    return (chart,)
