"""Who reads what, from received workbooks to every file made: names and reasons planted."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner

from consolidate.cli import main
from consolidate.packs.registry import PACKS
from consolidate.store.pack import unpack

PEOPLE = ("Zorglub Kanarel", "Zygmunt Volapuk")
"""Named where time is counted, and nowhere else."""
REASONS = ("kkoperationkk", "kkcurekk", "arrêt maladie", "enfant malade", "congé maternité", "mi-temps thérapeutique")  # fmt: skip
OWN = "run-build-people"
"""The pack with figures by person: for the PMO alone."""


def book() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        page = made.add_worksheet("Projet")
        for r, row in enumerate([("Code projet", "PRJ-101"), ("Nom du projet", "Bascule"), ("Chef de projet", "Alix Exemple"), ("Département", "Informatique"), ("Établissement", "Site Nord")]):  # fmt: skip
            for c, text in enumerate(row):
                page.write_string(r, c, text)
        load = made.add_worksheet("Plan de charge")
        head = ("Agent", "Équipe", "Code projet", "Catégorie", "Mois", "Consommé (j)", "Commentaire")  # fmt: skip
        rows = [
            (PEOPLE[0], "Réseau", "PRJ-101", "Projet", "2026-10", 12.5, ""),
            (PEOPLE[0], "Réseau", "", "enfant malade", "2026-10", 3, f"{PEOPLE[0]} : arrêt maladie"),
            (PEOPLE[1], "Réseau", "PRJ-101", "Projet", "2026-10", 41, "en congé maternité"),
        ]  # fmt: skip
        for r, row in enumerate((head, *rows)):
            for c, value in enumerate(row):
                load.write(r, c, value)
        load.write_comment("A3", "mi-temps thérapeutique depuis mai")
        away = made.add_worksheet("Absences")
        for r, row in enumerate([("Agent", "Motif d'absence", "Jours"), (PEOPLE[0], REASONS[0], "2"), (PEOPLE[1], REASONS[1], "4"), (PEOPLE[1], "arrêt maladie", "1")]):  # fmt: skip
            for c, text in enumerate(row):
                away.write_string(r, c, text)
    return buffer.getvalue()


def command(place: Path, *args: str) -> str:
    found = CliRunner().invoke(main, [*args, "--home", str(place / "home")])
    assert found.exit_code in (0, 1), found.output
    return found.output


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    place = tmp_path_factory.mktemp("audiences")
    (place / "in").mkdir()
    (place / "in" / "PRJ-101.xlsx").write_bytes(book())
    run = ["run", str(place / "in"), "--period", "2026-10", "--jobs", "1", "--verbose"]
    told = command(place, *run, "-o", str(place / "out"), "--replies")
    told += command(place, *run, "-o", str(place / "shared"), "--audience", "shared")
    told += command(place, "pack", "--all", "-o", str(place / "packs"))
    return place, told


def text(path: Path) -> str:
    data = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            data = b"".join([package.read(n) for n in package.namelist()])
    return data.decode("utf-8", "ignore")


def holding(folder: Path, words: tuple[str, ...]) -> set[str]:
    every = [p for p in folder.rglob("*") if p.is_file()]
    return {p.relative_to(folder).as_posix() for p in every if any(w in text(p) for w in words)}  # fmt: skip


def test_people_whose_time_is_counted_are_in_the_pmos_own_copy_alone(
    world: tuple[Path, str],
) -> None:
    place = world[0]
    assert "data/workload.csv" in holding(place / "out", PEOPLE)
    assert holding(place / "shared", PEOPLE) == set()
    made = {p.stem for p in (place / "packs").rglob("*.xlsx")}
    assert [name for name in PACKS if not any(m.startswith(name) for m in made)] == []
    assert {Path(n).stem for n in holding(place / "packs", PEOPLE)} == {OWN}


def test_why_somebody_was_away_is_kept_nowhere(world: tuple[Path, str]) -> None:
    place, told = world
    for folder in ("out", "shared", "packs"):
        assert holding(place / folder, REASONS) == set()
    kept = place / "home"
    assert {p.partition("/")[0] for p in holding(kept, REASONS)} <= {"archive"}
    assert not any(word in told for word in REASONS)


def test_nor_is_it_in_what_is_kept_packed(world: tuple[Path, str]) -> None:
    home = world[0] / "home"
    cached = [p.read_bytes() for p in (home / "cache").rglob("*") if p.is_file()]
    assert cached
    assert not any(word.encode() in data for data in cached for word in REASONS)
    with closing(sqlite3.connect(home / "portfolio.db")) as own:
        packed = own.execute("SELECT packed FROM lineage").fetchall()
    lines = "".join(unpack(part).to_csv() for (part,) in packed)
    assert "Absence" in lines
    assert not any(word in lines for word in REASONS)
