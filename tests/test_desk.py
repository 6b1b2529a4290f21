"""What comes into a watched folder is sorted by month, and made as by hand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from intake_inbox import mail, zipped
from watch_world import book, desk, moment, options, states, take

from consolidate.config import Config, RegistersConfig
from consolidate.intake import Item
from consolidate.keeping import CLOSED
from consolidate.pipeline import run
from consolidate.selection import POISON
from consolidate.sorting import NOT_OVER, OLD, Gate, month_said

OCTOBER = "2026-10"


def drop(place: Path, name: str, data: bytes) -> None:
    path = place / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("name", "reported", "month", "evidence"),
    [
        ("a.xlsx", date(2026, 10, 27), "2026-10", "content"),
        ("a.xlsx", date(2026, 11, 3), "2026-10", "content"),
        ("a.xlsx", date(2026, 11, 20), "2026-11", "content"),
        ("TdB 2026-09.xlsx", date(2026, 10, 8), "2026-09", "content"),
        ("TdB 2026-10.xlsx", date(2026, 10, 8), "2026-10", "content"),
        ("2026-09/a.xlsx", None, "2026-09", "name"),
        ("octobre 2026/a.xlsx", None, "2026-10", "name"),
        ("a.xlsx", None, "2026-10", "date"),
    ],
)
def test_the_month_is_what_the_content_says_else_the_name_else_the_last_one(
    name: str, reported: date | None, month: str, evidence: str
) -> None:
    assert month_said(name, reported, "2026-10") == (month, evidence)


@pytest.mark.parametrize(
    ("month", "accepted", "why"),
    [
        ("2026-10", False, ""),
        ("2026-11", False, NOT_OVER),
        ("2026-09", True, CLOSED),
        ("2026-07", False, ""),
        ("2026-06", False, OLD),
        ("2026-06", True, ""),
    ],
)
def test_only_a_month_that_is_over_open_and_recent_is_made(
    month: str, accepted: bool, why: str
) -> None:
    gate = Gate("2026-10", frozenset({"2026-09"}))
    assert gate.objection(Item("1", month=month, accepted=accepted)) == why


def test_a_month_from_the_archive_is_the_month_by_hand(tmp_path: Path) -> None:
    drop(tmp_path, "sub/a 2026-10.xlsx", book("Recette"))
    drop(tmp_path, "b.csv", "Jalon;Échéance\nBilan;31/12/2026\n".encode())
    drop(tmp_path, "lot.zip", zipped({"c.xlsx": book("Bascule"), "d.pdf": b"%PDF"}))
    drop(tmp_path, "pli.eml", mail([("e.xlsx", book("Essai"))]))
    drop(tmp_path, "copie.xlsx", book("Recette"))
    here = take(desk(tmp_path))
    assert here.pending(moment()) == [OCTOBER]
    here.consolidate(OCTOBER, moment())
    run(options(tmp_path, output=tmp_path / "hand", home=None))
    books = [
        *(tmp_path / "out" / "data").iterdir(),
        tmp_path / "out" / "portfolio.xlsx",
    ]
    for path in books:
        by_hand = tmp_path / "hand" / path.relative_to(tmp_path / "out")
        assert path.read_bytes() == by_hand.read_bytes(), path.name
    assert here.pending(moment()) == []
    shown = tmp_path / "out" / "run.json"
    less = json.loads(shown.read_text())
    less["inputs"].pop()
    shown.write_text(json.dumps(less))  # as a run that had listed the folder before
    assert here.pending(moment()) == [OCTOBER]
    assert sorted(states(here).values()) == [
        *["consolidated"] * 6,
        "duplicate same-bytes",
        "ignored other",
    ]


def test_what_is_of_a_month_that_is_not_over_waits_for_its_end(tmp_path: Path) -> None:
    drop(tmp_path, "a 2026-11.xlsx", book())
    here = take(desk(tmp_path))
    assert here.pending(moment()) == []
    assert states(here) == {"a 2026-11.xlsx": f"deferred {NOT_OVER}"}
    assert here.pending(moment(date(2026, 12, 1))) == ["2026-11"]


def test_a_newer_version_takes_the_place_of_the_older_in_its_month_alone(
    tmp_path: Path,
) -> None:
    here = desk(tmp_path)
    for text in ("Recette", "Bascule"):
        drop(tmp_path, "a.xlsx", book(text))
        take(here)
    first, last = here.room.ledger()
    assert first.sha256 != last.sha256
    assert here.select(OCTOBER, moment()).ids == {"a.xlsx": last.id}
    here.room.settle([(last.id, "consolidated", "")], moment().at)
    assert [i.state for i in here.room.ledger()] == ["superseded", "consolidated"]


def test_what_was_replaced_before_its_month_was_made_waits_for_nothing_more(
    tmp_path: Path,
) -> None:
    here, same = desk(tmp_path), book()
    drop(tmp_path, "a.xlsx", same)
    drop(tmp_path, "b.xlsx", book("Essai"))
    take(here)
    drop(tmp_path, "b.xlsx", same)  # now the same as the other one
    take(here)
    assert here.pending(moment()) == [OCTOBER]
    here.consolidate(OCTOBER, moment())
    assert here.pending(moment()) == []
    states_of_b = [i.state for i in here.room.ledger() if i.name == "b.xlsx"]
    assert states_of_b == ["superseded", "duplicate"]


def test_a_workbook_that_took_the_machine_down_twice_is_left_alone(
    tmp_path: Path,
) -> None:
    drop(tmp_path, "a.xlsx", book())
    drop(tmp_path, "b.xlsx", book("Bilan"))
    here = desk(tmp_path)
    for now in (0, 1):
        here.take(now, moment().at)
    for _ in range(2):  # each time the machine went down while it was read
        here.room.journal.append(moment().at, "tried", id="1")
    here.sort(moment())
    told = states(here)
    assert told.pop(here.room.ledger()["1"].name) == f"rejected {POISON}"
    assert set(told.values()) == {"received"}
    here.room.journal.append(moment().at, "retried", id="1", by="pmo")
    here.sort(moment())
    assert set(states(here).values()) == {"received"}


def test_a_reading_that_somebody_interrupts_is_not_held_against_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    drop(tmp_path, "a.xlsx", book())
    here = desk(tmp_path)
    monkeypatch.setattr("consolidate.desk.read_inboxes", interrupt)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            take(here)
    (item,) = here.room.ledger()
    assert (item.state, item.attempts) == ("received", 0)


def test_what_cannot_be_read_yet_is_deferred_before_it_is_rejected(
    tmp_path: Path,
) -> None:
    drop(tmp_path, "a.xlsx", book()[:2000])
    here = take(desk(tmp_path))
    assert states(here) == {"a.xlsx": "deferred still-arriving"}
    assert here.pending(moment()) == []
    here.sort(moment(minute=11))  # long enough: that it is damaged is to be told
    assert states(here) == {"a.xlsx": "received"}
    drop(tmp_path, "a.xlsx", book())
    take(here)
    assert here.pending(moment()) == [OCTOBER]
    assert [i.state for i in here.room.ledger()] == ["received", "received"]
    (chosen,) = here.select(OCTOBER, moment()).deliveries
    assert chosen.size == len(book())


REGISTERS = """
[[people]]
name = "Ada Rivière"
email = "ada@ghs.example"
"""


def test_a_mail_of_a_stranger_is_held_until_the_pmo_lets_it_in(tmp_path: Path) -> None:
    registers = tmp_path / "registers.toml"
    registers.write_text(REGISTERS, encoding="utf-8")
    config = Config(registers=RegistersConfig(file=registers))
    stranger = [("a.xlsx", book())]
    drop(tmp_path, "a.eml", mail(stranger))
    drop(
        tmp_path,
        "b.eml",
        mail([("b.xlsx", book("Bilan"))]).replace(
            b"pm@example.org", b"ada@ghs.example"
        ),
    )
    drop(tmp_path, "c.xlsx", book("Essai"))
    here = take(desk(tmp_path, config=config))
    assert here.pending(moment()) == [OCTOBER]
    ledger = here.room.ledger()
    held = [i for i in ledger if i.state == "held" and i.parent]
    assert [(i.reason, i.name) for i in held] == [("unknown-sender", "!/a.xlsx")]
    assert [d.name for d in here.select(OCTOBER, moment()).deliveries] == [
        "b.eml",
        "c.xlsx",
    ]
    here.room.journal.append(moment().at, "accepted", id=held[0].parent, by="pmo")
    names = [d.name for d in here.select(OCTOBER, moment()).deliveries]
    assert names == ["a.eml", "b.eml", "c.xlsx"]
