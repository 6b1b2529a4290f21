"""Teams over their capacity: work planned, or spent, against what a month holds."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from consolidate.report import format as shown
from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure

MOST = 24
_FULL = 1.0
_HEAVY = 1.1


@dataclass(frozen=True, slots=True)
class Over:
    """One month of a team: its work, its capacity and the share of it."""

    team: str
    month: str
    work: Figure
    capacity: Figure
    share: Figure
    to_come: bool


@dataclass(frozen=True, slots=True)
class Capacity:
    """How full the teams are.

    Attributes:
        over: Months over capacity, the nearest to come first, then the latest past.
        known: Months of teams whose capacity and work are known.
    """

    over: tuple[Over, ...]
    known: int


def capacity(context: Context) -> Capacity:
    """Return the months in which a team's work is over its capacity.

    Work is what is planned, else what was spent; a person's capacity counts once a
    month however many activities repeat it.
    """
    frame = context.portfolio.tables["workload"]
    given = frame.loc[frame["month"].notna() & frame["team"].notna()]
    if given["capacity"].notna().sum() == 0:
        return Capacity((), 0)
    keys = ["team", "month"]
    person = given["person"].fillna("") if "person" in given else ""
    own = given.assign(_person=person)
    room = (
        own.groupby([*keys, "_person"])["capacity"].max().groupby(keys).sum(min_count=1)
    )
    work = own.groupby(keys)[["effort_planned", "effort_spent"]].sum(min_count=1)
    load = work["effort_planned"].fillna(work["effort_spent"])
    both = pd.DataFrame({"work": load, "room": room}).dropna()
    both = both.loc[both["room"] > 0].reset_index()
    both["share"] = both["work"] / both["room"]
    over = both.loc[both["share"] > _FULL]
    return Capacity(tuple(_ordered(context, over)), len(both))


def _ordered(context: Context, over: pd.DataFrame) -> list[Over]:
    period = context.portfolio.period
    coming = over.loc[over["month"] > period].sort_values(
        ["month", "share"], ascending=[True, False]
    )
    past = over.loc[over["month"] <= period].sort_values(
        ["month", "share"], ascending=[False, False]
    )
    rows = pd.concat([coming, past]).head(MOST)
    return [
        _over(context, str(team), str(month), float(work), float(room))
        for team, month, work, room in rows[
            ["team", "month", "work", "room"]
        ].itertuples(index=False)
    ]


def _over(context: Context, team: str, month: str, work: float, room: float) -> Over:
    lang = context.lang
    share = work / room
    tone = "poor" if share > _HEAVY else "fair"
    return Over(
        team,
        shown.month(month, lang, short=True),
        Figure(shown.number(work, lang, 1), work),
        Figure(shown.number(room, lang, 1), room),
        Figure(shown.percent(share, lang), round(share, 4), None, tone),
        month > context.portfolio.period,
    )
