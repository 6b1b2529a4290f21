"""A lock between runs that dies with its holder: no file left behind means anything."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_HELD = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})
_BEAT = 0.05
_FAR = 1 << 30
"""Where Windows locks: a locked byte cannot be read, and the file says who holds it."""


class LockedError(Exception):
    """Another process holds the lock.

    Attributes:
        pid: Its number, 0 when it is not known.
    """

    def __init__(self, path: Path, pid: int = 0) -> None:
        super().__init__(str(path))
        self.pid = pid


@contextmanager
def locked(
    path: Path, wait: float = 0.0, sleep: Callable[[float], None] = time.sleep
) -> Iterator[None]:
    """Hold an exclusive lock on a file, made for it (its folder too) and removed after.

    A file system without locks lets everybody in: most network shares have them.

    Args:
        path: The file; it holds the number of the process that has the lock.
        wait: Seconds to wait for another holder.
        sleep: Waits.

    Raises:
        LockedError: Another process still holds it.
        OSError: The file cannot be made.
    """
    handle = _acquired(path, wait, sleep)
    try:
        yield
    finally:
        # Removed while it is held, so that nobody removes another's; Windows removes
        # no open file, and there the order is the other way round.
        # One that stays means nothing.
        if sys.platform != "win32":
            with suppress(OSError):
                path.unlink()
        os.close(handle)
        if sys.platform == "win32":
            with suppress(OSError):
                path.unlink()


def _acquired(path: Path, wait: float, sleep: Callable[[float], None]) -> int:
    waited = 0.0
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
                pid = _holder(handle)
                os.close(handle)
                if waited >= wait:
                    raise LockedError(path, pid) from None
                sleep(_BEAT)
                waited += _BEAT
                continue
        if _is(path, handle):
            _sign(handle)
            return handle
        os.close(handle)  # its last holder removed it in between


def _sign(handle: int) -> None:
    """Write who holds the lock; a disk too full for that changes nothing."""
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, str(os.getpid()).encode("ascii"))


def _holder(handle: int) -> int:
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        return int(os.read(handle, 20) or b"0")
    except (OSError, ValueError):
        return 0


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 (Windows only)

        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 (POSIX only)

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except OSError:
        return False
