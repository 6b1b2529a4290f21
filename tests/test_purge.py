"""``consolidate purge``: what has been kept long enough, listed, then gone for good."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from test_store import portfolio

from consolidate import store
from consolidate.intake.mailroom import Mailroom
from consolidate.model.error import ConfigError
from consolidate.outbox import Letter, Outbox
from consolidate.purge import due, elimination_list, remove, terms
from consolidate.report.pack_book import write_pack_book
from consolidate.resources import shipped
from consolidate.verify import Checked, verify

TODAY = date(2026, 11, 3)
OLD, NEW = "2022-05-02T08:00:00Z", "2026-10-02T08:00:00Z"
TERMS = {"quarantine": 1, "archive": 36, "months": 120, "outbox": 12, "cache": 1}


def received(home: Path, data: bytes, at: str, state: str = "consolidated") -> str:
    room = Mailroom(home)
    kept = room.archive.keep(BytesIO(data))
    given = {"name": "a.xlsx", "sha256": kept.sha256, "size": len(data)}
    room.journal.append(at, "received", place=f"{data!r} {at}", **given)
    room.settle([(list(room.ledger())[-1].id, state, "")], at)
    return kept.sha256


def test_what_is_old_and_settled_goes_and_leaves_a_tombstone(tmp_path: Path) -> None:
    old = received(tmp_path, b"old", OLD)
    new = received(tmp_path, b"new", NEW)
    found, room = due(tmp_path, TODAY, TERMS, "en"), Mailroom(tmp_path)
    assert [d.mark for d in found] == [old]
    remove(tmp_path, found, "Alix Exemple", NEW, "en")
    assert not room.archive.has(old)
    assert room.archive.has(new)
    assert list(verify(tmp_path, None, (), "en", Checked())) == []
    assert due(tmp_path, TODAY, TERMS, "en") == []


def test_what_somebody_has_still_to_look_at_stays(tmp_path: Path) -> None:
    received(tmp_path, b"old", OLD, "received")
    assert due(tmp_path, TODAY, TERMS, "en") == []


def test_bytes_that_came_again_lately_stay(tmp_path: Path) -> None:
    received(tmp_path, b"same", OLD)
    received(tmp_path, b"same", NEW)
    assert due(tmp_path, TODAY, TERMS, "en") == []


def test_an_original_in_quarantine_goes_soon(tmp_path: Path) -> None:
    named = received(tmp_path, b"named", "2026-10-01T08:00:00Z")
    room = Mailroom(tmp_path)
    room.set_apart(["a.xlsx"], {"a.xlsx": "1"}, "2026-10-02T08:00:00Z")
    (found,) = due(tmp_path, TODAY, TERMS, "en")
    assert (found.kind, found.mark) == ("quarantine", named)
    remove(tmp_path, [found], "Alix Exemple", NEW, "en")
    assert not room.has(named)
    assert list(verify(tmp_path, None, (), "en", Checked())) == []


def test_an_answer_that_went_long_ago_goes_one_that_waits_stays(tmp_path: Path) -> None:
    box = Outbox(tmp_path)
    for key in ("a", "b"):
        list(box.draft([Letter(key, "a@hopital.example", "s", "b")], "", OLD))
    first, second = box.drafts()
    list(box.release([first], None, OLD))
    (found,) = due(tmp_path, TODAY, TERMS, "en")
    assert found.mark == first.id
    remove(tmp_path, [found], "Alix Exemple", NEW, "en")
    assert not first.path.exists()
    assert second.path.exists()


def test_the_list_to_sign_names_what_is_to_go(tmp_path: Path) -> None:
    box = Outbox(tmp_path)
    list(box.draft([Letter("a", "a@hopital.example", "s", "b")], "", OLD))
    list(box.release(box.drafts(), None, OLD))
    found = due(tmp_path, TODAY, TERMS, "en")
    write_pack_book(elimination_list(found, TERMS, TODAY, "en"), tmp_path / "l.xlsx")
    cells = {c.value for row in load_workbook(tmp_path / "l.xlsx").worksheets[1].iter_rows() for c in row}  # fmt: skip
    assert found[0].mark in cells
    assert any("Signed by" in str(c) for c in cells)


def test_the_terms_shipped_can_be_changed_and_nonsense_is_refused(
    tmp_path: Path,
) -> None:
    assert terms([shipped("schemas")]) == TERMS
    (tmp_path / "retention.toml").write_text("[archive]\nmonths = 60\n")
    assert terms([tmp_path, shipped("schemas")])["archive"] == 60
    (tmp_path / "retention.toml").write_text('[archive]\nmonths = "long"\n')
    with pytest.raises(ConfigError, match="whole number"):
        terms([tmp_path])


def test_months_of_the_store_end_too_with_all_their_versions(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/portfolio.db"
    for version, period in (("1", "2016-10"), ("2", "2016-10"), ("1", "2016-11")):
        store.save(url, portfolio(version, period))
    found = due(tmp_path, TODAY, TERMS, "en", url)
    assert [(d.kind, d.name) for d in found] == [("months", "2016-10")]
    assert len(store.history(url, "en")) == 3
    remove(tmp_path, found, "Alix Exemple", NEW, "en", url)
    assert [s.period for s in store.history(url, "en")] == ["2016-11"]
    assert store.load(url, "2016-11").period == "2016-11"
    assert store.soundness(tmp_path / "portfolio.db") == "sound"
    assert due(tmp_path, TODAY, TERMS, "en", url) == []
    (told,) = Mailroom(tmp_path).journal.entries()
    assert (told.event, told.fields["period"]) == ("purged", "2016-10")
