"""A file is taken when it is whole, archived and journalled before it is touched."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from intake_inbox import book

from consolidate.intake.arrivals import Arrivals, Patience
from consolidate.intake.mailroom import MAILBOX, Mailroom
from consolidate.intake.whole import wholeness
from consolidate.model import disk
from consolidate.model.delivery import Delivery

NOON = "2026-11-03T12:00:00Z"
PATIENCE = Patience(whole=3, unsure=60, torn=600)
XLSX = book()


def drop(path: Path, data: bytes, at: float = 0.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (at, at))
    return path


def ole() -> bytes:
    """The frame of an OLE file: a header, a table that uses four sectors, the sectors."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:32] = (9).to_bytes(2, "little")
    header[76:512] = b"\xff" * 436
    header[76:80] = (0).to_bytes(4, "little")
    used = b"\xfe\xff\xff\xff" * 4
    return bytes(header) + used.ljust(512, b"\xff") + b"\x01" * 512 * 3


def mail() -> bytes:
    head = b'From: a@b.fr\nContent-Type: multipart/mixed;\n boundary="=x="\n\n'
    return head + b"--=x=\n\ntext\n--=x=--\n"


@pytest.mark.parametrize(
    ("name", "data"), [("a.xlsx", XLSX), ("a.xls", ole()), ("a.eml", mail())]
)
def test_a_file_cut_anywhere_is_not_whole(name: str, data: bytes) -> None:
    def ends(part: bytes) -> str:
        return wholeness(io.BytesIO(part), len(part), name)

    assert ends(data) == "whole"
    last = len(data) - (0 if name.endswith(".xlsx") else 512 if "xls" in name else 4)
    cuts = range(1, last, max(1, last // 60))
    assert {ends(data[:cut]) for cut in cuts} <= {"torn", "unsure"}
    if name != "a.eml":
        assert {ends(data[:cut]) for cut in cuts} == {"torn"}


@pytest.mark.parametrize(("name", "data"), [("a.xlsx", XLSX), ("a.xls", ole())])
def test_room_made_in_advance_is_no_content(name: str, data: bytes) -> None:
    for cut in range(0, len(data) - 1024, 400):
        part = data[:cut].ljust(len(data), b"\0")
        assert wholeness(io.BytesIO(part), len(part), name) != "whole"


def test_a_zip_whose_name_says_workbook_may_end_in_a_comment() -> None:
    packed = io.BytesIO(XLSX)
    with zipfile.ZipFile(packed, "a") as file:
        file.comment = b"made by a program"
    data = packed.getvalue()
    assert wholeness(io.BytesIO(data), len(data), "a.xlsx") == "whole"


@pytest.mark.parametrize("data", [b"a;b\n1;2\n", b"From: a@b.fr\n\ntext"])
def test_a_text_never_says_that_it_is_whole(data: bytes) -> None:
    for name in ("a.csv", "a.eml"):
        assert wholeness(io.BytesIO(data), len(data), name) == "unsure"


def test_a_whole_workbook_is_taken_once_it_lay_still(tmp_path: Path) -> None:
    drop(tmp_path / "sub" / "a.xlsx", XLSX, at=1000)
    arrivals = Arrivals(tmp_path, patience=PATIENCE)
    assert arrivals.look(1000) == []
    assert arrivals.look(1002) == []
    assert arrivals.waiting == 1
    (arrival,) = arrivals.look(1003)
    assert (arrival.name, arrival.kind) == ("sub/a.xlsx", "workbook")
    arrivals.taken([arrival])
    assert arrivals.look(1010) == []


def test_a_change_of_any_kind_starts_the_wait_again(tmp_path: Path) -> None:
    path = drop(tmp_path / "a.xlsx", XLSX, at=1000)
    arrivals = Arrivals(tmp_path, patience=PATIENCE)
    arrivals.look(1000)
    drop(path, XLSX, at=1001)
    assert arrivals.look(1003) == []
    side = drop(tmp_path / ".side", XLSX, at=1001)
    side.replace(path)
    assert arrivals.look(1006) == []
    assert [a.name for a in arrivals.look(1009)] == ["a.xlsx"]


def test_a_workbook_that_pauses_half_way_is_waited_for(tmp_path: Path) -> None:
    path = drop(tmp_path / "a.xlsx", XLSX[:2000], at=1000)
    arrivals = Arrivals(tmp_path, patience=PATIENCE)
    assert [arrivals.look(1000 + s) for s in range(0, 590, 10)] == [[]] * 59
    drop(path, XLSX, at=1590)
    arrivals.look(1590)
    assert [a.name for a in arrivals.look(1593)] == ["a.xlsx"]


def test_one_that_stays_torn_is_taken_in_the_end_so_that_somebody_is_told(
    tmp_path: Path,
) -> None:
    drop(tmp_path / "a.xlsx", XLSX[:2000], at=1000)
    arrivals = Arrivals(tmp_path, patience=PATIENCE)
    arrivals.look(1000)
    assert arrivals.look(1599) == []
    assert [a.name for a in arrivals.look(1600)] == ["a.xlsx"]


def test_a_text_lies_still_for_longer(tmp_path: Path) -> None:
    drop(tmp_path / "a.csv", b"a;b\n", at=1000)
    arrivals = Arrivals(tmp_path, patience=PATIENCE)
    arrivals.look(1000)
    assert arrivals.look(1059) == []
    assert [a.name for a in arrivals.look(1060)] == ["a.csv"]


def test_an_empty_file_is_told_once_nobody_fills_it(tmp_path: Path) -> None:
    drop(tmp_path / "a.xlsx", b"", at=1000)
    arrivals = Arrivals(tmp_path, patience=PATIENCE)
    assert arrivals.look(1000) == arrivals.look(1599) == []
    assert [a.refused for a in arrivals.look(1600)] == ["empty"]


@pytest.mark.parametrize(
    "name", ["~$a.xlsx", "a.xlsx.part", ".a.xlsx", "a.pdf", "a.tmp"]
)
def test_what_is_no_delivery_never_arrives(tmp_path: Path, name: str) -> None:
    drop(tmp_path / name, XLSX, at=0)
    arrivals = Arrivals(tmp_path, patience=PATIENCE)
    assert arrivals.look(1000) == arrivals.look(2000) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
def test_links_and_pipes_are_never_followed(tmp_path: Path) -> None:
    secret = drop(tmp_path / "elsewhere.xlsx", XLSX)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.xlsx").symlink_to(secret)
    os.mkfifo(inbox / "b.xlsx")
    arrivals = Arrivals(inbox, patience=PATIENCE)
    assert arrivals.look(1000) == arrivals.look(2000) == []


def test_a_folder_that_goes_away_and_comes_back_loses_nothing(tmp_path: Path) -> None:
    inbox, aside = tmp_path / "inbox", tmp_path / "aside"
    room = Mailroom(tmp_path / "home")
    arrivals = Arrivals(inbox, patience=PATIENCE)
    assert arrivals.look(1000) == []
    drop(inbox / "a.xlsx", XLSX, at=1000)
    arrivals.look(1000)
    first = arrivals.look(1003)
    room.take(first, NOON)
    arrivals.taken(first)
    inbox.rename(aside)
    assert arrivals.look(1006) == []
    aside.rename(inbox)
    arrivals.look(1009)
    room.take(arrivals.look(1012), NOON)
    assert [i.name for i in room.ledger()] == ["a.xlsx"]


Take = Callable[..., Mailroom]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """``take(remove=…)``: what is in the inbox, archived and journalled at once."""

    def taken(**how: bool) -> Mailroom:
        room = Mailroom(tmp_path / "home")
        arrivals = Arrivals(tmp_path / "inbox", patience=Patience(0, 0, 0))
        arrivals.look(0)
        room.take(arrivals.look(1), NOON, **how)
        return room

    return taken


def test_what_is_taken_is_in_the_archive_and_the_journal(
    tmp_path: Path, take: Take
) -> None:
    drop(tmp_path / "inbox" / "é\n.xlsx", XLSX)
    room = take()
    (item,) = room.ledger()
    assert (item.id, item.name, item.state) == ("1", "é\\n.xlsx", "received")
    assert room.archive.path(item.sha256).read_bytes() == XLSX
    assert room.delivery(item).path == room.archive.path(item.sha256)
    assert (tmp_path / "inbox" / "é\n.xlsx").exists()


def test_looking_twice_at_the_same_file_receives_it_once(
    tmp_path: Path, take: Take
) -> None:
    drop(tmp_path / "inbox" / "a.xlsx", XLSX)
    take()
    assert len(list(take().ledger())) == 1


def test_a_changed_file_is_a_new_version(tmp_path: Path, take: Take) -> None:
    path = drop(tmp_path / "inbox" / "a.xlsx", XLSX)
    take()
    drop(path, book("Autre"))
    room = take()
    assert [i.id for i in room.ledger()] == ["1", "2"]
    assert len(room.archive.hashes()) == 2


def test_an_inbox_to_be_emptied_is_emptied_of_what_was_kept_alone(
    tmp_path: Path, take: Take
) -> None:
    drop(tmp_path / "inbox" / "a.xlsx", XLSX)
    drop(tmp_path / "inbox" / "b.pdf", b"%PDF")
    room = take(remove=True)
    assert [p.name for p in (tmp_path / "inbox").iterdir()] == ["b.pdf"]
    drop(tmp_path / "inbox" / "a.xlsx", XLSX)
    take(remove=True)
    assert not (tmp_path / "inbox" / "a.xlsx").exists()
    assert len(list(room.ledger())) == 1


@pytest.mark.parametrize("step", ["create", "write", "sync", "rename", "open_end"])
def test_a_full_disk_leaves_the_inbox_as_it_was(
    tmp_path: Path, take: Take, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = drop(tmp_path / "inbox" / "a.xlsx", XLSX)
    with monkeypatch.context() as patch:
        patch.setattr(disk, step, fail)
        with pytest.raises(OSError, match="No space"):
            take(remove=True)
    assert path.exists()
    assert [i.state for i in take(remove=True).ledger()] == ["received"]
    assert not path.exists()


def test_a_file_written_to_while_it_is_copied_is_left_for_later(
    tmp_path: Path, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(tmp_path / "inbox" / "a.xlsx", XLSX)
    whole = disk.write

    def grow(handle: int, data: bytes) -> None:
        whole(handle, data)
        path.write_bytes(XLSX + b"more")

    monkeypatch.setattr(disk, "write", grow)
    room = take(remove=True)
    assert path.exists()
    assert room.archive.hashes() == []
    assert list(room.ledger()) == []


def test_a_mail_that_is_fetched_twice_is_received_once(tmp_path: Path) -> None:
    told = Delivery("pli.eml", kind="parcel", origin="mail", sender="a@b.example")
    place = f"{MAILBOX}pmo@ghs.example/INBOX/17"
    room = Mailroom(tmp_path / "home")
    ids = [room.receive(io.BytesIO(b"From: a"), told, place, NOON) for _ in range(2)]
    (item,) = room.ledger()
    assert ids == [item.id] * 2
    assert (item.sender, item.origin, item.kind) == ("a@b.example", "mail", "parcel")
    assert room.archive.has(item.sha256)


def test_a_state_home_below_the_folder_holds_no_delivery(
    tmp_path: Path, take: Take
) -> None:
    drop(tmp_path / "inbox" / "a.xlsx", XLSX)
    drop(tmp_path / "inbox" / "home" / "journal.jsonl", b"")
    drop(tmp_path / "inbox" / "home" / "registers.xlsx", XLSX)
    assert [i.name for i in take().ledger()] == ["a.xlsx"]
