"""Requests: where they stand, how old they are, whether what is accepted fits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from build_alerts import month
from build_tables import AS_OF, schemas, table

from consolidate.analyse.demand import build_capacity, by_establishment, pipeline
from consolidate.analyse.history import History

BANDS = (30, 90, 180)


def rows(*records: dict[str, Any]) -> pd.DataFrame:
    made = [{"project_code": None, **r} for r in records]
    return pipeline(table("requests", *made), AS_OF, BANDS)


@pytest.mark.parametrize(
    ("received", "band"),
    [
        (date(2026, 10, 31), 0),
        (date(2026, 10, 1), 0),  # 30 days
        (date(2026, 9, 30), 1),  # 31 days
        (date(2026, 8, 2), 1),  # 90 days
        (date(2026, 8, 1), 2),  # 91 days
        (date(2025, 1, 1), 3),
        (None, -1),
        (date(2026, 11, 5), -1),  # after the cut-off
    ],
)
def test_a_bound_of_an_age_band_belongs_to_it(received: date | None, band: int) -> None:
    assert rows({"received_on": received})["band"].item() == band


@pytest.mark.parametrize(
    ("told", "stage"),
    [
        ({"state": "to_arbitrate"}, "waiting"),
        ({"state": "accepted"}, "accepted"),
        ({"state": "accepted", "project_code": "P1"}, "converted"),
        ({"state": "withdrawn"}, "closed"),
        ({"state": None}, ""),
    ],
)
def test_an_accepted_request_with_a_project_waits_no_more(
    told: dict[str, Any], stage: str
) -> None:
    assert rows(told)["stage"].item() == stage


def test_each_establishment_says_how_many_of_its_requests_are_estimated() -> None:
    found = by_establishment(
        rows(
            {"establishment": "A", "state": "received", "received_on": date(2026, 10, 1), "estimated_effort": 5.0},
            {"establishment": "A", "state": "studied", "received_on": date(2026, 1, 1)},
            {"establishment": "A", "state": "accepted", "estimated_effort": 7.0},
            {"establishment": "A", "state": "rejected", "estimated_effort": 99.0},
            {"establishment": None, "state": "deferred"},
            {"establishment": "B", "state": "closed"},
        ),
        len(BANDS),
    ).set_index("establishment")  # fmt: skip
    assert found.index.tolist() == ["A", ""]  # B has nothing that lives
    told = ["waiting", "band_0", "band_3", "accepted", "effort", "effort_known", "oldest"]  # fmt: skip
    assert found.loc["A", told].tolist() == [2, 1, 1, 1, 12, 2, 303]
    assert pd.isna(found.loc["", "effort"])


def test_days_free_are_capacity_less_what_is_planned_of_people_of_known_capacity() -> (
    None
):
    work = [
        {"person": "A", "month": "2026-11", "effort_planned": 12.0, "capacity": 18.0, "category": "run"},
        {"person": "A", "month": "2026-11", "effort_planned": 3.0, "capacity": 18.0, "category": "build"},
        {"person": "B", "month": "2026-11", "effort_planned": 5.0, "category": "build"},
        {"person": "A", "month": "2026-12", "effort_planned": 20.0, "capacity": 16.0, "category": "run"},
        {"person": "A", "month": "2026-10", "effort_planned": 1.0, "capacity": 18.0, "category": "run"},
        {"person": "A", "month": "2027-09", "effort_planned": 1.0, "capacity": 18.0, "category": "run"},
    ]  # fmt: skip
    history = History(
        (month("2026-10", workload=work),),
        schemas(),
        {"workload": ("effort_planned", "capacity", "category")},
    )
    found = build_capacity(history, 3)
    assert found.to_numpy().tolist() == [
        ["2026-11", 1, 18, 15, 3, 1],
        ["2026-12", 1, 16, 20, -4, 0],
    ]
