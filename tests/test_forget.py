"""``consolidate forget``: a person planted everywhere is found nowhere afterwards."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
import xlsxwriter
from click.testing import CliRunner, Result

from consolidate.cli import main
from consolidate.exchange.pseudonyms import file_masked
from consolidate.intake.mailroom import Mailroom
from consolidate.model.forgotten import NAME, Forgotten, use
from consolidate.outbox import Letter, Outbox
from consolidate.store.pack import unpack
from consolidate.verify import Checked, verify

FIRST, LAST = "Zélie", "Dupontel"
WHO = f"{FIRST} {LAST}"
KNOWN = Forgotten(b"k" * 32).with_person(WHO, (WHO, f"{LAST} {FIRST}", f"Z {LAST}", LAST, "zdupontel", "A12345", ""))  # fmt: skip
OWN = KNOWN.pseudonym(WHO)


@pytest.fixture(autouse=True, scope="module")
def _nobody_after() -> Iterator[None]:
    yield
    use(Forgotten())


def book() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        made.set_properties({"author": WHO})
        page = made.add_worksheet("Projet")
        for r, row in enumerate([("Code projet", "PRJ-101"), ("Nom du projet", "Bascule du réseau"), ("Chef de projet", WHO), ("Commanditaire", "Alix Exemple")]):  # fmt: skip
            for c, text in enumerate(row):
                page.write_string(r, c, text)
        page.write_comment("A2", f"vu avec Z. {LAST}")
        tasks = made.add_worksheet(f"Jalons {LAST}")
        for r, row in enumerate([("Jalon", "Échéance", "Responsable", "Commentaire"), ("Recette", "31/12/2026", f"{LAST.upper()} {FIRST}", f"{FIRST} {LAST} absente"), ("Bilan", "bientôt", f"Z. {LAST}", "zdupontel@hopital.example")]):  # fmt: skip
            for c, text in enumerate(row):
                tasks.write_string(r, c, text)
    return buffer.getvalue()


def mail() -> bytes:
    made = EmailMessage()
    made["From"] = f"{WHO} <zelie.dupontel@hopital.example>"
    made["Subject"] = f"tableau de {WHO}"
    made["Date"] = "Tue, 03 Nov 2026 09:00:00 +0100"
    made.add_attachment("Code projet;Jalon;Échéance\nPRJ-102;Essai;31/12/2026\n".encode(), maintype="text", subtype="csv", filename=f"suivi {LAST}.csv")  # fmt: skip
    return made.as_bytes()


def command(place: Path, *args: str) -> Result:
    found = CliRunner().invoke(main, [*args, "--home", str(place / "home")])
    assert found.exit_code in (0, 1), found.output
    return found


def run(place: Path, out: str) -> Result:
    return command(place, "run", str(place / "in"), "-o", str(place / out), "--period", "2026-10", "--jobs", "1", "--replies", "--verbose")  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result, Result]:
    """A month received, closed, answered; then she is forgotten."""
    place = tmp_path_factory.mktemp("forget")
    home = place / "home"
    (place / "in").mkdir()
    home.mkdir()
    (place / "in" / f"suivi_{LAST}.xlsx").write_bytes(book())
    (place / "in" / "pli.eml").write_bytes(mail())
    (home / "registers.toml").write_text(f'[[people]]\nname = "{WHO}"\naddress = "zelie.dupontel@hopital.example"\n', encoding="utf-8")  # fmt: skip
    (home / "decisions").mkdir()
    (home / "decisions" / f"revue {LAST}.xlsx").write_bytes(book())
    run(place, "before")
    command(place, "month", "close", "2026-10", "-o", str(place / "before"))
    letters = [Letter("a", "zelie.dupontel@hopital.example", "s", "b"), Letter("b", "alix@hopital.example", "s", "b")]  # fmt: skip
    list(Outbox(home).draft(letters, "", "2026-11-03T08:00:00Z"))
    dry = command(place, "forget", WHO)
    done = command(place, "forget", WHO, "--confirm", "--by", "Alix", "--list", str(place / "list.xlsx"))  # fmt: skip
    return place, dry, done


def names(data: bytes) -> bool:
    text = data.decode("utf-8", "ignore").casefold()
    return "dupontel" in text or "dupontel".encode("utf-16-le") in data


def inside(path: Path) -> bytes:
    data = path.read_bytes()
    if not zipfile.is_zipfile(path):
        return data
    with zipfile.ZipFile(path) as package:
        return b"".join([package.read(n) for n in package.namelist()])


def left(folder: Path, but: tuple[str, ...] = ()) -> list[str]:
    every = [p for p in sorted(folder.rglob("*")) if p.relative_to(folder).parts[0] not in but]  # fmt: skip
    return [p.relative_to(folder).as_posix() for p in every if names(str(p.relative_to(folder)).encode()) or (p.is_file() and names(inside(p)))]  # fmt: skip


def test_nothing_of_the_state_home_names_her_but_what_proves_the_figures(
    world: tuple[Path, Result, Result],
) -> None:
    home = world[0] / "home"
    assert names((home / "journal.jsonl").read_bytes())
    assert left(home, ("archive", "journal.jsonl")) == []
    assert OWN not in (home / NAME).read_text()  # another key, another pseudonym
    assert WHO not in (home / NAME).read_text()


def test_what_the_store_packed_does_not_name_her_either(
    world: tuple[Path, Result, Result],
) -> None:
    engine = sa.create_engine(f"sqlite:///{world[0] / 'home' / 'portfolio.db'}")
    with engine.connect() as own:
        lineage = [unpack(p).to_csv() for p in own.exec_driver_sql("SELECT packed FROM lineage").scalars()]  # fmt: skip
        files = dict(own.exec_driver_sql("SELECT name, packed FROM month_files").all())  # type: ignore[arg-type]
    assert not names("".join(lineage).encode())
    assert {"portfolio.xlsx", "index.html"} <= files.keys()
    packed = [zlib.decompress(data) for data in files.values()]
    books = [zipfile.ZipFile(io.BytesIO(d)) for d in packed if d.startswith(b"PK")]
    assert not any(names(d) for d in packed)
    assert not any(names(b.read(n)) for b in books for n in b.namelist())
    assert not any(names(name.encode()) for name in files)


def test_a_rerun_of_the_same_workbooks_shows_the_pseudonym(
    world: tuple[Path, Result, Result],
) -> None:
    place = world[0]
    again = run(place, "closed")
    assert left(place / "closed") == []
    command(place, "month", "reopen", "2026-10", "--reason", "essai")
    found = run(place, "after")
    assert left(place / "after") == []
    assert not names((again.output + found.output).encode())
    own = Forgotten.of_home(place / "home").pseudonym(WHO)
    text = (place / "after" / "data" / "milestones.csv").read_text(encoding="utf-8")
    assert text.count(own) >= 2
    assert own in (place / "after" / "data" / "projects.csv").read_text(encoding="utf-8")  # fmt: skip
    told = (place / "after" / "data" / "findings.csv").read_text(encoding="utf-8")
    assert "person-forgotten" in told
    assert left(place / "home", ("archive", "journal.jsonl")) == []
    assert not names(command(place, "inbox").output.encode())


def test_what_is_kept_is_whole_and_says_when_somebody_was_forgotten(
    world: tuple[Path, Result, Result],
) -> None:
    home = world[0] / "home"
    store = home / "portfolio.db"
    assert list(verify(home, store, (), "en", Checked())) == []
    (told,) = [e for e in Mailroom(home).journal.entries() if e.event == "forgot"]
    assert not names(json.dumps(dict(told.fields)).encode())
    assert told.fields["of_projects"] >= 1


def test_it_is_tried_first_and_says_what_is_left_to_do(
    world: tuple[Path, Result, Result],
) -> None:
    place, dry, done = world
    assert "--confirm" in dry.output
    assert "milestones: " in dry.output
    assert "2026-10 v1" in done.output
    assert left(place, ("in", "home", "before")) == []


def test_asked_again_nothing_is_found(world: tuple[Path, Result, Result]) -> None:
    place, dry, _ = world
    again = command(place, "forget", WHO)
    counts = [re.findall(r"^\w+: \d+$", found.output, re.M) for found in (dry, again)]
    assert len(counts[0]) >= 4
    assert counts[1] == []


def test_her_messages_are_withdrawn_and_no_other(
    world: tuple[Path, Result, Result],
) -> None:
    (kept,) = Outbox(world[0] / "home").drafts()
    assert kept.message()["To"] == "alix@hopital.example"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WHO, OWN),
        ("DUPONTEL Zélie (PMO)", f"{OWN} (PMO)"),
        ("Z. Dupontel, A. Exemple", f"{OWN}, A. Exemple"),
        ("suivi_dupontel2.xlsx", f"suivi_{OWN}2.xlsx"),
        ("écrire à zelie.dupontel@h.example", f"écrire à {OWN}"),
        ("Zelie\u00a0DUPONTEL", OWN),
        ("Zélie Martin", "Zélie Martin"),
        ("A12345 absente", f"{OWN} absente"),
        ("A123456 et A1234", "A123456 et A1234"),
        ("le dupontel moyen", "le dupontel moyen"),
        ("Dupontelle", "Dupontelle"),
        ('["Zélie","Dupontel"]', f'["Zélie","{OWN}"]'),
    ],
)
def test_a_name_is_known_however_it_is_written(text: str, expected: str) -> None:
    assert KNOWN.masked(text) == expected


def test_a_text_that_names_nobody_is_the_very_same() -> None:
    text = "Réunion du comité de pilotage"
    assert KNOWN.masked(text) is text
    assert KNOWN.masked(OWN) is OWN


def test_a_name_cut_by_its_look_is_found_in_a_workbook() -> None:
    part = "<sst><si><r><t>vu Zélie</t></r><r><t xml:space='preserve'> Dup</t></r><r><t>ontel</t></r></si></sst>"
    made = file_masked("sharedStrings.xml", part.encode(), KNOWN.masked)
    assert made is not None
    assert OWN in made.decode()
    assert not names(made)


def test_one_word_alone_is_refused(tmp_path: Path) -> None:
    found = CliRunner().invoke(main, ["forget", LAST, "--home", str(tmp_path)])
    assert found.exit_code == 2
