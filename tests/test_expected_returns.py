"""Who is to send a return in a month, by the PMO's registers."""

from __future__ import annotations

from datetime import date

import pandas as pd

from consolidate.analyse.expected import away, expected, none_expected, over


def projects(*rows: dict[str, str]) -> dict[str, pd.DataFrame]:
    columns = ["code", "name", "manager", "from", "retired", "merged_into"]
    frame = pd.DataFrame(rows, columns=columns, dtype="object")
    return {"projects": frame.where(frame.notna(), None)}


def test_a_project_of_the_register_is_expected() -> None:
    found = expected(projects({"code": "A", "manager": "Alix Exemple"}), "2026-10")
    assert found.to_dict("records") == [
        {"project_code": "A", "name": None, "project_manager": "Alix Exemple"}
    ]


def test_one_that_is_to_come_retired_or_merged_is_not() -> None:
    kept = projects(
        {"code": "A", "from": "2026-11"},
        {"code": "B", "retired": "2026-10"},
        {"code": "C", "merged_into": "A"},
        {"code": "D", "retired": "2026-11"},
    )
    assert expected(kept, "2026-10")["project_code"].tolist() == ["D"]
    assert over(kept, "2026-10") == {"B", "C"}


def test_a_month_of_the_calendar_brings_no_return_that_year_or_every_year() -> None:
    def calendar(month: str) -> dict[str, pd.DataFrame]:
        return {"calendar": pd.DataFrame({"month": [month]})}

    assert none_expected(calendar("2026-08"), "2026-08")
    assert not none_expected(calendar("2026-08"), "2027-08")
    assert none_expected(calendar("08"), "2027-08")
    assert none_expected(calendar("8"), "2027-08")
    assert not none_expected({}, "2026-08")


def test_who_is_away_is_asked_for_nothing() -> None:
    people = pd.DataFrame(
        {
            "name": ["Alix Exemple", "Sacha Témoin", "Lou Maquette"],
            "away_from": ["2026-10-15", "2026-09-01", None],
            "away_until": ["2026-11-15", "2026-09-30", None],
        }
    )
    assert away({"people": people}, date(2026, 10, 31)) == {"alix exemple"}


def test_without_registers_nothing_more_is_expected() -> None:
    assert expected({}, "2026-10").empty
    assert over({}, "2026-10") == frozenset()
    assert away({}, date(2026, 10, 31)) == frozenset()
