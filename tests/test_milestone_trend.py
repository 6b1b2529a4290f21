"""Milestone trend: slips from report to report, on a constant perimeter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from history_packs import given

from consolidate.analyse.curve import FIELDS as CURVE
from consolidate.analyse.curve import curve
from consolidate.analyse.history import Month
from consolidate.analyse.milestone_trend import (
    FIELDS,
    ends_of_projects,
    lines,
    slipping,
    slips,
    told,
)
from consolidate.model.pack import Chart, Table
from consolidate.packs.programme_trend import programmes
from consolidate.packs.trend_sections import reports


def month(period: str, day: date, *rows: dict[str, Any]) -> Month:
    columns = ["project_code", "record_id", *FIELDS["milestones"]]
    frame = pd.DataFrame(rows, columns=columns).astype("object")
    return Month(period, day, {"milestones": frame.where(frame.notna(), None)})


def milestone(end: date, **fields: Any) -> dict[str, Any]:
    known = {
        "project_code": "P",
        "record_id": "m",
        "name": "Bascule",
        "state": "active",
    }
    return {**known, "end_baseline": date(2026, 6, 1), "end_forecast": end, **fields}


JANUARY = month("2026-01", date(2026, 1, 31), milestone(date(2026, 6, 1)))
FEBRUARY = month("2026-02", date(2026, 2, 28), milestone(date(2026, 6, 11)))
MARCH = month("2026-03", date(2026, 3, 31), milestone(date(2026, 6, 6)))
APRIL = month("2026-04", date(2026, 4, 30), milestone(date(2026, 7, 1)))


def test_each_later_announcement_is_a_slip_and_each_earlier_a_recovery() -> None:
    (row,) = slips(told([JANUARY, FEBRUARY, MARCH, APRIL])).to_dict("records")
    assert (row["reports"], row["slips"], row["recoveries"]) == (4, 2, 1)
    assert (row["total"], row["latest"]) == (30, 25)


def test_where_no_milestone_was_ever_told_there_is_no_slip() -> None:
    assert len(slips(told([month("2026-10", date(2026, 10, 31))]))) == 0
    assert len(slips(told([]))) == 0


def test_a_month_without_a_return_is_no_slip_and_the_last_report_is_dated() -> None:
    nothing = month("2026-02", date(2026, 2, 28))
    (row,) = slips(told([JANUARY, nothing])).to_dict("records")
    assert (row["reports"], row["slips"]) == (1, 0)
    assert row["told_on"] == pd.Timestamp("2026-01-31")


def test_a_changed_baseline_is_counted() -> None:
    moved = milestone(date(2026, 6, 11), end_baseline=date(2026, 6, 11))
    again = month("2026-02", date(2026, 2, 28), moved)
    assert slips(told([JANUARY, again]))["rebaselined"].tolist() == [1]


def test_a_trend_needs_three_reports_and_an_open_milestone() -> None:
    assert slipping(told([JANUARY, FEBRUARY])).empty
    assert len(slipping(told([JANUARY, FEBRUARY, MARCH]))) == 1
    reached = milestone(date(2026, 7, 1), end_actual=date(2026, 7, 1))
    ended = month("2026-07", date(2026, 7, 31), reached)
    assert slipping(told([JANUARY, FEBRUARY, MARCH, ended])).empty


def test_a_dates_dates_chart_has_a_report_a_row_and_a_milestone_a_column() -> None:
    frame = lines(told([JANUARY, FEBRUARY, MARCH]), "P", 3)
    assert list(frame.columns) == ["report", "m"]
    assert frame["m"].dt.date.tolist() == [
        date(2026, 6, 1),
        date(2026, 6, 11),
        date(2026, 6, 6),
    ]


def money(period: str, day: date, *rows: dict[str, Any]) -> Month:
    known = {"kind": "project", "amount_scope": "total", "budget_initial": 100.0}
    columns = ["project_code", *CURVE["projects"]]
    frame = pd.DataFrame([{**known, **r} for r in rows], columns=columns)
    return Month(period, day, {"projects": frame.astype("object")})


def test_a_missing_return_does_not_make_the_curve_fall() -> None:
    a = {"project_code": "A", "planned_progress": 0.5, "progress": 0.4, "spent": 45.0}
    b = {**a, "project_code": "B"}
    first = money("2026-01", date(2026, 1, 31), a, b)
    second = money("2026-02", date(2026, 2, 28), {**a, "spent": 60.0})
    found = curve([first, second])
    assert (found.projects, found.running) == (1, 1)
    assert found.frame["spent"].tolist() == [45.0, 60.0]
    assert found.frame["planned"].tolist() == [50.0, 50.0]
    assert found.frame["earned"].tolist() == [40.0, 40.0]
    assert found.frame["landing"].isna().all()


def test_amounts_of_a_year_are_in_no_curve() -> None:
    row = {"project_code": "A", "planned_progress": 0.5, "progress": 0.4, "spent": 45.0}
    yearly = {**row, "amount_scope": "year"}
    assert curve([money("2026-01", date(2026, 1, 31), yearly)]).frame.empty


def test_the_last_milestone_told_is_the_end_a_project_announces() -> None:
    later = milestone(date(2026, 9, 1), record_id="n")
    here = month("2026-02", date(2026, 2, 28), milestone(date(2026, 6, 11)), later)
    ends = ends_of_projects(told([JANUARY, here]))
    assert [e.date() for e in ends["end"]] == [date(2026, 6, 1), date(2026, 9, 1)]


def test_a_programme_counts_the_slips_of_its_projects_and_draws_their_ends() -> None:
    known = given()
    slipped = slipping(reports(known))["project_code"].iloc[0]
    projects = known.table("projects")
    own = projects["project_code"].isin([slipped, "P-001"])
    named = projects.assign(programme=own.map({True: "Care", False: None}))
    tables = {**known.portfolio.tables, "projects": named}
    section = programmes(
        replace(known, portfolio=replace(known.portfolio, tables=tables))
    )
    table, chart = section.blocks
    assert isinstance(table, Table)
    (row,) = table.frame.to_dict("records")
    assert (row["programme"], row["projects"], row["slips"]) == ("Care", 2, 1)
    assert isinstance(chart, Chart)
    assert {s.name for s in chart.series} == {slipped, "P-001"}
