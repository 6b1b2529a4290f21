"""The watch waits for quiet, survives what befalls the folder, and says that it lives."""

from __future__ import annotations

import io
import itertools
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.request import Request

import pytest
from click.testing import CliRunner, Result
from watch_world import START, OverError, World, book, desk, moment, states, take
from watchdog.events import (
    DirModifiedEvent,
    FileClosedEvent,
    FileClosedNoWriteEvent,
    FileOpenedEvent,
    FileSystemEvent,
)

from consolidate.cli import main
from consolidate.intake import Mailroom, Patience
from consolidate.intake.journal import JournalError
from consolidate.model import disk
from consolidate.notices import Notices
from consolidate.watching import Manner, Rhythm, Watch

RHYTHM = Rhythm(look=3, rescan=30, quiet=30)
PATIENCE = Patience(whole=3, unsure=60, torn=600)


def watch(
    place: Path, stirs: Callable[[float], None] = lambda _: None, seconds: float = 100
) -> tuple[Watch, World]:
    """Watch ``place/in`` for a while; ``stirs`` is told the seconds that have passed."""
    world = World(stirs=stirs, until=START + seconds)
    made = Watch(desk(place, PATIENCE), world, Manner(RHYTHM))
    with pytest.raises(OverError):
        made.forever()
    return made, world


def pulse(place: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads((place / "home/heartbeat.json").read_text())
    return told


def events(world: World) -> list[str]:
    return [event for event, _ in world.told]


def test_a_month_is_made_once_nothing_more_has_come_for_a_while(tmp_path: Path) -> None:
    def stirs(passed: float) -> None:
        if passed == 30:  # while all that can be heard is silence
            (tmp_path / "in" / "a.xlsx").write_bytes(book())

    made, world = watch(tmp_path, stirs)
    assert world.when == {"taken": 33, "published": 63}
    assert pulse(tmp_path)["state"] == "stopped"
    assert states(made.desk) == {"a.xlsx": "consolidated"}


def test_a_file_that_never_ends_does_not_put_the_month_off_for_ever(
    tmp_path: Path,
) -> None:
    def stirs(passed: float) -> None:
        (tmp_path / "in" / "b.xlsx").write_bytes(b"x" * int(passed))
        if passed == 30:
            (tmp_path / "in" / "a.xlsx").write_bytes(book())

    _, world = watch(tmp_path, stirs, 340)
    assert world.when == {"taken": 33, "published": 333}


def test_a_folder_that_goes_away_is_told_once_and_taken_up_again(
    tmp_path: Path,
) -> None:
    def stirs(passed: float) -> None:
        if passed == 30:
            shutil.rmtree(tmp_path / "in")
        if passed == 120:
            (tmp_path / "in").mkdir()
            (tmp_path / "in" / "a 2026-11.xlsx").write_bytes(book())

    made, world = watch(tmp_path, stirs, 240)
    assert events(world) == ["folder-missing", "folder-back", "taken"]
    assert states(made.desk) == {"a 2026-11.xlsx": "deferred month-not-over"}


def test_a_disk_that_is_full_for_a_while_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = disk.create

    def full(path: Path, mode: int = 0o600) -> int:
        if world.time < START + 60 and path.parent.name == "archive":
            raise OSError(28, "No space left on device")
        return create(path, mode)

    world = World(until=START + 150)
    here = desk(tmp_path, PATIENCE)
    (tmp_path / "in" / "a 2026-11.xlsx").write_bytes(book())
    monkeypatch.setattr(disk, "create", full)
    with pytest.raises(OverError):
        Watch(here, world, Manner(RHYTHM)).forever()
    assert events(world) == ["failed", "failed", "taken"]
    assert dict(world.told[:1])["failed"] == {"why": "No space left on device"}


def test_a_broken_journal_stops_the_watch(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "journal.jsonl").write_text("{}\n{}\n")
    with pytest.raises(JournalError):
        Watch(desk(tmp_path), World(), Manner(RHYTHM)).forever()


def test_for_cron_one_look_takes_what_lies_still(tmp_path: Path) -> None:
    here = desk(tmp_path, PATIENCE)
    (tmp_path / "in" / "a 2026-11.xlsx").write_bytes(book())
    (tmp_path / "in" / "b.xlsx").write_bytes(book()[:1000])
    Watch(here, World(), Manner(RHYTHM)).once()
    assert states(here) == {"a 2026-11.xlsx": "deferred month-not-over"}


def test_the_heartbeat_names_nobody_and_nothing(tmp_path: Path) -> None:
    watch(tmp_path, seconds=40)
    keys = {"state", "looked_at", "ran_at", "taken", "arriving", "pid"}
    assert pulse(tmp_path).keys() == keys


def test_a_file_that_is_written_stirs_the_folder(tmp_path: Path) -> None:
    with Notices(tmp_path, native=True) as notices:
        (tmp_path / "a").write_bytes(b"1")
        assert notices.wait(30)  # comes back at once


@pytest.mark.parametrize(
    ("event", "stirs"),
    [
        (FileClosedEvent("a"), True),
        (FileOpenedEvent("a"), False),
        (FileClosedNoWriteEvent("a"), False),
        (DirModifiedEvent("in"), False),
    ],
)
def test_reading_the_folder_is_no_news(
    tmp_path: Path, event: FileSystemEvent, stirs: bool
) -> None:
    with Notices(tmp_path, native=False) as notices:
        notices.on_any_event(event)
        assert notices.wait(0) is stirs


def consolidate(place: Path, *words: str) -> Result:
    env = {"CONSOLIDATE_HOME": str(place / "home"), "CONSOLIDATE_LANG": "en"}
    return CliRunner().invoke(main, words, env=env)


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one delivery waits for its month to end, and one is done with."""
    place = tmp_path_factory.mktemp("waiting")
    (place / "in").mkdir()
    (place / "in" / "a 2026-11.xlsx").write_bytes(book())
    (place / "in" / "b 2026-09.xlsx").write_bytes(book("Bilan"))
    here = take(desk(place))
    here.pending(moment())
    done = next(i.id for i in here.room.ledger() if i.month == "2026-09")
    here.room.settle([(done, "consolidated", "")], moment().at)
    return place


def ids(place: Path) -> dict[str, str]:
    rows = json.loads(consolidate(place, "inbox", "--all", "--json").stdout)
    return {row["month"]: row["id"] for row in rows}


def test_the_inbox_lists_what_somebody_has_to_look_at(waiting: Path) -> None:
    told = consolidate(waiting, "inbox").stdout
    assert "its month is not over" in told
    assert "b 2026-09" not in told
    assert "2 deliveries received, 1 shown" in told
    every = consolidate(waiting, "inbox", "--month", "2026-09").stdout
    assert "consolidated" in every


def test_a_decision_is_journalled_with_who_and_why(waiting: Path) -> None:
    key = ids(waiting)["2026-11"]
    refused = consolidate(waiting, "accept", key, "--reason", "r")
    assert refused.exit_code == 2
    assert "--month" in refused.stderr
    given = ("--reason", "dated too late", "--by", "PMO", "--month", "2026-10")
    assert consolidate(waiting, "accept", key, *given).exit_code == 0
    room = Mailroom(waiting / "home")
    assert list(room.journal.entries())[-1].fields == {
        "id": key,
        "by": "PMO",
        "reason": "dated too late",
        "month": "2026-10",
    }
    assert (room.ledger()[key].state, room.ledger()[key].month) == (
        "received",
        "2026-10",
    )


@pytest.mark.parametrize("words", [("accept", "99", "--reason", "r"), ("retry", "99")])
def test_an_id_that_nobody_has_is_told(waiting: Path, words: tuple[str, ...]) -> None:
    result = consolidate(waiting, *words)
    assert result.exit_code == 2
    assert "No delivery has the id 99" in result.stderr


def test_what_is_done_with_needs_no_decision_and_may_be_read_again(
    waiting: Path,
) -> None:
    key = ids(waiting)["2026-09"]
    assert consolidate(waiting, "accept", key, "--reason", "r").exit_code == 2
    assert consolidate(waiting, "retry", key).exit_code == 0
    assert Mailroom(waiting / "home").ledger()[key].state == "received"


def test_the_command_looks_once_and_tells_the_webhook_counts_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, object]] = []

    def hear(request: Request, timeout: float) -> io.BytesIO:
        assert isinstance(request.data, bytes)
        sent.append({"to": request.full_url, **json.loads(request.data)})
        return io.BytesIO()

    clock = itertools.count(START, 5)
    monkeypatch.setattr("urllib.request.urlopen", hear)
    monkeypatch.setattr("time.time", lambda: next(clock))
    monkeypatch.setattr("consolidate.cli.options.today", lambda: date(2026, 11, 4))
    monkeypatch.setattr(Notices, "wait", lambda *_: False)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "Dupond.xlsx").write_bytes(book())
    (tmp_path / "home").mkdir()
    config = '[watch]\nwebhook = "https://pmo.example/hook"\n'
    (tmp_path / "home" / "consolidate.toml").write_text(config)
    folders = (str(tmp_path / "in"), "-o", str(tmp_path / "out"))
    result = consolidate(tmp_path, "watch", *folders, "--once")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Month 2026-10 published (consolidated 1)" in result.stderr
    assert sent == [
        {
            "to": "https://pmo.example/hook",
            "event": "published",
            "period": "2026-10",
            "workbooks": {"consolidated": 1},
            "waiting": 0,
        }
    ]
