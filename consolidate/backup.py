"""Back the state home up into one file, and make it again from that file.

    manifest.json        what is in it: version, time, and the SHA-256 of every file
    portfolio.db         the store, as it was at one moment
    journal.jsonl        up to its last whole line
    archive/ab/…         every delivery the journal knows
    registers, layouts, decisions, outbox …

What can be made again (the cache), what says who works right now (locks) and what is to be
gone soon (originals that name patients, in quarantine) stay behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from consolidate import __version__
from consolidate.intake.mailroom import ARCHIVE
from consolidate.intake.scan import JOURNAL
from consolidate.model import disk
from consolidate.model.error import ConsolidateError, OutputError
from consolidate.wording import tr

MANIFEST = "manifest.json"
STORE = "portfolio.db"
_LEFT_OUT = frozenset({"cache", "heartbeat.json", "quarantine"})
_CHUNK = 1 << 20
_MANIFEST_BYTES = 64 * 2**20
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, KeyError),
    *(NotImplementedError, RuntimeError),
)
"""What zipfile raises of a file that is no longer what was written."""


class BackupError(ConsolidateError):
    """A backup cannot be made or is not what was written; says which file of it."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds.

    Attributes:
        files: SHA-256 and size of each file by its name, ``/`` between folders.
        at: When it was made, UTC.
        version: Version of consolidate that made it.
        store: ``inside``; ``elsewhere`` when months are kept on a server, which has
            backups of its own; ``none`` when there is no store yet.
    """

    files: Mapping[str, tuple[str, int]]
    at: str
    version: str
    store: str

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(size for _, size in self.files.values())


def backup(home: Path, store: Path | None, target: Path, at: str, lang: str) -> Backup:
    """Write a state home into one file, whole or not at all; it may be in use.

    Args:
        home: The state home.
        store: The SQLite file of the months; None when they are on a server.
        target: The file; one there is not replaced.
        at: When, UTC.
        lang: Of what is told.

    Raises:
        BackupError: There is nothing to back up, or the file exists.
        OutputError: It cannot be written.
    """
    if not home.is_dir():
        raise BackupError(tr("backup-no-home", lang, home=home))
    if target.exists():
        raise BackupError(tr("backup-exists", lang, path=target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as side:
            draft = Path(side) / "backup"
            os.close(disk.create(draft))
            made = _written(home, store, draft, at)
            disk.rename(draft, target)
        disk.sync_folder(target.parent)
    except OSError as err:
        text = tr("backup-unwritable", lang, path=target, why=err.strerror)
        raise OutputError(text) from None
    return made


def _written(home: Path, store: Path | None, draft: Path, at: str) -> Backup:
    files: dict[str, tuple[str, int]] = {}
    kept = "elsewhere" if store is None else "inside" if store.is_file() else "none"
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as book:
        # The journal first: what it tells of is in the archive before it tells so.
        journal = _whole_lines(home / JOURNAL)
        if journal:
            files[JOURNAL] = _add(book, JOURNAL, journal)
        if store is not None and store.is_file():
            copy = draft.with_name("store")
            _copy_store(store, copy)
            files[STORE] = _add(book, STORE, copy)
        for name, path in _others(home, store):
            # What is purged meanwhile is not backed up either.
            with suppress(FileNotFoundError):
                files[name] = _add(book, name, path)
        known = {n: {"sha256": h, "size": s} for n, (h, s) in sorted(files.items())}
        told = {"version": __version__, "at": at, "store": kept, "files": known}
        book.writestr(MANIFEST, json.dumps(told, ensure_ascii=False, indent=1))
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    return Backup(files, at, __version__, kept)


def _whole_lines(path: Path) -> bytes:
    """Return the journal up to its last whole line; another may be under way."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return b""
    return text[: text.rfind(b"\n") + 1]


def _copy_store(store: Path, copy: Path) -> None:
    """Copy an SQLite file as it is at one moment, whoever writes to it."""
    from consolidate.store import copy_file  # noqa: PLC0415 (heavy)

    copy_file(store, copy)


def _seal_store(path: Path) -> None:
    from consolidate.store import seal  # noqa: PLC0415 (heavy)

    if path.is_file():
        seal(path)


def _others(home: Path, store: Path | None) -> Iterator[tuple[str, Path]]:
    """Yield the other files of the home, by their names in the backup."""
    own = {home / JOURNAL, home / STORE, store}
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home)
        if name.parts[0] in _LEFT_OUT or path in own or path.is_symlink():
            continue
        if path.suffix in (".lock", ".tmp") or path.name.startswith(STORE):
            continue
        if path.is_file():
            yield name.as_posix(), path


def _add(book: zipfile.ZipFile, name: str, given: Path | bytes) -> tuple[str, int]:
    """Add a file; return the hash and size of what was added."""
    digest, size = hashlib.sha256(), 0
    # Workbooks are compressed already; a time of day would tell nothing.
    info = zipfile.ZipInfo(name)
    stored = name.startswith(f"{ARCHIVE}/")
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with book.open(info, "w", force_zip64=True) as out:
        for chunk in _chunks(given):
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def _chunks(given: Path | bytes) -> Iterator[bytes]:
    if isinstance(given, bytes):
        yield given
        return
    with given.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def check(file: Path, lang: str) -> Backup:
    """Return what a backup holds, every byte of it compared with its hash.

    Raises:
        BackupError: It is no backup, or a file of it is not what was written.
    """
    with _opened(file, lang) as book:
        told = _manifest(book, file, lang)
        for name, (sha256, _) in told.files.items():
            digest = hashlib.sha256()
            for chunk in _bytes_of(book, name, file, lang):
                digest.update(chunk)
            if digest.hexdigest() != sha256:
                raise _spoiled(name, file, lang)
    return told


def restore(file: Path, home: Path, lang: str) -> Backup:
    """Make a state home from a backup: all of it, or nothing.

    Raises:
        BackupError: The backup is not what was written, or the home holds something.
        OutputError: It cannot be written.
    """
    told = check(file, lang)
    try:
        if home.exists() and any(home.iterdir()):
            raise BackupError(tr("restore-not-empty", lang, home=home))
        disk.make_folder(home.parent)
        side = Path(tempfile.mkdtemp(prefix=".restore-", dir=home.parent))
        with _opened(file, lang) as book:
            for name in told.files:
                _extract(book, name, side, file, lang)
        _seal_store(side / STORE)
        if home.exists():
            home.rmdir()
        disk.rename(side, home)
        disk.sync_folder(home.parent)
    except OSError as err:
        text = tr("backup-unwritable", lang, path=home, why=err.strerror)
        raise OutputError(text) from None
    return told


def _extract(
    book: zipfile.ZipFile, name: str, side: Path, file: Path, lang: str
) -> None:
    target = side.joinpath(*PurePosixPath(name).parts)
    disk.make_folder(target.parent)
    mode = 0o400 if name.startswith(f"{ARCHIVE}/") else 0o600
    handle = disk.create(target, mode)
    try:
        for chunk in _bytes_of(book, name, file, lang):
            disk.write(handle, chunk)
        disk.sync(handle)
    finally:
        os.close(handle)


def _opened(file: Path, lang: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile):
        raise BackupError(tr("backup-unreadable", lang, path=file)) from None


def _bytes_of(
    book: zipfile.ZipFile, name: str, file: Path, lang: str
) -> Iterator[bytes]:
    try:
        with book.open(name) as member:
            while chunk := member.read(_CHUNK):
                yield chunk
    except _BROKEN:
        raise _spoiled(name, file, lang) from None


def _manifest(book: zipfile.ZipFile, file: Path, lang: str) -> Backup:
    try:
        with book.open(MANIFEST) as member:
            told = json.loads(member.read(_MANIFEST_BYTES))
        files = {
            str(name): (str(of["sha256"]), int(of["size"]))
            for name, of in told["files"].items()
        }
        made = Backup(files, str(told["at"]), str(told["version"]), str(told["store"]))
    except (*_BROKEN, ValueError, TypeError, AttributeError):
        raise BackupError(tr("backup-unreadable", lang, path=file)) from None
    if unknown := next((n for n in files if not _is_safe(n)), None):
        raise _spoiled(unknown, file, lang)
    return made


def _is_safe(name: str) -> bool:
    """Return whether a name stays inside the folder it is unpacked in."""
    path = PurePosixPath(name)
    odd = "\\" in name or ":" in name or "\0" in name
    return bool(path.parts) and not (odd or path.is_absolute() or ".." in path.parts)


def _spoiled(name: str, file: Path, lang: str) -> BackupError:
    return BackupError(tr("backup-spoiled", lang, path=file, name=name))
