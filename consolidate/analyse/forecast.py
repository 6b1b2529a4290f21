"""Forecasts that admit doubt: what the portfolio's own past says of an end or a cost.

Reference-class forecasting (Kahneman and Tversky 1979; Flyvbjerg 2006, "From Nobel Prize to
project management"): what a project announces is set against what became of such
announcements of the same class, at about the same distance from their end. A project counts
once, however many months it was seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.analyse.columns import dated
from consolidate.analyse.history import Month, ordinal

FIELDS: Mapping[str, Sequence[str]] = {
    "projects": (
        *("state", "kind", "project_type", "end_baseline", "end_forecast"),
        *("end_actual", "forecast_cost", "amount_scope", "amount_year"),
        *("progress", "effort_planned", "effort_spent"),
    )
}
"""What forecasts look at."""

ANNOUNCED_COLUMNS = [
    *("month", "as_of", "project_code", "group", "end", "actual", "running"),
    *("cost", "basis"),
]
FORECAST_COLUMNS = [
    *("project_code", "announced", "horizon", "low", "middle", "high"),
    *("group", "projects", "why_not"),
]
_ENDED = ("completed", "cancelled", "archived")
_SHORTEST = 30.0
"""Days below which a horizon tells nothing of a relative slip."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How forecasts are made; see ``[packs.forecast]`` of ``rules.toml``.

    Attributes:
        low, high: Shares of past projects that did better, at both ends of a range.
        least_projects: Projects of a class below which the whole portfolio is taken.
        least_in_all: Projects below which no range is given.
        least_months: Months of history below which no range is given.
        band: A horizon is like another within this factor.
    """

    low: float
    high: float
    least_projects: int
    least_in_all: int
    least_months: int
    band: float

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Settings:
        """Return the settings of a section of ``rules.toml``."""
        return cls(
            float(told["low"]),
            float(told["high"]),
            int(told["least_projects"]),
            int(told["least_in_all"]),
            int(told["least_months"]),
            float(told["band"]),
        )


def announced(months: Sequence[Month]) -> pd.DataFrame:
    """Return what each month announced of each project; MCO containers are left out.

    Returns:
        ``ANNOUNCED_COLUMNS``, oldest first: ``month`` (int), ``end`` (datetime64: the
        forecast end, else the baseline), ``actual`` (datetime64), ``running``, ``cost``
        (euros, forecast) of ``basis`` (``total``, ``year 2026`` or ``""`` untold).
    """
    frames = [_month(m) for m in months]
    filled = [f for f in frames if len(f)]
    if not filled:
        return pd.DataFrame(columns=ANNOUNCED_COLUMNS)
    return pd.concat(filled, ignore_index=True)


def _month(month: Month) -> pd.DataFrame:
    rows = month.tables["projects"]
    rows = rows[rows["kind"].ne("mco") & rows["project_code"].notna()]
    rows = rows.drop_duplicates("project_code")
    day = {
        name: pd.Series(dated(rows[name]), rows.index)
        for name in ("end_forecast", "end_baseline", "end_actual")
    }
    year = pd.to_numeric(rows["amount_year"]).astype("float64")
    annual = rows["amount_scope"].eq("year") & year.notna()
    named = "year " + year.fillna(0).astype("int64").astype("str")
    basis = named.where(annual, "").mask(rows["amount_scope"].eq("total"), "total")
    return pd.DataFrame(
        {
            "month": ordinal(month.period),
            "as_of": pd.Timestamp(month.as_of),
            "project_code": rows["project_code"].astype("object"),
            "group": rows["project_type"].astype("object").fillna(""),
            "end": day["end_forecast"].fillna(day["end_baseline"]),
            "actual": day["end_actual"],
            "running": ~rows["state"].isin(_ENDED) & day["end_actual"].isna(),
            "cost": pd.to_numeric(rows["forecast_cost"]).astype("float64"),
            "basis": basis,
        }
    ).reset_index(drop=True)


def observed(told: pd.DataFrame, at: int) -> pd.DataFrame:
    """Return what became, by a month, of what earlier months announced.

    Nothing after ``at`` is looked at. A project that is not over counts with what it
    last announced, which may still slip: ranges are rather too narrow than too wide.

    Returns:
        One row a running project and month before ``at``: ``project_code``, ``group``,
        ``horizon`` (days to the end announced), ``slip`` (share of the horizon, at least
        ``_SHORTEST`` days), ``overrun`` (share of the cost, NaN where it does not
        compare) and ``weight`` (a project weighs 1 in all).
    """
    known = told[told["month"] <= at]
    last = known.drop_duplicates("project_code", keep="last")
    last = last.set_index("project_code")
    before = known[(known["month"] < at) & known["running"]]
    code = before["project_code"]
    outcome = code.map(last["actual"]).fillna(code.map(last["end"]))
    days = (before["end"] - before["as_of"]).dt.days
    slip = (outcome - before["end"]).dt.days / days.clip(lower=_SHORTEST)
    same = before["basis"].eq(code.map(last["basis"])) & before["basis"].ne("")
    cost = before["cost"].where(before["cost"] > 0)
    overrun = (code.map(last["cost"]) / cost - 1).where(same)
    found = pd.DataFrame(
        {
            "project_code": code,
            "group": before["group"],
            "horizon": days,
            "slip": slip,
            "overrun": overrun,
        }
    )
    seen = found.groupby("project_code")["horizon"].transform("size")
    return found.assign(weight=1.0 / seen).reset_index(drop=True)


def end_forecasts(told: pd.DataFrame, at: int, settings: Settings) -> pd.DataFrame:
    """Return a range for the end of each running project of a month.

    Args:
        told: See ``announced``; only months up to ``at`` count.
        at: The month forecast from, as ``ordinal`` counts.
        settings: How.

    Returns:
        ``FORECAST_COLUMNS``: ``low``, ``middle`` and ``high`` are datetime64, NaT with
        ``why_not`` where none is given (``no-end``, ``too-few-months``,
        ``too-few-projects``); ``group`` is the class, empty for the whole portfolio;
        ``projects`` how many it was taken from.
    """
    targets = _targets(told, at)
    past = observed(told, at).dropna(subset=["slip", "horizon"])
    months = told.loc[told["month"] <= at, "month"].nunique()
    rows = [
        _ranged(row, past, months, settings, "slip")
        for row in targets.to_dict("records")
    ]
    found = pd.DataFrame(rows, index=targets.index, columns=_RANGE)
    span = targets["horizon"].clip(lower=_SHORTEST)
    ends = {
        name: targets["end"] + pd.to_timedelta((found[name] * span).round(), "D")
        for name in ("low", "middle", "high")
    }
    made = targets.assign(announced=targets["end"], **ends)
    made = made.assign(
        group=found["class"], projects=found["projects"], why_not=found["why_not"]
    )
    return made[FORECAST_COLUMNS].reset_index(drop=True)


def cost_forecasts(told: pd.DataFrame, at: int, settings: Settings) -> pd.DataFrame:
    """Return a range for the cost of each running project of a month, like its end's.

    Returns:
        ``FORECAST_COLUMNS``: ``announced``, ``low``, ``middle`` and ``high`` in euros;
        ``why_not`` is ``no-cost`` where no cost of a told scope is announced.
    """
    targets = _targets(told, at)
    past = observed(told, at).dropna(subset=["overrun", "horizon"])
    months = told.loc[told["month"] <= at, "month"].nunique()
    able = targets["cost"].gt(0) & targets["basis"].ne("")
    targets = targets.assign(end=targets["end"].where(able))
    rows = [
        _ranged(row, past, months, settings, "overrun", "no-cost")
        for row in targets.to_dict("records")
    ]
    found = pd.DataFrame(rows, index=targets.index, columns=_RANGE)
    cost = targets["cost"].where(able)
    ranges = {n: cost * (1 + found[n]) for n in ("low", "middle", "high")}
    made = targets.assign(announced=cost, **ranges)
    made = made.assign(
        group=found["class"], projects=found["projects"], why_not=found["why_not"]
    )
    return made[FORECAST_COLUMNS].reset_index(drop=True)


def _targets(told: pd.DataFrame, at: int) -> pd.DataFrame:
    now = told[(told["month"] == at) & told["running"]]
    return now.assign(horizon=(now["end"] - now["as_of"]).dt.days.astype("float64"))


_RANGE = ["low", "middle", "high", "class", "projects", "why_not"]


def _ranged(
    row: Mapping[Any, Any],
    past: pd.DataFrame,
    months: int,
    settings: Settings,
    value: str,
    lacking: str = "no-end",
) -> tuple[float, float, float, str, int, str]:
    nothing = (np.nan, np.nan, np.nan)
    if pd.isna(row["end"]):
        return (*nothing, "", 0, lacking)
    if months < settings.least_months:
        return (*nothing, "", 0, "too-few-months")
    own, group = _class(row, past, settings)
    count = own["project_code"].nunique()
    if count < settings.least_in_all:
        return (*nothing, group, count, "too-few-projects")
    low, middle, high = weighted_quantiles(
        own[value].to_numpy(dtype="float64"),
        own["weight"].to_numpy(dtype="float64"),
        (settings.low, 0.5, settings.high),
    )
    return low, middle, high, group, count, ""


def _class(
    row: Mapping[Any, Any], past: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, str]:
    """Return what is like a project: of its type and horizon, else wider."""
    others = past[past["project_code"] != row["project_code"]]
    span = max(float(row["horizon"]), _SHORTEST)
    far = others["horizon"].clip(lower=_SHORTEST)
    near = others[far.between(span / settings.band, span * settings.band)]
    same = near[near["group"].eq(row["group"])]
    if row["group"] and same["project_code"].nunique() >= settings.least_projects:
        return same, str(row["group"])
    if near["project_code"].nunique() >= settings.least_projects:
        return near, ""
    return others, ""


def weighted_quantiles(
    given: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    shares: Sequence[float],
) -> tuple[float, ...]:
    """Return the least values that shares of the weight do not exceed.

    Args:
        given: Values, none missing.
        weights: Above 0.
        shares: 0..1.
    """
    order = np.argsort(given, kind="stable")
    reached = np.cumsum(weights[order])
    # A hair below: a sum of thirds must reach one whole.
    places = np.searchsorted(reached, np.array(shares) * reached[-1] - 1e-9)
    return tuple(float(given[order][min(p, len(given) - 1)]) for p in places)


@dataclass(frozen=True, slots=True)
class Backtest:
    """How often ranges given in the past held.

    Attributes:
        months: Months ranges were given for.
        ranges: Ranges whose outcome is known.
        within: Outcomes within the range.
        before: Outcomes not later (or dearer) than its high end.
        open: Ranges whose outcome is not known yet.
    """

    months: int
    ranges: int
    within: int
    before: int
    open: int


def backtest(told: pd.DataFrame, at: int, settings: Settings) -> Backtest:
    """Return how often ranges for ends held, each made with what was known then.

    An outcome is known when the project ended, or when what it announces, or the
    cut-off, is past the high end already: such a range did not hold.
    """
    known = told[told["month"] <= at]
    last = known.drop_duplicates("project_code", keep="last").set_index("project_code")
    parts = []
    for month in sorted(known["month"].unique()):
        if month < at:
            made = end_forecasts(known, int(month), settings)
            parts.append(made[made["why_not"] == ""].assign(month=month))
    filled = [p for p in parts if len(p)]
    if not filled:
        return Backtest(0, 0, 0, 0, 0)
    every = pd.concat(filled, ignore_index=True)
    actual = every["project_code"].map(last["actual"])
    cut_off = every["project_code"].map(last["as_of"])
    missed = actual.isna() & (cut_off > every["high"])
    judged = actual.notna() | missed
    before = actual.notna() & (actual <= every["high"])
    within = before & (actual >= every["low"])
    return Backtest(
        int(every["month"].nunique()),
        int(judged.sum()),
        int(within.sum()),
        int(before.sum()),
        int((~judged).sum()),
    )


def earned_effort(projects: pd.DataFrame, least: float) -> pd.DataFrame:
    """Return the effort at completion by earned value, where cost is effort.

    EAC = AC + (BAC − EV) / CPI with CPI = EV / AC, in person-days (BAC: effort planned,
    EV: BAC × progress, AC: effort spent); only from a progress of ``least`` on, below
    which CPI means little.

    Returns:
        Columns ``project_code``, ``planned``, ``spent``, ``progress``, ``cpi`` and
        ``at_completion`` (person-days); projects it cannot be told of are left out.
    """
    columns = ("effort_planned", "effort_spent", "progress")
    told = {c: pd.to_numeric(projects[c]).astype("float64") for c in columns}
    planned, spent, progress = (told[c] for c in columns)
    able = (planned > 0) & (spent > 0) & (progress >= least) & (progress < 1)
    earned = planned * progress
    cpi = earned / spent
    found = pd.DataFrame(
        {
            "project_code": projects["project_code"],
            "planned": planned,
            "spent": spent,
            "progress": progress,
            "cpi": cpi,
            "at_completion": spent + (planned - earned) / cpi,
        }
    )
    return found[able].reset_index(drop=True)
