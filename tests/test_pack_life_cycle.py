"""The pack of the life cycle holds what it says, in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from build_portfolio import make_portfolio
from build_tables import pack_data, rules, schemas
from pack_whole import blocks, check_whole

from consolidate.model.pack import Text
from consolidate.packs import life_cycle
from consolidate.packs.convergence_sections import convergence, timeline
from consolidate.packs.data import PackData
from consolidate.packs.interface_list import interfaces
from consolidate.packs.phase_sections import phases


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("projects", [0, 5])
def test_the_pack_is_whole_in_both_languages(lang: str, projects: int) -> None:
    data = PackData(make_portfolio(projects, lang), schemas(), rules())
    (pack,) = life_cycle.packs(data)
    check_whole(pack)
    assert [s.id for s in pack.sections][-1] == "interfaces"


def test_a_project_that_lists_no_deliverable_is_told_as_unknown_not_as_complete() -> (
    None
):
    project = {"state": "active", "phase": "design", "name": "Un"}
    found = blocks(phases(pack_data(projects=project)))["lacking"].frame
    assert found["lacks_before"].tolist() == [
        "Aucun livrable listé\u00a0: rien ne peut être dit"
    ]


def test_an_interface_that_a_go_live_waits_for_is_told_first() -> None:
    projects = [
        {"project_code": "P1", "go_live_date": date(2027, 6, 1)},
        {"project_code": "P2", "go_live_date": date(2026, 11, 9)},
    ]
    listed = [
        {"project_code": "P1", "name": "A", "state": "in_test"},
        {"project_code": "P2", "name": "B", "state": "in_test"},
        {"project_code": "P2", "name": "C", "state": "tested"},
    ]
    section = interfaces(pack_data(projects=projects, interfaces=listed))
    assert isinstance(section.blocks[0], Text)
    assert section.blocks[0].tone == "poor"
    frame = blocks(section)["interface-list"].frame
    assert frame["name"].tolist() == ["B", "C", "A"]
    assert frame["level_tone"].tolist() == ["poor", "", ""]


def test_without_a_list_nothing_is_said_of_interfaces() -> None:
    section = interfaces(pack_data())
    assert [b.tone for b in section.blocks if isinstance(b, Text)] == ["unknown"]


def test_the_matrix_of_convergence_tells_the_month_of_what_is_to_switch() -> None:
    cells = [
        {"domain": "pharmacy", "establishment": "CH A", "state": "planned", "target_date": date(2027, 3, 1)},
        {"domain": "pharmacy", "establishment": "CH B", "state": "converged", "end_actual": date(2025, 3, 1)},
        {"domain": "pharmacy", "establishment": "CH C", "state": "planned", "target_date": date(2026, 3, 1)},
    ]  # fmt: skip
    data = pack_data("en", convergence=cells)
    frame = blocks(convergence(data))["convergence-matrix"].frame
    assert frame[["text", "tone"]].to_numpy().tolist() == [
        ["Planned 03/27", ""],
        ["Converged", "good"],
        ["Planned 03/26", "poor"],
    ]
    assert blocks(timeline(data))["roadmap-matrix"].frame["column"].tolist() == [
        "Q1 2027"
    ]
