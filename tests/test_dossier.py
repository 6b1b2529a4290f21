"""``consolidate dossier``: a project's budgets, dates, decisions and corrections over time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from consolidate.cli import main

ROOT = Path(__file__).resolve().parent.parent
Rows = list[dict[str, object]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of one workbook, the first closed, the second's dossier written."""
    place = tmp_path_factory.mktemp("dossier")
    home = ("--home", str(place / "home"))
    for period in ("2026-09", "2026-10"):
        inbox = place / period
        inbox.mkdir()
        book = ROOT / "sample_workbooks" / period / "PRJ-101_Dossier patient.xlsx"
        shutil.copy(book, inbox)
        out = str(place / f"out-{period}")
        asked = ["run", str(inbox), "--period", period, "--output", out, "--lang", "en"]
        assert CliRunner().invoke(main, [*asked, *home]).exit_code <= 1
        if period == "2026-09":
            asked = ["month", "close", period, "--output", out, "--by", "Alix Exemple"]
            assert CliRunner().invoke(main, [*asked, *home]).exit_code == 0
    asked = ["dossier", "PRJ-101", "-o", str(place), "--lang", "en", *home]
    found = CliRunner().invoke(main, asked)
    assert found.exit_code == 0, found.output
    return place


def rows(place: Path, sheet: str) -> Rows:
    book = load_workbook(place / "2026-10" / "dossier-PRJ-101.xlsx")
    (table,) = book[sheet].tables.values()
    head, *body = book[sheet][table.ref]
    names = [c.value for c in head]
    plain = ([str(c.value).replace("\xa0", " ") for c in row] for row in body)
    return [dict(zip(names, row, strict=True)) for row in plain]


def test_what_changed_tells_both_values_both_cells_and_the_file(place: Path) -> None:
    moved = {(r["Object"], r["Field"]): r for r in rows(place, "Changes")}
    row = moved["Dossier patient commun", "Forecast end"]
    assert (row["Before"], row["Value"]) == ("31 Mar 2027", "30 Jun 2027")
    assert row["Cell"] == "Fiche projet ! B10"
    assert str(row["Cell before"]).endswith("! Fiche projet ! B10")


def test_each_file_is_named_by_the_hash_the_archive_keeps_it_under(place: Path) -> None:
    known = {str(r["SHA-256"]) for r in rows(place, "Files")}
    archived = {p.name for p in (place / "home" / "archive").rglob("*") if p.is_file()}
    assert len(known) == 2
    assert known <= archived
    shown = {str(r["Hash (beginning)"]) for r in rows(place, "All values")}
    assert shown == {sha[:16] for sha in known}


def test_it_says_who_closed_which_month(place: Path) -> None:
    page = (place / "2026-10" / "dossier-PRJ-101.html").read_text(encoding="utf-8")
    page = page.replace("\xa0", " ")
    assert "by Alix Exemple" in page
    assert "October 2026: provisional." in page


def test_a_code_that_no_month_knows_is_refused(place: Path) -> None:
    asked = ["dossier", "PRJ-999", "--home", str(place / "home"), "--lang", "en"]
    found = CliRunner().invoke(main, asked)
    assert found.exit_code == 2
    assert "PRJ-999" in found.output
