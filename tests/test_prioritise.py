"""Twenty items, computed by hand: the same scores, the same order, the same line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from build_tables import AS_OF, schemas, tables

from consolidate.analyse.history import History, Month
from consolidate.analyse.prioritise import (
    Means,
    build_days,
    means_of,
    ranked,
    side_by_side,
)
from consolidate.analyse.prioritise_items import items
from consolidate.analyse.prioritise_settings import Grid, Scenario, load_grid
from consolidate.model.error import ConfigError
from consolidate.resources import search_path

GRID_OF_THE_CASE = """
[rank]
completeness = 0.60
[criterion.value]
weight = 50
[criterion.obligation]
weight = 0
[criterion.urgency]
weight = 0
[criterion.priority]
weight = 30
codes = { 1 = 1.0, 2 = 0.5, 3 = 0.2, 4 = 0.0 }
[criterion.risk]
weight = 0
[criterion.effort]
weight = 20
scale = [100, 0]
[criterion.budget]
weight = 0
[criterion.readiness]
weight = 0
"""

HAND = """
item | value | prio | days | k€  | duty | score                                  | complete | days so far | k€ so far | stands
P07  | 20    | 4    | 90   | 10  | yes  | 10 + 0 + 2                       = 12   | 1.0      | 90          | 10        | above
P01  | 100   | 1    | 0    | 0   |      | 50 + 30 + 20                     = 100  | 1.0      | 90          | 10        | above
P02  | 90    | 1    | 10   | 50  |      | 45 + 30 + 18                     = 93   | 1.0      | 100         | 60        | above
R01  | 80    | 1    | 20   | 20  |      | 40 + 30 + 16                     = 86   | 1.0      | 120         | 80        | above
P03  | ?     | 1    | 30   | 30  |      | not scored: 50 of 100 known             | 0.5      |             |           | unscored
P04  | 80    | ?    | 20   | 40  |      | (40 + 16) / 70 x 100             = 80   | 0.7      | 140         | 120       | above
P05  | 100   | 2    | 50   | 15  |      | 50 + 15 + 10                     = 75   | 1.0      | 190         | 135       | above
R02  | 90    | 2    | 60   | 5   |      | 45 + 15 + 8                      = 68   | 1.0      | 250         | 140       | above
P06  | 70    | 2    | 25   | 10  |      | 35 + 15 + 15                     = 65   | 1.0      | 275         | 150       | above
P08  | 80    | 3    | 20   | 30  |      | 40 + 6 + 16                      = 62   | 1.0      | 295         | 180       | above
P09  | 70    | 3    | 10   | 10  |      | 35 + 6 + 18                      = 59   | 1.0      | 305 > 300   | 190       | below
R03  | 60    | 3    | 0    | 0   |      | 30 + 6 + 20                      = 56   | 1.0      | 305         | 190       | below
P10  | 50    | 2    | 30   | 20  |      | 25 + 15 + 14                     = 54   | 1.0      | 335         | 210       | below
P11  | 60    | 3    | 30   | 15  |      | 30 + 6 + 14                      = 50   | 1.0      | 365         | 225       | below
R04  | 60    | ?    | ?    | 10  |      | not scored: 50 of 100 known             | 0.5      |             |           | unscored
P12  | 40    | 3    | 20   | 10  |      | 20 + 6 + 16                      = 42   | 1.0      | 385         | 235       | below
P13  | 50    | 4    | 35   | 10  |      | 25 + 0 + 13                      = 38   | 1.0      | 420         | 245       | below
P14  | 70    | 2    | ?    | 10  |      | (35 + 15) / 80 x 100             = 62.5 | 0.8      |             |           | unsized
P15  | 30    | 4    | 40   | 10  |      | 15 + 0 + 12                      = 27   | 1.0      | 460         | 255       | below
R05  | 0     | 4    | 100  | 100 |      | 0 + 0 + 0                        = 0    | 1.0      | 560         | 355       | below
"""
"""Marks: value / 100 x 50; priority 1, 0.5, 0.2, 0 x 30; effort (100 - days) / 100 x 20.

P07 is mandatory: it stands first whatever its score. 300 days and 500 k€ are shared out: the
line is drawn before P09, whose 10 days would make 305; R03 takes nothing and is below all the
same, since it comes after. P14 has a score but nobody said what it takes: it cannot be placed.
"""


def hand() -> list[dict[str, str]]:
    lines = [[c.strip() for c in ln.split("|")] for ln in HAND.strip().splitlines()]
    return [dict(zip(lines[0], ln, strict=True)) for ln in lines[1:]]


def number(text: str) -> float | None:
    return None if text in {"?", ""} else float(text)


def record(row: dict[str, str]) -> dict[str, Any]:
    value, days, cost = number(row["value"]), number(row["days"]), number(row["k€"])
    prio = None if row["prio"] == "?" else row["prio"]
    own = "regulatory" if row["duty"] else "evolution"
    money = None if cost is None else cost * 1000
    if row["item"].startswith("R"):
        return {
            "code": row["item"], "title": "A request", "state": "to_arbitrate", "project_code": None,
            "business_value": value, "priority": prio, "estimated_effort": days,
            "estimated_cost": money, "request_type": own,
        }  # fmt: skip
    return {
        "project_code": row["item"], "name": "A project", "state": "active", "kind": "project",
        "value_score": value, "priority": prio, "effort_remaining": days, "project_type": own,
        "budget_initial": money, "committed": 0.0, "amount_scope": "total",
    }  # fmt: skip


@pytest.fixture
def grid(tmp_path: Path) -> Grid:
    return user_grid(tmp_path, GRID_OF_THE_CASE)


def user_grid(folder: Path, text: str) -> Grid:
    (folder / "priorities.toml").write_text(text, encoding="utf-8")
    return load_grid([folder, *search_path("schemas", None)], schemas())


def twenty(grid: Grid) -> pd.DataFrame:
    rows = [record(r) for r in hand()]
    requests = [r for r in rows if "code" in r]
    projects = [r for r in rows if "code" not in r]
    return items(tables(projects=projects, requests=requests), grid, AS_OF)


def order(found: pd.DataFrame, position: str) -> list[str]:
    return found.loc[found["position"] == position, "item"].tolist()


LIMITS = Means(days=300.0, money=500_000.0)


def decided(**by_item: str) -> pd.DataFrame:
    rows = [{"item": i, "decision": d, "reason": "Board", "decided_by": "A", "decided_on": "2026-11-02"} for i, d in by_item.items()]  # fmt: skip
    return pd.DataFrame(rows)


def test_twenty_items_are_scored_and_cut_as_by_hand(grid: Grid) -> None:
    found = ranked(twenty(grid), grid, grid.scenarios[0], LIMITS).set_index("item")
    assert len(found) == 20
    for row in hand():
        told = found.loc[row["item"]]
        assert told["position"] == row["stands"], row["item"]
        assert told["completeness"] == pytest.approx(float(row["complete"]))
        if "=" in row["score"]:
            score = float(row["score"].rpartition("=")[2])
            assert told["score"] == pytest.approx(score), row["item"]
        else:
            assert pd.isna(told["score"])
        if row["days so far"]:
            so_far = float(row["days so far"].split()[0])
            assert told["days_after"] == pytest.approx(so_far)
            assert told["money_after"] == pytest.approx(float(row["k€ so far"]) * 1000)
    by_hand = [r["item"] for r in hand() if r["days so far"]]
    assert found.sort_values("rank").index[: len(by_hand)].tolist() == by_hand
    assert found[found["runs_out"] != ""]["runs_out"].to_dict() == {"P09": "days"}
    # 5 days are left: R03, which takes none, is the only one below that would still fit.
    assert found.index[found["still_fits"]].tolist() == ["R03"]


def test_the_parts_of_a_score_add_up_to_it(grid: Grid) -> None:
    found = ranked(twenty(grid), grid, grid.scenarios[0], LIMITS)
    parts = found[[f"part_{c.name}" for c in grid.criteria]].sum(axis=1)
    known = found["score"].notna()
    assert parts[known].tolist() == pytest.approx(found.loc[known, "score"].tolist())


def test_what_was_not_told_is_named(grid: Grid) -> None:
    found = ranked(twenty(grid), grid, grid.scenarios[0], LIMITS).set_index("item")
    assert found.loc["P03", "missing"] == "value"
    assert found.loc["R04", "missing"] == "priority;effort"
    assert found.loc["P01", "missing"] == ""


def test_budget_draws_the_line_where_it_runs_out_first(grid: Grid) -> None:
    found = ranked(twenty(grid), grid, grid.scenarios[0], Means(money=130_000.0))
    # P14 takes 10 k€, which is all this limit asks for: 120 + 15 for P05 is too much before it.
    assert order(found, "above") == ["P07", "P01", "P02", "R01", "P04"]
    assert found[found["runs_out"] != ""]["item"].tolist() == ["P05"]


def test_without_a_limit_there_is_no_line(grid: Grid) -> None:
    found = ranked(twenty(grid), grid, grid.scenarios[0], Means())
    assert set(found["position"]) == {"above", "unscored"}


def test_an_arbitration_moves_an_item_across_the_line_and_frees_what_it_took(
    grid: Grid,
) -> None:
    taken = decided(p13="keep", P05="refuse", P02="postpone", P09="decide_later")
    found = ranked(twenty(grid), grid, grid.scenarios[0], LIMITS, taken)
    # 90 (P07) + 35 (P13 kept) + R01 20, P04 20, R02 60, P06 25, P08 20, P09 10 = 280; R03 0;
    # P10 would make 310.
    above = ["P13", "P07", "P01", "R01", "P04", "R02", "P06", "P08", "P09", "R03"]
    assert order(found, "above") == above
    assert order(found, "refused") == ["P05"]
    assert order(found, "postponed") == ["P02"]
    told = found.set_index("item")
    assert told.loc["P09", "decision"] == "decide_later"
    assert told.loc["P13", "decided_by"] == "A"


def test_the_last_decision_on_an_item_counts(grid: Grid) -> None:
    later = decided(P01="refuse").assign(decided_on="2026-12-01")
    both = pd.concat([later, decided(P01="keep")])
    found = ranked(twenty(grid), grid, grid.scenarios[0], LIMITS, both)
    assert order(found, "refused") == ["P01"]


def test_scenarios_stand_side_by_side(grid: Grid) -> None:
    tight = Scenario("tight", {}, build_share=0.5)
    assert means_of(tight, LIMITS) == Means(150.0, 500_000.0)
    rows = twenty(grid)
    every = {
        s.name: ranked(rows, grid, s, means_of(s, LIMITS))
        for s in (grid.scenarios[0], tight)
    }
    found = side_by_side(every).set_index("item")
    # 150 days: 90 + 0 + 10 + 20 + 20 = 140, and P05 would make 190.
    assert sorted(found.index[found["moves"]]) == ["P05", "P06", "P08", "R02"]


def test_risk_counts_less_the_graver_it_is_and_nothing_is_green_for_want_of_a_register() -> (
    None
):
    grid = load_grid(search_path("schemas", None), schemas())
    projects = [{"project_code": p, "name": p, "state": "active"} for p in ("P1", "P2", "P3")]  # fmt: skip
    risks = [
        {"project_code": "P1", "criticality": 20.0, "state": "open"},
        {"project_code": "P1", "criticality": 25.0, "state": "closed"},
        {"project_code": "P2", "criticality": 12.0, "state": "closed"},
    ]
    found = items(tables(projects=projects, risks=risks), grid, AS_OF)
    marks = dict(zip(found["item"], found["mark_risk"], strict=True))
    assert marks["P1"] == pytest.approx(0.2)
    assert marks["P2"] == pytest.approx(1)
    assert pd.isna(marks["P3"])


def test_money_of_another_scope_is_not_known() -> None:
    grid = load_grid(search_path("schemas", None), schemas())
    base = {"name": "A", "state": "active", "budget_initial": 100.0, "committed": 40.0}
    projects = [
        {"project_code": "P1", **base, "amount_scope": "total"},
        {"project_code": "P2", **base, "amount_scope": "year", "amount_year": 2026.0},
        {"project_code": "P3", **base},
        {"project_code": "P4", **base, "amount_scope": "year", "amount_year": 2025.0},
    ]
    month = tables(projects=projects)
    whole = items(month, grid, AS_OF)["money"].fillna(-1).tolist()
    year = items(month, replace(grid, budget_scope="year"), AS_OF)["money"]
    assert whole == [60, -1, -1, -1]
    assert year.fillna(-1).tolist() == [-1, 60, -1, -1]


def test_build_days_are_capacity_less_what_is_not_a_project() -> None:
    def work(person: str, month: str, **told: Any) -> dict[str, Any]:
        return {"person": person, "month": month, **told}

    workload = [
        work("A", "2026-11", category="run", effort_planned=8.0, capacity=20.0),
        work("A", "2026-11", category="build", effort_planned=5.0, capacity=20.0),
        work("A", "2026-10", category="build", effort_planned=5.0, capacity=20.0),
        work("B", "2026-12", category="transverse", effort_planned=2.0, capacity=18.0),
        work("C", "2026-12", category="build", effort_planned=9.0),
        work("A", "2027-02", category="build", effort_planned=5.0, capacity=20.0),
    ]
    fields = {"workload": ("effort_planned", "capacity", "category")}
    month = Month("2026-10", AS_OF, tables(workload=workload))
    assert build_days(History((month,), schemas(), fields), 3) == 12 + 16
    none = Month("2026-10", AS_OF, tables())
    assert build_days(History((none,), schemas(), fields), 3) is None


def test_containers_of_maintenance_and_what_is_over_do_not_compete() -> None:
    grid = load_grid(search_path("schemas", None), schemas())
    projects = [
        {"project_code": "P1", "state": "active", "kind": "mco"},
        {"project_code": "P2", "state": "completed"},
        {"project_code": "P3", "state": "planned"},
    ]
    requests = [
        {"code": "R1", "state": "accepted", "project_code": "P3"},
        {"code": "R2", "state": "rejected", "project_code": None},
        {"code": "R3", "state": "received", "project_code": None},
    ]
    found = items(tables(projects=projects, requests=requests), grid, AS_OF)
    assert found["item"].tolist() == ["P3", "R3"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[criterion.value]\nwieght = 1", "did you mean 'weight'"),
        ("[criterion.value]\nprojects = 'value_scor'", "did you mean 'value_score'"),
        ("[rank]\nbudget_scope = 'life'", "total or year"),
        ("[scenario.a]\n[scenario.b]\n[scenario.c]\n[scenario.d]", "1 to 3"),
        ("[scenario.a]\nweights = { valu = 3 }", "did you mean 'value'"),
    ],
)
def test_a_mistake_in_the_grid_is_told_with_what_was_meant(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        user_grid(tmp_path, text)
