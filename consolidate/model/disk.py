"""Every step by which state reaches the disk, one function each.

Whoever keeps state calls them as ``disk.write(...)``: what a disk can do wrong (be full,
fail, tear a write, lose power between two steps) happens in one of ``STEPS``, and a test
can make it happen there.
"""

from __future__ import annotations

import errno
import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path

STEPS = (
    *("make_folder", "create", "open_end", "write", "truncate"),
    *("sync", "sync_folder", "rename", "unlink"),
)
"""Names of the functions that each take one step."""

_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF})


def make_folder(path: Path) -> None:
    """Make a folder for its owner alone, and those above it, where missing."""
    if not path.parent.exists():
        make_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)


def create(path: Path, mode: int = 0o600) -> int:
    """Make a new file, to be written by who makes it.

    Raises:
        FileExistsError: There is one.
    """
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode)


def open_end(path: Path) -> int:
    """Open a file to read all of it and to write at its end; made where missing."""
    return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _BINARY, 0o600)


def write(handle: int, data: bytes) -> None:
    """Write all of it."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def truncate(handle: int, size: int) -> None:
    """Cut a file to a size."""
    os.ftruncate(handle, size)


def sync(handle: int) -> None:
    """Write a file through to the disk; some shares sync nothing, and say so."""
    try:
        os.fsync(handle)
    except OSError as err:
        if err.errno not in _NO_SYNC:
            raise


def sync_folder(path: Path) -> None:
    """Write the names in a folder through to the disk; Windows does it by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        sync(handle)
    finally:
        os.close(handle)


def rename(source: Path, target: Path) -> None:
    """Give a file its name at once; what bore it is replaced."""
    source.replace(target)


def unlink(path: Path) -> None:
    """Remove a file; none there is well."""
    if sys.platform == "win32":
        with suppress(OSError):
            path.chmod(0o600)  # a file that may not be written is not removed there
    path.unlink(missing_ok=True)


def side_path(folder: Path) -> Path:
    """Return the path of a new file under way in a folder; ``tidy`` knows its name."""
    return folder / f".{secrets.token_hex(8)}.tmp"


def tidy(folder: Path, before: float) -> None:
    """Remove the files under way that nobody has written to since a time: a crash left them."""
    for path in folder.glob(".*.tmp"):
        with suppress(OSError):
            if path.stat().st_mtime < before:
                unlink(path)


def save(path: Path, data: bytes, mode: int = 0o600, *, is_kept: bool = True) -> None:
    """Write a file whole or not at all, through to the disk; one there is replaced.

    Args:
        path: Where to.
        data: All of it.
        mode: Who may read and write it.
        is_kept: Whether it shall outlive a loss of power; what can be made anew need not.

    Raises:
        OSError: It could not be; what was there still is.
    """
    make_folder(path.parent)
    side = side_path(path.parent)
    try:
        handle = create(side, mode)
        try:
            write(handle, data)
            if is_kept:
                sync(handle)
        finally:
            os.close(handle)
        rename(side, path)
    except BaseException:
        with suppress(OSError):
            unlink(side)
        raise
    if is_kept:
        sync_folder(path.parent)
