"""What falls due, what happens where, and what collides."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from build_tables import AS_OF, rules, tables

from consolidate.analyse.calendar import collisions, events, public_holidays
from consolidate.analyse.deadlines import deadlines

WORDS = rules().packs["calendar"]
SITE = {"establishment": "CH A", "domain": "pharmacy"}


def due(**given: Any) -> pd.DataFrame:
    return deadlines(tables(**given), AS_OF, (3, 12))


@pytest.mark.parametrize(
    ("day", "horizon"),
    [
        (date(2026, 10, 30), 0),
        (date(2026, 10, 31), 3),  # today is not overdue
        (date(2027, 1, 31), 3),
        (date(2027, 2, 1), 12),
        (date(2027, 10, 31), 12),
    ],
)
def test_a_deadline_is_past_near_or_far(day: date, horizon: int) -> None:
    found = due(projects={"legal_deadline": day})
    assert found["horizon"].tolist() == [horizon]
    assert found["regulatory"].tolist() == [True]


def test_what_is_beyond_a_year_or_done_is_no_deadline() -> None:
    far = {"legal_deadline": date(2027, 11, 1)}
    ended = {"project_code": "P2", "state": "completed", "end_forecast": date(2026, 11, 1)}  # fmt: skip
    stones = [
        {"end_forecast": date(2026, 11, 1), "end_actual": date(2026, 10, 1)},
        {"end_forecast": date(2026, 11, 1), "state": "cancelled"},
        {"end_forecast": date(2026, 11, 1), "project_code": "P2"},
    ]
    items = {"state": "compliant", "due_date": date(2026, 11, 1)}
    assert due(projects=[far, ended], milestones=stones, compliance=items).empty


def test_the_forecast_counts_else_the_baseline() -> None:
    stones = [
        {"name": "A", "end_baseline": date(2026, 11, 1), "end_forecast": date(2026, 12, 1)},
        {"name": "B", "end_baseline": date(2026, 11, 2)},
    ]  # fmt: skip
    found = due(milestones=stones)
    assert found["object"].tolist() == ["B", "A"]
    assert found["days_left"].tolist() == [2, 31]


def test_what_the_law_sets_is_marked() -> None:
    day = date(2026, 12, 1)
    found = due(
        milestones=[{"end_forecast": day, "milestone_type": "regulatory"}, {"end_forecast": day}],
        compliance={"due_date": day, "state": "in_progress", "expiry_date": day},
        requests=[{"target_date": day, "regulatory": True, "state": "received"}, {"target_date": day}],
        services={"name": "S", "month": "2026-10", "contract_end_date": day},
    )  # fmt: skip
    counts = found.groupby("kind")["regulatory"].agg(["sum", "size"])
    assert counts.to_dict("index") == {
        "milestone": {"sum": 1, "size": 2},
        "compliance": {"sum": 1, "size": 1},
        "validity": {"sum": 1, "size": 1},
        "request": {"sum": 1, "size": 2},
        "contract": {"sum": 0, "size": 1},
    }


def test_what_has_no_place_of_its_own_is_where_its_project_is() -> None:
    day = date(2026, 12, 1)
    found = due(
        projects={"establishments": "CH A;CH B"},
        compliance={"due_date": day, "state": "in_progress"},
        trainings={"establishment": "CH C"},
        convergence={"target_date": day, "establishment": "CH C", "state": "planned"},
    )
    assert found["establishment"].tolist() == ["CH A, CH B", "CH C"]


def happening(**given: Any) -> pd.DataFrame:
    return events(tables(**given), WORDS)


def test_an_event_is_told_once_for_each_establishment_of_its_project() -> None:
    project = {"establishments": "CH A;CH B", "go_live_date": date(2026, 12, 10)}
    found = happening(projects=project)
    assert found["establishment"].tolist() == ["CH A", "CH B"]
    assert found["month"].unique().tolist() == ["2026-12"]


def test_a_milestone_of_no_told_type_is_known_by_its_name() -> None:
    stones = [
        {"name": "Bascule du site", "end_forecast": date(2026, 12, 1)},
        {"name": "Coupure électrique", "start_planned": date(2026, 12, 2), "end_baseline": date(2026, 12, 3)},
        {"name": "Recette", "end_forecast": date(2026, 12, 4)},
        {"name": "Mise en service", "milestone_type": "acceptance", "end_forecast": date(2026, 12, 5)},
    ]  # fmt: skip
    found = happening(projects=SITE, milestones=stones)
    assert found[["kind", "basis"]].to_numpy().tolist() == [["go_live", "name"], ["outage", "name"]]  # fmt: skip
    assert found["end"].dt.day.tolist() == [1, 3]


def test_the_go_live_of_a_project_and_its_milestone_of_that_day_are_one() -> None:
    day = date(2026, 12, 10)
    found = happening(
        projects={**SITE, "go_live_date": day},
        milestones={"name": "MEP", "milestone_type": "go_live", "end_forecast": day},
    )
    assert found["basis"].tolist() == ["date"]


def test_a_month_of_planned_downtime_is_an_outage_of_that_month() -> None:
    service = {"name": "DPI", "month": "2026-12", "downtime_planned_h": 4.0, "establishment": "CH A"}  # fmt: skip
    found = happening(projects=SITE, services=service)
    assert found[["kind", "precision", "object"]].to_numpy().tolist() == [["outage", "month", "DPI"]]  # fmt: skip
    assert (found["end"].dt.date == date(2026, 12, 31)).all()


def colliding(*projects: dict[str, Any], **given: Any) -> pd.DataFrame:
    listed = [{**SITE, "project_code": f"P{n}", **p} for n, p in enumerate(projects)]
    windows = public_holidays(date(2026, 11, 1), date(2026, 12, 31))
    return collisions(happening(projects=listed, **given), windows)


def go_live(month: int, day: int, **told: Any) -> dict[str, Any]:
    return {"go_live_date": date(2026, month, day), **told}


def test_two_go_lives_of_a_month_collide_in_one_establishment_and_domain() -> None:
    found = colliding(go_live(12, 1), go_live(12, 20))
    assert found[["rule", "grave"]].to_numpy().tolist() == [["same-month", False]]


@pytest.mark.parametrize(
    "other",
    [
        go_live(11, 20),
        go_live(12, 20, establishment="CH B"),
        go_live(12, 20, domain="imaging"),
        go_live(12, 20, domain=None),
        go_live(12, 20, state="cancelled"),
    ],
)
def test_go_lives_apart_do_not_collide(other: dict[str, Any]) -> None:
    assert colliding(go_live(12, 1), other).empty


def test_a_go_live_collides_with_an_outage_of_its_place_and_days() -> None:
    def outage(first: int, last: int, site: str) -> dict[str, Any]:
        return {"project_code": "P1", "name": "Coupure", "establishment": site,
                "start_planned": date(2026, 12, first), "end_baseline": date(2026, 12, last)}  # fmt: skip

    away = {"project_code": "P1", "establishment": "CH B"}
    for cut, expected in (
        (outage(9, 11, "CH A"), ["outage"]),
        (outage(11, 12, "CH A"), []),
        (outage(9, 11, "CH B"), []),
    ):
        found = colliding(go_live(12, 10), away, milestones=cut)
        assert found["rule"].tolist() == expected


def test_a_go_live_on_a_public_holiday_is_told() -> None:
    found = colliding(go_live(12, 25))
    assert found[["rule", "grave"]].to_numpy().tolist() == [["window", True]]


def test_the_eleven_public_holidays_of_a_year_are_known() -> None:
    found = public_holidays(date(2027, 1, 1), date(2027, 12, 31))
    assert found["start"].dt.strftime("%m-%d").tolist() == [
        *("01-01", "03-29", "05-01", "05-06", "05-08", "05-17"),
        *("07-14", "08-15", "11-01", "11-11", "12-25"),
    ]
