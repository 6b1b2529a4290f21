"""Backups: the whole state home at one moment, restored whole or not at all."""

from __future__ import annotations

import json
import random
import sqlite3
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from build_portfolio import make_portfolio
from click.testing import CliRunner

from consolidate import store
from consolidate.backup import BackupError, backup, check, restore
from consolidate.cli import main
from consolidate.intake.archive import Archive
from consolidate.intake.journal import Journal
from consolidate.model.error import StoreError
from consolidate.model.mounts import is_share

AT = "2026-11-03T08:15:00Z"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A state home with a month, a delivery, its journal and a layout."""
    place = tmp_path / "home"
    store.save(f"sqlite:///{(place / 'portfolio.db').as_posix()}", make_portfolio(2))
    kept = Archive(place / "archive").keep(BytesIO(b"a workbook"))
    Journal(place / "journal.jsonl").append(AT, "received", sha256=kept.sha256)
    (place / "layouts").mkdir()
    (place / "layouts" / "été.toml").write_text("# ours", encoding="utf-8")
    (place / "cache").mkdir()
    (place / "cache" / "made-again").write_bytes(b"x")
    return place


def saved(home: Path, name: str = "b.zip") -> Path:
    target = home.parent / name
    backup(home, home / "portfolio.db", target, AT, "en")
    return target


def files(home: Path) -> dict[str, bytes]:
    kept = (p for p in home.rglob("*") if p.is_file() and p.suffix != ".lock")
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in kept}


def test_what_is_restored_is_what_was_there_but_for_what_can_be_made_again(
    home: Path,
) -> None:
    target = home.parent / "elsewhere"
    restore(saved(home), target, "en")
    before, after = files(home), files(target)
    before.pop("cache/made-again")
    for each in (before, after):
        # Copied page by page: the same rows, other bytes, another seal.
        each.pop("portfolio.db")
        each.pop("portfolio.db.sha256")
    assert store.soundness(target / "portfolio.db") == "sound"
    assert after == before
    url = f"sqlite:///{(target / 'portfolio.db').as_posix()}"
    assert [m.period for m in store.history(url)] == ["2026-10"]
    assert oct((target / "journal.jsonl").stat().st_mode)[-3:] == "600"


def test_a_month_being_stored_meanwhile_is_in_it_whole_or_not_at_all(
    home: Path,
) -> None:
    other = sqlite3.connect(home / "portfolio.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE store_version SET version = version")
    target = home.parent / "again"
    restore(saved(home), target, "en")
    other.execute("ROLLBACK")
    other.close()
    assert store.is_sound(target / "portfolio.db")


def test_any_flipped_bit_is_named_and_nothing_is_restored(home: Path) -> None:
    whole = saved(home).read_bytes()
    rng = random.Random(7)
    target = home.parent / "restored"
    file = home.parent / "spoiled.zip"
    found = 0
    for _ in range(40):
        spoiled = bytearray(whole)
        spoiled[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        file.write_bytes(spoiled)
        # What is not found is in what ZIP tells twice: every file is what it was.
        if is_found(file):
            found += 1
            with pytest.raises(BackupError):
                restore(file, target, "en")
            assert not target.exists()
    assert found > 30


def is_found(file: Path) -> bool:
    try:
        check(file, "en")
    except BackupError as err:
        return str(file) in str(err)
    return False


def test_a_home_that_holds_something_is_never_written_over(home: Path) -> None:
    file = saved(home)
    before = files(home)
    with pytest.raises(BackupError, match="not written over"):
        restore(file, home, "en")
    assert files(home) == before
    with pytest.raises(BackupError, match="not replaced"):
        saved(home)


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "C:evil", "a\\..\\evil"])
def test_a_name_that_leaves_the_home_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "b.zip"
    known = {name: {"sha256": "0" * 64, "size": 4}}
    told = {"version": "1", "at": AT, "store": "none", "files": known}
    with zipfile.ZipFile(file, "w") as book:
        book.writestr(name, "evil")
        book.writestr("manifest.json", json.dumps(told))
    with pytest.raises(BackupError):
        check(file, "en")


def test_the_commands_back_up_check_and_restore(home: Path) -> None:
    file, again = str(home.parent / "b.zip"), str(home.parent / "again")
    for command in (
        ["backup", file, "--home", str(home)],
        ["restore", file, "--check"],
        ["restore", file, "--home", again],
        ["history", "--home", again],
        ["doctor", "--home", again],
    ):
        found = CliRunner().invoke(main, [*command, "--lang", "en"])
        assert found.exit_code == 0, found.output
    assert "1 months kept" in found.output


def test_the_doctor_says_what_will_not_work_and_what_to_do(home: Path) -> None:
    lines = (home / "journal.jsonl").read_bytes()
    Journal(home / "journal.jsonl").append(AT, "received")
    text = (home / "journal.jsonl").read_bytes().replace(lines, lines.replace(b"08:15", b"09:15"))  # fmt: skip
    (home / "journal.jsonl").write_bytes(text)
    (home / "portfolio.db").write_bytes(b"not a database at all" * 100)
    asked = ["doctor", "--home", str(home), "--lang", "en", "--json"]
    found = CliRunner().invoke(main, asked)
    assert found.exit_code == 1
    told = {c["name"]: c for c in json.loads(found.output)["checks"]}
    assert told["store"]["verdict"] == "poor"
    assert "Restore the last backup" in told["store"]["remedy"]
    assert "line 1" in told["journal"]["told"]
    assert told["worker"]["verdict"] == "good"


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
//server/pmo /mnt/pmo cifs rw 0 0
server:/export /srv/with\\040space nfs4 rw 0 0
/dev/sdb1 /mnt/pmo/local ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("place", "share"),
    [
        ("/home/user", False),
        ("/mnt/pmo/home", True),
        ("/mnt/pmo-else", False),
        ("/srv/with space/home", True),
        ("/mnt/pmo/local/home", False),
        ("/mnt/pm", False),
    ],
)
def test_a_share_is_known_by_what_is_mounted_there(
    tmp_path: Path, place: str, *, share: bool
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, encoding="utf-8")
    assert is_share(Path(place), str(mounts)) is share


def test_a_store_on_a_share_is_refused_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consolidate.store.engine.is_share", lambda path: True)
    url = f"sqlite:///{(tmp_path / 'portfolio.db').as_posix()}"
    with pytest.raises(StoreError, match="PostgreSQL"):
        store.save(url, make_portfolio(1))
    assert not (tmp_path / "portfolio.db").exists()
