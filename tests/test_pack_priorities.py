"""The pack of priorities says what the ranking says, and its sheet is read back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from build_portfolio import make_portfolio
from build_tables import pack_data, rules, schemas
from click.testing import CliRunner
from openpyxl import load_workbook

from consolidate import store
from consolidate.analyse.prioritise import Means
from consolidate.cli import main
from consolidate.model.pack import Chart, Pack, Section, Table
from consolidate.packs import priorities
from consolidate.packs.data import PackData
from consolidate.packs.priority_ranking import ranking
from consolidate.packs.priority_sections import arbitration, line, scenarios, scores
from consolidate.register.frames import frames
from consolidate.register.sheets import read_register
from consolidate.register.specs import register_specs
from consolidate.report.pack_book import write_pack_book
from consolidate.report.register_book import write_registers

BASE = {"state": "active", "project_type": "evolution", "amount_scope": "total"}
PROJECTS = [
    {"project_code": "P1", "name": "Portail", **BASE, "value_score": 90.0, "priority": "1", "effort_remaining": 50.0},
    {"project_code": "P2", "name": "Archivage", **BASE, "value_score": 40.0, "priority": "3", "effort_remaining": 60.0},
    {"project_code": "P3", "name": "Certificats", **BASE, "project_type": "regulatory", "value_score": 10.0, "priority": "2", "effort_remaining": 30.0},
    {"project_code": "P4", "name": "Sans rien", **BASE, "project_type": None},
]  # fmt: skip
REQUEST = {"code": "R1", "title": "Borne", "state": "to_arbitrate", "project_code": None, "business_value": 60.0, "request_type": "evolution", "priority": "2", "estimated_effort": 20.0}  # fmt: skip


def data(lang: str = "fr", arbitrations: Any = None) -> PackData:
    made = pack_data(lang, projects=PROJECTS, requests=[REQUEST])
    told = {} if arbitrations is None else {"arbitrations": arbitrations}
    return replace(made, registers=told)


def tables(section: Section) -> dict[str, Table | Chart]:
    return {b.id: b for b in section.blocks if isinstance(b, Table | Chart)}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("projects", [0, 5])
def test_the_pack_is_whole_in_both_languages(lang: str, projects: int) -> None:
    (pack,) = priorities.packs(PackData(make_portfolio(projects, lang), schemas(), rules()))  # fmt: skip
    found = [t for _, t in pack.tables()]
    assert len({t.id for t in found}) == len(found)
    for table in found:
        assert {c.name for c in table.columns} <= set(table.frame), table.id
        labels = [c.label for c in table.columns]
        assert len(set(labels)) == len(labels), table.id
    assert all(len(s.title) <= 31 for s in pack.sections)


def test_the_line_is_told_with_what_runs_out_and_what_was_not_told() -> None:
    given = data()
    found = ranking(given, Means(days=110.0))
    section = line(given, found)
    told = tables(section)
    listed = told["rank-list"].frame
    # P3 is mandatory (30), P1 80, R1 100; P2 would make 160.
    assert listed["item"].tolist() == ["P3", "P1", "R1", "P2"]
    assert "P2" in section.lead
    assert "jours" in section.lead
    out = tables(scores(given, found))["rank-unplaced"].frame
    assert out["item"].tolist() == ["P4"]
    assert "Valeur" in out["lacking"].iloc[0]
    assert out["source"].iloc[0] == "a.xlsx ! S ! 5"


def test_the_sheet_filled_in_at_the_meeting_is_read_back(tmp_path: Path) -> None:
    for lang, words in (("fr", "Reporter"), ("en", "Postpone")):
        given = data(lang)
        section = arbitration(given, ranking(given, Means(days=110.0)))
        (table,) = (b for b in section.blocks if isinstance(b, Table))
        rows = table.frame["item"].tolist()
        filled = table.frame.assign(
            decision=[words if i == "P1" else None for i in rows],
            decided_by=["Directoire" if i == "P1" else None for i in rows],
        )
        pack = Pack("priorities", "P", "", "", "2026-10", given.portfolio.as_of, lang, (replace(section, blocks=(replace(table, frame=filled),)),))  # fmt: skip
        write_pack_book(pack, tmp_path / f"{lang}.xlsx")
        entries, _ = read_register(tmp_path / f"{lang}.xlsx")
        kept = frames(entries)["arbitrations"]
        again = ranking(data(lang, kept), Means(days=110.0)).first.set_index("item")
        assert again["position"].to_dict() == {
            "P3": "above", "R1": "above", "P2": "above", "P4": "unscored", "P1": "postponed",
        }  # fmt: skip
        assert again.loc["P1", "decided_by"] == "Directoire"


def test_the_register_offers_the_decisions_there_are(tmp_path: Path) -> None:
    write_registers(tmp_path / "r.xlsx", register_specs(), schemas(), "fr")
    sheet = load_workbook(tmp_path / "r.xlsx")["Arbitrages"]
    offered = [v.formula1 for v in sheet.data_validations.dataValidation]
    assert offered == ['"Maintenir,Reporter,Refuser,Décider plus tard"']


def test_a_decision_on_nothing_known_or_in_other_words_is_told() -> None:
    rows = [("P9", "Maintenir"), ("P1", "On verra bien"), ("P2", "REFUS")]
    kept = pd.DataFrame(
        [{"item": i, "decision": d, "reason": None, "decided_by": None, "decided_on": None, "source": "r ! A ! 5"} for i, d in rows]
    )  # fmt: skip
    found = ranking(data(arbitrations=kept))
    assert found.stray["item"].tolist() == ["P9", "P1"]
    assert found.first.set_index("item").loc["P2", "position"] == "refused"


def test_scenarios_tell_what_depends_on_them() -> None:
    given = data()
    section = scenarios(given, ranking(given, Means(days=100.0)))
    told = tables(section)
    assert told["rank-scenarios"].frame["means_days"].tolist() == [100, 100, 80]
    # With 80 days R1 (20 more than 80) no longer fits.
    assert told["rank-moving"].frame["item"].tolist() == ["R1"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    store.save(f"sqlite:///{(tmp_path / 'consolidate.db').as_posix()}", data().portfolio)  # fmt: skip
    return tmp_path


def asked(home: Path, *words: str) -> Any:
    url = f"sqlite:///{(home / 'consolidate.db').as_posix()}"
    given = ["priorities", *words, "--store", url, "--home", str(home)]
    return CliRunner().invoke(main, given)


def test_the_command_ranks_and_says_where_days_run_out(home: Path) -> None:
    result = asked(home, "--build-days", "110", "--lang", "en")
    assert result.exit_code == 0, result.output
    listed = [ln.split() for ln in result.output.splitlines() if ln.startswith("   ")]
    order = [words[2] for words in listed if words[0].isdigit()]
    assert order == ["P3", "P1", "R1", "P2"]
    assert "days run out" in result.output


def test_the_command_sets_the_scenarios_side_by_side(home: Path) -> None:
    told = asked(home, "--build-days", "100", "--lang", "en").output
    assert "1 item changes sides with the scenario" in told
    assert "Above | Above | Below" in told
    alone = asked(home, "--build-days", "100", "--scenario", "tight", "--lang", "en")
    assert "changes sides" not in alone.output


def test_the_command_reads_the_register_and_the_folder_of_decisions(home: Path) -> None:
    (home / "registers.toml").write_text(
        '[[arbitrations]]\nitem = "P1"\ndecision = "refuser"\n', encoding="utf-8"
    )
    given = data("en")
    section = arbitration(given, ranking(given))
    (table,) = (b for b in section.blocks if isinstance(b, Table))
    keep = table.frame["item"].map({"R1": "Keep"}).astype("object")
    filled = replace(table, frame=table.frame.assign(decision=keep, decided_by="Board"))
    pack = Pack("p", "P", "", "", "2026-10", given.portfolio.as_of, "en", (replace(section, blocks=(filled,)),))  # fmt: skip
    (home / "decisions").mkdir()
    write_pack_book(pack, home / "decisions" / "priorities.xlsx")
    told = json.loads(asked(home, "--build-days", "40", "--json").output)
    items = {i["item"]: i for i in told["scenarios"]["reference"]["items"]}
    assert items["P1"]["position"] == "refused"
    assert (items["R1"]["position"], items["R1"]["decided_by"]) == ("above", "Board")


def test_an_unknown_scenario_is_refused_with_those_there_are(home: Path) -> None:
    result = asked(home, "--scenario", "tigth")
    assert result.exit_code == 2
    assert "tight" in result.output
