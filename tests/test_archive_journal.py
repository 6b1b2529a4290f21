"""The archive keeps bytes, the journal keeps what happened: both whole after any crash."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from consolidate.intake.archive import Archive
from consolidate.intake.journal import Journal, JournalError
from consolidate.model import disk

NOON = "2026-11-03T12:00:00Z"
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")


def keep(archive: Archive, data: bytes) -> str:
    return archive.keep(io.BytesIO(data)).sha256


def test_bytes_are_kept_once_under_their_own_hash(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    sha256 = hashlib.sha256(b"abc").hexdigest()
    assert not archive.has(sha256)
    assert keep(archive, b"abc") == keep(archive, b"abc") == sha256
    assert archive.path(sha256).read_bytes() == b"abc"
    assert archive.hashes() == [sha256]


@posix
def test_nobody_else_reads_the_archive_and_nobody_writes_what_it_keeps(
    tmp_path: Path,
) -> None:
    old = os.umask(0)
    try:
        archive = Archive(tmp_path / "home" / "archive")
        path = archive.path(keep(archive, b"abc"))
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    folders = (path.parent, archive.folder, archive.folder.parent)
    assert {stat.S_IMODE(f.stat().st_mode) for f in folders} == {0o700}


def test_a_spoiled_copy_is_named_and_healed_by_keeping_it_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    sha256 = keep(archive, b"abc")
    archive.path(sha256).chmod(0o600)
    archive.path(sha256).write_bytes(b"abd")
    assert list(archive.spoiled()) == [sha256]
    keep(archive, b"abc")
    assert list(archive.spoiled()) == []


def test_what_is_removed_is_gone_and_removing_it_twice_is_well(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    sha256 = keep(archive, b"abc")
    archive.remove(sha256)
    archive.remove(sha256)
    assert archive.hashes() == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63])
def test_only_a_hash_names_what_is_kept(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        Archive(tmp_path).path(name)


@pytest.mark.parametrize(
    "step", ["make_folder", "create", "write", "sync", "rename", "sync_folder"]
)
def test_a_disk_that_fails_leaves_nothing_half_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    archive = Archive(tmp_path / "archive")
    with monkeypatch.context() as patch:
        patch.setattr(disk, step, fail)
        with pytest.raises(OSError, match="No space"):
            keep(archive, b"abc")
    assert list(archive.spoiled()) == []
    assert list(archive.folder.glob(".*")) == []
    keep(archive, b"abc")
    assert len(archive.hashes()) == 1


def test_what_a_crash_left_half_written_goes_but_not_what_is_under_way(
    tmp_path: Path,
) -> None:
    dead, alive = disk.side_path(tmp_path), disk.side_path(tmp_path)
    for path in (dead, alive):
        path.write_bytes(b"half")
    os.utime(dead, (1000, 1000))
    os.utime(alive, (3000, 3000))
    disk.tidy(tmp_path, before=2000)
    assert list(tmp_path.iterdir()) == [alive]


def journal(tmp_path: Path, *names: str) -> Journal:
    made = Journal(tmp_path / "journal.jsonl", "en")
    for name in names:
        made.append(NOON, "received", name=name)
    return made


def names(made: Journal) -> list[str]:
    return [str(e.fields["name"]) for e in made.entries()]


def test_events_come_back_in_order_with_their_facts(tmp_path: Path) -> None:
    made = journal(tmp_path)
    assert list(made.entries()) == []
    assert made.append(NOON, "received", name="é\udc80\n", size=3, of=["a"]) == 1
    assert made.append(NOON, "held", by="pmo") == 2
    first, second = made.entries()
    assert (first.n, first.at, first.event) == (1, NOON, "received")
    assert first.fields == {"name": "é\udc80\n", "size": 3, "of": ["a"]}
    assert second.fields == {"by": "pmo"}
    assert made.path.read_bytes().count(b"\n") == 2


@posix
def test_the_journal_is_its_owner_s_alone(tmp_path: Path) -> None:
    made = journal(tmp_path, "a")
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["journal.jsonl"]


def test_each_line_is_chained_on_the_one_before(tmp_path: Path) -> None:
    made = journal(tmp_path, "a", "b")
    first, second = map(json.loads, made.path.read_text().splitlines())
    digest = first.pop("hash")
    text = json.dumps(first, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == digest == second["prev"]


def test_any_changed_byte_is_found_in_its_line(tmp_path: Path) -> None:
    made = journal(tmp_path, "a", "b", "c")
    whole = made.path.read_bytes()
    assert made.check() is None
    for at in range(0, len(whole), 7):
        flipped = bytes([whole[at] ^ 1])
        made.path.write_bytes(whole[:at] + flipped + whole[at + 1 :])
        assert made.check() == whole[:at].count(b"\n") + 1


@pytest.mark.parametrize("line", [0, 1])
def test_a_line_removed_from_the_middle_is_found(tmp_path: Path, line: int) -> None:
    made = journal(tmp_path, "a", "b", "c")
    lines = made.path.read_bytes().splitlines(keepends=True)
    del lines[line]
    made.path.write_bytes(b"".join(lines))
    assert made.check() == line + 1


def test_an_end_torn_anywhere_is_cut_by_the_next_event(tmp_path: Path) -> None:
    made = journal(tmp_path, "a", "b")
    whole = made.path.read_bytes()
    start = whole.index(b"\n") + 1
    for at in range(start + 1, len(whole)):
        for junk in (b"", b"\0" * 9):
            made.path.write_bytes(whole[:at] + junk)
            assert names(made) == ["a"]
            assert made.check() == 2
            Journal(made.path).append(NOON, "received", name="c")
            assert names(made) == ["a", "c"]
            assert made.check() is None


def test_what_was_cut_is_kept_beside(tmp_path: Path) -> None:
    made = journal(tmp_path, "a")
    with made.path.open("ab") as file:
        file.write(b'{"n":2,"at"')
    journal(tmp_path, "b")
    assert (tmp_path / "journal.torn").read_bytes() == b'{"n":2,"at"'


@pytest.mark.parametrize("place", ["first", "last", "end"])
def test_a_changed_line_stops_every_new_event(tmp_path: Path, place: str) -> None:
    made = journal(tmp_path, "a", "b")
    first, last = made.path.read_bytes().splitlines(keepends=True)
    texts = {
        "first": first.replace(b'"a"', b'"x"') + last,
        "last": first + last.replace(b'"b"', b'"x"'),
        "end": first + last.replace(b"\n", b"\x0b"),
    }
    made.path.write_bytes(texts[place])
    number = 1 if place == "first" else 2
    with pytest.raises(JournalError, match=f"line {number}") as caught:
        Journal(made.path, "en").append(NOON, "received", name="c")
    assert caught.value.line == number
    assert made.path.read_bytes() == texts[place]
    with pytest.raises(JournalError):
        list(made.entries())


def test_a_journal_that_lost_lines_under_its_writer_stops(tmp_path: Path) -> None:
    made = journal(tmp_path, "a", "b")
    made.path.write_bytes(made.path.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(JournalError):
        made.append(NOON, "received", name="c")


def test_writers_at_once_make_one_chain(tmp_path: Path) -> None:
    def write(who: int) -> None:
        mine = Journal(tmp_path / "journal.jsonl")
        for count in range(20):
            mine.append(NOON, "received", name=f"{who}-{count}")

    threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = journal(tmp_path)
    assert made.check() is None
    assert len(set(names(made))) == 80


def test_events_written_at_once_wait_for_the_disk_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = journal(tmp_path, "a")
    waits: list[int] = []
    monkeypatch.setattr(disk, "sync", waits.append)
    last = made.append_all(NOON, [("received", {"name": n}) for n in "bcd"])
    assert (last, len(waits), names(made)) == (4, 1, list("abcd"))


@pytest.mark.parametrize("step", ["open_end", "write", "sync"])
def test_an_event_that_the_disk_refused_is_told_and_the_next_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    made = journal(tmp_path, "a")
    with monkeypatch.context() as patch:
        patch.setattr(disk, step, fail)
        with pytest.raises(OSError, match="Input/output"):
            made.append(NOON, "received", name="b")
    made.append(NOON, "received", name="c")
    assert made.check() is None
    assert names(made)[-1] == "c"


def test_a_fact_may_not_take_the_name_of_the_journal_s_own(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="prev"):
        journal(tmp_path).append(NOON, "received", prev="x")
