"""Read the members of a zip file within caps; names in it are labels, never paths."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from consolidate.model.error import UnreadableWorkbookError

MOST_ENTRIES = 10_000
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_RATIO, _RATIO_FROM = 250, 32 << 20
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a zip file.

    Attributes:
        name: As written in the zip.
        size: As declared there; not to be trusted.
        content: Inflates it.
        reason: Why it is not opened; empty when it may be.
    """

    name: str
    size: int
    content: Callable[[], bytes]
    reason: str = ""


def read_zip(file: BinaryIO, most: int) -> Iterator[Member]:
    """Yield the files of a zip in its order, folders left out.

    Args:
        file: Open at its start.
        most: Largest member inflated, in bytes.

    Raises:
        UnreadableWorkbookError: ``encrypted`` when all of it is, ``damaged``, or
            ``too-large`` when it has too many entries.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir()]
            if len(infos) > MOST_ENTRIES:
                raise UnreadableWorkbookError("too-large", "entries")
            if infos and all(i.flag_bits & _ENCRYPTED for i in infos):
                raise UnreadableWorkbookError("encrypted")
            for info in infos:
                content = partial(_inflate, archive, info, most)
                yield Member(info.filename, info.file_size, content)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError):
        raise UnreadableWorkbookError("damaged", "zip") from None


def _inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """Return a member's bytes, refusing bombs by what comes out, not by what is declared."""
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableWorkbookError("encrypted")
    if info.compress_type not in _METHODS:
        raise UnreadableWorkbookError("damaged", "compression")
    if info.file_size > most:
        raise UnreadableWorkbookError("too-large", "member")
    chunks: list[bytes] = []
    total = 0
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                chunks.append(chunk)
                total += len(chunk)
                packed = max(info.compress_size, 1)
                if total > most or (total > _RATIO_FROM and total > _RATIO * packed):
                    raise UnreadableWorkbookError("too-large", "member")
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
    ):
        raise UnreadableWorkbookError("damaged", "member") from None
    return b"".join(chunks)
