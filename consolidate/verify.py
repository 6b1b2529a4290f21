"""Compare all that is kept and published with the hashes it was written with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from consolidate.intake.journal import JournalError
from consolidate.intake.mailroom import Mailroom
from consolidate.model.output import SUMS_FILE
from consolidate.wording import tr

Part: TypeAlias = Literal["journal", "archive", "store", "output"]
REMOVED = frozenset({"purged", "quarantined"})
"""Events of the journal that say why a workbook is no longer in the archive."""
_SIGNS = 16
PARTS: tuple[Part, ...] = ("journal", "archive", "store", "output")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not what was written.

    Attributes:
        part: Of what is kept.
        path: The file.
        told: What is wrong with it.
        remedy: What to do.
        is_grave: Whether something changed, not only that nobody can say.
    """

    part: Part
    path: Path
    told: str
    remedy: str
    is_grave: bool = True


@dataclass(slots=True)
class Checked:
    """How many files of each part were compared, and the journal's head; filled meanwhile."""

    journal: int = 0
    archive: int = 0
    store: int = 0
    output: int = 0
    head: str = ""


def verify(
    home: Path, store: Path | None, outputs: Sequence[Path], lang: str, count: Checked
) -> Iterator[Fault]:
    """Yield whatever is not as it was written.

    Args:
        home: The state home.
        store: SQLite file of the months; None when they are on a server, which checks
            its own pages.
        outputs: Published folders.
        lang: Of what is told.
        count: Is told how much was compared.
    """
    room = Mailroom(home, lang)
    yield from _journal(room, lang, count)
    yield from _archive(room, lang, count)
    if store is not None:
        yield from _store(store, lang, count)
    for folder in outputs:
        yield from _output(folder, lang, count)


def _fault(part: Part, path: Path, case: str, lang: str, **told: object) -> Fault:
    key = f"verify-{part}-{case}"
    text, remedy = tr(key, lang, path=path, **told), tr(f"{key}-do", lang)
    return Fault(part, path, text, remedy, case != "unsealed")


def _journal(room: Mailroom, lang: str, count: Checked) -> Iterator[Fault]:
    journal = room.journal
    if not journal.path.is_file():
        return
    count.journal = 1
    line = journal.check()
    if line is not None:
        yield _fault("journal", journal.path, "changed", lang, line=line)
        return
    for entry in journal.entries():
        count.head = entry.hash[:_SIGNS]


def cut_off(home: Path, head: str, lang: str) -> list[Fault]:
    """Return that the journal has lost its end, when a head noted before is not in it.

    Args:
        home: The state home.
        head: As ``verify`` told it then; nothing is looked for when it is empty.
        lang: Of what is told.
    """
    journal = Mailroom(home, lang).journal
    try:
        is_there = any(
            entry.hash.startswith(head.lower()) for entry in journal.entries()
        )
    except JournalError:
        return []  # told already
    if not head or is_there:
        return []
    return [_fault("journal", journal.path, "cut", lang, head=head)]


def _archive(room: Mailroom, lang: str, count: Checked) -> Iterator[Fault]:
    kept = room.archive.hashes()
    count.archive = len(kept) + len(room.quarantine.hashes())
    for place in (room.archive, room.quarantine):
        for sha256 in place.spoiled():
            yield _fault("archive", place.path(sha256), "changed", lang)
    try:
        known = {
            item.sha256: item.name
            for item in room.ledger()
            if item.sha256 and not item.parent
        }
        gone = {
            str(entry.fields.get("sha256"))
            for entry in room.journal.entries()
            if entry.event in REMOVED
        }
    except JournalError:
        return  # told already
    for sha256 in sorted(known.keys() - set(kept) - gone):
        path = room.archive.path(sha256)
        yield _fault("archive", path, "missing", lang, name=known[sha256])


def _store(path: Path, lang: str, count: Checked) -> Iterator[Fault]:
    from consolidate.store import soundness  # noqa: PLC0415 (heavy)

    found = soundness(path)
    count.store = int(found != "none")
    if found not in ("sound", "none"):
        yield _fault("store", path, found, lang)


def _output(folder: Path, lang: str, count: Checked) -> Iterator[Fault]:
    sums = folder / SUMS_FILE
    try:
        lines = sums.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        yield _fault("output", sums, "unsealed", lang)
        return
    for line in lines:
        told, _, name = line.partition("  ")
        path = folder / name
        inside = path.resolve().is_relative_to(folder.resolve())
        if not (name and inside):
            yield _fault("output", sums, "changed", lang)
            continue
        count.output += 1
        if not path.is_file():
            yield _fault("output", path, "missing", lang)
        elif _hash(path) != told:
            yield _fault("output", path, "changed", lang)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
