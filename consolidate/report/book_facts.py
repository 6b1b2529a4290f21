"""Figures of the workbook's first page, each with what it is counted among."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from consolidate.model.portfolio import Portfolio
from consolidate.report import html_project as rule
from consolidate.report.csv_text import values
from consolidate.report.html_words import records

Record = Mapping[str, Any]

NEXT_DAYS = 90
AXES = ("status", "status_quality", "status_cost", "status_schedule", "status_risk")
MONEY = ("budget", "committed", "spent", "forecast_cost")
LARGEST = 6
_MONTHS = 12
_CRITICAL = 15


@dataclass(frozen=True, slots=True)
class Late:
    """A late project: its last announced end, and by how many days it is late."""

    code: str
    name: str
    manager: str
    end: date | None
    days: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Amounts of one scope: each sum, and how many projects give it.

    Attributes:
        scope: ``total`` or ``year``; ``unknown`` for amounts that do not say.
        year: The year they are of, if of one.
        sums: In the order of ``MONEY``; none for an unknown scope.
        known: How many projects give each.
        projects: How many give any.
    """

    scope: str
    year: int | None
    sums: tuple[float | None, ...]
    known: tuple[int, ...]
    projects: int


@dataclass(frozen=True, slots=True)
class Large:
    """One of the largest projects: its amounts, in the order of ``MONEY``."""

    code: str
    name: str
    amounts: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the first page says.

    Attributes:
        projects: Projects, MCO containers left out.
        running: Those neither ended nor cancelled.
        late: The latest first.
        dated: Running projects with an end.
        rated: Running projects with a status.
        red: Those at red.
        everything: Projects and MCO containers.
        sums: By scope, the most frequent first; never across.
        largest: The largest budgets of the most frequent scope.
        milestones: Done, overdue, due within 90 days, later, undated.
        risks: Critical, among open and rated ones.
        asks: Code and what is asked, of running projects.
        months: Month and days of run, build and other.
    """

    projects: tuple[Record, ...]
    running: tuple[Record, ...]
    late: tuple[Late, ...]
    dated: int
    rated: int
    red: int
    everything: int
    sums: tuple[Sum, ...]
    largest: tuple[Large, ...]
    milestones: tuple[int, int, int, int, int]
    risks: tuple[int, int]
    asks: tuple[tuple[str, str], ...]
    months: tuple[tuple[str, tuple[float, float, float]], ...]


def book_facts(portfolio: Portfolio, asked: str) -> Facts:
    """Return the figures of the first page.

    Args:
        portfolio: The month's portfolio.
        asked: What to write for a project that asks for help without saying for what.
    """
    everything = records(portfolio.tables["projects"])
    projects = [p for p in everything if p.get("kind") != "mco"]
    running = [p for p in projects if rule.is_open(p)]
    as_of = portfolio.as_of
    late = [_late(p, as_of) for p in running if rule.is_late(p, as_of)]
    groups = _by_scope(everything)
    main = next(iter(groups.values()), [])
    return Facts(
        projects=tuple(projects),
        running=tuple(running),
        late=tuple(sorted(late, key=lambda x: (-x.days, x.code))),
        dated=sum(bool(p["end_forecast"] or p["end_baseline"]) for p in running),
        rated=sum(p["status"] not in (None, "grey") for p in running),
        red=sum(p["status"] == "red" for p in running),
        everything=len(everything),
        sums=tuple(_sum(*key, own) for key, own in groups.items()),
        largest=tuple(_largest(main)),
        milestones=_milestones(portfolio.tables["milestones"], everything, as_of),
        risks=_risks(portfolio.tables["risks"]),
        asks=tuple(_asks(running, asked)),
        months=_months(portfolio.tables["workload"], portfolio.period),
    )


def _late(project: Record, as_of: date) -> Late:
    end = project["end_forecast"] or project["end_baseline"]
    overdue = (as_of - end).days if rule.is_overdue(project, as_of) else 0
    return Late(
        code=str(project["project_code"] or ""),
        name=str(project["name"] or ""),
        manager=str(project["project_manager"] or ""),
        end=end,
        # A slip that is past too counts from the baseline.
        days=max(rule.slip_days(project) or 0, overdue),
    )


def _by_scope(
    rows: Sequence[Record],
) -> dict[tuple[str, int | None], list[Record]]:
    """Return the projects that give amounts, by scope and year, most projects first."""
    fields = ("budget_initial", "budget_revised", "committed", "spent", "forecast_cost")
    groups: dict[tuple[str, int | None], list[Record]] = {}
    for project in rows:
        if all(project[f] is None for f in fields):
            continue
        scope, year = project["amount_scope"], project["amount_year"]
        if rule.basis(project) == rule.BASIS_UNKNOWN:
            key: tuple[str, int | None] = ("unknown", None)
        else:
            key = (scope, int(year) if scope == "year" else None)
        groups.setdefault(key, []).append(project)
    # The first met of equals first, as the workbook's formulas rank them.
    return dict(sorted(groups.items(), key=lambda g: -len(g[1])))


def _amounts(project: Record) -> tuple[float | None, ...]:
    budget = project[rule.budget_field(project)]
    return (budget, *(project[f] for f in MONEY[1:]))


def _sum(scope: str, year: int | None, rows: Sequence[Record]) -> Sum:
    columns = zip(*map(_amounts, rows), strict=True)
    known = [[v for v in column if v is not None] for column in columns]
    sums = tuple(sum(k) if k and scope != "unknown" else None for k in known)
    return Sum(scope, year, sums, tuple(map(len, known)), len(rows))


def _largest(rows: Sequence[Record]) -> list[Large]:
    dear = [(p, _amounts(p)) for p in rows]
    dear = [(p, own) for p, own in dear if own[0] is not None]
    dear.sort(key=lambda pair: -(pair[1][0] or 0))
    return [
        Large(str(p["project_code"] or ""), str(p["name"] or ""), own)
        for p, own in dear[:LARGEST]
    ]


def _milestones(
    frame: pd.DataFrame, projects: Sequence[Record], as_of: date
) -> tuple[int, int, int, int, int]:
    """Count milestones; those of cancelled projects and cancelled ones are left out."""
    gone = {
        p["project_code"] for p in projects if p["state"] in ("cancelled", "archived")
    }
    names = ("project_code", "state", "end_actual", "end_forecast", "end_baseline")
    horizon = as_of + timedelta(days=NEXT_DAYS)
    counts = [0, 0, 0, 0, 0]
    for code, state, done, forecast, baseline in zip(
        *(values(frame[n]) for n in names), strict=True
    ):
        if code in gone or state == "cancelled":
            continue
        due = forecast or baseline
        if state == "completed" or done is not None:
            counts[0] += 1
        elif due is None:
            counts[4] += 1
        else:
            counts[1 if due < as_of else 2 if due <= horizon else 3] += 1
    return counts[0], counts[1], counts[2], counts[3], counts[4]


def _risks(frame: pd.DataFrame) -> tuple[int, int]:
    pairs = zip(values(frame["state"]), values(frame["criticality"]), strict=True)
    rated = [c for state, c in pairs if state != "closed" and c is not None]
    return sum(c >= _CRITICAL for c in rated), len(rated)


def _asks(running: Sequence[Record], asked: str) -> list[tuple[str, str]]:
    able = [p for p in running if p["decisions"] or p["assistance_requested"] is True]
    able.sort(key=lambda p: (str(p["priority"] or "9"), str(p["project_code"])))
    return [(str(p["project_code"] or ""), p["decisions"] or asked) for p in able]


def _months(
    frame: pd.DataFrame, period: str
) -> tuple[tuple[str, tuple[float, float, float]], ...]:
    kinds = ["run", "build", "other"]
    spent = frame.loc[frame["effort_spent"].notna() & frame["category"].isin(kinds)]
    spent = spent.loc[spent["month"].notna() & (spent["month"].fillna("") <= period)]
    if spent.empty:
        return ()
    table = spent.groupby(["month", "category"])["effort_spent"].sum().unstack()
    table = table.reindex(columns=kinds).fillna(0.0).sort_index().tail(_MONTHS)
    return tuple(
        (str(month), (float(run), float(build), float(other)))
        for month, run, build, other in table.itertuples()
    )
