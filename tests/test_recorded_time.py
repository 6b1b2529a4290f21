"""Time worked out of the months told: each rule on a few lines counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from consolidate.analyse.history import History, Month, kept, ordinal
from consolidate.analyse.recorded import (
    TIME_FIELDS,
    ahead,
    balance,
    in_year,
    own_past,
    person_time,
    time_rows,
)
from consolidate.model.schema import load_schemas
from consolidate.resources import shipped

SCHEMAS = load_schemas((shipped("schemas"),))
FIELDS = {name: kept(name, {name: own}) for name, own in TIME_FIELDS.items()}
OCTOBER = ordinal("2026-10")


def line(
    person: str, category: str, spent: float | None, **more: Any
) -> dict[str, Any]:
    """A line of time of October 2026; ``A`` is the team where none is given."""
    own = {"month": "2026-10", "team": "A", "project_code": "P1"}
    return own | {"person": person, "category": category, "effort_spent": spent} | more


def frame(lines: list[dict[str, Any]], table: str) -> pd.DataFrame:
    columns = ["record_id", "period", "project_code", *FIELDS[table]]
    ids = [{"record_id": f"r{n}"} | own for n, own in enumerate(lines)]
    return pd.DataFrame(ids).reindex(columns=list(dict.fromkeys(columns)))


def month(
    lines: list[dict[str, Any]], period: str = "2026-10", kind: str | None = None
) -> Month:
    projects = [{"project_code": "P1", "name": "MCO du laboratoire", "kind": kind}]
    tables = {
        "workload": frame(lines, "workload"),
        "projects": frame(projects, "projects"),
    }
    return Month(period, date(int(period[:4]), int(period[5:]), 28), tables)


def rows(*months: Month) -> pd.DataFrame:
    return time_rows(History(months, SCHEMAS, FIELDS))


def test_run_is_compared_with_build_and_with_all_that_is_recorded() -> None:
    told = rows(month([line("X", "run", 6), line("X", "build", 3), line("X", "other", 1), line("X", "absence", 5)]))  # fmt: skip
    found = balance(told, ["team"]).iloc[0]
    assert found["recorded"] == 10
    assert found["run_share"] == pytest.approx(6 / 9)
    assert found["wide_share"] == pytest.approx(6 / 10)


def test_days_of_no_known_category_are_counted_and_take_part_in_no_share() -> None:
    found = balance(rows(month([line("X", "run", 4), {**line("X", "", 6), "category": None}])), []).iloc[0]  # fmt: skip
    assert (found["recorded"], found["unsaid"], found["run_share"]) == (10, 6, 1)


def test_a_capacity_told_on_each_line_counts_once_and_the_rest_is_what_nobody_recorded() -> (
    None
):
    told = rows(month([
        line("X", "run", 6, capacity=20), line("X", "build", 8, capacity=20), line("X", "absence", 2),
        line("Y", "run", 19, capacity=18), line("Y", "absence", 1),
    ]))  # fmt: skip
    found = balance(told, ["team"]).iloc[0]
    assert (found["capacity"], found["absence"]) == (38, 3)
    assert found["rate"] == pytest.approx((14 + 2 + 19 + 1) / 38)
    # X leaves 20 - 2 - 14 = 4 days; Y is 2 beyond, which fills no one else's gap.
    assert (found["unrecorded"], found["beyond"]) == (4, 2)


def test_who_never_tells_absences_has_no_unrecorded_time_that_is_known() -> None:
    found = balance(rows(month([line("X", "run", 6, capacity=20)])), ["team"]).iloc[0]
    assert found["rate"] == pytest.approx(0.3)
    assert pd.isna(found["unrecorded"])
    assert (found["people"], found["able"], found["sure"]) == (1, 1, 0)


def test_who_tells_an_absence_in_another_month_had_none_in_this_one() -> None:
    told = rows(month([line("X", "run", 6, capacity=20), line("X", "absence", 3, month="2026-09")]))  # fmt: skip
    own = person_time(told).set_index("month")
    assert own.loc[OCTOBER, "absence"] == 0
    assert own.loc[OCTOBER - 1, "absence"] == 3


def test_two_capacities_that_differ_are_none() -> None:
    told = rows(month([line("X", "run", 6, capacity=20), line("X", "run", 6, capacity=15)]))  # fmt: skip
    assert pd.isna(person_time(told).iloc[0]["capacity"])


def test_who_works_in_two_teams_brings_their_capacity_to_the_whole_alone() -> None:
    told = rows(month([line("X", "run", 6, capacity=20), line("X", "run", 4, capacity=20, team="B")]))  # fmt: skip
    assert balance(told, [])["capacity"].tolist() == [20]
    assert balance(told, ["team"])["capacity"].isna().all()
    assert balance(told, ["team"])["run"].tolist() == [6, 4]


def test_a_month_is_taken_as_the_latest_report_tells_it() -> None:
    early = month([line("X", "run", 5, month="2026-09")], "2026-09")
    late = month([line("X", "run", 7, month="2026-09"), line("X", "run", 6)])
    found = balance(rows(early, late), ["month"])
    assert found["run"].tolist() == [7, 6]


def test_a_container_names_the_team_of_lines_that_name_none() -> None:
    told = rows(month([line("X", "run", 5, team=None)], kind="mco"))
    assert told["team"].tolist() == ["MCO du laboratoire"]
    alone = rows(month([line("X", "run", 5, team=None)], kind="project"))
    assert alone["team"].tolist() == [None]


def test_a_team_is_compared_with_the_median_of_its_own_months() -> None:
    shares = {"2026-05": 0.9, "2026-06": 0.5, "2026-07": 0.6, "2026-08": 0.4, "2026-10": 0.8}  # fmt: skip
    lines = [
        line("X", category, 10 * (share if category == "run" else 1 - share), month=of)
        for of, share in shares.items()
        for category in ("run", "build")
    ]
    monthly = balance(rows(month(lines)), ["month", "team"])
    assert own_past(monthly, OCTOBER, 6, 3)["A"] == pytest.approx(0.55)
    assert own_past(monthly, OCTOBER, 4, 3).get("A") == pytest.approx(0.5)
    assert own_past(monthly, OCTOBER, 3, 3).empty


def test_the_load_ahead_is_what_is_planned_over_capacity_less_absence() -> None:
    told = rows(month([
        line("X", "run", None, month="2026-11", effort_planned=8, capacity=20),
        line("X", "build", None, month="2026-11", effort_planned=6, capacity=20),
        line("X", "absence", None, month="2026-11", effort_planned=5),
        line("Y", "build", None, month="2026-12", effort_planned=6),
    ]))  # fmt: skip
    found = ahead(told, OCTOBER, 3).set_index(["team", "month"])
    november = found.loc[("A", OCTOBER + 1)]
    assert november["load"] == pytest.approx(14 / 15)
    assert november["left"] == pytest.approx(1)
    # Y's capacity is not known: nothing is said of December.
    assert pd.isna(found.loc[("A", OCTOBER + 2)]["load"])


def test_the_year_is_that_of_the_month_reported_on() -> None:
    told = rows(month([line("X", "run", 1, month=m) for m in ("2025-12", "2026-01", "2026-10", "2026-11")]))  # fmt: skip
    assert in_year(told, OCTOBER)["month"].tolist() == [ordinal("2026-01"), OCTOBER]
