"""Patients planted wherever a delivery has room for them come out nowhere."""

from __future__ import annotations

import io
import sys
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result
from stdnum.fr import nir
from watch_world import desk, moment, states, take

from consolidate.cli import main
from consolidate.intake.mailroom import Mailroom
from consolidate.model.delivery import Delivery
from consolidate.store import load
from consolidate.worker.reading import Settings, read_delivery

SURNAME, IPP = "Zorglubescu", "800123457"


def number(n: int) -> str:
    body = f"28505780060{n:02}"
    return body + nir.calc_check_digits(body)


NUMBERS = [number(n) for n in range(10, 40)]
"""One for each position, so that a failure names the position."""
CELL, SHEET, COMMENT, LISTED, AUTHOR, BOX, FILE, MEMBER, FROM, SUBJECT, ATTACHED, COLUMN = NUMBERS[:12]  # fmt: skip
SPACED = f"{CELL[0]} {CELL[1:3]} {CELL[3:5]} {CELL[5:7]} {CELL[7:10]} {CELL[10:13]} {CELL[13:]}"


def book() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        made.set_properties({"author": AUTHOR, "comments": f"NIR {AUTHOR}"})
        page = made.add_worksheet("Jalons")
        for r, row in enumerate([("Jalon", "Échéance", "Commentaire"), ("Recette", "31/12/2026", f"voir {SPACED}")]):  # fmt: skip
            for c, text in enumerate(row):
                page.write_string(r, c, text)
        page.write_comment("A2", f"patient {COMMENT}", {"author": COMMENT})
        page.data_validation("C5", {"validate": "list", "source": ["oui", LISTED]})
        page.insert_textbox("E2", f"dossier {BOX}")
        other = made.add_worksheet(f"NIR {SHEET}")
        for r, row in enumerate([("Nom", "NIR", "N° IPP", "Né(e) le"), (SURNAME, COLUMN, IPP, "12/03/1956")]):  # fmt: skip
            for c, text in enumerate(row):
                other.write_string(r, c, text)
        other.write_number("B3", float(COLUMN))
    return buffer.getvalue()


def mail() -> bytes:
    made = EmailMessage()
    made["From"] = f'"{FROM}" <chef.{FROM}@hopital.example>'
    made["Subject"] = f"tableau de bord {SUBJECT}"
    made["Date"] = "Tue, 03 Nov 2026 09:00:00 +0100"
    made.add_attachment(b"Jalon;\xc3\x89ch\xc3\xa9ance\nBilan;31/12/2026\n", maintype="text", subtype="csv", filename=f"suivi {ATTACHED}.csv")  # fmt: skip
    return made.as_bytes()


def parcel() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(f"lot {MEMBER}/suivi.csv", "Jalon;Échéance\nEssai;30/11/2026\n")
        made.writestr(f"{MEMBER}.pdf", b"%PDF")
    return buffer.getvalue()


FILES = {
    "a.xlsx": book(),
    f"suivi {FILE}.csv": "Jalon;Échéance\nBascule;31/12/2026\n".encode(),
    f"cassé {FILE}.xlsx": b"PK\x03\x04 nothing",
    "pli.eml": mail(),
    "lot.zip": parcel(),
}
SECRETS = [*NUMBERS[:12], SPACED, SURNAME, IPP, "12/03/1956", "1956-03-12"]


def named(data: bytes) -> set[str]:
    """Which canaries some bytes hold, packed or not."""
    forms = {s: {s.encode(), s.encode("utf-16-le")} for s in SECRETS}
    return {s for s, ways in forms.items() if any(w in data for w in ways)}


def inside(path: Path) -> bytes:
    data = path.read_bytes()
    if not zipfile.is_zipfile(path):
        return data
    with zipfile.ZipFile(path) as package:
        return b"".join([package.read(n) for n in package.namelist()])


def command(place: Path, out: str) -> list[str]:
    return ["run", str(place / "in"), "-o", str(place / out), "--period", "2026-10", "--home", str(place / "home"), "--jobs", "1"]  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    place = tmp_path_factory.mktemp("canaries")
    (place / "in").mkdir()
    (place / "tmp").mkdir()
    for name, data in FILES.items():
        (place / "in" / name).write_bytes(data)
    given = [*command(place, "out"), "--replies", "--verbose"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(place / "tmp"))
        result = CliRunner().invoke(main, given)
    assert result.exit_code == 1, result.output
    return place, result


def test_no_patient_is_in_any_file_made_or_word_said(
    world: tuple[Path, Result],
) -> None:
    place, result = world
    made = [
        p
        for p in place.rglob("*")
        if not p.is_relative_to(place / "in")
        and not p.is_relative_to(place / "home" / "quarantine")
    ]
    assert {p.relative_to(place).parts[0] for p in made} == {"home", "out", "tmp"}
    found = {str(p): named(str(p).encode()) | (named(inside(p)) if p.is_file() else set()) for p in made}  # fmt: skip
    assert {p: what for p, what in found.items() if what} == {}
    assert named(result.output.encode()) == set()
    assert list((place / "tmp").iterdir()) == []


def test_no_patient_is_in_what_a_worker_hands_out_or_the_store_keeps(
    world: tuple[Path, Result],
) -> None:
    extract = read_delivery(Delivery("a.xlsx"), FILES["a.xlsx"], Settings())
    assert named(repr(extract).encode()) == set()
    assert named(zlib.decompress(extract.sheets)) == set()
    stored = load(f"sqlite:///{world[0] / 'home' / 'portfolio.db'}", "2026-10")
    texts = [t.to_csv() for t in (*stored.tables.values(), stored.lineage, stored.findings)]  # fmt: skip
    assert named("".join(texts).encode()) == set()


def test_the_originals_wait_in_quarantine_and_not_in_the_archive(
    world: tuple[Path, Result],
) -> None:
    room = Mailroom(world[0] / "home")
    by_name = {i.name: i.sha256 for i in room.ledger() if not i.parent}
    apart = {n for n, sha in by_name.items() if sha and room.quarantine.has(sha)}
    assert {n.partition(" ")[0] for n in apart} == {"a.xlsx", "suivi", "cassé", "pli.eml", "lot.zip"}  # fmt: skip
    assert room.archive.hashes() == []
    if sys.platform != "win32":
        folder = room.quarantine.folder
        assert {p.stat().st_mode & 0o077 for p in (folder, *folder.rglob("*"))} == {0}


def test_the_manager_gets_a_list_and_no_copy(world: tuple[Path, Result]) -> None:
    replies = [p.name for p in (world[0] / "out" / "replies").glob("a*.xlsx")]
    (name,) = replies
    with zipfile.ZipFile(world[0] / "out" / "replies" / name) as package:
        texts = b"".join(package.read(n) for n in package.namelist()).decode()
    assert "Recette" not in texts  # a cell of the original


def test_a_second_run_brings_nothing_back_into_the_archive(
    world: tuple[Path, Result],
) -> None:
    before = Mailroom(world[0] / "home").quarantine.hashes()
    CliRunner().invoke(main, command(world[0], "out2"))
    room = Mailroom(world[0] / "home")
    assert (room.archive.hashes(), room.quarantine.hashes()) == ([], before)


def test_a_watched_month_is_made_again_of_what_is_in_quarantine(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(FILES["a.xlsx"])
    here = take(desk(tmp_path))
    assert here.room.archive.hashes() == []
    for _ in range(2):
        result = here.consolidate("2026-10", moment())
        assert "Recette" in set(result.portfolio.tables["milestones"]["name"])
    assert states(here) == {"a.xlsx": "consolidated"}
