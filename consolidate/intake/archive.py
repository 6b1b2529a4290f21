"""The archive: the bytes of every delivery, kept under their own hash, never changed.

    archive/ab/ab12…ef     0400

A file is written beside its place, through to the disk, and then given its name: one that
is there is whole.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from consolidate.model import disk
from consolidate.model.error import UnreadableWorkbookError

_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """What was archived: the hash of its bytes, and how many there are."""

    sha256: str
    size: int


class Archive:
    """Bytes by their SHA-256, in a folder.

    Attributes:
        folder: Where; made with the first file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(
        self, file: BinaryIO, check: Callable[[Kept], None] = lambda _: None
    ) -> Kept:
        """Archive the bytes of an open file, from where it stands, through to the disk.

        What is kept already is written again: that heals a copy that the disk spoiled.

        Args:
            file: Where they are.
            check: Called once they are copied, before they get their name: what it
                raises leaves nothing kept.

        Raises:
            OSError: It could not be archived; nothing under its hash has changed.
            UnreadableWorkbookError: ``no-access``: it could not be read to its end.
        """
        disk.make_folder(self.folder)
        side = disk.side_path(self.folder)
        try:
            kept = _copied(file, side)
            check(kept)
            self._place(side, self.path(kept.sha256))
        except BaseException:
            with suppress(OSError):
                disk.unlink(side)
            raise
        return kept

    def _place(self, side: Path, target: Path) -> None:
        if not target.parent.is_dir():
            disk.make_folder(target.parent)
            disk.sync_folder(self.folder)
        try:
            disk.rename(side, target)
        except PermissionError:
            if not target.is_file():
                raise
            disk.unlink(side)  # Windows replaces no file that may not be written
        disk.sync_folder(target.parent)

    def path(self, sha256: str) -> Path:
        """Return where the bytes of a hash are or would be.

        Raises:
            ValueError: It is no SHA-256 in lower case hexadecimal.
        """
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self.folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Return whether the bytes of a hash are kept."""
        return self.path(sha256).is_file()

    def hashes(self) -> list[str]:
        """Return the hashes of all that is kept, in order."""
        found = self.folder.glob("[0-9a-f][0-9a-f]/*")
        return sorted(p.name for p in found if _SHA256.fullmatch(p.name))

    def spoiled(self) -> Iterator[str]:
        """Yield each hash whose bytes are no longer those that were kept."""
        for sha256 in self.hashes():
            try:
                with self.path(sha256).open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                found = ""
            if found != sha256:
                yield sha256

    def remove(self, sha256: str) -> None:
        """Remove the bytes of a hash for good; none there is well."""
        path = self.path(sha256)
        if path.parent.is_dir():
            disk.unlink(path)
            disk.sync_folder(path.parent)

    def adopt(self, other: Archive, sha256: str) -> None:
        """Move the bytes of a hash here from another archive on the same volume."""
        target = self.path(sha256)
        disk.make_folder(target.parent)
        disk.rename(other.path(sha256), target)
        disk.sync_folder(target.parent)
        disk.sync_folder(other.path(sha256).parent)


def _copied(file: BinaryIO, target: Path) -> Kept:
    digest = hashlib.sha256()
    size = 0
    handle = disk.create(target, 0o400)
    try:
        while chunk := _read(file):
            disk.write(handle, chunk)
            digest.update(chunk)
            size += len(chunk)
        disk.sync(handle)
    finally:
        os.close(handle)
    return Kept(digest.hexdigest(), size)


def _read(file: BinaryIO) -> bytes:
    try:
        return file.read(_CHUNK)
    except OSError as err:  # a share that went away, a disk that fails
        raise UnreadableWorkbookError("no-access", type(err).__name__) from None
