"""The pack of requests, budgets and deadlines holds what it says, in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from build_portfolio import make_portfolio
from build_tables import pack_data, rules, schemas
from pack_whole import blocks, check_whole

from consolidate.model.pack import Figures
from consolidate.packs import parts
from consolidate.packs import requests as requests_pack
from consolidate.packs.budget_sections import budgets
from consolidate.packs.data import PackData
from consolidate.packs.event_calendar import calendar
from consolidate.packs.request_pipeline import capacity, requests

LANGS = pytest.mark.parametrize("lang", ["fr", "en"])


@LANGS
@pytest.mark.parametrize("projects", [0, 5])
def test_a_pack_is_whole_in_both_languages(lang: str, projects: int) -> None:
    data = PackData(make_portfolio(projects, lang), schemas(), rules())
    (pack,) = requests_pack.packs(data)
    check_whole(pack)
    assert next(s.id for s in pack.sections) == "requests"


def test_nothing_is_said_of_requests_that_nobody_sent() -> None:
    section = requests(pack_data())
    assert [type(b).__name__ for b in section.blocks] == ["Text"]


def test_a_load_is_compared_with_capacity_only_when_every_request_is_estimated() -> (
    None
):
    work = {"person": "A", "month": "2026-11", "effort_planned": 8.0, "capacity": 18.0, "category": "run"}  # fmt: skip
    asked = {"project_code": None, "state": "accepted", "estimated_effort": 5.0}
    shares = []
    for more in ({}, {"estimated_effort": None}):
        section = capacity(pack_data(workload=work, requests=[asked, {**asked, **more}]))  # fmt: skip
        figures = next(b for b in section.blocks if isinstance(b, Figures))
        shares.append(figures.figures[2].value)
    assert shares == [1.0, None]


def test_amounts_of_untold_scope_stand_apart_and_in_no_sum() -> None:
    known = {"project_code": "P1", "amount_scope": "total", "budget_initial": 100.0}
    untold = {"project_code": "P2", "budget_initial": 900.0}
    found = blocks(budgets(pack_data(projects=[known, untold])))
    assert found["budget-untold"].frame["project_code"].tolist() == ["P2"]
    assert found["budget-chain"].frame["value"].tolist() == [100]


def test_a_collision_names_both_go_lives_and_reddens_its_month() -> None:
    site = {"establishment": "CH A", "domain": "pharmacy"}
    projects = [
        {"project_code": "P1", "name": "Un", "go_live_date": date(2026, 12, 1), **site},
        {"project_code": "P2", "name": "Deux", "go_live_date": date(2026, 12, 9), **site},
    ]  # fmt: skip
    found = blocks(calendar(pack_data(projects=projects)))
    row = found["collisions"].frame.iloc[0]
    assert (row["first"], row["second"]) == ("P1 Un", "P2 Deux")
    assert found["event-matrix"].frame[["text", "tone"]].to_numpy().tolist() == [["2M", "poor"]]  # fmt: skip


def test_a_long_list_says_how_many_rows_it_leaves_out() -> None:
    data = pack_data()
    many = data.table("requests").reindex(range(500))
    made = parts.table(data, "request-accepted", many, [parts.column(data, "source")])
    assert len(made.frame) == parts.MOST
    assert "500" in made.note


def test_no_collision_among_what_cannot_be_compared_is_not_told_as_good() -> None:
    section = calendar(pack_data(projects={"go_live_date": date(2026, 12, 1)}))
    figures = next(b for b in section.blocks if isinstance(b, Figures)).figures
    assert (figures[-1].value, figures[-1].tone) == (0, "")
    assert "1 sur 1" in blocks(section)["collisions"].note
