"""Remove what has been kept long enough: listed, signed, then removed for good.

The journal keeps a tombstone of each: its hash and when, nothing of what it held.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from consolidate.intake.ledger import WAITING, Item
from consolidate.intake.mailroom import Mailroom
from consolidate.model import disk
from consolidate.model.error import ConfigError
from consolidate.model.pack import Column, Pack, Section, Table, Text
from consolidate.outbox import Outbox
from consolidate.report import format as shown
from consolidate.wording import plural, tr

NAME = "retention.toml"
KINDS = ("quarantine", "archive", "months", "outbox", "cache")


@dataclass(frozen=True, slots=True)
class Due:
    """A file whose time is over.

    Attributes:
        kind: One of ``KINDS``.
        path: Where it is; None when it is in the store.
        name: What people call it; a label.
        since: Day it is kept from.
        size: In bytes.
        mark: What the journal remembers it by: the hash of its bytes, or its id.
    """

    kind: str
    path: Path | None
    name: str
    since: date
    size: int
    mark: str


def terms(folders: Sequence[Path]) -> Mapping[str, int]:
    """Return for how many months each kind is kept; the first folder that says so wins.

    Raises:
        ConfigError: A file is no TOML, or a term is no number of months.
    """
    found: dict[str, int] = {}
    for folder in folders:
        path = folder / NAME
        if not path.is_file():
            continue
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as err:
            raise ConfigError(f"{path}: {err}") from None
        for kind, own in told.items():
            months = own.get("months") if isinstance(own, dict) else None
            if kind not in KINDS or type(months) is not int or months < 0:
                raise ConfigError(f"{path}: [{kind}] months must be a whole number")
            found.setdefault(kind, months)
    return found


def due(
    home: Path, today: date, kept: Mapping[str, int], lang: str, store: str = ""
) -> list[Due]:
    """Return what has been kept long enough, the oldest first; nothing is changed.

    A workbook stays as long as one of its deliveries is younger, or waits for somebody.

    Args:
        home: The state home.
        today: The day it is.
        kept: For how many months each kind is kept.
        lang: Of what is told.
        store: URL of the months; none are looked at without.

    Raises:
        JournalError: The journal is broken.
        StoreError: The store cannot be read.
    """
    before = {kind: _months_before(today, months) for kind, months in kept.items()}
    found = [
        *_quarantined(Mailroom(home, lang), before["quarantine"]),
        *_archived(Mailroom(home, lang), before["archive"]),
        *(_stored(store, before["months"], lang) if store else ()),
        *_answered(Outbox(home, lang), before["outbox"]),
        *_cached(home / "cache", before["cache"]),
    ]
    return sorted(found, key=lambda d: (KINDS.index(d.kind), d.since, d.name))


def _months_before(today: date, months: int) -> date:
    return (pd.Timestamp(today) - pd.DateOffset(months=months)).date()


def _archived(room: Mailroom, before: date) -> Iterator[Due]:
    by_hash: dict[str, list[Item]] = {}
    for item in room.ledger():
        if item.sha256:
            by_hash.setdefault(item.sha256, []).append(item)
    for sha256, items in by_hash.items():
        since = max(_day(item.at) for item in items)
        waits = any(item.state in {*WAITING, "received"} for item in items)
        if since < before and not waits and room.archive.has(sha256):
            path = room.archive.path(sha256)
            size = path.stat().st_size
            yield Due("archive", path, items[-1].name, since, size, sha256)


def _quarantined(room: Mailroom, before: date) -> Iterator[Due]:
    """Yield originals that name patients: their time is over, whoever waits for them."""
    names = {item.sha256: item.name for item in room.ledger()}
    since = {
        str(entry.fields.get("sha256")): _day(entry.at)
        for entry in room.journal.entries()
        if entry.event == "quarantined"
    }
    for sha256 in room.quarantine.hashes():
        day = since.get(sha256, date.min)
        if day < before:
            path = room.quarantine.path(sha256)
            size = path.stat().st_size
            yield Due("quarantine", path, names.get(sha256, ""), day, size, sha256)


def _stored(url: str, before: date, lang: str) -> Iterator[Due]:
    """Yield the months of the store that ended before a day; all their versions go."""
    from consolidate import store  # noqa: PLC0415 (slow to load)

    for month in store.months(url, lang):
        end = (pd.Period(month.period, "M") + 1).start_time.date()
        if end <= before:
            yield Due("months", None, month.period, end, 0, "")


def _answered(box: Outbox, before: date) -> Iterator[Due]:
    for draft in box.drafts():
        is_over = draft.state in ("sent", "handed") and _day(draft.at) < before
        if is_over and draft.path.is_file():
            size = draft.path.stat().st_size
            yield Due("outbox", draft.path, draft.id, _day(draft.at), size, draft.id)


def _cached(folder: Path, before: date) -> Iterator[Due]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        state = path.stat()
        since = datetime.fromtimestamp(state.st_mtime, UTC).date()
        if since < before:
            yield Due("cache", path, path.name, since, state.st_size, "")


def _day(at: str) -> date:
    return date.fromisoformat(at[:10])


def remove(
    home: Path, items: Sequence[Due], by: str, at: str, lang: str, store: str = ""
) -> None:
    """Remove files and months for good, each with a tombstone in the journal before.

    Raises:
        JournalError: The journal is broken; nothing more was removed.
        StoreError: The store cannot be written: its months are still there, and due again.
        OSError: One could not be removed; its tombstone stands, and it is due again.
    """
    room = Mailroom(home, lang)
    _forget_months(room, [i.name for i in items if i.kind == "months"], by, at, store)
    for item in items:
        if item.kind in ("archive", "quarantine"):
            room.journal.append(at, "purged", kind=item.kind, sha256=item.mark, by=by)
            place = room.archive if item.kind == "archive" else room.quarantine
            place.remove(item.mark)
            continue
        if item.mark:
            room.journal.append(at, "purged", kind=item.kind, answer=item.mark, by=by)
        if item.path is not None:
            disk.unlink(item.path)


def _forget_months(
    room: Mailroom, periods: Sequence[str], by: str, at: str, url: str
) -> None:
    if not periods:
        return
    from consolidate import store  # noqa: PLC0415 (slow to load)

    for period in periods:
        room.journal.append(at, "purged", kind="months", period=period, by=by)
    store.delete_months(url, periods)


def elimination_list(
    items: Sequence[Due], kept: Mapping[str, int], today: date, lang: str
) -> Pack:
    """Return the list to have signed before anything is removed."""
    rows = [
        {
            "kind": tr(f"purge-kind-{i.kind}", lang),
            "name": i.name,
            "since": i.since,
            "kilobytes": round(i.size / 1024, 1),
            "mark": i.mark,
        }
        for i in items
        if i.kind != "cache"
    ]
    kinds = {"since": "date", "kilobytes": "number"}
    columns = tuple(
        Column(n, tr(f"purge-col-{n}", lang), kinds.get(n, "text"))  # type: ignore[arg-type]
        for n in ("kind", "name", "since", "kilobytes", "mark")
    )
    frame = pd.DataFrame(rows, columns=[c.name for c in columns], dtype="object")
    said = tuple(tr(f"purge-term-{k}", lang, months=kept[k]) for k in KINDS)
    table = Table("list", tr("purge-list", lang), columns, frame, empty=tr("purge-none", lang))  # fmt: skip
    signed = Text((tr("purge-signature", lang),))
    lead = plural("purge-due", len(rows), lang)
    section = Section("purge", tr("purge-title", lang), (Text(said), table, signed), lead)  # fmt: skip
    day = shown.day(today, lang)
    return Pack("elimination", tr("purge-title", lang), day, tr("purge-reader", lang), f"{today:%Y-%m}", today, lang, (section,))  # fmt: skip
