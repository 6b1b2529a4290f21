"""A world for the tests of the watched folder: a clock that waits at once, and a desk in it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from test_hostile_run import milestones

from consolidate.config import Config
from consolidate.desk import Desk
from consolidate.intake import Patience
from consolidate.run_options import RunOptions
from consolidate.selection import Moment

START = datetime(2026, 11, 4, 8, tzinfo=UTC).timestamp()


class OverError(Exception):
    """The test has waited for as long as it meant to."""


@dataclass
class World:
    """A clock that moves when it is waited for; what happens then is the test's."""

    time: float = START
    stirs: Callable[[float], None] = lambda _: None
    until: float = START + 3600
    told: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    when: dict[str, float] = field(default_factory=dict)

    def now(self) -> float:
        return self.time

    def today(self) -> date:
        return datetime.fromtimestamp(self.time, UTC).date()

    def wait(self, seconds: float) -> None:
        self.time += seconds
        if self.time > self.until:
            raise OverError
        self.stirs(self.time - START)

    def tell(self, event: str, facts: Mapping[str, object]) -> None:
        self.told.append((event, facts))
        self.when.setdefault(event, self.time - START)


def moment(day: date = date(2026, 11, 4), hour: int = 8, minute: int = 0) -> Moment:
    return Moment(f"{day}T{hour:02}:{minute:02}:00Z", day)


@functools.cache
def book(name: str = "Recette") -> bytes:
    """A workbook; the same bytes each time, though it holds when it was made."""
    return milestones(name)


def options(place: Path, **given: Any) -> RunOptions:
    known: dict[str, Any] = {
        "inboxes": (place / "in",),
        "output": place / "out",
        "period": "2026-10",
        "as_of": date(2026, 10, 31),
        "lang": "fr",
        "store": None,
        "config": Config(),
        "home": place / "home",
        "jobs": 1,
    }
    return RunOptions(**{**known, **given})


def desk(place: Path, patience: Patience | None = None, **given: Any) -> Desk:
    (place / "in").mkdir(exist_ok=True)
    return Desk(place / "in", options(place, **given), patience or Patience(0, 0, 0))


def take(here: Desk, at: Moment | None = None) -> Desk:
    """Take all that is in the folder, and sort it."""
    when = at or moment()
    for now in (START, START + 1):
        here.take(now, when.at)
    here.sort(when)
    return here


def states(here: Desk) -> dict[str, str]:
    return {i.name: f"{i.state} {i.reason}".strip() for i in here.room.ledger()}
