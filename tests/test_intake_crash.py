"""Whatever step a crash or the disk cuts, nothing is lost and nothing is there twice."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from consolidate.intake import Arrivals, Mailroom, Patience
from consolidate.model import disk

NOON = "2026-11-03T12:00:00Z"
FILES = {"a.csv": b"Jalon;Fin\n", "b.csv": b"Jalon;Fin\nx;y\n", "c.csv": b"Jalon;Fin\n"}
WELL = [(name, "received") for name in FILES]


class KilledError(BaseException):
    """The process ended there."""


def drop(place: Path) -> Path:
    (place / "in").mkdir()
    for name, data in FILES.items():
        (place / "in" / name).write_bytes(data)
    return place


def take(place: Path) -> Mailroom:
    room = Mailroom(place / "home")
    arrivals = Arrivals(place / "in", patience=Patience(0, 0, 0))
    arrivals.look(0)
    room.take(arrivals.look(1), NOON, remove=True)
    return room


def stands(place: Path) -> list[tuple[str, str]]:
    room = Mailroom(place / "home")
    assert room.journal.check() is None
    assert list(room.archive.spoiled()) == []
    assert all(room.archive.has(item.sha256) for item in room.ledger())
    return sorted((item.name, item.state) for item in room.ledger())


def at_step(
    number: int, happens: Callable[..., None]
) -> Callable[[pytest.MonkeyPatch], list[str]]:
    """Have something happen at the n-th step that reaches the disk, instead of it."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> list[str]:
        seen: list[str] = []

        def step(name: str, real: Callable[..., Any], *given: Any) -> Any:
            seen.append(name)
            return happens(name, *given) if len(seen) == number else real(*given)

        for name in disk.STEPS:
            wrapped = functools.partial(step, name, getattr(disk, name))
            monkeypatch.setattr(disk, name, wrapped)
        return seen

    return patch


def kill(name: str, *given: Any) -> None:
    raise KilledError(name)


def tear(name: str, *given: Any) -> None:
    """Half of a write reaches the disk; any other step does not happen."""
    if name == "write":
        handle, data = given
        os.write(handle, data[: len(data) // 2])
    raise KilledError(name)


def fail(number: int) -> Callable[..., None]:
    def refuse(name: str, *given: Any) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


TROUBLES: dict[str, Callable[..., None]] = {
    "kill": kill,
    "torn write": tear,
    "full": fail(errno.ENOSPC),
    "broken": fail(errno.EIO),
    "denied": fail(errno.EACCES),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_at_any_step_loses_nothing_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    number = 0
    while True:
        number += 1
        place = tmp_path / str(number)
        place.mkdir()
        drop(place)
        with monkeypatch.context() as patch:
            seen = at_step(number, TROUBLES[trouble])(patch)
            with contextlib.suppress(KilledError, OSError):
                take(place)
        left = {p.name for p in (place / "in").iterdir()}
        kept = {name for name, _ in stands_now(place)}
        assert left | kept == set(FILES), (number, seen[-1])
        take(place)
        assert stands(place) == WELL, (number, seen)
        assert list((place / "in").iterdir()) == []
        if len(seen) < number:
            break
    assert number > 30


def stands_now(place: Path) -> list[tuple[str, str]]:
    """Where deliveries stand right after the crash, an end of the journal torn or not."""
    room = Mailroom(place / "home")
    return [(item.name, item.state) for item in room.ledger()]


def test_several_at_once_receive_each_file_once(tmp_path: Path) -> None:
    drop(tmp_path)
    threads = [threading.Thread(target=take, args=(tmp_path,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stands(tmp_path) == WELL
