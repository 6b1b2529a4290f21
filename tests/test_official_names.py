"""The PMO's registers: official codes and names, what is merged, who is one person."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import xlsxwriter
from build_portfolio import make_portfolio
from click.testing import CliRunner, Result

from consolidate.cli import main
from consolidate.register import load_registers
from consolidate.register.renames import renames
from consolidate.register.sheets import read_register

HEAD = ["Code projet", "Projet", "Chef de projet", "Établissement", "Avancement"]
MILESTONES = ["Code projet", "Jalon", "Échéance prévue"]


def book(**sheets: list[list[object]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
    return buffer.getvalue()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    one = [HEAD, ["PRJ-1", "Dossier patient", "Alix Exemple", "Hôpital Un", 0.5]]
    two = [HEAD, ["DPI-2019", "DPI commun", "A. Exemple", "H1", 0.6]]
    due = [MILESTONES, ["DPI-2019", "Recette", "30/11/2026"]]
    (tmp_path / "inbox" / "a.xlsx").write_bytes(book(Projets=one))
    (tmp_path / "inbox" / "b.xlsx").write_bytes(book(Projets=two, Jalons=due))
    return tmp_path


def run(home: Path, register: str = "", *more: str) -> Result:
    words = ["run", str(home / "inbox"), "--period", "2026-10", "-o", str(home / "out")]
    kept = home / "registers.toml"
    kept.unlink(missing_ok=True)
    if register:
        kept.write_text(register, encoding="utf-8")
    usual = ["--home", str(home), "--no-store", "--jobs", "1", "--fail-on", "never"]
    return CliRunner().invoke(main, [*words, *usual, "--lang", "fr", "-q", *more])


def table(home: Path, name: str) -> list[dict[str, str]]:
    text = (home / "out" / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def codes(home: Path) -> list[str]:
    return sorted(r["project_code"] for r in table(home, "projects"))


PROJECT = """
[[projects]]
code = "PRJ-1"
name = "Dossier patient informatisé"
aliases = "DPI-2019; DPI commun"
"""


def test_another_code_of_the_register_is_the_same_project(home: Path) -> None:
    assert run(home, PROJECT).exit_code == 0
    assert codes(home) == ["PRJ-1"]
    assert [r["project_code"] for r in table(home, "milestones")] == ["PRJ-1"]
    assert table(home, "projects")[0]["name"] == "Dossier patient informatisé"


def test_what_the_workbook_wrote_stays_and_is_told_with_both_cells(home: Path) -> None:
    run(home, PROJECT)
    rows = table(home, "lineage")
    own = [r for r in rows if r["method"] == "register" and r["table"] == "projects"]
    assert {(r["field"], r["raw"]) for r in own} >= {
        ("project_code", "DPI-2019"),
        ("name", "DPI commun"),
    }
    told = [f for f in table(home, "findings") if f["rule"] == "name-by-register"]
    assert all("registers.toml" in f["message"] for f in told)
    assert {f["workbook"] for f in told} == {"a.xlsx", "b.xlsx"}


def test_without_its_row_the_result_is_what_it_was(home: Path) -> None:
    run(home)
    before = {p.name: p.read_bytes() for p in (home / "out" / "data").glob("*.csv")}
    run(home, PROJECT)
    run(home)
    after = {p.name: p.read_bytes() for p in (home / "out" / "data").glob("*.csv")}
    assert before == after
    assert codes(home) == ["DPI-2019", "PRJ-1"]


def test_a_row_counts_from_its_month_on(home: Path) -> None:
    run(home, PROJECT + 'from = "2026-11"\n')
    assert codes(home) == ["DPI-2019", "PRJ-1"]
    run(home, PROJECT + 'from = "2026-10"\n')
    assert codes(home) == ["PRJ-1"]


MERGED = """
[[projects]]
code = "PRJ-1"
name = "Dossier patient"

[[projects]]
code = "DPI-2019"
name = "DPI commun"
merged_into = "PRJ-1"
"""


def test_a_merged_project_goes_under_the_one_that_took_it_over(home: Path) -> None:
    run(home, MERGED)
    assert codes(home) == ["PRJ-1"]
    assert [r["project_code"] for r in table(home, "milestones")] == ["PRJ-1"]


def test_a_project_named_as_in_the_register_gets_its_code(home: Path) -> None:
    rows = [HEAD[1:], ["Imagerie commune", "Alix Exemple", "Hôpital Un", 0.1]]
    (home / "inbox" / "c.xlsx").write_bytes(book(Projets=rows))
    run(home, '[[projects]]\ncode = "PRJ-9"\nname = "Imagerie commune"\n')
    assert "PRJ-9" in codes(home)


def test_one_person_has_one_spelling_and_one_establishment_too(home: Path) -> None:
    run(
        home,
        '[[people]]\nname = "Alix Exemple"\naliases = "A. Exemple"\n'
        '[[establishments]]\nname = "Hôpital Un"\naliases = "H1"\n',
    )
    rows = table(home, "projects")
    assert {r["project_manager"] for r in rows} == {"Alix Exemple"}
    assert {r["establishment"] for r in rows} == {"Hôpital Un"}


@pytest.mark.parametrize(
    ("register", "rule"),
    [
        (PROJECT + PROJECT, "register-twice"),
        (PROJECT + 'retired = "bientôt"\n', "register-bad-month"),
        (MERGED.replace('"PRJ-1"\n\n', '"PRJ-1"\nmerged_into = "DPI-2019"\n\n')
         .replace('name = "Dossier patient"\n', 'name = "Dossier patient"\nmerged_into = "DPI-2019"\n'),
         "register-merge-circle"),
        (PROJECT + 'merged_into = "PRJ-404"\n', "register-unknown-project"),
        (PROJECT + '[[projects]]\ncode = "PRJ-2"\naliases = "DPI-2019"\n', "register-alias-twice"),
    ],
)  # fmt: skip
def test_a_register_that_contradicts_itself_is_a_finding(
    tmp_path: Path, register: str, rule: str
) -> None:
    path = tmp_path / "registers.toml"
    path.write_text(register, encoding="utf-8")
    kept = load_registers(path, map)
    found = renames(kept.entries, "2026-10").findings
    assert [f.rule for f in found] == [rule] * len(found)
    assert found
    assert all(f.ref.workbook == "registers.toml" for f in found)


def test_a_confidential_project_is_not_in_the_shared_copy(home: Path) -> None:
    register = PROJECT.replace("aliases", 'confidential = "oui"\naliases')
    run(home, register, "--audience", "shared")
    assert codes(home) == []
    every = b"".join(p.read_bytes() for p in (home / "out").rglob("*") if p.is_file())
    assert b"Dossier patient" not in every


def test_a_register_filled_from_a_month_changes_nothing(home: Path) -> None:
    from consolidate import store

    url = f"sqlite:///{(home / 'portfolio.db').as_posix()}"
    store.save(url, make_portfolio(4))
    path = home / "filled.xlsx"
    asked = ["registers", str(path), "--filled", "--home", str(home)]
    assert CliRunner().invoke(main, asked).exit_code == 0
    entries, findings = read_register(path)
    assert not findings
    found, wrong = renames(entries, "2026-10")
    assert not wrong
    projects = make_portfolio(4).tables["projects"]
    by_code = {r["project_code"]: r["name"] for r in projects.to_dict("records")}
    assert {o.code: o.name for o in found.codes.values()} == by_code
    managers = set(projects["project_manager"].dropna())
    assert {o.name for o in found.people.values()} == managers
