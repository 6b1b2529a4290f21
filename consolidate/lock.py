"""A lock between runs that dies with its holder: no file left behind means anything."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_HELD = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})


class LockedError(Exception):
    """Another process holds the lock."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file, made for it (its folder too) and removed after.

    A file system without locks lets everybody in: most network shares have them.

    Raises:
        LockedError: Another process holds it.
        OSError: The file cannot be made.
    """
    handle = _acquired(path)
    try:
        yield
    finally:
        # Removed while it is held, so that nobody removes another's; Windows removes
        # no open file, and there the order is the other way round.
        if sys.platform != "win32":
            path.unlink(missing_ok=True)
        os.close(handle)
        if sys.platform == "win32":
            with suppress(OSError):
                path.unlink()


def _acquired(path: Path) -> int:
    while True:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            continue  # its last holder removed the folder in between
        try:
            _lock(handle)
        except OSError as err:
            if err.errno in _HELD:
                os.close(handle)
                raise LockedError(str(path)) from None
        if _is(path, handle):
            return handle
        os.close(handle)  # its last holder removed it in between


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 (Windows only)

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 (POSIX only)

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except OSError:
        return False
