"""Where projects stand in their life, what their phase lacks, whether bodies meet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from build_alerts import month, rules, schemas
from build_tables import AS_OF, table

from consolidate.analyse.governance import (
    bodies,
    closures_told,
    committees,
    meetings_told,
)
from consolidate.analyse.history import History
from consolidate.analyse.lifecycle import (
    deliverable_matrix,
    expected_deliverables,
    lacking,
)


def expected(phase: str, *done: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What a project of a phase owes, having validated these; and the project."""
    project = {"project_code": "P1", "state": "active", "phase": phase}
    items = [{"deliverable_type": t, "state": "validated"} for t in done]
    history = History(
        (month("2026-10", projects=project, deliverables=items),),
        schemas(),
        {"deliverables": ("deliverable_type", "state")},
    )
    rows = history.table("projects")
    return expected_deliverables(rows, history, rules()), rows


def test_a_project_owes_what_the_phases_before_its_own_ask_for() -> None:
    found, _ = expected("procurement", "opportunity_sheet", "project_sheet", "contract")
    own = lacking(found).loc["P1"]
    # Opportunity asks for one deliverable, framing for four, procurement for three.
    assert (own["expected"], own["done"]) == (5, 2)
    assert own["before"] == "framing_note;risk_analysis;governance_plan"
    assert own["now"] == "specifications;tender_analysis"


def test_a_project_that_owes_nothing_more_lacks_nothing() -> None:
    found, _ = expected("framing", "opportunity_sheet", "project_sheet", "framing_note", "risk_analysis", "governance_plan")  # fmt: skip
    own = lacking(found).loc["P1"]
    assert pd.isna(own["before"])
    assert pd.isna(own["now"])


def test_the_matrix_counts_projects_by_the_phase_they_are_in() -> None:
    found, projects = expected("framing", "opportunity_sheet")
    cells = deliverable_matrix(found, projects).set_index("type")
    told = ["phase", "expected", "done", "is_current"]
    assert cells.loc["opportunity_sheet", told].tolist() == ["framing", 1, 1, False]
    assert cells.loc["framing_note", told].tolist() == ["framing", 1, 0, True]


def meetings(*rows: dict[str, Any]) -> pd.DataFrame:
    own = [{"governance_body": "steering_committee", **r} for r in rows]
    return meetings_told(table("meetings", *own), AS_OF)


@pytest.mark.parametrize(
    ("day", "state", "status"),
    [
        (date(2026, 10, 30), "planned", "overdue"),
        (date(2026, 10, 31), "planned", "planned"),
        (date(2026, 10, 1), "held", "held"),
        (date(2026, 10, 1), "postponed", "postponed"),
        (date(2026, 10, 1), None, "untold"),
        (date(2026, 12, 1), None, "planned"),
    ],
)
def test_a_meeting_past_and_still_planned_is_overdue(
    day: date, state: str | None, status: str
) -> None:
    found = meetings({"meeting_date": day, "meeting_state": state})
    assert found["status"].tolist() == [status]


def test_a_meeting_held_has_fifteen_days_for_its_minutes() -> None:
    found = meetings(
        {"meeting_date": date(2026, 10, 15), "meeting_state": "held"},
        {"meeting_date": date(2026, 10, 16), "meeting_state": "held"},
        {"meeting_date": date(2026, 10, 1), "meeting_state": "held", "minutes_link": "x"},
    )  # fmt: skip
    assert found["lacks_minutes"].tolist() == [True, False, False]


def test_a_body_says_when_it_last_met_and_meets_next() -> None:
    found = bodies(
        meetings(
            {"meeting_date": date(2026, 9, 1), "meeting_state": "held"},
            {"meeting_date": date(2026, 10, 1), "meeting_state": "held"},
            {"meeting_date": date(2026, 10, 5), "meeting_state": "planned"},
            {"meeting_date": date(2026, 12, 1), "meeting_state": "planned"},
        )
    ).iloc[0]
    assert (found["held"], found["overdue"], found["planned"]) == (2, 1, 1)
    assert (found["last"].month, found["next"].month) == (10, 12)


def met(priority: str, **told: Any) -> pd.Series:
    projects = table("projects", {"state": "active", "priority": priority, **told})
    held = meetings({"meeting_date": date(2026, 8, 1), "meeting_state": "held"})
    return committees(projects, held, rules(), AS_OF).iloc[0]


def test_the_later_of_the_sheet_and_of_the_meetings_held_counts() -> None:
    assert met("3")["age_days"] == 91
    assert met("3", last_committee_date=date(2026, 10, 1))["age_days"] == 30
    assert met("3", last_committee_date=date(2026, 11, 9))["age_days"] == 91  # to come


def test_a_committee_of_a_high_priority_is_late_sooner() -> None:
    assert not met("3")["is_late"]
    assert met("1")["is_late"]


def test_a_finished_project_without_a_review_is_told() -> None:
    projects = table(
        "projects",
        {"project_code": "P1", "state": "completed", "end_baseline": date(2026, 6, 1), "end_actual": date(2026, 7, 1),
         "amount_scope": "total", "budget_initial": 100.0},
        {"project_code": "P2", "state": "active", "progress": 1.0},
        {"project_code": "P3", "state": "active", "progress": 0.5},
        {"project_code": "P4", "kind": "mco", "phase": "run"},
        {"project_code": "P5", "state": "cancelled", "progress": 1.0},
    )  # fmt: skip
    reviews = table("closures", {"final_cost": 130.0, "post_project_plan": "Suivi"})
    found = closures_told(projects, reviews).set_index("project_code")
    assert found["reviewed"].to_dict() == {"P1": True, "P2": False}
    assert found.loc["P1", "slip_days"] == 30
    assert found.loc["P1", "cost_gap"] == pytest.approx(0.3)


def test_a_cost_is_not_compared_with_a_budget_of_one_year() -> None:
    projects = table("projects", {"state": "completed", "amount_scope": "year", "amount_year": 2026, "budget_initial": 100.0})  # fmt: skip
    found = closures_told(projects, table("closures", {"final_cost": 130.0}))
    assert pd.isna(found["cost_gap"].item())
