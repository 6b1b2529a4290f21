"""Convergence: what has switched, what it costs, when the old can be switched off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from build_tables import AS_OF, table

from consolidate.analyse.budgets import project_amounts
from consolidate.analyse.converge import (
    COMMON,
    by_domain,
    cells,
    money_of,
    roadmap,
    switch_offs,
)


def rows(*records: dict[str, Any]) -> pd.DataFrame:
    own = [
        {"domain": "pharmacy", "establishment": f"CH {n}", "target_solution": "New", "current_solution": "Old", **r}
        for n, r in enumerate(records)
    ]  # fmt: skip
    return cells(table("convergence", *own), AS_OF)


@pytest.mark.parametrize(
    ("told", "late"),
    [
        ({"state": "planned", "target_date": date(2026, 10, 30)}, True),
        ({"state": "planned", "target_date": date(2026, 10, 31)}, False),
        ({"state": "planned", "target_date": date(2026, 6, 1), "end_forecast": date(2027, 6, 1)}, False),
        ({"state": "converged", "target_date": date(2026, 6, 1)}, False),
        ({"state": "exempted", "target_date": date(2026, 6, 1)}, False),
        ({"state": "planned", "target_date": date(2026, 6, 1), "end_actual": date(2026, 7, 1)}, False),
        ({"state": "planned"}, False),
    ],
)  # fmt: skip
def test_a_switch_is_late_when_its_last_announced_day_is_past(
    told: dict[str, Any], late: bool
) -> None:
    assert rows(told)["is_late"].item() is late


def test_the_share_is_of_the_establishments_concerned() -> None:
    found = by_domain(
        rows(
            {"state": "converged"},
            {"state": "planned", "budget": 10.0},
            {"state": "in_progress", "target_date": date(2027, 1, 1)},
            {"state": "exempted"},
            {"state": "not_applicable"},
            {"state": None},
        )
    ).iloc[0]
    assert (found["converged"], found["cells"]) == (1, 3)
    assert found["share"] == pytest.approx(1 / 3)
    assert found["undated"] == 2  # planned, and the one of unknown state
    assert (found["envelope"], found["envelope_known"], found["envelope_among"]) == (10, 1, 3)  # fmt: skip


def test_a_project_of_several_domains_is_counted_once_apart() -> None:
    found = rows(
        {"state": "planned", "project_code": "P1"},
        {"state": "planned", "project_code": "P1"},
        {"state": "planned", "project_code": "P2"},
        {"state": "planned", "project_code": "P2", "domain": "imaging"},
    )
    projects = table(
        "projects",
        {"project_code": "P1", "amount_scope": "total", "budget_initial": 100.0},
        {"project_code": "P2", "amount_scope": "total", "budget_initial": 50.0},
        {"project_code": "P3", "amount_scope": "total", "budget_initial": 900.0},
    )
    amounts = project_amounts(projects, table("budget_lines"))
    money = money_of(found, amounts).set_index("domain")["reference"]
    assert money.to_dict() == {"pharmacy": 100, COMMON: 50}


def test_an_application_is_switched_off_when_the_last_has_left_it() -> None:
    found = switch_offs(
        rows(
            {"state": "planned", "target_date": date(2027, 3, 1)},
            {"state": "planned", "target_date": date(2027, 1, 1), "end_forecast": date(2027, 6, 1)},
            {"state": "converged", "end_actual": date(2025, 1, 1)},
        )
    )  # fmt: skip
    assert found["off"].dt.date.tolist() == [date(2027, 6, 1)]
    assert (found["establishments"].item(), found["left"].item()) == (2, 2)


@pytest.mark.parametrize("other", [{"state": "exempted"}, {"state": "not_planned"}])
def test_nothing_says_when_an_application_stops_that_someone_keeps(
    other: dict[str, Any],
) -> None:
    dated = {"state": "planned", "target_date": date(2027, 3, 1)}
    found = switch_offs(rows(dated, other))
    assert found["off"].isna().all()
    assert found["last_switch"].dt.date.tolist() == [date(2027, 3, 1)]


def test_the_target_of_a_domain_is_not_switched_off() -> None:
    assert switch_offs(rows({"state": "planned", "current_solution": "New"})).empty


def test_the_roadmap_holds_what_is_to_come_by_quarter() -> None:
    found = rows(
        {"state": "planned", "target_date": date(2027, 3, 31)},
        {"state": "planned", "target_date": date(2026, 9, 30)},  # the quarter before
        {"state": "converged", "target_date": date(2027, 3, 31)},
    )
    projects = table("projects", {"go_live_date": date(2026, 10, 1), "domain": "imaging"}, {"project_code": "P2"})  # fmt: skip
    steps = roadmap(found, projects, AS_OF)
    assert steps[["quarter", "kind", "domain"]].to_numpy().tolist() == [
        ["2026Q4", "go_live", "imaging"],
        ["2027Q1", "switch", "pharmacy"],
    ]
