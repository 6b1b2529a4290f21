"""Where milestones and statuses have been going, month after month."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from consolidate.analyse.history import Month
from consolidate.analyse.milestone_trend import (
    FIELDS,
    LEAST_REPORTS,
    lines,
    slipping,
    slips,
)
from consolidate.analyse.milestone_trend import told as told_of
from consolidate.model.pack import (
    Block,
    Chart,
    Column,
    Section,
    Series,
    Table,
    Text,
    Tone,
)
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.report import format as shown

MONTHS = 17
"""Months before this one that a trend shows: eighteen reports in all."""

_DRAWN, _EACH = 6, 4
_TONES: dict[str, Tone] = {
    "red": "poor",
    "amber": "fair",
    "green": "good",
    "blue": "done",
    "grey": "unknown",
}
_LEVELS = ("red", "amber", "green")


def milestones(data: PackData) -> Section:
    """Return the milestones that slip, and a dates-dates chart of the worst projects."""
    trend = reports(data)
    found = slipping(trend)
    named = parts.with_names(data, found)
    columns = (
        Column("project_code", data.label("projects", "project_code"), "code"),
        Column("project", data.label("projects", "name")),
        Column("name", data.tr("pack-milestone")),
        Column("slips", data.tr("trend-slips"), "count"),
        Column("recoveries", data.tr("trend-recoveries"), "count"),
        Column("rebaselined", data.tr("trend-rebaselined"), "count"),
        Column("first", data.tr("trend-first"), "date"),
        Column("last", data.tr("trend-last"), "date"),
        Column("total", data.tr("trend-total"), "gap"),
        Column("latest", data.tr("trend-latest"), "gap"),
        Column("reports", data.tr("trend-reports"), "count"),
        Column("told_on", data.tr("trend-told-on"), "date"),
    )
    table = parts.table(
        data,
        "trend-slipping",
        named,
        columns,
        note=data.tr("trend-note", reports=LEAST_REPORTS),
        least=LEAST_REPORTS,
    )
    codes = found["project_code"].drop_duplicates().head(_DRAWN)
    charts = (dates_chart(data, code) for code in codes)
    blocks: tuple[Block, ...] = (table, *(c for c in charts if c is not None))
    lead = data.plural("trend-lead", len(found), projects=found["project_code"].nunique())  # fmt: skip
    return Section("trend", data.tr("trend"), blocks, lead)


def reports(data: PackData) -> pd.DataFrame:
    """Return what each month announced of each milestone, this month included."""

    def make() -> pd.DataFrame:
        here = data.portfolio
        tables = {"milestones": data.table("milestones")}
        now = Month(here.period, here.as_of, tables)
        return told_of((*data.earlier(FIELDS, MONTHS), now))

    return data.once("milestone-trend", make)


def dates_chart(data: PackData, code: str) -> Chart | None:
    """Return the dates-dates chart of a project; nothing under three reports."""
    trend = reports(data)
    own = trend[trend["project_code"] == code]
    if own["month"].nunique() < LEAST_REPORTS:
        return None
    frame = lines(own, code, _EACH)
    names = slips(own).set_index("record_id")["name"].astype("object")
    series = tuple(Series(str(c), str(names.get(c) or "?")) for c in frame.columns[1:])
    total = slips(own).head(1)["total"]
    gap = shown.days(int(total.iloc[0]), data.lang)
    projects = parts.with_names(data, own.head(1))["project"]
    name = projects.iloc[0] if isinstance(projects.iloc[0], str) else code
    return Chart(
        f"dates-{parts.slug(code)}",
        "dates",
        data.tr("trend-chart", project=name, gap=gap),
        frame,
        "report",
        series,
        "date",
        x_label=data.tr("trend-report"),
        y_label=data.tr("trend-announced"),
        text=data.tr("trend-text"),
    )


def statuses(data: PackData) -> Section:
    """Return the status of each project over a year, and what changed since last month."""
    months = data.earlier({"projects": ("status", "kind", "state")}, 11)
    frames = [(m.period, m.tables["projects"]) for m in months]
    frames.append((data.portfolio.period, data.table("projects")))
    if len(frames) < 2:
        nothing = Text((data.tr("trend-no-history"),), tone="unknown")
        return Section("statuses", data.tr("trend-statuses"), (nothing,))
    rows = pd.concat([_told(period, f) for period, f in frames], ignore_index=True)
    return Section(
        "statuses", data.tr("trend-statuses"), tuple(_statuses(data, rows, frames))
    )


def _told(period: str, frame: pd.DataFrame) -> pd.DataFrame:
    own = frame[frame["kind"].ne("mco")].drop_duplicates("project_code")
    return own[["project_code", "status"]].assign(period=period)


def _statuses(
    data: PackData, rows: pd.DataFrame, frames: list[tuple[str, pd.DataFrame]]
) -> Iterator[Chart | Table]:
    yield _transitions(data, rows, frames[-2][0], frames[-1][0])
    now = rows.loc[rows["period"] == data.portfolio.period, "project_code"]
    kept = rows[rows["project_code"].isin(now.sort_values().head(60))]
    months = [period for period, _ in frames]
    grid = kept.pivot(index="project_code", columns="period", values="status")
    told = grid.reindex(columns=months).reset_index()
    told = told.melt(id_vars="project_code", var_name="period", value_name="status")
    letters = {c: data.tr(f"html-rag-letter-{c}") for c in _TONES}
    yield Chart(
        "status-strip",
        "strip",
        data.tr("trend-strip"),
        told.assign(
            column=[shown.month(p, data.lang, short=True) for p in told["period"]],
            text=told["status"].map(letters).fillna("?"),
            tone=told["status"].map(_TONES).fillna(""),
        ),
        "project_code",
        x_label=data.label("projects", "project_code"),
        y_label=data.tr("pack-month"),
        text=data.tr("trend-strip-text"),
    )


def _transitions(data: PackData, rows: pd.DataFrame, before: str, after: str) -> Chart:
    """Return how many projects went from each status to each, of those told twice."""
    wide = rows.pivot(index="project_code", columns="period", values="status")
    both = wide[[before, after]].dropna()
    counts = both.value_counts()
    words = {c: str(data.word("rag", c) or c) for c in _LEVELS}
    cells = [
        {
            "from": words[old],
            "column": words[new],
            "text": str(counts.get((old, new), 0) or ""),
            "tone": _direction(old, new) if counts.get((old, new), 0) else "",
        }
        for old in _LEVELS
        for new in _LEVELS
    ]
    return Chart(
        "transitions",
        "matrix",
        data.plural("trend-transitions", len(both)),
        pd.DataFrame(cells),
        "from",
        x_label=shown.month(before, data.lang, short=True),
        y_label=shown.month(after, data.lang, short=True),
    )


def _direction(old: str, new: str) -> Tone:
    if old == new:
        return "unknown"
    return "poor" if _LEVELS.index(new) < _LEVELS.index(old) else "good"
