"""Keep what a run received, and journal what became of it: one history, wherever it starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from consolidate.intake import Mailroom
from consolidate.model.delivery import Delivery
from consolidate.model.error import ConsolidateError
from consolidate.roster import NOT_OWN_PROJECT, UNKNOWN_SENDER
from consolidate.trouble import trouble_of
from consolidate.wording import tr

if TYPE_CHECKING:
    from consolidate.run_options import RunOptions


class Keeper:
    """What a run keeps of its deliveries in the state home; nothing without one.

    Attributes:
        ids: Id of every delivery, by its name, as far as it is kept.
    """

    def __init__(self, options: RunOptions) -> None:
        self.ids: Mapping[str, str] = {}
        self._at = options.at
        self._room = None
        self._options = options
        if options.home is not None and options.archived is None:
            most = options.config.limits.file_mb * 1_000_000
            self._room = Mailroom(options.home, options.lang, most)

    def keep(self, scanned: Sequence[Delivery]) -> None:
        """Archive and journal what was found, before anything in it is opened.

        Raises:
            ConsolidateError: The state home cannot be written, or its journal is broken.
        """
        if self._room is not None:
            with self._told():
                self.ids = self._room.keep(scanned, self._at)

    def open(self, deliveries: Sequence[Delivery]) -> None:
        """Journal what parcels held.

        Raises:
            ConsolidateError: The state home cannot be written, or its journal is broken.
        """
        if self._room is not None:
            with self._told():
                self.ids = self._room.open(self.ids, deliveries, self._at)

    def set_apart(self, names: Sequence[str]) -> None:
        """Move the originals of workbooks that name patients into the quarantine.

        Raises:
            ConsolidateError: The state home cannot be written, or its journal is broken.
        """
        if self._room is not None:
            with self._told():
                self._room.set_apart(names, self.ids, self._at)

    def is_accepted(self, name: str) -> bool:
        """Return whether the PMO let a workbook in."""
        if self._room is None or name not in self.ids:
            return False
        return self._room.ledger()[self.ids[name]].accepted

    def settle(self, books: pd.DataFrame, reasons: Mapping[str, str]) -> None:
        """Journal the state that the run gave each workbook.

        Raises:
            ConsolidateError: The state home cannot be written, or its journal is broken.
        """
        if self._room is not None:
            with self._told():
                self._room.settle(outcomes(self.ids, books, reasons), self._at)

    def _told(self) -> AbstractContextManager[None]:
        return home_told(self._options.home, self._options.lang)

    def defer(self, names: Sequence[str]) -> None:
        """Journal that workbooks came too late for a month that is closed."""
        if self._room is not None:
            late = [(self.ids[n], "deferred", CLOSED) for n in names if n in self.ids]
            with self._told():
                self._room.settle(late, self._at)


CLOSED = "month-closed"
"""Reason of a delivery that waits because its month is closed."""


def outcomes(
    ids: Mapping[str, str], books: pd.DataFrame, reasons: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Return id, state and code of the reason of each workbook of a run.

    Args:
        ids: By name.
        books: ``workbook`` and ``state``, one row a workbook.
        reasons: Codes, by name; empty for those that have none.
    """
    names = books["workbook"].tolist()
    states = books["state"].tolist()
    return [
        (ids[name], *_stand(state, reasons.get(name, "")))
        for name, state in zip(names, states, strict=True)
        if name in ids
    ]


def _stand(state: str, reason: str) -> tuple[str, str]:
    """Return state and reason as the journal has them: what a roster rejects is held."""
    is_held = reason in {UNKNOWN_SENDER, NOT_OWN_PROJECT}
    return "held" if is_held else state, reason


@contextmanager
def home_told(home: Path | None, lang: str) -> Iterator[None]:
    """Tell trouble with the state home in one line.

    Raises:
        ConsolidateError: It cannot be written.
    """
    try:
        yield
    except OSError as err:
        text = tr("home-unwritable", lang, home=home, why=trouble_of(err, lang))
        raise ConsolidateError(text) from err
