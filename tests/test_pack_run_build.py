"""The packs of run and build: what they say, to whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from build_tables import pack_data

from consolidate.model.pack import Chart, Figures, Pack, Section, Table
from consolidate.packs.run_build import packs


def line(person: str, category: str, days: float, **more: Any) -> dict[str, Any]:
    own = {
        "person": person,
        "category": category,
        "effort_spent": days,
        "month": "2026-10",
    }
    return own | {"team": "Cardiologie"} | more


def made(*lines: dict[str, Any], **tables: Any) -> tuple[Pack, Pack]:
    projects = {"name": "MCO clinique", "kind": "mco"}
    shared, people = packs(pack_data(workload=list(lines), **{"projects": projects} | tables))  # fmt: skip
    return shared, people


def section(pack: Pack, name: str) -> Section:
    return next(s for s in pack.sections if s.id == name)


def table(pack: Pack, name: str) -> pd.DataFrame:
    return next(t.frame for _, t in pack.tables() if t.id == name)


TIME = (
    line("Alix Exemple", "run", 6, time_category="mco_corrective", capacity=20, service_code="LABO"),
    line("Alix Exemple", "build", 4, time_category="project", capacity=20),
    line("Noa Fictif", "run", 10, time_category="user_support", capacity=20),
)  # fmt: skip


def test_the_shared_pack_names_nobody_and_the_pmos_does() -> None:
    shared, people = made(*TIME)
    assert "Exemple" not in repr(
        [shared, *(t.frame.to_csv() for _, t in shared.tables())]
    )
    assert table(people, "run-people")["person"].tolist() == [
        "Alix Exemple",
        "Noa Fictif",
    ]
    assert "PMO" in people.reader


def test_a_name_in_a_workbooks_name_is_masked_in_what_tells_where_it_was_read() -> None:
    named = {**TIME[0], "workbook": "TdB_Exemple_2026-10.xlsx"}
    shared, _ = made(named)
    block = section(shared, "balance").blocks[0]
    assert isinstance(block, Figures)
    assert block.figures[0].cells == ("TdB_[personne]_2026-10.xlsx ! S ! 2",)


def test_figures_say_out_of_what_they_are() -> None:
    shared, _ = made(*TIME)
    block = section(shared, "balance").blocks[0]
    assert isinstance(block, Figures)
    share = block.figures[0]
    assert share.value == pytest.approx(16 / 20)
    assert "20" in share.note
    assert share.cells == ("a.xlsx ! S ! 2", "a.xlsx ! S ! 3", "a.xlsx ! S ! 4")


def test_run_without_a_service_is_shown_as_such() -> None:
    shared, _ = made(*TIME)
    rows = table(shared, "run-services").set_index("service")["year_run"]
    assert rows.to_dict() == {"LABO": 6, "MCO sans service nommé": 10}


def test_run_is_laid_beside_capacity_only_where_all_of_it_is_known() -> None:
    shared, _ = made(*TIME, line("Noa Fictif", "absence", 4))
    # 16 days of run, of 2 × 20 less 4.
    assert table(shared, "run-team-capacity")["run_capacity"].tolist() == [16 / 36]
    shared, _ = made(*TIME, line("Sacha Modèle", "run", 4))
    assert table(shared, "run-team-capacity")["run_capacity"].isna().all()


def test_a_team_over_the_target_it_set_is_told() -> None:
    data = pack_data(workload=list(TIME), projects={"name": "M", "kind": "mco"})
    own = data.rules.packs["run-build"] | {"targets": {"Cardiologie": 0.6}}
    rules = replace(data.rules, packs={**data.rules.packs, "run-build": own})
    shared, _ = packs(replace(data, rules=rules))
    row = table(shared, "run-team-shares").iloc[0]
    assert row["past_gap"] == pytest.approx(20)
    assert row["gap_tone"] == "poor"


def test_a_month_without_time_says_so_and_shows_no_figure() -> None:
    shared, _ = made()
    assert not any(
        isinstance(b, Figures | Chart) for s in shared.sections for b in s.blocks
    )


def test_all_days_recorded_are_in_the_projects_and_in_the_categories() -> None:
    shared, _ = made(*TIME)
    assert table(shared, "run-projects")["year_recorded"].sum() == 20
    assert table(shared, "run-categories")["year_days"].sum() == 20


def test_a_missing_phase_leads_to_the_containers_own_sheet() -> None:
    shared, _ = made(*TIME)
    rows = table(shared, "container-differences")
    missing = rows[rows["differs"] == "Absente"]
    assert missing["source"].unique().tolist() == ["a.xlsx ! S ! 2"]
    assert isinstance(section(shared, "containers").blocks[0], Table)


def test_a_project_that_recorded_time_recorded_none_of_the_kinds_it_does_not_name() -> (
    None
):
    shared, _ = made(*TIME, line("Noa Fictif", "run", 2, project_code="P2", month="2026-03"))  # fmt: skip
    rows = table(shared, "run-projects").set_index("project_code")
    assert rows.loc["P1", ["month_run", "month_build", "month_other"]].tolist() == [16, 4, 0]  # fmt: skip
    assert rows.loc["P2", ["year_run", "year_build"]].tolist() == [2, 0]
    assert pd.isna(rows.loc["P2", "month_run"])
