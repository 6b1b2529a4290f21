"""Commitments: what the closed month promised for this one, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from consolidate.analyse.commitments import commitments, due, kept_rate

MODELS: dict[str, dict[str, Any]] = {
    "projects": {
        "record_id": "p-a",
        "project_code": "A",
        "name": "Dossier patient",
        "state": "active",
    },
    "milestones": {
        "record_id": "m-1",
        "project_code": "A",
        "name": "Recette",
        "code": None,
        "owner": "Alix Exemple",
        "state": "planned",
        "progress": None,
        "end_baseline": date(2026, 9, 15),
        "end_forecast": date(2026, 10, 15),
        "end_actual": None,
    },
    "actions": {
        "record_id": "a-1",
        "project_code": "A",
        "title": "Relancer l’éditeur",
        "code": None,
        "description": None,
        "kind": "action",
        "owner": "Alix Exemple",
        "state": "open",
        "due_date": date(2026, 10, 20),
        "revised_due_date": None,
        "closed_on": None,
    },
    "budget_lines": {
        "record_id": "b-1",
        "project_code": "A",
        "label": "Moniteurs",
        "supplier": "Un fournisseur",
        "delivery_due": date(2026, 10, 12),
        "delivered_on": None,
    },
    "services": {
        "record_id": "s-1",
        "project_code": "MCO",
        "name": "Messagerie",
        "application": None,
        "service_code": None,
        "service_owner": None,
        "month": "2026-09",
        "availability_target": 0.999,
        "availability_actual": None,
        "commitment_met": None,
    },
}


def month(**rows: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """One project A that sends one action on top of what is asked for."""
    given = {**{name: [] for name in MODELS}, "projects": [{}], **rows}
    return {
        name: pd.DataFrame([{**model, **row} for row in given[name]], columns=list(model)).astype("object")
        for name, model in MODELS.items()
    }  # fmt: skip


def alive(**rows: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """The month after: the project sent something else, without a date."""
    other = {"record_id": "a-other", "due_date": None}
    return month(**{**rows, "actions": [other, *rows.get("actions", [])]})


def outcome(now: dict[str, Any] | None, as_of: date = date(2026, 10, 31)) -> str:
    later = alive(milestones=[] if now is None else [now])
    found = commitments(month(milestones=[{}]), later, "2026-10", as_of)
    return str(found["outcome"].item())


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({"end_actual": date(2026, 10, 15)}, "kept"),
        ({"end_actual": date(2026, 10, 2), "state": "completed"}, "kept"),
        ({"end_actual": date(2026, 10, 16)}, "late"),
        ({}, "late"),
        ({"state": "cancelled"}, "dropped"),
        (None, "dropped"),
        ({"state": "completed"}, "undated"),
        ({"progress": 1.0}, "undated"),
        # Announced for later than the cut-off: not done yet.
        ({"end_actual": date(2026, 11, 5)}, "late"),
    ],
)
def test_what_became_of_a_milestone_promised_for_the_15th(
    now: dict[str, Any] | None, expected: str
) -> None:
    assert outcome(now) == expected


def test_a_promise_that_moved_is_late_and_says_to_when_and_by_how_much() -> None:
    later = alive(milestones=[{"end_forecast": date(2026, 12, 1)}])
    found = commitments(month(milestones=[{}]), later, "2026-10", date(2026, 10, 31))
    row = found.iloc[0]
    assert (row["outcome"], row["days_late"]) == ("late", 16)  # 31 - 15
    assert row["due"] == pd.Timestamp("2026-10-15")
    assert row["now_due"] == pd.Timestamp("2026-12-01")


def test_before_its_day_a_promise_is_pending() -> None:
    assert outcome({}, date(2026, 10, 14)) == "pending"
    assert outcome({}, date(2026, 10, 15)) == "late"


def test_done_without_a_day_before_the_day_promised_is_kept() -> None:
    assert outcome({"state": "completed"}, date(2026, 10, 15)) == "kept"


def test_without_a_return_of_its_project_there_is_no_news() -> None:
    published = month(milestones=[{}])
    gone = {name: frame.iloc[:0] for name, frame in month().items()}
    listed = gone | {"projects": month()["projects"]}
    for later in (gone, listed):
        found = commitments(published, later, "2026-10", date(2026, 10, 31))
        assert found["outcome"].tolist() == ["no_news"]


def test_a_promise_of_a_project_that_is_stopped_is_dropped() -> None:
    later = alive(projects=[{"state": "cancelled"}], milestones=[{}])
    found = commitments(month(milestones=[{}]), later, "2026-10", date(2026, 10, 31))
    assert found["outcome"].tolist() == ["dropped"]


@pytest.mark.parametrize(
    ("row", "promised"),
    [
        ({}, True),
        ({"end_forecast": None, "end_baseline": date(2026, 10, 1)}, True),
        # The forecast is the promise, not the baseline.
        ({"end_forecast": date(2026, 11, 2), "end_baseline": date(2026, 10, 1)}, False),
        ({"end_actual": date(2026, 9, 3)}, False),
        ({"state": "cancelled"}, False),
    ],
)
def test_what_is_promised_for_october(row: dict[str, Any], promised: bool) -> None:
    assert len(due(month(milestones=[row]), "2026-10")) == promised


def test_a_project_that_is_over_promises_nothing() -> None:
    tables = month(projects=[{"state": "completed"}], milestones=[{}])
    assert len(due(tables, "2026-10")) == 0


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("action", ["action"]),
        (None, ["action"]),
        ("decision", ["decision"]),
        ("re_baseline", ["decision"]),
        ("information", []),
    ],
)
def test_actions_and_decisions_are_promises_and_information_is_none(
    kind: str | None, told: list[str]
) -> None:
    assert due(month(actions=[{"kind": kind}]), "2026-10")["kind"].tolist() == told


@pytest.mark.parametrize(
    ("actual", "stated", "expected"),
    [
        (0.9991, None, "kept"),
        (0.999, None, "kept"),
        (0.9989, True, "missed"),  # measured before stated
        (None, True, "kept"),
        (None, False, "missed"),
        (None, None, "no_news"),
    ],
)
def test_a_service_holds_the_target_that_was_published(
    actual: float | None, stated: bool | None, expected: str
) -> None:
    now = {
        "record_id": "s-2",
        "month": "2026-10",
        "availability_actual": actual,
        "commitment_met": stated,
        "availability_target": 0.9,  # lowered since: the promise stays
    }
    published = month(services=[{}])
    found = commitments(published, alive(services=[now]), "2026-10", date(2026, 10, 31))
    assert found["outcome"].tolist() == [expected]
    assert found["target"].tolist() == [0.999]


def test_the_kept_rate_is_of_the_commitments_whose_outcome_is_known() -> None:
    ids = [f"m-{k}" for k in range(6)]
    published = month(milestones=[{"record_id": i} for i in ids])
    done = {"end_actual": date(2026, 10, 10)}
    now = [
        {"record_id": "m-0", **done},
        {"record_id": "m-1", **done},
        {"record_id": "m-2"},  # late
        {"record_id": "m-3", "state": "completed"},  # done, nobody says when
        {"record_id": "m-4", "state": "cancelled"},
    ]  # m-5 is no longer told
    found = commitments(published, alive(milestones=now), "2026-10", date(2026, 10, 31))
    # 2 kept of 5: m-3 is not counted.
    assert kept_rate(found) == (2, 5)


def test_nothing_promised_is_an_empty_list() -> None:
    found = commitments(month(), month(), "2026-10", date(2026, 10, 31))
    assert len(found) == 0
    assert kept_rate(found) == (0, 0)


@pytest.mark.parametrize(
    ("delivered", "came"),
    [(date(2026, 10, 12), "kept"), (date(2026, 10, 20), "late"), (None, "late")],
)
def test_an_order_is_promised_for_the_day_it_is_to_be_delivered(
    delivered: date | None, came: str
) -> None:
    before = month(budget_lines=[{}])
    now = alive(budget_lines=[{"delivered_on": delivered}])
    (row,) = commitments(before, now, "2026-10", date(2026, 10, 31)).to_dict("records")
    assert (row["kind"], row["object"], row["owner"]) == ("order", "Moniteurs", "Un fournisseur")  # fmt: skip
    assert row["outcome"] == came


def test_a_month_kept_before_orders_told_days_promises_none() -> None:
    before = month(budget_lines=[{}])
    old = before["budget_lines"].drop(columns=["delivery_due", "delivered_on"])
    assert due({**before, "budget_lines": old}, "2026-10").empty
