from __future__ import annotations

import csv
import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from consolidate.cli import main
from consolidate.model.portfolio import LINEAGE_COLUMNS

PROJECTS = """
record_id | period  | project_code | name             | budget_initial | workbook
r1        | 2026-10 | P-0042       | Dossier patient  | 12500.0        | a.xlsx
r2        | 2026-10 | P-0043       | Imagerie         |                | b.xlsx
"""
MILESTONES = """
record_id | period  | project_code | name    | end_forecast
m2        | 2026-10 | P-0042       | Recette | 2026-12-31
m1        | 2026-10 | P-0042       | Bascule |
m3        | 2026-10 | P-0043       | Recette | 2027-01-31
"""
LINEAGE = """
table      | record_id | field          | workbook | sheet  | cell | raw     | method | confidence | used  | derived_from
projects   | r1        | name           | a.xlsx   | Fiche  | C2   | Dossier patient | label | 1     | true  |
projects   | r1        | budget_initial | a.xlsx   | Fiche  | C9   | 12,5 k€ | label  | 0.95       | true  |
projects   | r1        | budget_initial | old.xlsx | Fiche  | C9   | 11 k€   | label  | 0.9        | false |
projects   | r1        | project_code   |          |        |      |         | derived | 0.5       | true  | name
milestones | m1        | name           | a.xlsx   | Jalons | B5   | Bascule | column | 1          | true  |
milestones | m2        | end_forecast   | a.xlsx   | Jalons | C4   | fin 2026 | column | 0.9       | true  |
milestones | m3        | name           | b.xlsx   | Jalons | B4   | Recette | column | 1          | true  |
"""


def write(path: Path, text: str, columns: list[str] | None = None) -> None:
    head, *rows = ([c.strip() for c in line.split("|")] for line in text.strip().splitlines())  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or head, restval="")
        writer.writeheader()
        writer.writerows(dict(zip(head, row, strict=True)) for row in rows)


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONSOLIDATE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CONSOLIDATE_LANG", raising=False)
    data = tmp_path / "out" / "data"
    data.mkdir(parents=True)
    write(data / "projects.csv", PROJECTS)
    write(data / "milestones.csv", MILESTONES)
    write(data / "lineage.csv", LINEAGE, LINEAGE_COLUMNS)
    return tmp_path / "out"


def explain(out: Path, *words: str) -> click.testing.Result:
    return CliRunner().invoke(main, ["explain", *words, "--output", str(out)])


def test_a_value_shows_its_cell_its_text_and_how_it_was_understood(out: Path) -> None:
    result = explain(out, "P-0042", "budget_initial")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "P-0042 · Dossier patient · 2026-10"
    assert lines[1].endswith("= 12 500 €   [budget_initial]")
    assert lines[2].strip() == "a.xlsx ! Fiche ! C9"
    assert lines[3].strip() == "écrit «\u00a012,5 k€\u00a0» · d’après le libellé de la cellule, certitude 95\u00a0%"  # fmt: skip


def test_a_value_that_lost_is_told_too(out: Path) -> None:
    lines = explain(out, "P-0042", "budget_initial", "--lang", "en").stdout
    assert "set aside, another source wins" in lines
    assert "old.xlsx ! Fiche ! C9" in lines


def test_without_a_field_all_the_project_is_told(out: Path) -> None:
    result = explain(out, "P-0042")
    assert "[name]" in result.stdout
    assert "[budget_initial]" in result.stdout
    assert "déduit de name" in result.stdout
    assert "Jalons" not in result.stdout


def test_a_field_may_be_named_as_people_do(out: Path) -> None:
    told = explain(out, "P-0042", "Budget initial").stdout
    assert "[budget_initial]" in told


@pytest.mark.parametrize("field", ["milestones", "milestones.end_forecast"])
def test_the_records_of_a_table_are_told_in_its_order(out: Path, field: str) -> None:
    lines = explain(out, "P-0042", field).stdout.splitlines()
    names = [line for line in lines if line in ("Recette", "Bascule")]
    assert names == (["Recette", "Bascule"] if field == "milestones" else ["Recette"])
    assert not any("b.xlsx" in line for line in lines)


@pytest.mark.parametrize("code", ["p-0042", "P0042", "dossier patient"])
def test_a_code_is_found_however_it_is_written(out: Path, code: str) -> None:
    assert explain(out, code).stdout.startswith("P-0042 ")


def test_an_unknown_code_names_the_nearest(out: Path) -> None:
    result = explain(out, "P-0024")
    assert result.exit_code == 2
    assert "P-0042 (Dossier patient)" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_unknown_field_names_the_nearest(out: Path) -> None:
    result = explain(out, "P-0042", "budget_inital")
    assert result.exit_code == 2
    assert "budget_initial" in result.stderr


def test_without_results_it_says_what_makes_them(tmp_path: Path) -> None:
    result = explain(tmp_path / "nowhere", "P-0042")
    assert result.exit_code == 2
    assert "consolidate run makes it" in result.stderr


def test_json_has_the_lineage_and_the_value(out: Path) -> None:
    told = json.loads(explain(out, "P-0042", "budget_initial", "--json").stdout)
    assert told["project_code"] == "P-0042"
    assert [v["value"] for v in told["values"]] == ["12500.0", ""]
    assert told["values"][0]["raw"] == "12,5 k€"
