"""The status that figures give, and who needs help first."""

from __future__ import annotations

from typing import Any

import pytest
from alert_cases import GRADED, MONEY, NOW, now, of
from build_alerts import Record, alerts, analysed, month, only, project
from hypothesis import given, settings
from hypothesis import strategies as st

from consolidate.analyse.history import Month

ON_TIME = {**GRADED, "end_forecast": "2026-12-31"}
LATE = {**GRADED, "end_forecast": "2027-03-15"}
FINE, DEAR = (
    {**MONEY, "forecast_cost": 100_000.0},
    {**MONEY, "forecast_cost": 120_000.0},
)


def status(**tables: Any) -> Record:
    (found,) = analysed(now(**tables), only()).computed.to_dict("records")
    return found


def overall(*parts: Record, **tables: Any) -> str:
    fields = {k: v for part in parts for k, v in part.items()}
    return str(status(projects=project(**fields), **tables)["overall"])


def risk(
    criticality: float | None, title: str = "Supplier", state: str = "open"
) -> Record:
    return {"title": title, "criticality": criticality, "state": state}


def test_the_status_is_the_worst_of_cost_and_schedule() -> None:
    assert overall(FINE, ON_TIME) == "green"
    assert overall(DEAR, ON_TIME) == "red"
    assert overall(FINE, LATE) == "red"
    assert overall(FINE, {**GRADED, "end_forecast": "2027-01-25"}) == "amber"


def test_one_critical_risk_lowers_the_project_to_amber_only() -> None:
    found = status(projects=project(**FINE, **ON_TIME), risks=risk(15.0))
    assert (found["risk"], found["overall"]) == ("red", "amber")


def test_several_critical_risks_make_it_red() -> None:
    assert overall(FINE, ON_TIME, risks=[risk(15.0), risk(16.0, "Network")]) == "red"


def test_a_closed_risk_counts_no_more() -> None:
    assert overall(FINE, ON_TIME, risks=risk(25.0, state="closed")) == "green"


def test_a_risk_nobody_rated_leaves_the_axis_grey_unless_it_is_red() -> None:
    assert status(risks=[risk(4.0), risk(None, "Network")])["risk"] == "grey"
    assert status(risks=[risk(20.0), risk(None, "Network")])["risk"] == "red"


def test_missing_deliverables_lower_it_to_amber_only() -> None:
    sheet = {
        "name": "Sheet",
        "deliverable_type": "opportunity_sheet",
        "state": "in_progress",
    }
    found = status(
        projects=project(**FINE, **ON_TIME, phase="framing"), deliverables=sheet
    )
    assert (found["quality"], found["overall"]) == ("red", "amber")


def test_a_missed_legal_deadline_is_red_unless_the_project_is_live() -> None:
    law = {"legal_deadline": "2026-09-30"}
    assert status(projects=project(**law))["schedule"] == "red"
    assert (
        status(projects=project(**law, go_live_date="2026-09-15"))["schedule"] == "grey"
    )


def test_one_axis_alone_is_grey_and_says_why() -> None:
    found = status(projects=project(**FINE))
    assert (found["overall"], found["why_grey"]) == ("grey", "schedule;risk;quality")


def test_neither_cost_nor_schedule_is_grey_however_good_the_rest() -> None:
    sheet = {
        "name": "Sheet",
        "deliverable_type": "opportunity_sheet",
        "state": "validated",
    }
    found = status(
        projects=project(phase="framing"), risks=risk(4.0), deliverables=sheet
    )
    assert (found["risk"], found["quality"], found["overall"]) == (
        "green",
        "green",
        "grey",
    )


def test_amounts_of_unknown_scope_leave_the_cost_grey() -> None:
    assert (
        status(projects=project(**{**DEAR, "amount_scope": "unknown"}))["cost"]
        == "grey"
    )


def test_maintenance_and_finished_projects_have_no_status() -> None:
    over = [project(state="completed"), project(project_code="P2", kind="mco")]
    assert analysed(now(projects=over), only()).computed.empty


@settings(deadline=None, max_examples=30)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "forecast_cost": st.floats(0, 1e6),
            "budget_initial": st.floats(0, 1e6),
            "amount_scope": st.sampled_from(["total", "unknown"]),
            "end_baseline": st.just("2026-12-31"),
            "end_forecast": st.sampled_from(["2026-12-31", "2027-06-30"]),
            "start_planned": st.just("2026-01-01"),
        },
    )
)
def test_a_status_is_never_green_because_unknown(fields: Record) -> None:
    found = status(projects=project(**fields))
    both = {found["cost"], found["schedule"]}
    assert found["overall"] != "green" or both == {"green"}
    assert (found["overall"] == "grey") == bool(found["why_grey"])


@pytest.mark.parametrize(
    ("declared", "computed", "severity"),
    [("green", DEAR, "critical"), ("amber", DEAR, "major"), ("red", DEAR, None), ("grey", DEAR, None), (None, DEAR, None)],
)  # fmt: skip
def test_a_declared_status_is_compared_level_by_level(
    declared: str | None, computed: Record, severity: str | None
) -> None:
    found = alerts(
        "status-better-than-figures", *of(status=declared, **computed, **ON_TIME)
    )
    assert [a["severity"] for a in found] == ([severity] if severity else [])


def scored(*projects: Record, **tables: Any) -> list[tuple[str, float, str]]:
    chosen = only(
        "assistance-requested",
        "budget-forecast-overrun",
        "forecast-delay",
        "milestone-late",
        "critical-risk-untreated",
    )
    found = analysed(now(projects=list(projects), **tables), chosen).priorities
    return list(
        found[["project_code", "score", "level"]].itertuples(index=False, name=None)
    )


def test_the_score_adds_severities_weighted_by_priority() -> None:
    asks = project(assistance_requested=True, priority="1", **DEAR)
    assert scored(asks) == [("P1", 24.0, "immediate")]


def test_levels_begin_at_16_and_8() -> None:
    three = [
        project(project_code="A", assistance_requested=True, **DEAR),
        project(project_code="B", assistance_requested=True),
        project(project_code="C", assistance_requested=True, priority="4"),
    ]
    assert scored(*three) == [
        ("A", 16.0, "immediate"),
        ("B", 8.0, "this_month"),
        ("C", 6.4, "watch"),
    ]


def test_a_group_counts_for_16_at_most() -> None:
    late = [
        {"name": f"M{n}", "end_forecast": "2026-09-30", "state": "planned"}
        for n in range(9)
    ]
    assert scored(project(), milestones=late) == [("P1", 16.0, "immediate")]


def test_alerts_of_no_project_score_nothing() -> None:
    found = analysed(
        (
            month(
                NOW,
                projects=[],
                requests={
                    "title": "R",
                    "state": "received",
                    "received_on": "2026-01-01",
                    "project_code": None,
                },
            ),
        ),
        only("request-unprocessed"),
    )
    assert len(found.alerts) == 1
    assert found.priorities.empty


EDGES = [
    ("budget-forecast-overrun", {**MONEY, "forecast_cost": 105_000.0}, None),
    ("budget-forecast-overrun", {**MONEY, "forecast_cost": 105_001.0}, "major"),
    ("budget-forecast-overrun", {**MONEY, "forecast_cost": 110_000.0}, "major"),
    ("budget-forecast-overrun", {**MONEY, "forecast_cost": 110_001.0}, "critical"),
    ("budget-forecast-overrun", {**MONEY, "budget_revised": 120_000.0, "forecast_cost": 110_001.0}, None),
    ("budget-actual-overrun", {**MONEY, "spent": 105_000.0}, "major"),
    ("budget-actual-overrun", {**MONEY, "spent": 105_001.0}, "critical"),
    ("forecast-delay", {**GRADED, "end_forecast": "2027-01-15"}, None),
    ("forecast-delay", {**GRADED, "end_forecast": "2027-01-19"}, "minor"),
    ("forecast-delay", {**GRADED, "end_forecast": "2027-02-06"}, "major"),
    ("forecast-delay", {"end_baseline": "2026-12-31", "end_forecast": "2027-02-06"}, None),
    ("forecast-delay", {"end_baseline": "2026-12-31", "end_forecast": "2027-03-02"}, "major"),
    ("deadline-passed", {"end_baseline": "2026-10-30", "progress": 0.9}, "major"),
    ("deadline-passed", {"end_baseline": "2026-10-01", "progress": 0.9}, "major"),
    ("deadline-passed", {"end_baseline": "2026-09-30", "progress": 0.9}, "critical"),
    ("deadline-passed", {"end_baseline": "2026-09-30", "progress": 0.9, "state": None}, None),
    ("spend-ahead-of-progress", {**MONEY, "spent": 55_000.0, "progress": 0.4}, None),
    ("spend-ahead-of-progress", {**MONEY, "spent": 65_000.0, "progress": 0.4}, "minor"),
    ("progress-behind-time", {"planned_progress": 0.5, "progress": 0.4}, None),
    ("progress-behind-time", {"planned_progress": 0.5, "progress": 0.3}, "minor"),
    ("effort-overrun", {"effort_planned": 100.0, "effort_spent": 120.0, "effort_remaining": 0.0}, "minor"),
    ("effort-overrun", {"effort_planned": 100.0, "effort_spent": 121.0, "effort_remaining": 0.0}, "major"),
    ("report-stale", {"report_date": "2026-09-26"}, None),
    ("report-stale", {"report_date": "2026-08-26"}, "major"),
    ("external-funding-at-risk", {"funding_programme": "care", "legal_deadline": "2026-12-31", "end_forecast": "2026-12-31"}, "major"),
    ("external-funding-at-risk", {"funding_programme": "care", "legal_deadline": "2026-12-31", "end_forecast": "2026-12-01"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "fields", "severity"), EDGES)
def test_a_threshold_is_passed_not_reached(
    rule: str, fields: Record, severity: str | None
) -> None:
    found = alerts(rule, *now(projects={**project(), **fields}))
    assert [a["severity"] for a in found] == ([severity] if severity else [])


def test_red_comes_before_green() -> None:
    long = {
        "start_planned": "2010-01-01",
        "end_baseline": "2026-12-31",
        "end_forecast": "2027-03-15",
    }
    (found,) = alerts("forecast-delay", *of(**long))
    assert (found["severity"], found["value"]) == ("major", 74)


def test_a_key_milestone_is_graver() -> None:
    late = {"name": "Go-live", "end_forecast": "2026-09-30", "state": "planned"}
    key = [
        late,
        {**late, "name": "Law", "milestone_type": "regulatory"},
        {**late, "name": "Key", "is_critical": True},
    ]
    found = {
        a["object"]: a["severity"]
        for a in alerts("milestone-late", *now(milestones=key))
    }
    assert found == {"Go-live": "major", "Law": "critical", "Key": "critical"}


def test_a_service_below_its_target_twice_or_vital_is_graver() -> None:
    low = {"name": "Imaging", "availability_actual": 0.98, "availability_target": 0.99}
    twice: tuple[Month, ...] = (
        month("2026-09", services={**low, "month": "2026-09"}),
        month(NOW, services={**low, "month": NOW}),
    )
    vital = month(NOW, services={**low, "month": NOW, "service_criticality": "vital"})
    assert [a["severity"] for a in alerts("availability-below-target", *twice)] == [
        "critical"
    ]
    assert [a["severity"] for a in alerts("availability-below-target", vital)] == [
        "critical"
    ]


def test_a_service_told_a_month_late_is_judged_when_it_comes() -> None:
    low = {"name": "Imaging", "availability_actual": 0.98, "availability_target": 0.99}
    (found,) = alerts(
        "availability-below-target", month(NOW, services={**low, "month": "2026-09"})
    )
    assert "September" in found["message"] or "Sep" in found["message"]
    assert (
        alerts(
            "availability-below-target",
            month(NOW, services={**low, "month": "2026-08"}),
        )
        == []
    )


def test_a_team_nearly_all_on_run_is_told_without_any_past() -> None:
    time = {"person": "A", "team": "Infra", "month": NOW}
    load = [
        {**time, "category": "run", "effort_spent": 19.0},
        {**time, "category": "build", "effort_spent": 1.0},
    ]
    (found,) = alerts("run-share-high", month(NOW, workload=load))
    assert (found["object"], found["severity"], found["project_code"]) == (
        "Infra",
        "major",
        None,
    )
