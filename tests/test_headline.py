"""The figures a month is told by: what each counts, and of how many."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from consolidate.analyse.headline import by_scope, headline, run_and_build

AS_OF = date(2026, 10, 31)
PROJECT: dict[str, Any] = {
    "record_id": "p",
    "project_code": "A",
    "state": "active",
    "kind": "project",
    "status": "green",
    "end_actual": None,
    "end_forecast": date(2026, 12, 31),
    "end_baseline": date(2026, 12, 31),
    "budget_initial": 100.0,
    "budget_revised": None,
    "committed": 60.0,
    "spent": None,
    "forecast_cost": 110.0,
    "amount_scope": "total",
    "amount_year": None,
}
RISK: dict[str, Any] = {"record_id": "r", "state": "open", "closed_on": None, "criticality": 15.0}  # fmt: skip
SERVICE: dict[str, Any] = {
    "record_id": "s",
    "month": "2026-10",
    "availability_target": 0.999,
    "availability_actual": 0.9995,
}
WORK: dict[str, Any] = {"team": "Réseau", "month": "2026-10", "category": "run", "effort_spent": 6.0}  # fmt: skip


def frame(model: dict[str, Any], *rows: dict[str, Any]) -> pd.DataFrame:
    filled = [{**model, **row} for row in rows]
    return pd.DataFrame(filled, columns=list(model)).astype("object")


def tables(**rows: tuple[dict[str, Any], ...]) -> dict[str, pd.DataFrame]:
    models = {"projects": PROJECT, "risks": RISK, "services": SERVICE, "workload": WORK}
    return {name: frame(model, *rows.get(name, ())) for name, model in models.items()}


def counted(name: str, **rows: tuple[dict[str, Any], ...]) -> tuple[int | None, int]:
    count = headline(tables(**rows), "2026-10", AS_OF)[name]
    return count.value, count.base


def test_projects_that_are_over_and_containers_of_maintenance_do_not_run() -> None:
    rows = ({}, {"state": None}, {"state": "completed"}, {"kind": "mco"})
    assert counted("running", projects=rows) == (2, 3)


def test_red_is_counted_among_the_projects_whose_status_is_known() -> None:
    rows = ({"status": "red"}, {}, {"status": None})
    assert counted("red", projects=rows) == (1, 2)
    assert counted("red", projects=({"status": None},)) == (None, 0)


@pytest.mark.parametrize(
    ("row", "late"),
    [
        ({}, 0),
        ({"end_forecast": date(2027, 1, 1)}, 1),
        ({"end_forecast": None, "end_baseline": date(2026, 10, 30)}, 1),
        ({"end_forecast": None, "end_baseline": date(2026, 10, 31)}, 0),
        ({"end_actual": date(2026, 9, 1), "end_baseline": date(2026, 9, 1)}, 0),
    ],
)
def test_a_project_is_late_when_its_end_slips_or_is_past(
    row: dict[str, Any], late: int
) -> None:
    assert counted("late", projects=(row,)) == (late, 1)


def test_a_closed_risk_is_no_critical_risk() -> None:
    rows = ({}, {"criticality": 14.0}, {"state": "closed"}, {"criticality": None})
    assert counted("risks", risks=rows) == (1, 2)


def test_a_service_is_below_by_the_figures_of_the_month_alone() -> None:
    rows = (
        {},
        {"availability_actual": 0.99},
        {"availability_actual": 0.5, "month": "2026-09"},
        {"availability_actual": None},
    )
    assert counted("services", services=rows) == (1, 2)


def test_amounts_of_a_year_and_in_all_are_never_added() -> None:
    rows = frame(
        PROJECT,
        {},
        {"budget_revised": 150.0, "committed": None},
        {"amount_scope": "year", "amount_year": 2026},
        {"amount_scope": "year"},  # of which year?
        {"amount_scope": "unknown"},
    )
    found = by_scope(rows)
    told = found[["scope", "projects", "reference", "committed", "committed_known"]]
    assert told.astype("object").where(told.notna(), None).to_numpy().tolist() == [
        ["total", 2, 250.0, 60.0, 1],
        ["year", 1, 100.0, 60.0, 1],
        ["unknown", 2, None, None, 2],
    ]
    assert found["spent"].isna().all()


def test_the_share_of_run_leaves_out_what_is_neither() -> None:
    rows = (
        {},
        {"category": "build", "effort_spent": 2.0},
        {"category": "other", "effort_spent": 9.0},
        {"category": "absence", "effort_spent": 5.0},
        {"month": "2026-09"},
        {"team": None, "category": "other", "effort_spent": 1.0},
    )
    found = run_and_build(tables(workload=rows), "2026-10").set_index(
        "team", drop=False
    )
    assert found.loc["Réseau", ["run", "build", "other", "share"]].tolist() == [6, 2, 9, 0.75]  # fmt: skip
    assert found["share"].isna().sum() == 1
