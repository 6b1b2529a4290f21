"""Forget a person: a pseudonym in all that is kept, and in all that is made from now on.

What is left out on purpose: the archive and the quarantine, which hold what was received
as it was until its time is over (``consolidate purge``), and the journal, whose lines are
chained: names of files and senders as they came, read as pseudonyms from now on.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd

from consolidate import store
from consolidate.exchange.pseudonyms import OpaqueError, file_masked
from consolidate.intake.journal import Journal
from consolidate.intake.mailroom import ARCHIVE, QUARANTINE
from consolidate.intake.scan import JOURNAL
from consolidate.layouts import FOLDER as LAYOUTS_READ
from consolidate.model import disk
from consolidate.model.error import ConsolidateError
from consolidate.model.forgotten import KEY_BYTES, NAME, Forgotten
from consolidate.model.pack import Column, Pack, Section, Table, Text
from consolidate.model.schema import Schemas
from consolidate.outbox import FOLDER as OUTBOX
from consolidate.outbox import Draft, Outbox
from consolidate.report import format as shown
from consolidate.reuse import FOLDER as CACHE
from consolidate.share import spellings
from consolidate.wording import tr

_KEPT = frozenset({ARCHIVE, QUARANTINE, JOURNAL, NAME, OUTBOX, CACHE})
_STORE = frozenset({".db", ".lock", ".sha256", ".tmp"})
_FEWEST = 2


@dataclass(slots=True)
class Found:
    """Where a person is named, or was.

    Attributes:
        pseudonym: What the person is called from now on.
        spellings: What was looked for.
        doubtful: What was not, for it may mean others or no person.
        store: What the store held.
        files: Files of the state home, as they are called from now on.
        answers: Ids of messages of the outbox, which are withdrawn.
        unread: Files that cannot be looked into.
        outside: Files of the PMO's outside the state home that name the person.
    """

    pseudonym: str
    spellings: tuple[str, ...]
    doubtful: tuple[str, ...] = ()
    store: store.Rewritten = field(default_factory=store.Rewritten)
    files: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    outside: list[Path] = field(default_factory=list)

    @property
    def counts(self) -> Mapping[str, int]:
        """How often, by table, and in files and messages."""
        own = {"files": len(self.files), "outbox": len(self.answers)}
        return Counter({**self.store.cells, **own})


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be forgotten.

    Attributes:
        name: First name and surname.
        also: Other spellings: initials, a name of birth.
    """

    name: str
    also: Sequence[str] = ()


def list_with(home: Path, person: Person, url: str, schemas: Schemas, lang: str) -> tuple[Forgotten, Found]:  # fmt: skip
    """Return the list of those forgotten with one more, and how the person is written.

    Raises:
        ConsolidateError: The name is one word alone, or the list cannot be read.
        StoreError: The store cannot be read.
    """
    if len(person.name.split()) < _FEWEST:
        raise ConsolidateError(tr("forget-one-word", lang))
    known = Forgotten.of_home(home)
    if not known.key:
        known = Forgotten(secrets.token_bytes(KEY_BYTES))
    months = store.months(url, lang)
    tables = store.load(url, max(m.period for m in months), lang).tables if months else {}  # fmt: skip
    forms, doubtful = spellings(person.name, tables, schemas) if tables else ((), ())
    every = tuple(dict.fromkeys((person.name, *forms, *person.also)))
    left = tuple(f for f in doubtful if f not in every)
    own = Found(known.pseudonym(person.name), every, left)
    return known.with_person(person.name, every), own


def forget(
    home: Path,
    url: str,
    listed: tuple[Forgotten, Found],
    outside: Sequence[Path],
    lang: str,
    *,
    apply: bool,
) -> Found:
    """Write a person's pseudonym wherever the state home and the store name them.

    The list comes first: whatever stops this in between, nothing that is made afterwards
    names the person, and the same command finishes.

    Args:
        home: The state home.
        url: Of the store.
        listed: From ``list_with``.
        outside: Files and folders of the PMO's that are read, wherever they are.
        lang: Of errors.
        apply: Else only say what would change.

    Raises:
        ConsolidateError: Something cannot be read or written.
        OSError: A file cannot.
    """
    known, found = listed
    # Those forgotten before are written as pseudonyms too, where they have come back.
    if apply:
        disk.save(home / NAME, known.to_bytes())
        _clear(home / CACHE)
    of_file = partial(_of_file, known)
    found.store = store.pseudonymise(url, known.masked, of_file, lang, apply=apply)
    for path in _files(home):
        if told := _file(path, known, found, apply=apply):
            found.files.append(Path(told).relative_to(home).as_posix())
    for draft in Outbox(home, lang).drafts():
        if draft.path.is_file() and _is_named(draft, known):
            found.answers.append(draft.id)
    for path in _outside(outside, home):
        if _file(path, known, found, apply=False):
            found.outside.append(path)
    return found


def note(home: Path, found: Found, by: str, at: str, lang: str) -> None:
    """Withdraw the messages that name the person, and leave a tombstone: no name.

    Raises:
        JournalError: The journal is broken.
        OSError: A message cannot be removed; it is found again.
    """
    journal = Journal(home / JOURNAL, lang)
    told = {"pseudonym": found.pseudonym, "by": by, **{f"of_{k}": v for k, v in found.counts.items()}}  # fmt: skip
    journal.append(at, "forgot", **told)
    for draft in Outbox(home, lang).drafts():
        if draft.id in found.answers:
            journal.append(at, "answer-withdrawn", answer=draft.id)
            disk.unlink(draft.path)


def chores(found: Found) -> Iterator[tuple[str, str]]:
    """Yield what is left to do by hand: a kind, and the month or file it is about."""
    months: dict[tuple[str, int], list[str]] = {}
    for period, version, name in found.store.files:
        months.setdefault((period, version), []).append(name)
    for (period, version), names in sorted(months.items()):
        yield "publish", f"{period} v{version} ({', '.join(sorted(names))})"
    for path in found.outside:
        yield "outside", path.as_posix()
    for name in found.unread:
        yield "unread", name


def to_do(found: Found, today: date, lang: str) -> Pack:
    """Return the list of what is left to do by hand; it has the pseudonym alone."""
    rows = [{"kind": tr(f"forget-{kind}-do", lang), "what": what} for kind, what in chores(found)]  # fmt: skip
    columns = tuple(Column(n, tr(f"forget-col-{n}", lang)) for n in ("what", "kind"))
    frame = pd.DataFrame(rows, columns=[c.name for c in columns], dtype="object")
    table = Table("list", tr("forget-list", lang), columns, frame, empty=tr("forget-none", lang))  # fmt: skip
    always = Text((tr("forget-always", lang),))
    title = tr("forget-title", lang, pseudonym=found.pseudonym)
    section = Section("forget", title, (table, always))
    return Pack("forget", title, shown.day(today, lang), tr("forget-reader", lang), f"{today:%Y-%m}", today, lang, (section,))  # fmt: skip


def _of_file(known: Forgotten, name: str, data: bytes) -> bytes | None:
    try:
        return file_masked(name, data, known.masked)
    except OpaqueError:
        return None


def _clear(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            disk.unlink(path)


def _files(home: Path) -> Iterator[Path]:
    """Yield the files of a state home that people or their words may be in."""
    tops = sorted(p for p in home.iterdir() if p.name not in _KEPT) if home.is_dir() else []  # fmt: skip
    for top in tops:
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            is_plain = path.is_file() and not path.is_symlink()
            if is_plain and path.suffix not in _STORE and ".db-" not in path.name:
                yield path


def _outside(places: Sequence[Path], home: Path) -> Iterator[Path]:
    """Yield the files of places that are not in the state home."""
    for place in places:
        if not place.resolve().is_relative_to(home.resolve()):
            every = sorted(place.rglob("*")) if place.is_dir() else [place]
            yield from (p for p in every if p.is_file())


def _file(path: Path, known: Forgotten, found: Found, *, apply: bool) -> str:
    """Return the name a file has from now on; none when nobody is named in it."""
    target = path.with_name(known.masked(path.name))
    try:
        made = file_masked(path.name, path.read_bytes(), known.masked)
    except OpaqueError:
        made = None
        found.unread.append(path.as_posix())
    if made is None and target == path:
        return ""
    if apply and path.parent.name == LAYOUTS_READ:
        disk.unlink(path)  # called by what it says: the next reading writes it anew
    elif apply:
        if made is not None:
            disk.save(path, made)
        if target != path:
            disk.rename(path, target)
    return target.as_posix()


def _is_named(draft: Draft, known: Forgotten) -> bool:
    """Whether a message is to, or tells of, somebody who was forgotten."""
    message = draft.message()
    texts = [str(value) for value in message.values()]
    for part in message.walk():
        name = part.get_filename() or ""
        texts.append(name)
        if part.is_multipart():
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            charset = part.get_content_charset("utf-8")
            text = data.decode(charset, "replace") if part.get_content_maintype() == "text" else ""  # fmt: skip
            texts.append(text)
            if name and _of_file(known, name, data) is not None:
                return True
    return any(known.masked(text) != text for text in texts)
