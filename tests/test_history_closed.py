"""A closed month stays what it was, byte for byte, whatever is run or changed after it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree

import pytest
import xlsxwriter
from click.testing import CliRunner

from consolidate.cli import main

PROJECTS = 2
PACKS = ("review", "requests", "direction")


def workbook(path: Path, i: int, month: int, *, late: int = 0) -> None:
    """A manager's workbook: the project, its milestones, its risks."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheets = {
            "Projets": [
                ["Code projet", "Projet", "Chef de projet", "Météo", "État", "Avancement", "Budget initial (€) total", "Atterrissage (€) total", "Fin de référence", "Fin prévue"],
                [f"PRJ-{i}", f"Projet {i}", f"Camille Exemple{i}", "Vert" if i else "Rouge", "En cours", 0.1 * month - 0.3, 100_000, 100_000 + 20_000 * late, "31/12/2026", f"{28 - i}/{12 - i}/2026"],
            ],
            "Jalons": [
                ["Code projet", "Jalon", "Date de référence", "Date révisée", "Statut"],
                [f"PRJ-{i}", "Recette", f"15/{month:02}/2026", f"{15 + late}/{month:02}/2026", "En cours"],
                [f"PRJ-{i}", "Bascule", "15/12/2026", "15/12/2026", "Planifié"],
            ],
            "Risques": [
                ["Code projet", "Risque", "Probabilité", "Impact", "Responsable"],
                [f"PRJ-{i}", "Fournisseur", 1 + i, 4, "A. Modèle"],
            ],
        }  # fmt: skip
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)


def call(home: Path, *words: object) -> str:
    told = CliRunner().invoke(main, [*map(str, words), "--home", str(home)])
    assert told.exit_code in {0, 1}, told.output
    return told.output


def run(home: Path, month: int, *, late: int = 0) -> None:
    """Send the month's workbooks and consolidate them."""
    inbox = home / f"inbox-{month:02}"
    rmtree(inbox, ignore_errors=True)
    inbox.mkdir()
    for i in range(PROJECTS):
        workbook(inbox / f"TdB_PRJ-{i}_2026-{month:02}.xlsx", i, month, late=late)
    call(home, "run", inbox, "--period", f"2026-{month:02}", "-o", home / "out", "--quiet", "--jobs", 1)  # fmt: skip


def packs(home: Path, into: str) -> Mapping[str, str]:
    call(home, "pack", *PACKS, "--period", "2026-09", "-o", home / into)
    return hashes(home / into)


def hashes(folder: Path) -> Mapping[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """September consolidated and closed."""
    run(tmp_path, 9)
    call(tmp_path, "month", "close", "2026-09", "-o", tmp_path / "out", "--by", "PMO")
    return tmp_path


def change_rules(home: Path) -> None:
    (home / "schemas").mkdir()
    (home / "schemas" / "rules.toml").write_text(
        "[rule.budget-forecast-overrun.limits]\namber = 0.0\nred = 0.01\n"
        "[rule.tunnel-effect]\non = true\n[rule.milestone-late]\non = false\n",
        encoding="utf-8",
    )


def correct(home: Path) -> None:
    (home / "registers.toml").write_text(
        '[[corrections]]\nproject = "PRJ-1"\nfield = "forecast_cost"\nvalue = 190000\n'
        'reason = "Phone"\nauthor = "PMO"\n',
        encoding="utf-8",
    )


def test_a_closed_month_is_the_same_after_later_months_rules_and_corrections(
    home: Path,
) -> None:
    closed = hashes(home / "out")
    told = packs(home, "packs-before")
    run(home, 10, late=9)
    assert packs(home, "packs-after") == told, "a later month changed its packs"

    change_rules(home)
    correct(home)
    run(home, 9, late=10)
    assert hashes(home / "out") == closed

    # Reopened, the same workbooks, rules and corrections do change it.
    call(home, "month", "reopen", "2026-09", "--reason", "Invoice", "--by", "PMO")
    run(home, 9, late=10)
    anew = hashes(home / "out")
    for name in ("portfolio.xlsx", "index.html", "data/milestones.csv", "data/alerts.csv"):  # fmt: skip
        assert anew[name] != closed[name], name
