"""What moved between two months."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from consolidate.analyse.movements import MOVEMENT_COLUMNS, movements

PROJECT: dict[str, Any] = {
    "project_code": "A",
    "record_id": "projects-a",
    "name": "Dossier patient",
    "state": "active",
    "status": "green",
    "progress": 0.5,
    "highlights": None,
    "end_baseline": date(2026, 12, 31),
    "end_forecast": date(2026, 12, 31),
    "budget_initial": 100_000.0,
    "forecast_cost": 100_000.0,
    "amount_scope": "total",
    "amount_year": None,
}
MILESTONE: dict[str, Any] = {
    "project_code": "A",
    "record_id": "milestones-a",
    "name": "Recette",
    "state": "planned",
    "end_baseline": date(2026, 11, 30),
    "end_forecast": date(2026, 11, 30),
    "end_actual": None,
}
DECISION: dict[str, Any] = {
    "project_code": "A",
    "record_id": "actions-a",
    "kind": "decision",
    "raised_on": date(2026, 10, 12),
}


def month(
    *projects: dict[str, Any],
    milestones: tuple[dict[str, Any], ...] = (),
    actions: tuple[dict[str, Any], ...] = (),
) -> dict[str, pd.DataFrame]:
    def frame(rows: tuple[dict[str, Any], ...], model: dict[str, Any]) -> pd.DataFrame:
        return pd.DataFrame([{**model, **r} for r in rows], columns=list(model))

    return {
        "projects": frame(projects, PROJECT),
        "milestones": frame(milestones, MILESTONE),
        "actions": frame(actions, DECISION),
    }


def moved(before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame]) -> list[str]:
    return movements(before, after, "2026-10")["move"].tolist()


@pytest.mark.parametrize(
    ("field", "value", "move"),
    [
        ("status", "red", "worse"),
        ("status", "blue", "better"),
        ("status", "grey", None),
        ("end_forecast", date(2027, 3, 31), "slipped"),
        ("end_forecast", date(2026, 11, 30), "advanced"),
        ("end_forecast", None, None),
        ("end_baseline", date(2027, 3, 31), "rebaselined"),
        ("budget_initial", 120_000.0, "rebaselined"),
        ("forecast_cost", 115_000.0, "dearer"),
        ("forecast_cost", 90_000.0, "cheaper"),
        ("state", "completed", "ended"),
        ("progress", 0.6, None),
    ],
)
def test_a_field_that_changes_is_a_movement(
    field: str, value: object, move: str | None
) -> None:
    assert moved(month({}), month({field: value})) == ([move] if move else [])


def test_a_project_without_a_return_is_missing_and_none_of_its_records_left() -> None:
    before = month({}, milestones=({},))
    assert moved(before, month()) == ["missing"]


def test_a_project_that_had_ended_leaves() -> None:
    assert moved(month({"state": "completed"}), month()) == ["left"]


def test_a_new_project_appears() -> None:
    assert moved(month(), month({})) == ["appeared"]


def test_an_open_milestone_that_its_project_no_longer_tells_is_dropped() -> None:
    before = month({}, milestones=({},))
    assert moved(before, month({"progress": 0.6})) == ["dropped"]
    kept = month({}, milestones=({"end_actual": date(2026, 9, 1)},))
    assert moved(kept, month({"progress": 0.6})) == []


def test_a_baseline_that_a_decision_of_the_month_explains_is_not_told() -> None:
    later = {"end_baseline": date(2027, 3, 31)}
    assert moved(month({}), month(later, actions=({},))) == []
    old = {"raised_on": date(2026, 8, 1)}
    assert moved(month({}), month(later, actions=(old,))) == ["rebaselined"]


@pytest.mark.parametrize("scope", ["unknown", None, "year"])
def test_amounts_of_unknown_or_other_scopes_are_neither_dearer_nor_cheaper(
    scope: str | None,
) -> None:
    now = {"forecast_cost": 150_000.0, "amount_scope": scope}
    assert moved(month({}), month(now)) == ["recosted"]


def test_a_return_that_tells_nothing_new_is_unchanged() -> None:
    assert moved(month({}), month({})) == ["unchanged"]
    assert moved(month({"state": "on_hold"}), month({"state": "on_hold"})) == []


def test_what_needs_a_look_comes_first_and_the_greatest_amount() -> None:
    before = month({}, milestones=({}, {"record_id": "m-2", "name": "Bascule"}))
    ends = (date(2026, 12, 15), date(2027, 5, 31))
    after = month(
        {"forecast_cost": 90_000.0, "status": "red"},
        milestones=(
            {"end_forecast": ends[0]},
            {"record_id": "m-2", "name": "Bascule", "end_forecast": ends[1]},
        ),
    )
    found = movements(before, after, "2026-10")
    assert found["move"].tolist() == ["worse", "slipped", "slipped", "cheaper"]
    assert found["object"].tolist()[1:3] == ["Bascule", "Recette"]
    assert found["amount"].tolist()[1] == 182


def test_nothing_moved_gives_the_columns_all_the_same() -> None:
    assert movements(month(), month(), "2026-10").columns.tolist() == MOVEMENT_COLUMNS
