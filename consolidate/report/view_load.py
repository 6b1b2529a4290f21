"""Workload: days of run and of build, by month and by team, never by person."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from consolidate.report import format as shown
from consolidate.report.html_context import Context

_KINDS = ("run", "build", "other")
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Share:
    """Days of run, build and neither, of one month or team.

    Attributes:
        label: The month or the team; empty when the team was not communicated.
        days: Of run, build and neither.
        told: The same, as shown.
        run: Run among run and build, as shown.
        run_all: Run among everything but absence, as shown.
        ratio: Run among run and build.
    """

    label: str
    days: tuple[float, float, float]
    told: tuple[str, str, str]
    run: str
    run_all: str
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Load:
    """The workload of the portfolio.

    Attributes:
        total: All days spent.
        months: At most the last twelve.
        teams: By name.
        untold: Days spent whose kind was not communicated, as shown.
        rows: Lines of workload that give days spent.
    """

    total: Share | None
    months: tuple[Share, ...]
    teams: tuple[Share, ...]
    untold: str
    rows: int


def load(context: Context) -> Load:
    """Return days spent up to the cut-off; absences are left out."""
    frame = context.portfolio.tables["workload"]
    spent = frame.loc[frame["effort_spent"].notna()]
    month = spent["month"].fillna("").astype(str)
    spent = spent.loc[(month == "") | (month <= context.portfolio.period)]
    kind = spent["category"].fillna("")
    kept = spent.loc[kind.isin(_KINDS)]
    untold = float(spent.loc[~kind.isin([*_KINDS, "absence"]), "effort_spent"].sum())
    months = _shares(context, kept, "month")
    teams = _shares(context, kept, "team")
    named = [t for t in teams if t.label]
    return Load(
        total=_share(context, "", _days(kept)) if len(kept) else None,
        months=tuple(
            Share(shown.month(m.label, context.lang, short=True), *_rest(m))
            for m in months
            if m.label
        )[-_MONTHS:],
        teams=(*named, *(t for t in teams if not t.label)) if named else (),
        untold=shown.number(untold, context.lang, 0) if untold else "",
        rows=len(kept),
    )


def _rest(
    share: Share,
) -> tuple[tuple[float, float, float], tuple[str, str, str], str, str, float | None]:
    return share.days, share.told, share.run, share.run_all, share.ratio


def _days(frame: pd.DataFrame) -> tuple[float, float, float]:
    sums = frame.groupby("category")["effort_spent"].sum()
    run, build, other = (float(sums.get(k, 0.0)) for k in _KINDS)
    return run, build, other


def _shares(context: Context, frame: pd.DataFrame, by: str) -> list[Share]:
    key = frame[by].fillna("").astype(str)
    table = frame.groupby([key, "category"])["effort_spent"].sum().unstack(fill_value=0)
    table = table.reindex(columns=list(_KINDS), fill_value=0.0)
    return [
        _share(context, str(label), (float(run), float(build), float(other)))
        for label, run, build, other in table.sort_index().itertuples()
    ]


def _share(context: Context, label: str, days: tuple[float, float, float]) -> Share:
    run, build, other = days
    ratio = run / (run + build) if run + build > 0 else None
    whole = run / sum(days) if sum(days) > 0 else None
    told = tuple(shown.number(d, context.lang, 0) for d in (run, build, other))
    return Share(
        label,
        days,
        (told[0], told[1], told[2]),
        shown.percent(ratio, context.lang) if ratio is not None else "",
        shown.percent(whole, context.lang) if whole is not None else "",
        ratio,
    )
