"""Tell which files of a folder have arrived: whole, and left alone for a while.

A quiet spell alone proves nothing, for a copy may pause longer than any spell. A file has
arrived when it did not change between two looks, and its format says that it ends where it
ends; one whose format says nothing has to lie still for longer, and one that looks torn for
much longer: then it is taken as it is, and told to be damaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from consolidate.intake import kinds
from consolidate.intake.facts import Arrival
from consolidate.intake.mailroom import stamp
from consolidate.intake.names import shown
from consolidate.intake.scan import MOST_BYTES, Found, listed
from consolidate.intake.whole import Wholeness, wholeness
from consolidate.model.delivery import Kind
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.files import open_regular


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a file lies still before it is taken, in seconds.

    Attributes:
        whole: One that its format says is whole.
        unsure: One whose format does not say: CSV, a mail without parts.
        torn: One that looks cut.
    """

    whole: float = 3.0
    unsure: float = 60.0
    torn: float = 600.0

    def of(self, found: Wholeness) -> float:
        """Return the patience with a file."""
        return {"whole": self.whole, "unsure": self.unsure, "torn": self.torn}[found]


@dataclass(slots=True)
class _Sight:
    """A file as it was seen: what it looked like, since when, and whether it was taken."""

    stamp: tuple[int, int, int]
    since: float
    taken: bool = False


class Arrivals:
    """Files of one folder, from look to look.

    Attributes:
        folder: Where files are dropped.
        waiting: How many files were there at the last look that are not yet whole.
    """

    def __init__(
        self,
        folder: Path,
        output: Path | None = None,
        patience: Patience | None = None,
        most: int = MOST_BYTES,
    ) -> None:
        """Begin to watch a folder.

        Args:
            folder: Searched with its sub-folders.
            output: Where results are published; never taken for arrivals.
            patience: How long files have to lie still.
            most: Largest file opened, in bytes.
        """
        self.folder = folder
        self.waiting = 0
        self._output = output
        self._patience = patience or Patience()
        self._most = most
        self._sights: dict[Path, _Sight] = {}

    def look(self, now: float) -> list[Arrival]:
        """Return the files that have arrived since they were last taken.

        Args:
            now: Seconds since the epoch, as files have them.
        """
        found = [*listed(self.folder, self._output)]
        present = {f.path for f in found}
        self._sights = {p: s for p, s in self._sights.items() if p in present}
        self.waiting = 0
        arrived = (self._seen(f, now) for f in found if not f.reason)
        return [a for a in arrived if a is not None]

    def taken(self, arrivals: list[Arrival]) -> None:
        """Note that files were taken as they were: they are not offered again."""
        for arrival in arrivals:
            if arrival.path in self._sights:
                self._sights[arrival.path].taken = True

    def _seen(self, found: Found, now: float) -> Arrival | None:
        kind = kinds.kind_of(found.name)
        if kind == "other":
            return None
        try:
            state = found.path.lstat()
        except OSError:
            return None
        sight = self._sights.get(found.path)
        if sight is None or sight.stamp != stamp(state):
            self._sights[found.path] = _Sight(stamp(state), now)
            self.waiting += 1
            return None
        if sight.taken:
            return None
        if now - sight.since < self._patience.whole:
            self.waiting += 1
            return None
        still = max(now - sight.since, now - state.st_mtime)
        return self._whole(found, kind, still, sight)

    def _whole(
        self, found: Found, kind: Kind | None, still: float, sight: _Sight
    ) -> Arrival | None:
        place = shown(found.path.as_posix())
        try:
            with open_regular(found.path, self._most) as (file, state):
                if kind is None and not kinds.looks_like_workbook(file, state.st_size):
                    sight.taken = True  # nothing of ours, until it changes
                    return None
                ends = wholeness(file, state.st_size, found.path.name)
        except UnreadableWorkbookError as err:
            if still < self._patience.torn and err.reason != "too-large":
                self.waiting += 1
                return None
            return Arrival(found.path, found.name, kind or "other", place, err.reason)
        if still < self._patience.of(ends):
            self.waiting += 1
            return None
        return Arrival(found.path, found.name, kind or "workbook", place)
