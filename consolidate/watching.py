"""Watch a folder: look, take, sort, and consolidate once it is quiet; for ever, or once.

The clock, the waiting and the notifications are given from outside; nothing here sleeps.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from consolidate.desk import Desk
from consolidate.intake.journal import JournalError
from consolidate.model import disk
from consolidate.model.error import ConsolidateError
from consolidate.model.files import utc
from consolidate.run_options import RunResult
from consolidate.selection import Moment
from consolidate.worker import Progress

HEARTBEAT = "heartbeat.json"
_LONGEST = 900.0
"""Seconds between two tries when all went wrong so far."""

_MOST_QUIET = 10
"""Quiet spells after which what came is consolidated though more keeps coming."""


class World(Protocol):
    """What a watch needs of the world."""

    def now(self) -> float:
        """Return the time, in seconds since the epoch."""

    def today(self) -> date:
        """Return the day where the PMO is."""

    def wait(self, seconds: float) -> None:
        """Wait that long, or until something stirs in the folder."""

    def tell(self, event: str, facts: Mapping[str, object]) -> None:
        """Tell the operator, and the webhook, what happened."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often and how long, in seconds.

    Attributes:
        look: Between two looks while files are on their way.
        rescan: Between two looks when nothing stirs.
        quiet: Without an arrival before what came is consolidated.
    """

    look: float = 3.0
    rescan: float = 30.0
    quiet: float = 30.0


@dataclass(frozen=True, slots=True)
class Manner:
    """How the watched folder is treated.

    Attributes:
        rhythm: How often and how long.
        remove: Whether files are removed from it once they are archived.
        progress: Told of each workbook read for a month.
        begin, end: Called when all of a month is built, and when it is in place: nothing
            is to interrupt in between.
    """

    rhythm: Rhythm = Rhythm()
    remove: bool = False
    progress: Progress | None = None
    begin: Callable[[], None] = lambda: None
    end: Callable[[], None] = lambda: None


@dataclass(slots=True)
class _Pulse:
    """What the heartbeat file says."""

    state: str = "watching"
    looked_at: str = ""
    ran_at: str = ""
    taken: int = 0
    months: list[str] = field(default_factory=list)


class Watch:
    """The watch of one folder.

    Attributes:
        desk: What deliveries go through.
    """

    def __init__(self, desk: Desk, world: World, manner: Manner | None = None) -> None:
        self.desk = desk
        self._world = world
        self._manner = manner or Manner()
        self._pulse = _Pulse()
        self._first: float | None = None
        self._last = 0.0
        self._left = 0
        self._failures = 0

    def forever(self) -> None:
        """Watch until something outside interrupts.

        Raises:
            JournalError: The journal is broken: nothing more may be added to it.
        """
        try:
            while True:
                is_well = self.step()
                self._world.wait(self._pause(is_well=is_well))
        finally:
            self._beat("stopped")

    def once(self) -> None:
        """Take what is there and lay still, consolidate it, and come back; for cron.

        Raises:
            ConsolidateError: The journal is broken, or a month cannot be published.
            OSError: The state home cannot be written.
        """
        self._look()
        self._world.wait(self._manner.rhythm.look)
        self._look()
        with self.desk.alone():
            while self.desk.sort(self._moment()):
                continue
            self._work(self._moment())
        self._beat("stopped")

    def step(self) -> bool:
        """Look once, and do what there is to do; return whether all went well.

        Raises:
            JournalError: The journal is broken.
        """
        try:
            self._look()
            # Read while more is on its way: there is less to do once it is quiet.
            with self.desk.alone():
                self._left = self.desk.sort(self._moment())
                if self._is_time():
                    self._work(self._moment())
                    self._first = None
        except JournalError:
            raise
        except Exception as err:  # a watch that ends is worse than one that tries again
            self._failures += 1
            self._beat("failed")
            self._world.tell("failed", {"why": _why(err)})
            return False
        self._failures = 0
        is_there = self.desk.folder.is_dir()
        self._change("watching" if is_there else "folder-missing")
        return True

    def _look(self) -> None:
        now = self._world.now()
        taken = self.desk.take(now, utc(now), remove=self._manner.remove)
        self._pulse.looked_at = utc(now)
        if taken:
            self._pulse.taken += taken
            self._last = now
            self._first = now if self._first is None else self._first
            self._world.tell("taken", {"count": taken})

    def _is_time(self) -> bool:
        """Return whether to sort and consolidate now.

        That is when what came is followed by a quiet spell, or when something may have
        changed that no file tells: a new day, a decision, another run.
        """
        if self._left:
            return False
        now, quiet = self._world.now(), self._manner.rhythm.quiet
        if self._first is not None:
            is_quiet = not self.desk.arrivals.waiting and now - self._last >= quiet
            return is_quiet or now - self._first >= _MOST_QUIET * quiet
        return True

    def _work(self, moment: Moment) -> None:
        for month in self.desk.pending(moment):
            self._change("consolidating")
            try:
                result = self.desk.consolidate(
                    month, moment, self._manner.progress, self._manner.begin
                )
            finally:
                self._manner.end()
            self._pulse.ran_at = utc(self._world.now())
            self._tell_run(month, result)

    def _tell_run(self, month: str, result: RunResult) -> None:
        units = self.desk.tops()
        waiting = sum(t.state in {"held", "deferred"} for t in units)
        facts = {"period": month, "workbooks": dict(result.states), "waiting": waiting}
        self._world.tell("published", facts)

    def _moment(self) -> Moment:
        return Moment(utc(self._world.now()), self._world.today())

    def _pause(self, *, is_well: bool) -> float:
        rhythm = self._manner.rhythm
        if not is_well:
            return min(rhythm.rescan * 2.0 ** (self._failures - 1), _LONGEST)
        if self._left:
            return 0.0
        is_busy = bool(self.desk.arrivals.waiting) or self._first is not None
        return rhythm.look if is_busy else rhythm.rescan

    def _change(self, state: str) -> None:
        """Tell once that the folder went away, or is back; write the heartbeat."""
        if state == "folder-missing" != self._pulse.state:
            self._world.tell("folder-missing", {})
        if self._pulse.state == "folder-missing" and state == "watching":
            self._world.tell("folder-back", {})
        self._beat(state)

    def _beat(self, state: str) -> None:
        """Write when this watch last looked and ran; a disk that refuses stops nothing."""
        pulse = self._pulse
        pulse.state = state
        home = self.desk.room.home
        known = {
            "state": state,
            "looked_at": pulse.looked_at,
            "ran_at": pulse.ran_at,
            "taken": pulse.taken,
            "arriving": self.desk.arrivals.waiting,
            "pid": os.getpid(),
        }
        text = json.dumps(known, indent=2) + "\n"
        try:
            disk.save(home / HEARTBEAT, text.encode("ascii"))
        except OSError:
            return


def _why(err: Exception) -> str:
    """Return what went wrong; of a bug its kind alone, for its text may quote a cell."""
    if isinstance(err, ConsolidateError):
        return str(err)
    return (isinstance(err, OSError) and err.strerror) or type(err).__name__
