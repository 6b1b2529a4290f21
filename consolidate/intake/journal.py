"""The journal: what happened to every delivery, one line an event, each chained on the last.

    {"n":1,"at":"2026-11-03T08:15:00Z","event":"received",…,"prev":"<hash>","hash":"<hash>"}

``hash`` is the SHA-256 of the line without it; ``prev`` is the hash of the line before.
A line is on the disk when ``append`` returns. What a crash tore off the end is cut by the
next append, and kept beside (``journal.torn``); a line that is wrong with others after it
is no accident of that kind, and stops everything until a person has looked.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from consolidate.model import disk
from consolidate.model.error import ConsolidateError
from consolidate.model.lock import LockedError, locked
from consolidate.wording import tr

Fields: TypeAlias = Mapping[str, Any]
"""Facts of an event: texts, numbers, booleans, None, and lists of them."""

_OURS = frozenset({"n", "at", "event", "prev", "hash"})
_START = "0" * 64
_WAIT = 30.0
_SPOILED_END = re.compile(rb'"hash":"[0-9a-f]{64}"\}[^\0]\Z')
"""Of a whole line whose line feed has become something else."""


class JournalError(ConsolidateError):
    """A line of the journal is not what was written, or it cannot be had.

    Attributes:
        line: Its number, 0 when it is not about one.
    """

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True, slots=True)
class Entry:
    """One event.

    Attributes:
        n: Its number, from 1: also its line.
        at: When, UTC, ``2026-11-03T08:15:00Z``.
        event: What, a code.
        fields: Its facts.
        hash: Of its line; names the journal up to here.
    """

    n: int
    at: str
    event: str
    fields: Fields
    hash: str = field(default="", repr=False)


@dataclass(slots=True)
class _Tail:
    """How far the journal was read: lines, bytes, and the hash of the last."""

    n: int = 0
    size: int = 0
    hash: str = _START


class Journal:
    """Events in one file, added by one process at a time.

    Attributes:
        path: The file; made with the first event.
        lang: Language of what is told when it is broken.
    """

    def __init__(self, path: Path, lang: str = "fr") -> None:
        self.path = path
        self.lang = lang
        self._tail = _Tail()
        self._heard = _Tail()

    def append(self, at: str, event: str, **fields: Any) -> int:
        """Add an event, through to the disk; return its number.

        Raises:
            JournalError: A line in the middle is broken.
            OSError: It could not be written: it did not happen.
        """
        return self.append_all(at, [(event, fields)])

    def append_all(self, at: str, events: Iterable[tuple[str, Fields]]) -> int:
        """Add events at once, with one wait for the disk; return the last one's number.

        After a crash the first of them may be there without the others.
        """
        told = list(events)
        disk.make_folder(self.path.parent)
        with self._alone():
            is_new = not self.path.exists()
            handle = disk.open_end(self.path)
            try:
                self._catch_up(handle)
                tail = _Tail(self._tail.n, self._tail.size, self._tail.hash)
                lines = b"".join(_line(tail, at, event, given) for event, given in told)
                if lines:
                    disk.write(handle, lines)
                    disk.sync(handle)
                    self._tail = tail
            finally:
                os.close(handle)
            if is_new:
                disk.sync_folder(self.path.parent)
        return tail.n

    def entries(self) -> Iterator[Entry]:
        """Yield the events in order; one being written right now is left out.

        Raises:
            JournalError: A line is broken, told by its number; those before are yielded.
        """
        tail = _Tail()
        lines = self._read()
        for number, line in enumerate(lines):
            entry = _entry(line, tail)
            if entry is None:
                if _is_torn(lines[number:]):
                    return
                raise self._broken(number + 1)
            yield entry

    def told(self, about: str) -> Iterator[Entry]:
        """Yield the events whose names begin with some text, each as it was written.

        The lines between are not looked at, nor the chain: appending and ``check`` do.

        Args:
            about: In ASCII, as names of events are.
        """
        wanted = f'"event":"{about}'.encode("ascii")
        for line in self._read():
            if wanted in line and (entry := _alone(line)) is not None:
                yield entry

    def news(self) -> list[Entry]:
        """Return the events since the last call, all of them at the first.

        Raises:
            JournalError: A line is broken.
        """
        lines = self._read(self._heard.size)
        found: list[Entry] = []
        for number, line in enumerate(lines):
            entry = _entry(line, self._heard)
            if entry is None:
                if _is_torn(lines[number:]):
                    break
                raise self._broken(self._heard.n + 1)
            found.append(entry)
        return found

    def check(self) -> int | None:
        """Return the number of the first line that is not as it was written.

        The end that a crash tore off counts as one, until the next append cuts it.
        """
        if not self.path.exists():
            return None
        tail = _Tail()
        with self._alone():
            lines = self._read()
        for number, line in enumerate(lines, start=1):
            if _entry(line, tail) is None:
                return number
        return None

    def _alone(self) -> AbstractContextManager[None]:
        return waited(self.path.with_suffix(".lock"), self.lang)

    def _read(self, start: int = 0) -> list[bytes]:
        try:
            with self.path.open("rb") as file:
                file.seek(start)
                return file.read().splitlines(keepends=True)
        except FileNotFoundError:
            return []

    def _broken(self, number: int) -> JournalError:
        text = tr("journal-broken", self.lang, path=self.path, line=number)
        return JournalError(text, number)

    def _catch_up(self, handle: int) -> None:
        """Check what others added since the last look, and cut a torn end."""
        size = os.fstat(handle).st_size
        if size < self._tail.size:
            raise self._broken(self._tail.n)
        os.lseek(handle, self._tail.size, os.SEEK_SET)
        with os.fdopen(os.dup(handle), "rb") as file:
            lines = file.read().splitlines(keepends=True)
        for number, line in enumerate(lines):
            if _entry(line, self._tail) is not None:
                continue
            torn = b"".join(lines[number:])
            if not _is_torn(lines[number:]):
                raise self._broken(self._tail.n + 1)
            self._cut(handle, torn)
            return

    def _cut(self, handle: int, torn: bytes) -> None:
        beside = disk.open_end(self.path.with_suffix(".torn"))
        try:
            disk.write(beside, torn)
            disk.sync(beside)
        finally:
            os.close(beside)
        disk.truncate(handle, self._tail.size)
        disk.sync(handle)


@contextmanager
def waited(path: Path, lang: str) -> Iterator[None]:
    """Hold a lock of the state home, waited for: its holders hold it for moments.

    Raises:
        JournalError: Somebody held it for all that time.
    """
    with ExitStack() as held:
        try:
            held.enter_context(locked(path, _WAIT))
        except LockedError as err:
            text = tr("journal-locked", lang, path=path, pid=err.pid)
            raise JournalError(text) from None
        yield


def _line(tail: _Tail, at: str, event: str, fields: Fields) -> bytes:
    """Return the next line, and move the tail behind it."""
    if clash := _OURS & fields.keys():
        raise ValueError(f"{sorted(clash)}: names of the journal's own")
    known = {"n": tail.n + 1, "at": at, "event": event, **fields, "prev": tail.hash}
    digest = hashlib.sha256(_text(known)).hexdigest()
    line = _text({**known, "hash": digest}) + b"\n"
    tail.n, tail.size, tail.hash = tail.n + 1, tail.size + len(line), digest
    return line


def _text(known: Fields) -> bytes:
    """Return facts as they are written: in ASCII, whatever a name holds."""
    return json.dumps(known, separators=(",", ":")).encode("ascii")


def _entry(line: bytes, tail: _Tail) -> Entry | None:
    """Return the event of a line and move the tail behind it; None when it is broken."""
    try:
        known = json.loads(line)
        digest = known.pop("hash")
        is_whole = line == _text({**known, "hash": digest}) + b"\n"
        is_next = (known.pop("n"), known.pop("prev")) == (tail.n + 1, tail.hash)
        text = _text({"n": tail.n + 1, **known, "prev": tail.hash})
        at, event = known.pop("at"), known.pop("event")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if not (is_whole and is_next and hashlib.sha256(text).hexdigest() == digest):
        return None
    tail.n, tail.size, tail.hash = tail.n + 1, tail.size + len(line), digest
    return Entry(tail.n, at, event, known, digest)


def _alone(line: bytes) -> Entry | None:
    """Return the event of a line by itself; None when it is broken."""
    try:
        known = json.loads(line)
        before = _Tail(known["n"] - 1, 0, known["prev"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return _entry(line, before)


def _is_torn(lines: list[bytes]) -> bool:
    """Return whether what is wrong at the end is what a crash leaves of a last write.

    That is a line without its end, or blocks that never reached the disk and read as
    zeros. A line that was whole once was changed by somebody or by the disk.
    """
    rest = b"".join(lines)
    return b"\n" not in rest and not _SPOILED_END.search(rest)
