"""Layouts and their states: proposed by reading, approved by the PMO, confirmed by managers.

A state is of a layout's hash: what is read in another way is another layout, which is
proposed again. The journal of the state home has every step; ``layouts-read/<id>.json``
what each layout says, for the PMO to look at before approving.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from consolidate.intake.journal import Entry, Journal
from consolidate.intake.scan import JOURNAL
from consolidate.model import disk
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.proposal import (
    GOOD,
    SHIPPED,
    Proposal,
    ReadBlock,
    named,
    proposal_of,
)
from consolidate.model.workbook import Extract

FOLDER = "layouts-read"

State: TypeAlias = Literal["", "proposed", "approved", "confirmed", "rejected"]
"""Nothing was read; nobody looked at it; the PMO did; its manager did; the PMO refused."""

_STATES: Mapping[str, State] = {
    "layout-read": "proposed",
    "layout-approved": "approved",
    "layout-rejected": "rejected",
    "layout-confirmed": "confirmed",
    "layout-contested": "proposed",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a layout stands.

    Attributes:
        state: See ``State``.
        by: Who decided; projects, of a manager who confirmed or contested it.
        at: When, UTC; empty when nobody did.
        how: ``shipped``, ``covered`` (all that it reads is in layouts that were approved),
            ``contested`` (its manager answered that a figure is wrong), else empty.
    """

    state: State = "proposed"
    by: str = ""
    at: str = ""
    how: str = ""


@dataclass
class Standings:
    """Where all layouts stand, as the journal told.

    Attributes:
        keys: What is to be approved of each layout, by its id.
        asked: Projects of each reading check that was made, by the print of its lines.
        answers: Hashes of the answers that were read.
    """

    keys: dict[str, frozenset[str]] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    answers: set[str] = field(default_factory=set)
    _last: dict[str, Standing] = field(default_factory=dict)
    _covered: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of_home(cls, home: Path | None, lang: str) -> Standings:
        """Return those of a state home; none without one."""
        if home is None:
            return cls()
        return cls.folded(Journal(home / JOURNAL, lang).told("layout-"))

    @classmethod
    def folded(cls, entries: Iterable[Entry]) -> Standings:
        """Return where events leave layouts."""
        found = cls()
        for entry in entries:
            if entry.event in _STATES:
                found._tell(entry)
            elif entry.event == "layout-asked":
                found.asked[str(entry.fields["print"])] = str(entry.fields["of"])
        return found

    def _tell(self, entry: Entry) -> None:
        name = str(entry.fields.get("layout", ""))
        if entry.event == "layout-read" and name in self._last:
            return  # two runs at once may both tell that they are the first
        self.keys[name] = frozenset(map(str, entry.fields.get("keys", ())))
        by = str(entry.fields.get("by", ""))
        how = "contested" if entry.event == "layout-contested" else ""
        if "answer" in entry.fields:
            self.answers.add(str(entry.fields["answer"]))
        before = self._last.get(name, Standing())
        if (
            entry.event == "layout-confirmed"
            and before.how == "contested"
            and before.by != by
        ):
            return  # one manager's yes does not outweigh what another found wrong
        at = "" if entry.event == "layout-read" else entry.at
        self._last[name] = Standing(_STATES[entry.event], by, at, how)

    def of(self, layout: str) -> Standing:
        """Return where a layout stands, by its id."""
        if not layout:
            return Standing("")
        if layout == SHIPPED:
            return Standing("approved", how="shipped")
        known = self._last.get(layout, Standing())
        if known.state != "proposed" or known.how:
            return known
        own = self.keys.get(layout, frozenset())
        for state in ("confirmed", "approved"):
            if own and own <= self.covered(state):
                return Standing(state, how="covered")
        return known

    def covered(self, least: str) -> frozenset[str]:
        """Return all that layouts read that are in a state, or a better one."""
        if least not in self._covered:
            good = [k for k, s in self._last.items() if s.state in GOOD[least]]
            every = (key for name in good for key in self.keys[name])
            self._covered[least] = frozenset(every)
        return self._covered[least]

    def knows(self, layout: str) -> bool:
        """Return whether a layout was told of."""
        return layout in self._last

    def with_read(self, proposals: Iterable[Proposal]) -> Standings:
        """Return the same, knowing layouts that were read just now."""
        more = {p.id: p.keys for p in proposals if p.blocks and not self.knows(p.id)}
        return replace(self, keys={**more, **self.keys}, _covered={})


@dataclass(frozen=True, slots=True)
class LayoutsRead:
    """The layouts of a run.

    Attributes:
        proposals: By workbook.
        told: Id and state, by workbook.
        digest: Of all of them, for the record of the run.
    """

    proposals: Mapping[str, Proposal] = field(default_factory=dict)
    told: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What tells these states from others; empty when nobody decided anything."""
        decided = {s for _, s in self.told.values()} - {"", "proposed"}
        text = json.dumps(sorted(self.told.items()))
        return hashlib.sha256(text.encode()).hexdigest() if decided else ""

    def findings(
        self, least: str, replaced: Collection[str] = ()
    ) -> tuple[Finding, ...]:
        """Return what keeps workbooks from the page of general management.

        Args:
            least: What ``[report] direction`` asks for.
            replaced: Workbooks that feed nothing: a newer version is there.
        """
        if least not in GOOD:
            return ()
        return tuple(
            Finding("layout-waiting", Severity.INFO, CellRef(book), raw=state)
            for book, (layout, state) in self.told.items()
            if state not in {"", *GOOD[least]}
            and layout != SHIPPED
            and book not in replaced
        )


def layouts_read(
    extracts: Sequence[Extract], prints: Mapping[str, str], known: Standings
) -> LayoutsRead:
    """Return the layouts that workbooks were read by, and where they stand.

    Args:
        extracts: Of the workbooks.
        prints: Print of each of the PMO's layouts, by its name.
        known: What the journal told of layouts.
    """
    proposals = {e.workbook: proposal_of(e, prints) for e in extracts}
    every = known.with_read(proposals.values())
    stand = {p.id: every.of(p.id).state for p in proposals.values()}
    told = {book: (p.id, stand[p.id]) for book, p in proposals.items()}
    return LayoutsRead(proposals, told)


def note(home: Path, proposals: Iterable[Proposal], at: str, lang: str) -> None:
    """Journal the layouts that were never read before, and keep what they say.

    Raises:
        JournalError: The journal is broken.
        OSError: The state home cannot be written.
    """
    known = Standings.of_home(home, lang)
    new = {p.id: p for p in proposals if p.blocks}
    for each in new.values():
        _keep(home / FOLDER, each)
    events = [
        ("layout-read", {"layout": p.id, "keys": sorted(p.keys)})
        for p in new.values()
        if not known.knows(p.id)
    ]
    if events:
        Journal(home / JOURNAL, lang).append_all(at, events)


def decide(
    home: Path, event: str, layouts: Mapping[str, Iterable[str]], at: str, **facts: Any
) -> None:
    """Journal a decision about layouts.

    Args:
        home: State home.
        event: ``approved``, ``rejected``, ``confirmed`` or ``contested``.
        layouts: What is to be approved of each, by its id.
        at: When.
        facts: Who, and what else there is to keep.

    Raises:
        JournalError: The journal is broken.
        OSError: It cannot be written: nothing was decided.
    """
    events = [
        (f"layout-{event}", {"layout": name, "keys": sorted(keys), **facts})
        for name, keys in layouts.items()
    ]
    Journal(home / JOURNAL).append_all(at, events)


def _keep(folder: Path, proposal: Proposal) -> None:
    """Write what a layout says, where it is not written yet."""
    path = folder / f"{proposal.id}.json"
    if path.exists():
        return
    told = [[b.table, b.shape, b.layout, list(b.fields)] for b in proposal.blocks]
    disk.make_folder(folder)
    side = disk.side_path(folder)
    handle = disk.create(side)
    try:
        disk.write(handle, json.dumps(told, indent=1).encode())
    finally:
        os.close(handle)
    disk.rename(side, path)


def kept(home: Path, layout: str) -> Proposal | None:
    """Return what a layout says; None when it is not kept, or not what was written."""
    try:
        told = json.loads((home / FOLDER / f"{layout}.json").read_bytes())
        blocks = tuple(_blocks(told))
    except (OSError, ValueError, TypeError):
        return None
    found = named(blocks)
    return found if found.id == layout else None


def _blocks(told: Iterable[Any]) -> Iterator[ReadBlock]:
    for table, shape, layout, fields in told:
        pairs = tuple((str(header), str(name)) for header, name in fields)
        yield ReadBlock(str(table), str(shape), pairs, str(layout))
