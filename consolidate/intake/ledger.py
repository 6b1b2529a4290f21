"""What became of every delivery: the journal, folded into exactly one state for each.

- ``received``: archived, nothing decided yet
- ``consolidated``: in the portfolio of its month; ``partial`` when something was left out
- ``rejected``: cannot be read
- ``duplicate``: the same bytes as another
- ``superseded``: a newer version is there
- ``deferred``: waits for its month to end, or for a decision about a month
- ``held``: waits for the PMO: its sender is not known, or not that project's manager
- ``ignored``: nothing to do with projects
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias, get_args

from consolidate.intake.journal import Entry, Fields
from consolidate.model.forgotten import current

State: TypeAlias = Literal[
    "received",
    "consolidated",
    "partial",
    "rejected",
    "duplicate",
    "superseded",
    "deferred",
    "held",
    "ignored",
]
STATES: Final[tuple[State, ...]] = get_args(State)
WAITING: Final = frozenset({"deferred", "held"})
"""States of what a person, or the calendar, has still to decide."""

_IN: Final = frozenset({"consolidated", "partial", "rejected"})
_OVER: Final = frozenset({"duplicate", "superseded", "ignored"})
_OF_PARCELS: Final[tuple[State, ...]] = (
    *("held", "deferred", "rejected", "received", "partial", "consolidated"),
    *("superseded", "duplicate", "ignored"),
)
"""The state of an opened parcel is the first of these that one of its workbooks has."""


@dataclass(frozen=True, slots=True)
class Item:
    """One delivery, or one workbook of a parcel.

    Attributes:
        id: What people call it: ``17``, and ``17.2`` for the second of parcel 17.
        place: Where it was, as text: what comes to the same place later is a newer
            version of it. A label, never opened.
        name: What reports call it; a label too.
        sha256: Of its bytes; empty when they were never read.
        size: In bytes.
        received_at: Date of its mail, or of its file.
        at: When it was journalled.
        origin: ``folder``, ``zip`` or ``mail``.
        kind: ``workbook``, ``parcel`` or ``other``.
        sender, subject: Of its mail.
        state: Where it stands.
        reason: Code of why; empty when the state says it.
        month: The month it is of, ``YYYY-MM``; empty until it was read.
        evidence: What says so: ``content``, ``name``, ``date`` or ``pmo``.
        attempts: How often its reading began without an end.
        accepted: Whether the PMO let it in.
        parent: Id of its parcel.
        opened: Whether it is a parcel that gave way to its members.
    """

    id: str
    place: str = ""
    name: str = ""
    sha256: str = ""
    size: int = 0
    received_at: str = ""
    at: str = ""
    origin: str = "folder"
    kind: str = "workbook"
    sender: str = ""
    subject: str = ""
    state: State = "received"
    reason: str = ""
    month: str = ""
    evidence: str = ""
    attempts: int = 0
    accepted: bool = False
    parent: str = ""
    opened: bool = False


_GIVEN = frozenset(
    {
        *("place", "name", "sha256", "size", "received_at", "origin", "kind"),
        *("sender", "subject", "state", "reason"),
    }
)
"""Facts of a delivery that its first event tells."""

_NAMES = frozenset({"place", "name", "sender", "subject"})


class Ledger:
    """All deliveries by id, as far as the journal was told to it.

    Attributes:
        published: Facts of the last publication that the watched folder made.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.published: Fields = {}
        self._items: dict[str, Item] = {}
        self._members: dict[str, list[str]] = {}
        self._at_place: dict[str, list[str]] = {}
        self._events: Mapping[str, Callable[[Entry], None]] = {
            "received": self._receive,
            "opened": self._open,
            "dated": self._date,
            "settled": self._settle,
            "tried": self._try,
            "spared": self._spare,
            "accepted": self._accept,
            "retried": self._retry,
        }
        for entry in entries:
            self.add(entry)

    def __iter__(self) -> Iterator[Item]:
        """Yield every delivery, the first received first, a parcel before its members."""
        for top in self._items.values():
            if not top.parent:
                yield self[top.id]
                yield from (self._items[i] for i in self._members.get(top.id, ()))

    def __contains__(self, key: str) -> bool:
        return key in self._items

    def __getitem__(self, key: str) -> Item:
        """Return a delivery; that of a parcel has the state of its members.

        Raises:
            KeyError: There is none of that id.
        """
        item = self._items[key]
        states = {self._items[i].state for i in self._members.get(key, ())}
        if not item.opened or not states:
            return item
        return replace(item, state=next(s for s in _OF_PARCELS if s in states))

    def members(self, key: str) -> tuple[Item, ...]:
        """Return the workbooks of a parcel."""
        return tuple(self._items[i] for i in self._members.get(key, ()))

    def label(self, item: Item) -> str:
        """Return what people call a delivery: of a workbook, with its parcel's name."""
        parcel = self._items[item.parent].name if item.parent else ""
        return parcel + item.name

    def last_at(self, place: str) -> Item | None:
        """Return what came last to a place."""
        known = self._at_place.get(place)
        return self[known[-1]] if known else None

    def add(self, entry: Entry) -> None:
        """Take one more event into account; those that are about no delivery change nothing."""
        if entry.event == "published":
            self.published = entry.fields
        told = self._events.get(entry.event)
        if told is not None:
            told(entry)

    def _receive(self, entry: Entry) -> None:
        item = _made(str(entry.n), entry.fields, at=entry.at)
        known = self._at_place.setdefault(item.place, [])
        last = self._items[known[-1]] if known else None
        if last and item.state == "received" and last.sha256 == item.sha256:
            item = replace(item, state="duplicate", reason="same-again")
        else:
            known.append(item.id)
        self._items[item.id] = item

    def _open(self, entry: Entry) -> None:
        parent = self._known(entry)
        if parent is None:
            return
        self._forget_members(parent.id)
        for number, given in enumerate(entry.fields.get("members", ()), start=1):
            key = f"{parent.id}.{number}"
            base = {"place": f"{parent.place}!/{number}", "origin": parent.origin}
            item = _made(key, {**base, **given}, at=entry.at)
            self._items[key] = replace(item, parent=parent.id)
            self._members.setdefault(parent.id, []).append(key)
        self._items[parent.id] = replace(parent, opened=True, attempts=0)

    def _forget_members(self, key: str) -> None:
        for member in self._members.pop(key, ()):
            del self._items[member]

    def _date(self, entry: Entry) -> None:
        item = self._known(entry)
        if item is None:
            return
        month = str(entry.fields.get("month", ""))
        evidence = str(entry.fields.get("evidence", ""))
        self._items[item.id] = replace(item, month=month, evidence=evidence, attempts=0)

    def _supersede(self, newer: Item) -> None:
        """Mark what came to the same place before, of the same month, as superseded."""
        top = newer.parent or newer.id
        for key in self._at_place.get(self._items[top].place, ()):
            if key == top:
                return
            for old in (key, *self._members.get(key, ())):
                if self._items[old].month == newer.month:
                    change = {"state": "superseded", "reason": "newer-version"}
                    self._items[old] = replace(self._items[old], **change)  # type: ignore[arg-type]

    def _settle(self, entry: Entry) -> None:
        item = self._known(entry)
        state = entry.fields.get("state")
        if item is not None and state in STATES:
            reason = str(entry.fields.get("reason", ""))
            settled = replace(item, state=state, reason=reason, attempts=0)
            self._items[item.id] = settled
            if state in _IN:
                self._supersede(settled)

    def _try(self, entry: Entry) -> None:
        item = self._known(entry)
        if item is not None:
            self._items[item.id] = replace(item, attempts=item.attempts + 1)

    def _spare(self, entry: Entry) -> None:
        """Take back an attempt that somebody interrupted: the file is not to blame."""
        item = self._known(entry)
        if item is not None:
            left = max(0, item.attempts - 1)
            self._items[item.id] = replace(item, attempts=left)

    def _accept(self, entry: Entry) -> None:
        for item in self._meant(entry, WAITING):
            month = str(entry.fields.get("month", "")) or item.month
            evidence = "pmo" if month != item.month else item.evidence
            self._items[item.id] = replace(
                item,
                state="received",
                reason="",
                accepted=True,
                month=month,
                evidence=evidence,
            )

    def _retry(self, entry: Entry) -> None:
        for item in self._meant(entry, frozenset(STATES) - _OVER):
            month = item.month if item.evidence == "pmo" else ""
            self._items[item.id] = replace(
                item, state="received", reason="", attempts=0, month=month
            )

    def _meant(self, entry: Entry, states: Iterable[str]) -> list[Item]:
        """Return the deliveries an event is about: of a parcel, its members."""
        item = self._known(entry)
        if item is None:
            return []
        meant = self.members(item.id) if item.opened else (item,)
        return [m for m in meant if m.state in states]

    def _known(self, entry: Entry) -> Item | None:
        return self._items.get(str(entry.fields.get("id", "")))


def _made(key: str, given: Mapping[str, Any], *, at: str) -> Item:
    told = {k: v for k, v in given.items() if k in _GIVEN}
    known = current()
    if known.people:  # the journal has names as they came; nobody is shown them
        told |= {k: known.masked(str(told[k])) for k in _NAMES & told.keys()}
    return Item(key, at=at, **told)
