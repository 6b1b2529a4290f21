"""What the sections of the review share: columns by name, dates, what people wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TypeAlias

import pandas as pd

from consolidate.model.pack import Column, Kind
from consolidate.packs.data import PackData
from consolidate.report import format as figures

Work: TypeAlias = Callable[[PackData], pd.DataFrame]
GRAVE = ("critical", "major")
_EXCERPT = 240


def once(work: Work) -> Work:
    """Let the first section that asks work a frame out, for all that want it."""

    @wraps(work)
    def known(data: PackData) -> pd.DataFrame:
        name = f"{work.__module__}.{work.__qualname__}"
        return data.once(name, lambda: work(data))

    return known


def column(  # noqa: PLR0913 (what a column is)
    data: PackData,
    name: str,
    kind: Kind = "text",
    *,
    total: bool = False,
    fill: bool = False,
    options: Sequence[str] = (),
    tone: str = "",
) -> Column:
    """Return a column that is called as the wording says."""
    label = data.tr(f"review-col-{name}")
    return Column(name, label, kind, total, tuple(options), fill, tone)


def columns(data: PackData, **kinds: Kind) -> tuple[Column, ...]:
    """Return columns by name and kind, in the order given."""
    return tuple(column(data, name, kind) for name, kind in kinds.items())


def day_of(moments: pd.Series) -> pd.Series:
    """Return datetime64 as dates, None where unknown."""
    days = moments.dt.date.astype("object")
    known: pd.Series = days.where(moments.notna(), None)
    return known


def rates(data: PackData, shares: pd.Series) -> pd.Series:
    """Return availabilities as people write them: 99,95 %; None where unknown."""
    numbers = shares.astype("float64")
    told = {n: figures.percent(n, data.lang, 2) for n in numbers.dropna().unique()}
    return numbers.map(told).astype("object")


def excerpt(texts: pd.Series) -> pd.Series:
    """Return what people wrote on one line, cut where it is long."""
    line = texts.astype("object").str.replace(r"\s+", " ", regex=True).str.strip()
    cut = line.str.slice(0, _EXCERPT).str.rstrip() + "…"
    return line.where(line.isna() | (line.str.len() <= _EXCERPT), cut)


NONE = "–"
"""What stands where there is nothing to tell, which is not the same as unknown."""


def projects_known(data: PackData) -> pd.DataFrame:
    """Return the projects of the month, and those last known, by code."""
    known = [data.table("projects")]
    if data.closed is not None:
        known.append(data.closed.tables["projects"])
    filled = [frame for frame in known if len(frame)] or known[:1]
    every = pd.concat(filled, ignore_index=True)
    return every.drop_duplicates("project_code").set_index("project_code")


def names(data: PackData) -> pd.Series:
    """Return the name of each project, by code, as last known."""
    return projects_known(data)["name"]


def otherwise(texts: pd.Series, word: str = NONE) -> pd.Series:
    """Return texts, a word where there is none to tell."""
    # A column of an empty frame may be of numbers.
    known: pd.Series = texts.astype("object").where(texts.notna(), word)
    return known


def month_named(data: PackData, period: str) -> str:
    """Return a month as people write it: octobre 2026."""
    return figures.month(period, data.lang)


def days_told(data: PackData, moments: pd.Series) -> pd.Series:
    """Return datetime64 as people write days; a dash where there is none to tell."""
    days = {day: figures.day(day, data.lang) for day in moments.dropna().dt.date}
    return otherwise(moments.dt.date.map(days))


def live_alerts(data: PackData) -> pd.DataFrame:
    """Return the alerts of the month that nobody acknowledged, with their titles."""
    alerts = data.portfolio.alerts
    alerts = alerts[alerts["acknowledged_until"].isna()]
    titles = {n: s.title[data.lang] for n, s in data.rules.settings.items()}
    return alerts.assign(title=alerts["rule"].map(titles))


def empty(*names_of_columns: str) -> pd.DataFrame:
    """Return a frame without a row."""
    return pd.DataFrame(columns=list(names_of_columns), dtype="object")
