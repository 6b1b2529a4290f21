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
    """Amounts of one scope: each sum, and how many projects give it."""

    scope: str
    year: int | None
    sums: tuple[float | None, ...]
    known: tuple[int, ...]


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
        sums: By scope; never across.
        unknown: How many give amounts of a scope that is not stated.
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
    unknown: int
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
    sums, unknown = _sums(everything)
    return Facts(
        projects=tuple(projects),
        running=tuple(running),
        late=tuple(sorted(late, key=lambda x: (-x.days, x.code))),
        dated=sum(bool(p["end_forecast"] or p["end_baseline"]) for p in running),
        rated=sum(p["status"] not in (None, "grey") for p in running),
        red=sum(p["status"] == "red" for p in running),
        everything=len(everything),
        sums=sums,
        unknown=unknown,
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


def _sums(rows: Sequence[Record]) -> tuple[tuple[Sum, ...], int]:
    fields = ("budget_initial", "budget_revised", "committed", "spent", "forecast_cost")
    given = [p for p in rows if any(p[f] is not None for f in fields)]
    groups: dict[tuple[str, int | None], list[Record]] = {}
    unknown = 0
    for project in given:
        scope, year = project["amount_scope"], project["amount_year"]
        if rule.basis(project) == rule.BASIS_UNKNOWN:
            unknown += 1
        else:
            key = (scope, int(year) if scope == "year" else None)
            groups.setdefault(key, []).append(project)
    ordered = sorted(groups.items(), key=lambda g: (-len(g[1]), g[0][0], g[0][1] or 0))
    return tuple(_sum(*key, own) for key, own in ordered), unknown


def _sum(scope: str, year: int | None, rows: Sequence[Record]) -> Sum:
    columns = [[p[rule.budget_field(p)] for p in rows]]
    columns += [[p[f] for p in rows] for f in MONEY[1:]]
    known = [[v for v in column if v is not None] for column in columns]
    return Sum(
        scope,
        year,
        tuple(sum(k) if k else None for k in known),
        tuple(len(k) for k in known),
    )


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
