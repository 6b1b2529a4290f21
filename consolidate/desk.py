"""The desk: what comes into a watched folder is taken, sorted, and consolidated by month.

Every step begins with what the journal says and ends with an event in it: whatever stops
the program between two steps, the next one goes on from there.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from consolidate import store
from consolidate.backfill import read_values
from consolidate.clock import Clock
from consolidate.collector import paused
from consolidate.holding import roster_of
from consolidate.intake import Arrivals, Item, Mailroom, Patience
from consolidate.intake.journal import Fields
from consolidate.intake.mailroom import MAILBOX
from consolidate.intake.names import shown, unique
from consolidate.keeping import outcomes
from consolidate.model import disk
from consolidate.model.delivery import Delivery
from consolidate.model.error import ConsolidateError
from consolidate.model.lock import LockedError, locked
from consolidate.pipeline import run
from consolidate.publish import spooling
from consolidate.reception import read_inboxes
from consolidate.roster import Roster
from consolidate.run_options import RunOptions, RunResult
from consolidate.selection import (
    BY_MONTH,
    POISON,
    Moment,
    Selection,
    age,
    is_in,
    last_month,
    published,
)
from consolidate.sorting import (
    ARRIVING,
    UNFINISHED,
    Gate,
    Understood,
    understood,
)
from consolidate.wording import tr
from consolidate.worker import Progress

_MOST_ATTEMPTS = 2
_MOST_AT_ONCE = 100
_PATIENCE = 600.0
_YOUNG = timedelta(minutes=10)


class Desk:
    """Deliveries of one watched folder, and of the mailbox.

    Attributes:
        folder: Where files are dropped.
        room: Where what was taken is kept.
        arrivals: What is in the folder.
    """

    def __init__(
        self, folder: Path, options: RunOptions, patience: Patience | None = None
    ) -> None:
        """Open the desk.

        Args:
            folder: Where files are dropped.
            options: Of every run; their home, store, output and configuration count.
            patience: How long files have to lie still.
        """
        assert options.home is not None
        most = options.config.limits.file_mb * 1_000_000
        self.folder = folder.resolve()
        self.room = Mailroom(options.home, options.lang, most)
        self.arrivals = Arrivals(self.folder, options.output, patience, most)
        self._options = options

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Sort and consolidate while no other watch of this state home does.

        Raises:
            ConsolidateError: Another one did for ten minutes.
        """
        path = self.room.home / "desk.lock"
        disk.make_folder(path.parent)
        with ExitStack() as held:
            try:
                held.enter_context(locked(path, _PATIENCE))
            except LockedError as err:
                text = tr("watch-locked", self._options.lang, pid=err.pid)
                raise ConsolidateError(text) from None
            yield

    def take(self, now: float, at: str, *, remove: bool = False) -> int:
        """Archive and journal what has arrived, and return how many files that was.

        Raises:
            JournalError: The journal is broken.
            OSError: The state home cannot be written.
        """
        arrived = self.arrivals.look(now)
        left = self.room.take(arrived, at, remove=remove)
        taken = [a for a in arrived if a not in left]
        self.arrivals.taken(taken)
        return len(taken)

    def tops(self) -> list[Item]:
        """Return what was received here, oldest first; members of parcels left out."""
        inside = shown(self.folder.as_posix() + "/")
        return [
            item
            for item in self.room.ledger()
            if not item.parent and item.place.startswith((inside, MAILBOX))
        ]

    def sort(self, moment: Moment, most: int = _MOST_AT_ONCE) -> int:
        """Find out the month of what came, and who may not be let in.

        What is read is noted before: a workbook that takes the machine down with it is not
        read a third time.

        Args:
            moment: Now.
            most: Deliveries read at once.

        Returns:
            How many are left to be read.

        Raises:
            ConsolidateError: The journal is broken, or nothing can be read here.
        """
        unread = [t for t in self.tops() if self._is_unread(t, moment)]
        poison = [t for t in unread if t.attempts >= _MOST_ATTEMPTS]
        self.room.settle([(t.id, "rejected", POISON) for t in poison], moment.at)
        fresh = [t for t in unread if t.attempts == 0][:most]
        again = [t for t in unread if 0 < t.attempts < _MOST_ATTEMPTS]
        for batch in (fresh, *([t] for t in again)):
            if batch:
                self._read(batch, moment)
        return len(unread) - len(poison) - len(fresh) - len(again)

    def _is_unread(self, top: Item, moment: Moment) -> bool:
        units = self.room.ledger().members(top.id) if top.opened else (top,)
        wants = any(
            (
                not u.month
                and u.state not in {"ignored", "held"}
                and u.reason != "same-again"
            )
            or (u.reason == ARRIVING and age(u, moment) >= _YOUNG)
            for u in units
        )
        return wants and bool(top.sha256) and self.room.has(top.sha256)

    @paused()
    def _read(self, tops: Sequence[Item], moment: Moment) -> None:
        told: list[Fields] = [{"id": t.id} for t in tops]
        self.room.journal.append_all(moment.at, [("tried", each) for each in told])
        try:
            self._read_tried(tops, moment)
        except BaseException:  # asked to end, or nothing can be read here at all
            self.room.journal.append_all(moment.at, [("spared", each) for each in told])
            raise

    def _read_tried(self, tops: Sequence[Item], moment: Moment) -> None:
        named = self._named(tops)
        options = replace(
            self._options,
            archived=tuple(named.values()),
            period=moment.last_month,
            as_of=moment.today,
            allow_empty=True,
        )
        with spooling(options.output, options.lang) as spool:
            received = read_inboxes(options, spool, Clock(), None)
        ids = {d.name: key for key, d in named.items()}
        ids = self.room.open(ids, received.deliveries, moment.at)
        self.room.set_apart(received.of_patients, ids, moment.at)
        at = {t.id: t.at for t in tops}
        last = {
            name: last_month(at[key.partition(".")[0]]) for name, key in ids.items()
        }
        known = understood(received, read_values(options, received), last)
        ignored = {
            d.name: d.reason for d in received.deliveries if d.state == "ignored"
        }
        ignored |= {n: r for n, r in received.failures.items() if r == "own-output"}
        self._note(ids, known, ignored, moment)

    def _note(
        self,
        ids: dict[str, str],
        known: dict[str, Understood],
        ignored: dict[str, str],
        moment: Moment,
    ) -> None:
        """Journal what reading told, and who is not let in."""
        ledger = self.room.ledger()
        dated: list[tuple[str, Fields]] = []
        changes = [(ids[n], "ignored", why) for n, why in ignored.items() if n in ids]
        senders = any(ledger[ids[name]].sender for name in known)
        roster = roster_of(self._options) if senders else Roster()
        for name, told in known.items():
            item = ledger[ids[name]]
            if name in ignored:
                continue
            if item.evidence != "pmo":
                facts = {"id": item.id, "month": told.month, "evidence": told.evidence}
                dated.append(("dated", facts))
            if item.state not in {"received", "deferred"}:
                continue
            if told.failure in UNFINISHED and age(item, moment) < _YOUNG:
                changes.append((item.id, "deferred", ARRIVING))
            elif (
                why := ""
                if item.accepted
                else roster.objection(item.sender, told.claims)
            ):
                changes.append((item.id, "held", why))
            elif item.state == "deferred":
                changes.append((item.id, "received", ""))
        self.room.journal.append_all(moment.at, dated)
        self.room.settle(changes, moment.at)

    def pending(self, moment: Moment) -> list[str]:
        """Return the months to make anew, and journal what has to wait.

        Raises:
            ConsolidateError: The journal is broken, or the store cannot be read.
        """
        gate = self._gate(moment)
        changes, months = [], set()
        for unit in self._units():
            if unit.state == "received" or unit.reason in BY_MONTH:
                why = gate.objection(unit) if unit.month else ""
                if why:
                    changes.append((unit.id, "deferred", why))
                elif unit.month:
                    months.add(unit.month)
        self.room.settle(changes, moment.at)
        return sorted(months | self._replaced(moment))

    def _units(self) -> Iterator[Item]:
        """Yield the workbooks received here, those of parcels one by one."""
        ledger = self.room.ledger()
        for top in self.tops():
            yield from ledger.members(top.id) if top.opened else (top,)

    def _gate(self, moment: Moment) -> Gate:
        url = self._options.store
        months = store.months(url, self._options.lang) if url else []
        closed = frozenset(m.period for m in months if m.state == "closed")
        return Gate(moment.last_month, closed)

    def _replaced(self, moment: Moment) -> set[str]:
        """Return the month in OUT when somebody else published it from less, or more."""
        shown_now = published(self._options.output)
        if shown_now is None:
            return set()
        period, inputs = shown_now
        last = self.room.ledger().published
        if last.get("period") != period:
            return set()
        is_ours = last.get("inputs") == inputs
        is_closed = period in self._gate(moment).closed
        return set() if is_ours or is_closed else {period}

    def select(self, month: str, moment: Moment) -> Selection:
        """Return what a month is made of: of each place what came last and is let in."""
        gate, ledger = self._gate(moment), self.room.ledger()
        chosen: dict[str, Item] = {}
        out: dict[str, list[int]] = {}
        for top in self.tops():
            units = ledger.members(top.id) if top.opened else (top,)
            fits = [is_in(u, month, gate) for u in units]
            if any(fits) and self.room.has(top.sha256):
                chosen[top.place] = top
                out[top.id] = [
                    n
                    for n, unit in enumerate(units)
                    if not fits[n] and unit.state != "ignored"
                ]
        named = self._named(chosen.values())
        left = frozenset(
            named[key].name + ledger.members(key)[n].name
            for key, numbers in out.items()
            if key in named and ledger[key].opened
            for n in numbers
        )
        return Selection(
            tuple(sorted(named.values(), key=lambda d: d.name)),
            {d.name: key for key, d in named.items()},
            left,
        )

    def _named(self, tops: Iterable[Item]) -> dict[str, Delivery]:
        """Return deliveries by id, under the names that a run on the folder gives them."""
        given = sorted(tops, key=self._name)
        names = unique(map(self._name, given))
        return {
            top.id: replace(self.room.delivery(top), name=name)
            for top, name in zip(given, names, strict=True)
        }

    def _name(self, top: Item) -> str:
        inside = shown(self.folder.as_posix() + "/")
        return (
            top.place.removeprefix(inside) if top.place.startswith(inside) else top.name
        )

    @paused()
    def consolidate(
        self,
        month: str,
        moment: Moment,
        progress: Progress | None = None,
        committing: Callable[[], None] = lambda: None,
    ) -> RunResult:
        """Make a month of all that was received for it, publish it and journal that.

        The last month goes to OUT; an older one beside it, to ``OUT-2026-08``.

        Raises:
            ConsolidateError: It could not be published; nothing was.
        """
        selection = self.select(month, moment)
        output = self._options.output
        newest = max(
            (u.month for u in self._units() if u.state != "held"), default=month
        )
        if month < min(newest, moment.last_month):
            output = output.with_name(f"{output.name}-{month}")
        year, order = int(month[:4]), int(month[5:])
        last_day = date(year, order, calendar.monthrange(year, order)[1])
        options = replace(
            self._options,
            archived=selection.deliveries,
            leave_out=selection.leave_out,
            output=output,
            period=month,
            as_of=min(last_day, moment.today),
            at=moment.at,
            allow_empty=True,
        )
        result = run(options, progress, committing)
        ids = selection.ids | self._members(selection)
        books = result.portfolio.workbooks
        settled = outcomes(ids, books, result.reasons)
        settled += self._passed_over(month, {key for key, _, _ in settled})
        self.room.settle(settled, moment.at)
        if output == self._options.output:
            found = published(output)
            inputs = found[1] if found else ""
            self.room.journal.append(
                moment.at, "published", period=month, inputs=inputs
            )
        return result

    def _passed_over(self, month: str, settled: set[str]) -> list[tuple[str, str, str]]:
        """Return what becomes of workbooks of a month that it was not made of.

        They were replaced before the month was made even once, or their bytes are gone.
        """
        found = []
        for unit in self._units():
            is_due = unit.state == "received" or unit.reason in BY_MONTH
            if unit.month == month and is_due and unit.id not in settled:
                top = self.room.ledger()[unit.parent or unit.id]
                last = self.room.ledger().last_at(top.place)
                is_last = last is None or last.id == top.id
                state = (
                    ("rejected", "vanished")
                    if is_last
                    else ("superseded", "newer-version")
                )
                found.append((unit.id, *state))
        return found

    def _newest(self, moment: Moment) -> str:
        """Return the newest complete month that something was received for."""
        units = (u for u in self._units() if u.state != "held")
        return max((u.month for u in units if u.month <= moment.last_month), default="")

    def _members(self, selection: Selection) -> dict[str, str]:
        ledger = self.room.ledger()
        return {
            name + member.name: member.id
            for name, key in selection.ids.items()
            for member in ledger.members(key)
        }
