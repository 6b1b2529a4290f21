"""A run by hand leaves the inbox alone, and one history of what it read."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

import pytest
from intake_inbox import mail, zipped
from test_hostile_run import FILES, milestones

from consolidate.config import Config, RegistersConfig
from consolidate.intake import Mailroom
from consolidate.model.delivery import Delivery
from consolidate.pipeline import RunOptions, RunResult, run
from consolidate.worker import Cache
from consolidate.worker.packing import pack, unpack
from consolidate.worker.reading import Settings, read_delivery

NOW = "2026-11-03T08:15:00Z"
READ = list[str]


def consolidate(
    place: Path, read: READ | None = None, config: Config | None = None
) -> RunResult:
    """Run on ``place/inbox``; the names of workbooks that were read go to a list."""
    options = RunOptions(
        inboxes=(place / "inbox",),
        output=place / "out",
        period="2026-10",
        as_of=date(2026, 10, 31),
        lang="fr",
        store=None,
        config=config or Config(),
        home=place / "home",
        at=NOW,
    )
    return run(
        options, lambda done, of, name: read.append(name) if read is not None else None
    )


def fill(place: Path, **files: bytes) -> Path:
    inbox = place / "inbox"
    inbox.mkdir(exist_ok=True)
    for name, data in files.items():
        (inbox / name.replace("_", ".")).write_bytes(data)
    return place


def states(place: Path) -> dict[str, str]:
    return {i.name: i.state for i in Mailroom(place / "home").ledger()}


def published(place: Path) -> dict[str, bytes]:
    paths = [*(place / "out" / "data").iterdir(), place / "out" / "portfolio.xlsx"]
    return {p.name: p.read_bytes() for p in paths}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one run of everything was made."""
    books = {"a.xlsx": milestones("Recette"), "b.xlsx": milestones("Bascule")}
    made = fill(
        tmp_path_factory.mktemp("run"),
        bon_xlsx=milestones("Bilan"),
        copie_xlsx=milestones("Bilan"),
        coupe_xlsx=FILES["coupe.xlsx"],
        lot_zip=zipped({**books, "lisez-moi.pdf": b"%PDF"}),
        note_pdf=b"%PDF",
    )
    consolidate(made)
    return made


def test_each_delivery_is_archived_and_stands_as_the_run_says(place: Path) -> None:
    assert states(place) == {
        "bon.xlsx": "consolidated",
        "copie.xlsx": "duplicate",
        "coupe.xlsx": "rejected",
        "lot.zip": "consolidated",
        "!/a.xlsx": "consolidated",
        "!/b.xlsx": "consolidated",
        "!/lisez-moi.pdf": "ignored",
    }
    room = Mailroom(place / "home")
    kept = {i.sha256 for i in room.ledger() if not i.parent}
    assert set(room.archive.hashes()) == kept
    assert room.journal.check() is None
    assert len(list((place / "inbox").iterdir())) == 5


def test_the_journal_holds_no_reason_in_words(place: Path) -> None:
    text = (place / "home" / "journal.jsonl").read_text()
    assert '"reason":"damaged"' in text
    assert "Bilan" not in text


def test_a_second_run_reads_nothing_again_and_tells_nothing_new(place: Path) -> None:
    before, journal = published(place), (place / "home/journal.jsonl").read_bytes()
    read: READ = []
    consolidate(place, read)
    assert read == ["coupe.xlsx"]
    assert published(place) == before
    assert (place / "home/journal.jsonl").read_bytes() == journal


def test_only_what_is_new_is_read(tmp_path: Path) -> None:
    first = {f"p{n}_xlsx": milestones(f"Jalon {n}") for n in range(4)}
    consolidate(fill(tmp_path, **first))
    fill(tmp_path, p4_xlsx=milestones("Neuf"), p0_xlsx=milestones("Changé"))
    read: READ = []
    consolidate(tmp_path, read)
    assert sorted(read) == ["p0.xlsx", "p4.xlsx"]
    assert len(list(Mailroom(tmp_path / "home").ledger())) == 6


def delivery(name: str = "a.xlsx", sha256: str = "1") -> Delivery:
    return Delivery(name, None, sha256)


def test_a_result_is_found_for_the_same_bytes_name_and_words_alone(
    tmp_path: Path,
) -> None:
    packed = pack(read_delivery(delivery(), milestones("Recette"), Settings()))
    Cache(tmp_path, "words").keep(delivery(), packed)
    assert Cache(tmp_path, "words").find(delivery()) == unpack(packed)
    for depends, asked in (
        ("others", delivery()),
        ("words", delivery("b.xlsx")),
        ("words", delivery(sha256="2")),
    ):
        assert Cache(tmp_path, depends).find(asked) is None


def test_an_entry_that_the_disk_spoiled_is_as_good_as_none(tmp_path: Path) -> None:
    packed = pack(read_delivery(delivery(), milestones("Recette"), Settings()))
    cache = Cache(tmp_path, "words")
    cache.keep(delivery(), packed)
    (entry,) = (p for p in tmp_path.rglob("*") if p.is_file())
    whole = entry.read_bytes()
    for at in (0, 40, len(whole) - 1):
        entry.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert cache.find(delivery()) is None


class Harmful:
    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (Path("harm"),)


def test_an_entry_that_would_run_as_a_program_is_as_good_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cache = Cache(tmp_path / "cache", "words")
    for foreign in (Harmful(), ["no extract"]):
        cache.keep(delivery(), pickle.dumps(foreign))
        assert cache.find(delivery()) is None
    assert not Path("harm").exists()


def test_the_cache_stays_within_its_size(tmp_path: Path) -> None:
    cache = Cache(tmp_path, "words", most=1000)
    for number in range(20):
        cache.keep(delivery(sha256=str(number)), b"x" * 200)
    cache.tidy()
    assert sum(p.stat().st_size for p in tmp_path.glob("*/*")) <= 1000


def test_a_run_by_hand_holds_a_stranger_s_mail_until_the_pmo_accepts_it(
    tmp_path: Path,
) -> None:
    registers = tmp_path / "registers.toml"
    registers.write_text('[[people]]\nname = "Ada"\nemail = "ada@ghs.example"\n')
    config = Config(registers=RegistersConfig(file=registers))
    fill(tmp_path, pli_eml=mail([("a.xlsx", milestones("Recette"))]))
    result = consolidate(tmp_path, config=config)
    assert (result.states, states(tmp_path)["!/a.xlsx"]) == ({"rejected": 1}, "held")
    room = Mailroom(tmp_path / "home")
    (key,) = (i.id for i in room.ledger() if i.parent)
    room.journal.append(NOW, "accepted", id=key, by="pmo", reason="a deputy")
    result = consolidate(tmp_path, config=config)
    assert result.states == {"consolidated": 1}
    assert states(tmp_path)["!/a.xlsx"] == "consolidated"
