"""The mail room: what arrives is archived, then journalled, and only then acknowledged.

Its three parts live in the state home: the bytes (``archive/``), what happened to them
(``journal.jsonl``), and what that makes of each delivery (the ledger, folded when asked).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from consolidate.intake import facts
from consolidate.intake.archive import Archive, Kept
from consolidate.intake.facts import Arrival
from consolidate.intake.journal import Fields, Journal, waited
from consolidate.intake.ledger import Item, Ledger
from consolidate.intake.names import shown
from consolidate.intake.scan import JOURNAL, MOST_BYTES
from consolidate.model import disk
from consolidate.model.delivery import Delivery
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.files import open_regular
from consolidate.model.identifiers import masked_name

ARCHIVE = "archive"
QUARANTINE = "quarantine"
"""Originals that name patients: apart from the archive, for a short time."""

MAILBOX = "mail:"
"""How the place of a delivery begins that was fetched from a mailbox."""

_AT_ONCE = 50
_UNDER_WAY = 3600.0
"""Seconds after which a file that is not whole yet never will be."""


class Mailroom:
    """Deliveries of one state home.

    Attributes:
        home: The state home.
        archive: The bytes.
        quarantine: The bytes of those that name patients.
        journal: What happened.
    """

    def __init__(self, home: Path, lang: str = "fr", most: int = MOST_BYTES) -> None:
        """Open the mail room of a state home; nothing is made before something arrives.

        Args:
            home: The state home.
            lang: Language of what is told when its journal is broken.
            most: Largest file taken, in bytes.
        """
        self.home = home
        self.archive = Archive(home / ARCHIVE)
        self.quarantine = Archive(home / QUARANTINE)
        self.journal = Journal(home / JOURNAL, lang)
        self._ledger = Ledger()
        self._most = most
        self._lang = lang
        self._is_tidy = False

    def ledger(self) -> Ledger:
        """Return where every delivery stands now.

        Raises:
            JournalError: A line of the journal is broken.
        """
        for entry in self.journal.news():
            self._ledger.add(entry)
        return self._ledger

    def take(
        self, arrivals: Sequence[Arrival], at: str, *, remove: bool = False
    ) -> list[Arrival]:
        """Archive and journal files of a folder; those that change meanwhile stay.

        Args:
            arrivals: Files that are complete.
            at: The time now, UTC.
            remove: Whether they are removed from their folder, once that is on the disk.

        Returns:
            What could not be taken: it changed, went away or may not be read.

        Raises:
            JournalError: The journal is broken.
            OSError: The state home cannot be written; what was not journalled is still
                where it was.
        """
        self._tidy(at)
        left: list[Arrival] = []
        for start in range(0, len(arrivals), _AT_ONCE):
            left += self._take_some(arrivals[start : start + _AT_ONCE], at, remove)
        return left

    def _take_some(
        self, arrivals: Sequence[Arrival], at: str, remove: bool
    ) -> list[Arrival]:
        with waited(self.home / "intake.lock", self._lang):
            return self._take_alone(arrivals, at, remove)

    def _tidy(self, at: str) -> None:
        """Remove, once, the files that crashes left half-written where state is kept."""
        if not self._is_tidy:
            before = datetime.fromisoformat(at).timestamp() - _UNDER_WAY
            for name in ("", ARCHIVE, QUARANTINE, "outbox"):
                disk.tidy(self.home / name, before)
            self._is_tidy = True

    def _take_alone(
        self, arrivals: Sequence[Arrival], at: str, remove: bool
    ) -> list[Arrival]:
        ledger, left = self.ledger(), []
        events: list[tuple[str, Fields]] = []
        taken: list[tuple[Path, os.stat_result]] = []
        for arrival in arrivals:
            last = ledger.last_at(arrival.place)
            if arrival.refused:
                if last is None or last.reason != arrival.refused:
                    events.append(("received", facts.of_refused(arrival)))
                continue
            try:
                kept, state = self._archived(arrival.path)
            except UnreadableWorkbookError:
                left.append(arrival)
                continue
            taken.append((arrival.path, state))
            if last is None or last.sha256 != kept.sha256:
                events.append(("received", facts.of_file(arrival, kept, state)))
            elif self.quarantine.has(kept.sha256):
                self.archive.remove(kept.sha256)  # seen before: it stays where it is
        if events:
            self.journal.append_all(at, events)
        if remove:
            _remove(taken)
        return left

    def _archived(self, path: Path) -> tuple[Kept, os.stat_result]:
        """Archive a file that nobody touches meanwhile."""
        with open_regular(path, self._most) as (file, before):
            try:
                kept = self.archive.keep(file, lambda kept: _check(path, before, kept))
            except OSError as err:
                trouble = err  # with our disk, not with the file
            else:
                return kept, before
        raise trouble

    def receive(self, file: BinaryIO, delivery: Delivery, place: str, at: str) -> str:
        """Archive and journal what did not come by a folder, and return its id.

        Args:
            file: Its bytes, open at their start.
            delivery: Its name, kind, origin, sender, subject and date.
            place: What names where it came from: ``MAILBOX``, the mailbox, and the mail's
                number there; never opened.
            at: The time now, UTC.

        Raises:
            JournalError: The journal is broken.
            OSError: The state home cannot be written: it was not received.
        """
        kept = self.archive.keep(file)
        with waited(self.home / "intake.lock", self._lang):
            last = self.ledger().last_at(place)
            if last is not None and last.sha256 == kept.sha256:
                if self.quarantine.has(kept.sha256):
                    self.archive.remove(kept.sha256)
                return last.id  # a crash came before whoever gave it was thanked for it
            fields = {
                "place": place,
                "name": delivery.name,
                "sha256": kept.sha256,
                "size": kept.size,
                "received_at": delivery.received_at,
                "origin": delivery.origin,
                "kind": delivery.kind,
                "sender": masked_name(delivery.sender),
                "subject": masked_name(delivery.subject),
            }
            return str(self.journal.append(at, "received", **fields))

    def refuse(self, delivery: Delivery, place: str, reason: str, at: str) -> None:
        """Journal, once, what is not taken from where it came.

        Args:
            delivery: Its name, kind and origin.
            place: As for ``receive``.
            reason: Why, as a code.
            at: The time now, UTC.

        Raises:
            JournalError: The journal is broken.
            OSError: The state home cannot be written.
        """
        with waited(self.home / "intake.lock", self._lang):
            last = self.ledger().last_at(place)
            if last is None or last.reason != reason:
                arrival = Arrival(Path(), delivery.name, delivery.kind, place, reason)
                told = {**facts.of_refused(arrival), "origin": delivery.origin}
                self.journal.append(at, "received", **told)

    def keep(self, deliveries: Sequence[Delivery], at: str) -> dict[str, str]:
        """Archive and journal files that a run is about to read; they stay where they are.

        Args:
            deliveries: As they were listed; what is ignored is passed over, and what
                could not be read is journalled as refused.
            at: The time now, UTC.

        Returns:
            Id by name of those that are kept.
        """
        ledger = self.ledger()
        places: dict[str, str] = {}
        unknown: list[Arrival] = []
        for each in deliveries:
            refused = each.reason if each.state == "rejected" else ""
            if each.path is None or not (each.sha256 or refused):
                continue
            place = places[each.name] = shown(each.path.as_posix())
            last = ledger.last_at(place)
            is_known = last is not None and last.sha256 == each.sha256
            if refused or not (is_known and self.has(each.sha256)):
                unknown.append(Arrival(each.path, each.name, each.kind, place, refused))
        self.take(unknown, at)
        ledger = self.ledger()
        found = {name: ledger.last_at(place) for name, place in places.items()}
        return {name: item.id for name, item in found.items() if item is not None}

    def open(
        self, tops: Mapping[str, str], deliveries: Iterable[Delivery], at: str
    ) -> dict[str, str]:
        """Journal what parcels held, and return the id of every delivery by its name.

        Args:
            tops: Ids of what was received, by name.
            deliveries: What that gave: workbooks, and the members of parcels.
            at: The time now, UTC.
        """
        members: dict[str, list[Delivery]] = {}
        for each in deliveries:
            top = facts.parcel_of(each.name, tops)
            if top and top != each.name:
                members.setdefault(top, []).append(each)
        ledger = self.ledger()
        events: list[tuple[str, Fields]] = []
        ids = dict(tops)
        for top, inside in members.items():
            key = tops[top]
            told = [facts.of_member(m, m.name.removeprefix(top)) for m in inside]
            known = [(m.name, m.sha256) for m in ledger.members(key)]
            if known != [(m["name"], m["sha256"]) for m in told]:
                events.append(("opened", {"id": key, "members": told}))
            ids |= {m.name: f"{key}.{n}" for n, m in enumerate(inside, start=1)}
        if events:
            self.journal.append_all(at, events)
        return ids

    def settle(self, changes: Iterable[tuple[str, str, str]], at: str) -> None:
        """Journal new states of deliveries: id, state, reason; those that stand so stay.

        Raises:
            JournalError: The journal is broken.
            OSError: It cannot be written.
        """
        ledger = self.ledger()
        events: list[tuple[str, Fields]] = [
            ("settled", {"id": key, "state": state, "reason": reason})
            for key, state, reason in changes
            if (ledger[key].state, ledger[key].reason) != (state, reason)
        ]
        if events:
            self.journal.append_all(at, events)

    def has(self, sha256: str) -> bool:
        """Return whether the bytes of a hash can be read, in the archive or quarantine."""
        return self.archive.has(sha256) or self.quarantine.has(sha256)

    def path(self, sha256: str) -> Path:
        """Return where the bytes of a hash are."""
        apart = self.quarantine.has(sha256)
        return (self.quarantine if apart else self.archive).path(sha256)

    def set_apart(self, names: Iterable[str], ids: Mapping[str, str], at: str) -> None:
        """Move the originals of deliveries that name patients into the quarantine.

        Args:
            names: Of deliveries; of the workbook of a parcel, the parcel goes.
            ids: By name; one that has none was not kept.
            at: The time now, UTC.

        Raises:
            JournalError: The journal is broken.
            OSError: One could not be moved; the next reading of it tries again.
        """
        ledger = self.ledger()
        tops = (ids[name].partition(".")[0] for name in names if name in ids)
        for sha256 in dict.fromkeys(ledger[top].sha256 for top in tops):
            if not (sha256 and self.archive.has(sha256)):
                continue
            self.journal.append(at, "quarantined", sha256=sha256)
            self.quarantine.adopt(self.archive, sha256)

    def delivery(self, item: Item) -> Delivery:
        """Return a delivery to be read again, its bytes in the archive."""
        return Delivery(
            item.name,
            self.path(item.sha256),
            item.sha256,
            item.size,
            item.received_at,
            origin="mail" if item.origin == "mail" else "folder",
            kind="parcel" if item.kind == "parcel" else "workbook",
            sender=item.sender,
            subject=item.subject,
        )


def _check(path: Path, before: os.stat_result, kept: Kept) -> None:
    """Refuse a copy of what is no longer what was opened, or is not all of it."""
    try:
        now = path.lstat()
    except OSError:
        raise UnreadableWorkbookError("vanished") from None
    if kept.size != before.st_size or stamp(now) != stamp(before):
        raise UnreadableWorkbookError("changed")


def stamp(state: os.stat_result) -> tuple[int, int, int]:
    """Return what tells one content of a file from the next: size, time and number."""
    return state.st_size, state.st_mtime_ns, state.st_ino


def _remove(taken: Iterable[tuple[Path, os.stat_result]]) -> None:
    """Remove files that are archived, but for one that was written to since."""
    folders: set[Path] = set()
    for path, state in taken:
        try:
            if stamp(path.lstat()) == stamp(state):
                disk.unlink(path)
                folders.add(path.parent)
        except OSError:
            continue  # it stays: the next look finds it archived, and tries again
    for folder in folders:
        disk.sync_folder(folder)
