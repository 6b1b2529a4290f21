"""Objectives, teams, stakeholders, training, communication, compliance, alerts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from build_tables import AS_OF, rules, table, tables

from consolidate.analyse.benefits import attained, by_beneficiary
from consolidate.analyse.change import (
    by_framework,
    communications_told,
    compliance_told,
    pareto,
    trained,
)
from consolidate.analyse.teams import groups_answered, influence_grid, role_coverage

FULL = {"indicator": "Taux", "baseline": 20.0, "target": 60.0, "target_date": date(2026, 12, 31)}  # fmt: skip


def objective(**told: Any) -> pd.Series:
    return attained(table("objectives", {**FULL, **told}), AS_OF).iloc[0]


def test_attainment_is_the_share_of_the_way_from_baseline_to_target() -> None:
    assert objective(actual=50.0)["attainment"] == pytest.approx(0.75)
    assert objective(actual=10.0)["attainment"] == pytest.approx(-0.25)
    # A target below the baseline is a way down.
    assert objective(baseline=60.0, target=20.0, actual=30.0)["attainment"] == 0.75


@pytest.mark.parametrize(
    "told", [{"baseline": None}, {"target": 20.0}, {"actual": None}]
)
def test_without_a_way_or_a_measure_there_is_no_attainment(
    told: dict[str, Any],
) -> None:
    assert pd.isna(objective(**{"actual": 50.0, **told})["attainment"])


def test_an_objective_is_measurable_when_nothing_lacks() -> None:
    assert objective()["is_measurable"]
    found = objective(baseline=None, target_date=None)
    assert not found["is_measurable"]
    assert found["lacks"] == "baseline;target_date"


@pytest.mark.parametrize(
    ("told", "due"),
    [
        ({"target_date": date(2026, 10, 30)}, True),
        ({"target_date": date(2026, 10, 31)}, False),
        ({"target_date": date(2026, 10, 30), "actual": 60.0}, False),
        ({"target_date": date(2026, 10, 30), "state": "abandoned"}, False),
    ],
)
def test_an_objective_past_its_date_and_not_achieved_is_due(
    told: dict[str, Any], due: bool
) -> None:
    assert bool(objective(**told)["is_due"]) is due


def test_a_beneficiary_has_the_median_of_what_is_known() -> None:
    rows = [
        {**FULL, "beneficiary": "staff", "actual": 40.0},
        {**FULL, "beneficiary": "staff", "actual": 60.0},
        {**FULL, "beneficiary": "staff"},
        {**FULL, "beneficiary": None},
    ]
    found = by_beneficiary(attained(table("objectives", *rows), AS_OF))
    staff = found.set_index("beneficiary").loc["staff"]
    assert staff[["objectives", "measured", "achieved"]].tolist() == [3, 2, 1]
    assert (staff["attainment"], staff["attainment_known"]) == (0.75, 2)
    assert found["beneficiary"].tolist() == ["", "staff"]


def roles(**given: Any) -> dict[str, str]:
    found = role_coverage(tables(projects={}, **given), rules().packs["roles"])
    return dict(found.iloc[0][list(rules().packs["roles"])])


def test_a_role_is_absent_only_where_stakeholders_are_listed() -> None:
    untold = dict.fromkeys(("technical", "care", "legal", "management"), "untold")
    assert roles() == untold
    told = roles(stakeholders={"name": "Groupe", "category": "medical"})
    assert told == {**dict.fromkeys(untold, "absent"), "care": "held"}


def test_a_role_is_held_by_a_word_a_field_or_an_owner() -> None:
    told = roles(
        stakeholders={"name": "M. Untel", "role": "DPO du GHT"},
        compliance={"framework": "gdpr", "owner": "DPO"},
    )
    assert told["legal"] == "held"
    assert roles(compliance={"framework": "gdpr", "owner": "DPO"})["legal"] == "held"
    assert roles(compliance={"framework": "gdpr"})["legal"] == "untold"


def test_a_word_of_a_role_is_a_whole_word() -> None:
    told = roles(stakeholders={"name": "X", "role": "Polytechnique"})
    assert told["technical"] == "absent"


def test_the_grid_counts_those_that_tell_both_ratings() -> None:
    rows = [
        {"name": "A", "influence": 5.0, "interest": 2.0},
        {"name": "B", "influence": 5.0, "interest": 2.0, "strategy": "Atelier"},
        {"name": "C", "influence": 5.0},
    ]
    found = influence_grid(table("stakeholders", *rows))
    assert found.to_numpy().tolist() == [[5, 2, 2, 1]]


def test_a_group_says_how_many_concerns_are_answered() -> None:
    rows = [
        {"name": "A", "category": "medical", "influence": 4.0},
        {"name": "B", "category": "medical", "influence": 3.0, "strategy": "Atelier"},
    ]
    found = groups_answered(table("stakeholders", *rows)).iloc[0]
    assert found[["groups", "answered", "strong", "strong_unanswered"]].tolist() == [2, 1, 1, 1]  # fmt: skip


def test_people_are_trained_of_the_trainings_that_give_both_headcounts() -> None:
    rows = [
        {"establishment": "A", "headcount_target": 100, "headcount_trained": 40},
        {"establishment": "A", "headcount_target": 100, "headcount_trained": 20},
        {"establishment": "A", "headcount_target": 500},
        {"establishment": "A", "headcount_target": 9, "headcount_trained": 9, "state": "cancelled"},
    ]  # fmt: skip
    found = trained(table("trainings", *rows), "establishment").iloc[0]
    told = ["trainings", "known", "target", "done", "share", "untold"]
    assert found[told].tolist() == [3, 2, 200, 60, 0.3, 500]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"planned_on": date(2026, 10, 30)}, "overdue"),
        ({"planned_on": date(2026, 10, 31)}, "planned"),
        ({"planned_on": date(2026, 10, 1), "sent_on": date(2026, 10, 9)}, "done"),
        ({"planned_on": date(2026, 10, 1), "state": "closed"}, "done"),
        ({"planned_on": date(2026, 10, 1), "state": "cancelled"}, "cancelled"),
        ({}, "undated"),
    ],
)
def test_a_communication_not_done_on_its_day_is_late(
    told: dict[str, Any], status: str
) -> None:
    found = communications_told(table("communications", told), AS_OF)
    assert found["status"].tolist() == [status]


def item(**told: Any) -> dict[str, Any]:
    return {"framework": "gdpr", "requirement": "AIPD", **told}


def test_a_framework_counts_what_applies_and_what_is_known() -> None:
    rows = [
        item(state="compliant", evidence="x"),
        item(state="compliant", expiry_date=date(2026, 12, 1)),
        item(state="in_progress", due_date=date(2026, 10, 30)),
        item(state="non_compliant", due_date=date(2027, 1, 29)),
        item(state="non_compliant", due_date=date(2027, 1, 30)),
        item(state=None),
        item(state="not_applicable"),
        item(applicable=False),
    ]
    told = compliance_told(table("compliance", *rows), AS_OF, 90)
    found = by_framework(told).iloc[0]
    assert found[["items", "known", "met", "share"]].tolist() == [6, 5, 2, 0.4]
    assert found[["overdue", "near", "undated"]].tolist() == [1, 1, 1]
    assert found[["expiring", "lacks_evidence"]].tolist() == [1, 1]


def test_the_pareto_of_alerts_ends_at_all_of_them() -> None:
    alerts = pd.DataFrame(
        {
            "rule": ["late", "late", "late", "cost"],
            "code": ["D01", "D01", "D01", "B01"],
            "severity": ["critical", "minor", "minor", "critical"],
            "project_code": ["P1", "P1", "P2", "P1"],
        }
    )
    found = pareto(alerts)
    assert found[["code", "count", "critical", "projects", "cumulated"]].to_numpy().tolist() == [
        ["D01", 3, 1, 2, 0.75],
        ["B01", 1, 1, 1, 1.0],
    ]  # fmt: skip
