"""What to expect of ends and costs, and how far such expectations held before."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.forecast import (
    FIELDS,
    Backtest,
    Settings,
    announced,
    backtest,
    cost_forecasts,
    earned_effort,
    end_forecasts,
)
from consolidate.analyse.history import Month, ordinal
from consolidate.model.pack import Block, Column, Figure, Figures, Section, Table
from consolidate.packs import parts
from consolidate.packs.data import PackData

MONTHS = 60
"""Months looked back on: five years."""


def section(data: PackData) -> Section:
    """Return a range for each project's end and cost, and how often ranges held."""
    ends, costs = forecasts(data)
    known = int(ends["why_not"].eq("").sum())
    lead = (
        data.plural("forecast-lead", known, all=len(ends))
        if known
        else data.tr("forecast-none", why=_why(data, ends))
    )
    blocks: tuple[Block, ...] = (
        Figures(tuple(_figures(data))),
        _table(data, "ends", ends, "date"),
        _table(data, "costs", costs, "kilo"),
        _effort(data),
    )
    return Section("forecasts", data.tr("forecast"), blocks, lead)


def settings(data: PackData) -> Settings:
    """Return how forecasts are made."""
    return Settings.of(data.rules.packs["forecast"])


def told(data: PackData) -> pd.DataFrame:
    """Return what each month announced, this one included."""

    def make() -> pd.DataFrame:
        here = data.portfolio
        now = Month(here.period, here.as_of, {"projects": data.table("projects")})
        return announced((*data.earlier(FIELDS, MONTHS), now))

    return data.once("announced", make)


def forecasts(data: PackData) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ranges of ends and of costs of the month, with names."""
    at, how = ordinal(data.portfolio.period), settings(data)
    ends = end_forecasts(told(data), at, how)
    costs = cost_forecasts(told(data), at, how)
    return parts.with_names(data, ends), parts.with_names(data, costs)


def held(data: PackData) -> Backtest:
    """Return how often ranges for ends held."""

    def make() -> Backtest:
        return backtest(told(data), ordinal(data.portfolio.period), settings(data))

    return data.once("backtest", make)


def _why(data: PackData, rows: pd.DataFrame) -> str:
    reasons = rows["why_not"].value_counts()
    first = str(reasons.index[0]) if len(reasons) else "too-few-months"
    how = settings(data)
    return data.tr(f"forecast-{first}", months=how.least_months, projects=how.least_in_all)  # fmt: skip


def _figures(data: PackData) -> list[Figure]:
    found, how = held(data), settings(data)
    note = data.plural("forecast-held-of", found.ranges, open=found.open)
    low, high = (parts.percent(data, s) for s in (how.low, how.high))
    wanted = parts.percent(data, how.high - how.low)
    within = found.within / found.ranges if found.ranges else None
    before = found.before / found.ranges if found.ranges else None
    return [
        Figure(
            data.tr("forecast-within"),
            within,
            "share",
            note=note,
            how=data.tr("forecast-within-how", low=low, high=high, wanted=wanted),
        ),
        Figure(
            data.tr("forecast-before"),
            before,
            "share",
            note=note,
            how=data.tr("forecast-before-how", high=high),
        ),
    ]


def _table(data: PackData, name: str, rows: pd.DataFrame, kind: str) -> Table:
    given = rows.assign(
        group=data.words("project_type", rows["group"]).fillna(data.tr("forecast-all")),
        said=rows["why_not"].map(lambda why: _said(data, why)),
    ).sort_values("project_code")
    shape: dict[str, str] = {"announced": kind, "low": kind, "middle": kind, "high": kind}  # fmt: skip
    columns = (
        Column("project_code", data.label("projects", "project_code"), "code"),
        Column("project", data.label("projects", "name")),
        *(
            Column(n, data.tr(f"forecast-{n}"), k)  # type: ignore[arg-type]
            for n, k in shape.items()
        ),
        Column("projects", data.tr("forecast-projects"), "count"),
        Column("group", data.tr("forecast-group")),
        Column("said", data.tr("forecast-why")),
    )
    return parts.table(
        data, f"forecast-{name}", given, columns, note=data.tr(f"forecast-{name}-note")
    )


def _said(data: PackData, why: str) -> str | None:
    how = settings(data)
    if not why:
        return None
    return data.tr(
        f"forecast-{why}", months=how.least_months, projects=how.least_in_all
    )


def _effort(data: PackData) -> Table:
    least = float(data.rules.packs["forecast"]["least_progress"])
    projects = data.table("projects")
    found = earned_effort(projects[projects["kind"].ne("mco")], least)
    named = parts.with_names(data, found).sort_values("project_code")
    columns = (
        Column("project_code", data.label("projects", "project_code"), "code"),
        Column("project", data.label("projects", "name")),
        Column("planned", data.label("projects", "effort_planned"), "days"),
        Column("spent", data.label("projects", "effort_spent"), "days"),
        Column("progress", data.label("projects", "progress"), "share"),
        Column("cpi", data.tr("forecast-cpi"), "number"),
        Column("at_completion", data.tr("forecast-at-completion"), "days"),
    )
    note = data.tr("forecast-effort-note")
    return parts.table(data, "forecast-effort", named, columns, note=note)
