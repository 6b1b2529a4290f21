"""Corrections by the PMO: a value settled by phone goes before the workbook, and says so."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from consolidate.cli import main
from consolidate.register.sheets import read_register

HEAD = ["Code projet", "Table", "Enregistrement", "Champ", "Valeur", "Motif", "Auteur"]
HEAD = [*HEAD, "Jusqu’à"]


def book(**sheets: list[list[object]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
    return buffer.getvalue()


PROJECTS = book(
    Projets=[
        ["Code projet", "Projet", "Avancement", "Budget initial (k€)", "Engagé (k€)"],
        ["PRJ-1", "Dossier patient", 0.5, 120, 80],
        ["PRJ-2", "Imagerie", 0.2, 60, 10],
    ],
    Jalons=[
        ["Code projet", "Jalon", "Échéance prévue"],
        ["PRJ-1", "Recette", "30/11/2026"],
        ["PRJ-1", "Bascule", "15/12/2026"],
    ],
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.xlsx").write_bytes(PROJECTS)
    return tmp_path


def run(home: Path, *rows: list[object]) -> Result:
    if rows:
        kept = book(Corrections=[["Le PMO corrige ici"], [], HEAD, *map(list, rows)])
        (home / "registers.xlsx").write_bytes(kept)
    words = ["run", str(home / "inbox"), "--period", "2026-10", "-o", str(home / "out")]
    more = ["--home", str(home), "--no-store", "--jobs", "1", "--fail-on", "never"]
    return CliRunner().invoke(main, [*words, *more, "--lang", "fr", "-q"])


def table(home: Path, name: str) -> list[dict[str, str]]:
    path = home / "out" / "data" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def told(home: Path, rule: str) -> list[dict[str, str]]:
    return [f for f in table(home, "findings") if f["rule"] == rule]


def test_a_correction_goes_before_the_workbook_and_names_both_cells(home: Path) -> None:
    run(home, ["PRJ-1", "", "", "Engagé", "95 k€", "Avenant signé", "PMO"])
    assert table(home, "projects")[0]["committed"] == "95000"
    (finding,) = told(home, "value-corrected")
    assert finding["workbook"] == "registers.xlsx"
    assert finding["cell"] == "E4"
    assert "a.xlsx!Projets!E2" in finding["message"]
    assert "Avenant signé" in finding["message"]


def test_the_lineage_keeps_the_value_it_replaces(home: Path) -> None:
    run(home, ["PRJ-1", "", "", "Engagé", 95000, "Avenant signé", "PMO"])
    rows = [
        (r["workbook"], r["method"], r["used"])
        for r in table(home, "lineage")
        if r["field"] == "committed" and r["raw"] in {"95000", "80"}
    ]
    assert sorted(rows) == [
        ("a.xlsx", "column", "false"),
        ("registers.xlsx", "correction", "true"),
    ]


def test_a_record_is_named_by_what_it_is_called(home: Path) -> None:
    run(home, ["prj 1", "Jalon", "recette", "end_baseline", "31/01/2027", "m", "PMO"])
    ends = {m["name"]: m["end_baseline"] for m in table(home, "milestones")}
    assert ends == {"Recette": "2027-01-31", "Bascule": "2026-12-15"}


def test_a_word_for_no_value_empties_the_field(home: Path) -> None:
    run(
        home, ["PRJ-2", "", "", "Avancement", "n.c.", "Valeur d’un autre projet", "PMO"]
    )
    assert [p["progress"] for p in table(home, "projects")] == ["0.5", ""]


def test_a_field_the_workbook_does_not_tell_is_added(home: Path) -> None:
    run(home, ["PRJ-2", "", "", "Chef de projet", "A. Essai", "m", "PMO"])
    assert table(home, "projects")[1]["project_manager"] == "A. Essai"


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (["PRJ-9", "", "", "Engagé", 1, "m", "PMO"], "correction-unmatched"),
        (["PRJ-1", "Jalon", "Pilote", "Avancement", 1, "m", "PMO"], "correction-unmatched"),
        (["PRJ-1", "Zut", "", "Engagé", 1, "m", "PMO"], "correction-unknown-table"),
        (["PRJ-1", "", "", "Zut", 1, "m", "PMO"], "correction-unknown-field"),
        (["PRJ-1", "", "", "project_code", "X", "m", "PMO"], "correction-unknown-field"),
        (["PRJ-1", "", "", "Engagé", 1, "m", "PMO", "Noël"], "correction-bad-month"),
        (["PRJ-1", "", "", "Engagé", 1, "m", "PMO", "2026-09"], "correction-expired"),
        (["PRJ-1", "", "", "Engagé", 1, "", "PMO"], "register-row-incomplete"),
        (["PRJ-1", "", "", "Engagé", "bientôt", "m", "PMO"], "number-unread"),
    ],
)  # fmt: skip
def test_what_cannot_be_applied_changes_nothing_and_is_told(
    home: Path, row: list[object], rule: str
) -> None:
    run(home, row)
    assert [p["committed"] for p in table(home, "projects")] == ["80000", "10000"]
    assert [f["workbook"] for f in told(home, rule)] == ["registers.xlsx"]


def test_a_correction_that_the_workbook_has_caught_up_with_is_told(home: Path) -> None:
    run(home, ["PRJ-1", "", "", "Engagé", 80000, "m", "PMO"])
    assert len(told(home, "correction-needless")) == 1


def test_corrections_may_be_written_as_toml(home: Path) -> None:
    (home / "registers.toml").write_text(
        '[[corrections]]\nproject = "PRJ-1"\nfield = "committed"\nvalue = 95000\n'
        'reason = "Avenant"\nauthor = "PMO"\nuntil = "2026-12"\n',
        encoding="utf-8",
    )
    run(home)
    assert table(home, "projects")[0]["committed"] == "95000"


def test_a_register_that_cannot_be_read_stops_the_run(home: Path) -> None:
    (home / "registers.xlsx").write_bytes(b"not a workbook")
    result = run(home)
    assert result.exit_code == 2
    assert "registers.xlsx" in result.output


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_empty_register_is_read_as_one(home: Path, lang: str) -> None:
    path = home / "registers.xlsx"
    words = ["registers", str(path), "--home", str(home), "--lang", lang]
    assert CliRunner().invoke(main, words).exit_code == 0
    entries, findings = read_register(path)
    assert (entries, findings) == ((), ())
    assert CliRunner().invoke(main, words).exit_code == 2
