"""Files that grow while they are looked at: none is taken by halves, all are in the end."""

from __future__ import annotations

import functools
import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from intake_inbox import book, mail, zipped

from consolidate.intake import Arrivals, Mailroom, Patience

NOON = "2026-11-03T12:00:00Z"
START = 1_000_000.0
WRITERS = 30
Written = Iterator[float]
"""A writer: it yields the seconds it pauses for."""


@functools.cache
def whole(name: str, version: int) -> bytes:
    """The bytes of a version: made once, for they hold the time they were made."""
    text = f"{name} {version}"
    if name.endswith(".eml"):
        return mail([("a.xlsx", book(text))], subject=text)
    if name.endswith(".zip"):
        return zipped({"a.xlsx": book(text)})
    return book(text)


def grow(path: Path, data: bytes, dice: random.Random) -> Written:
    """Piece by piece, with pauses that outlast any quiet spell."""
    at = 0
    path.write_bytes(b"")
    while at < len(data):
        at += dice.randrange(200, 3000)
        path.write_bytes(data[:at])
        yield dice.choice((0.05, 1, 5, 20, 60))


def rewrite(path: Path, data: bytes, dice: random.Random) -> Written:
    """Another version first, whole; then cut to nothing and written anew."""
    yield from grow(path, whole(path.name, 1), dice)
    yield dice.choice((0.5, 10, 100))
    yield from grow(path, data, dice)


def replace(path: Path, data: bytes, dice: random.Random) -> Written:
    """Written under a name of its own, and renamed over what was there."""
    path.write_bytes(whole(path.name, 1))
    yield dice.choice((1, 2, 30))
    side = path.with_name(f"{path.name}.part")
    yield from grow(side, data, dice)
    side.replace(path)


def reserve(path: Path, data: bytes, dice: random.Random) -> Written:
    """Room made in advance, then filled from the start."""
    for at in range(0, len(data), 1500):
        path.write_bytes(data[:at].ljust(len(data), b"\0"))
        yield dice.choice((0.05, 2, 15, 60))
    path.write_bytes(data)


@pytest.mark.parametrize("remove", [False, True])
def test_no_writer_s_file_is_taken_by_halves(tmp_path: Path, remove: bool) -> None:
    told = follow(tmp_path, WRITERS, remove=remove, seed=1)
    assert told["halves"] == 0
    assert told["missing"] == 0


def follow(place: Path, writers: int, *, remove: bool, seed: int) -> dict[str, int]:
    """Let writers write, look as a watch does, and count what went wrong."""
    dice = random.Random(seed)
    inbox = place / "in"
    inbox.mkdir()
    names = [f"{n}{dice.choice(('.xlsx', '.zip', '.eml'))}" for n in range(writers)]
    ways = [dice.choice((grow, rewrite, replace, reserve)) for _ in names]
    running = {
        name: (START, way(inbox / name, whole(name, 2), dice))
        for name, way in zip(names, ways, strict=True)
    }
    good = {sha(whole(name, version)): name for name in names for version in (1, 2)}
    room = Mailroom(place / "home")
    arrivals = Arrivals(inbox, patience=Patience(3, 60, 600))
    now = START
    while now < START + 6000 and (running or now < START + 4000):
        running = dict(_written(inbox, running, now))
        arrived = arrivals.look(now)
        left = room.take(arrived, NOON, remove=remove)
        arrivals.taken([a for a in arrived if a not in left])
        now += 3 if running else 60
    kept = [item.sha256 for item in room.ledger()]
    last = {sha(whole(name, 2)) for name in names}
    return {
        "received": len(kept),
        "halves": sum(key not in good for key in kept),
        "missing": len(last - set(kept)),
    }


def _written(
    inbox: Path, running: dict[str, tuple[float, Written]], now: float
) -> Iterator[tuple[str, tuple[float, Written]]]:
    """Let each writer go on as far as the time allows; files bear the clock's time."""
    for name, (due, writer) in running.items():
        when: float | None = due
        while when is not None and when <= now:
            pause = next(writer, None)
            for path in (inbox / name, inbox / f"{name}.part"):
                if path.exists() and (pause is not None or path.name == name):
                    os.utime(path, (when, when))
            when = None if pause is None else when + pause
        if when is not None:
            yield name, (when, writer)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
