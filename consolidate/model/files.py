"""Open received files safely: regular files only, no links, no waiting, sizes capped."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from consolidate.model.error import UnreadableWorkbookError

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOINHERIT", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
)
_CHUNK = 1 << 20


@contextmanager
def open_regular(path: Path, most: int) -> Iterator[tuple[BinaryIO, os.stat_result]]:
    """Open a received file and give it with its state.

    Args:
        path: The file; neither a link nor a device, pipe or folder.
        most: Largest size read, in bytes.

    Raises:
        UnreadableWorkbookError: ``vanished``, ``no-access``, ``not-a-workbook`` (no
            regular file), ``empty`` or ``too-large``.
    """
    try:
        handle = os.open(path, _FLAGS)
    except FileNotFoundError:
        raise UnreadableWorkbookError("vanished") from None
    except (OSError, ValueError) as err:
        reason = "not-a-workbook" if path.is_symlink() else "no-access"
        raise UnreadableWorkbookError(reason, type(err).__name__) from None
    try:
        with os.fdopen(handle, "rb") as file:
            yield file, _checked(os.fstat(file.fileno()), most)
    except OSError as err:
        # A share that went away, a disk that fails, a region locked by another program.
        raise UnreadableWorkbookError("no-access", type(err).__name__) from None


def _checked(state: os.stat_result, most: int) -> os.stat_result:
    if not stat.S_ISREG(state.st_mode):
        raise UnreadableWorkbookError("not-a-workbook", "no regular file")
    if state.st_size > most:
        raise UnreadableWorkbookError("too-large", f"{state.st_size} bytes")
    if state.st_size == 0:
        raise UnreadableWorkbookError("empty", "0 bytes")
    return state


def hash_file(path: Path, most: int) -> tuple[str, os.stat_result]:
    """Return the SHA-256 of a file and its state, read without a change in between.

    Raises:
        UnreadableWorkbookError: As ``open_regular``, or ``changed`` while being read.
    """
    with open_regular(path, most) as (file, before):
        digest = hashlib.sha256()
        read = 0
        while chunk := _read(file, _CHUNK):
            digest.update(chunk)
            read += len(chunk)
            if read > before.st_size:
                break
        after = os.fstat(file.fileno())
        if read != before.st_size or _differs(before, after):
            raise UnreadableWorkbookError("changed")
    return digest.hexdigest(), after


def read_file(path: Path, *, size: int, sha256: str) -> bytes:
    """Return the bytes of a file that is still what it was when it was listed.

    Raises:
        UnreadableWorkbookError: As ``open_regular``, or ``changed`` since then.
    """
    try:
        with open_regular(path, size) as (file, _):
            data = _read(file, size + 1)
    except UnreadableWorkbookError as err:
        raise _changed(err) from None
    if len(data) != size or hashlib.sha256(data).hexdigest() != sha256:
        raise UnreadableWorkbookError("changed")
    return data


def utc(timestamp: float) -> str:
    """Return a time as ``2026-11-03T08:15:00Z``; empty when no calendar holds it."""
    try:
        moment = datetime.fromtimestamp(int(timestamp), UTC)
    except (OverflowError, OSError, ValueError):
        return ""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment.year >= 1000 else ""


def _changed(err: UnreadableWorkbookError) -> UnreadableWorkbookError:
    """Return the error for a file that was fine when it was listed."""
    if err.reason in {"too-large", "empty", "not-a-workbook"}:
        return UnreadableWorkbookError("changed", err.detail)
    return err


def _read(file: BinaryIO, most: int) -> bytes:
    return file.read(most)


def is_still(path: Path, size: int) -> bool:
    """Whether a file is there and has the size it had when it was listed."""
    try:
        return path.lstat().st_size == size
    except OSError:
        return False


def _differs(before: os.stat_result, after: os.stat_result) -> bool:
    return (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns)
