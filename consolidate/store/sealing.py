"""The seal of an SQLite store: the hash of its file as the last run left it.

    portfolio.db.sha256        as ``sha256sum --check`` reads it

It is taken off before a run writes and put on after: a store without one was being
written when something stopped, and the next run seals it again. A seal that does not fit
means that something else than consolidate changed the file.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import quote

from consolidate.model import disk

Soundness: TypeAlias = Literal["sound", "unsealed", "changed", "damaged", "none"]


def seal(path: Path) -> None:
    """Write the hash of a store beside it, as it is between two runs."""
    with suppress(OSError, sqlite3.Error), _only_read(path) as own:
        # While somebody reads, nobody else's changes reach the file.
        own.execute("BEGIN")
        own.execute("SELECT count(*) FROM sqlite_master").fetchone()
        disk.save(_place(path), _line(path))


def unseal(path: Path) -> None:
    """Take the seal off a store that is about to change."""
    disk.unlink(_place(path))


def soundness(path: Path) -> Soundness:
    """Return whether a store is as the last run left it, and whole."""
    if not path.is_file():
        return "none"
    if not is_sound(path):
        return "damaged"
    try:
        told = _place(path).read_bytes()
    except FileNotFoundError:
        return "unsealed"
    except OSError:
        return "changed"
    return "sound" if told == _line(path) else "changed"


def is_sound(path: Path) -> bool:
    """Return whether SQLite finds a file whole."""
    try:
        with _only_read(path) as own:
            (told,) = own.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error:
        return False
    return bool(told == "ok")


def copy_file(source: Path, target: Path) -> None:
    """Copy a store as it is at one moment, whoever writes to it meanwhile."""
    with _only_read(source) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _only_read(path: Path) -> closing[sqlite3.Connection]:
    url = f"file:{quote(str(path))}?mode=ro"
    return closing(sqlite3.connect(url, uri=True, isolation_level=None))


def _place(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _line(path: Path) -> bytes:
    return f"{_hash(path)}  {path.name}\n".encode()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
