"""Time worked out once for all the sections that tell of it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from consolidate.analyse.history import History, Month, kept, ordinal, period_of
from consolidate.analyse.recorded import (
    TIME_FIELDS,
    balance,
    in_year,
    own_past,
    time_rows,
)
from consolidate.analyse.year_end import SERVICE_FIELDS
from consolidate.packs.data import PackData
from consolidate.report import format as shown

BACK = 24
"""Months read of the store: the year before the one reported on, to its first month."""


@dataclass(frozen=True, slots=True)
class Times:
    """Time, month by month.

    Attributes:
        rows: Every line (``analyse.recorded.time_rows``), months to come too.
        now: The month reported on, as a number.
        months: ``balance`` by month, those shown.
        teams: ``balance`` by month and team, those shown.
        year: ``balance`` by team of the year to date.
        whole: ``balance`` of the year to date, one row.
        past: Each team's own median share of run; ``*`` for all teams together.
        early: Days recorded of months to come, which are left out.
    """

    rows: pd.DataFrame
    now: int
    months: pd.DataFrame
    teams: pd.DataFrame
    year: pd.DataFrame
    whole: pd.DataFrame
    past: pd.Series
    early: float


def history_of(data: PackData) -> History:
    """Return the months that time and services are told of."""
    wanted = {**TIME_FIELDS, "services": SERVICE_FIELDS}
    fields = {name: kept(name, {name: own}) for name, own in wanted.items()}
    own = {name: data.table(name) for name in fields}
    now = Month(data.portfolio.period, data.portfolio.as_of, own)
    return History((*data.earlier(fields, BACK), now), data.schemas, fields)


def times(data: PackData) -> Times:
    """Return the time of a month and of those before it."""
    rows = time_rows(history_of(data))
    now = ordinal(data.portfolio.period)
    told = rows[rows["month"] <= now]
    back = int(data.rules.packs["run-build"]["months"])
    shown_rows = told[told["month"] > now - back]
    teams = balance(shown_rows, ["month", "team"])
    months = balance(shown_rows, ["month"])
    limits = data.rules.settings["run-share-high"].limits
    window, least = int(limits["window"]), int(limits["least"])
    every = pd.concat([teams, months.assign(team="*")], ignore_index=True)
    year = in_year(told, now)
    coming = rows[(rows["month"] > now) & rows["category"].ne("absence")]
    return Times(
        rows,
        now,
        months,
        teams,
        balance(year, ["team"]),
        balance(year, []),
        own_past(every, now, window, least),
        float(coming["spent"].sum()),
    )


def target_of(data: PackData, team: str) -> float | None:
    """Return the share of run a team aims at; None when it has set none."""
    told = data.rules.packs["run-build"]["targets"]
    value = told.get(team, told.get("*"))
    return None if value is None else float(value)


def month_label(data: PackData, month: int, *, short: bool = True) -> str:
    """Return a month as people write it."""
    return shown.month(period_of(month), data.lang, short=short)


def fte(data: PackData, days: pd.Series, months: int = 1) -> pd.Series:
    """Return days as full-time people of so many months."""
    found: pd.Series = days / (
        float(data.rules.packs["run-build"]["fte_days"]) * months
    )
    return found


def days_text(data: PackData, days: float) -> str:
    """Return person-days as people read them."""
    return shown.number(days, data.lang, 1)
