"""Look at a zip before any reader does: bombs, traps and lies are refused here."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from consolidate.model.error import UnreadableWorkbookError

_MOST_BYTES = 100_000_000
_MOST_ENTRIES = 10_000
_MOST_PART = 512 << 20
_MOST_TOTAL = 1 << 30
_MOST_RATIO = 250
_RATIO_FROM = 32 << 20
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_COUNT = re.compile(rb'\buniqueCount="(\d+)"')
_HEAD = 2048


def preflight(data: bytes) -> None:
    """Refuse a zipped workbook that would harm who reads it.

    Raises:
        UnreadableWorkbookError: It is too large once unpacked, encrypted, or made wrong
            in a way that readers disagree on.

    Source:
        Limits hold every real workbook met by far, and stop every bomb: entries, size of
        a part and of all, ratio above 32 MB, two methods, names that differ only by case.
    """
    if len(data) > _MOST_BYTES:
        raise UnreadableWorkbookError("too-large", "file")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError) as err:
        raise UnreadableWorkbookError("damaged", type(err).__name__) from err
    except (NotImplementedError, RuntimeError) as err:
        raise UnreadableWorkbookError("damaged", type(err).__name__) from err


def _check(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise UnreadableWorkbookError("too-large", "entries")
    names = [e.filename.replace("\\", "/").casefold() for e in entries]
    if len(set(names)) < len(names):
        raise UnreadableWorkbookError("damaged", "two parts of one name")
    if any(n.startswith("/") or ".." in n.split("/") for n in names):
        raise UnreadableWorkbookError("damaged", "a part outside")
    total = 0
    for entry in entries:
        if entry.flag_bits & 1:
            raise UnreadableWorkbookError("encrypted")
        if entry.compress_type not in _METHODS:
            raise UnreadableWorkbookError("damaged", "method")
        total += entry.file_size
        ratio = entry.file_size / max(1, entry.compress_size)
        if entry.file_size > _MOST_PART or total > _MOST_TOTAL:
            raise UnreadableWorkbookError("too-large", "unpacked")
        if entry.file_size > _RATIO_FROM and ratio > _MOST_RATIO:
            raise UnreadableWorkbookError("too-large", "ratio")
        if entry.filename.endswith((".xml", ".rels")):
            _check_head(archive, entry)


def _check_head(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse a document type, and a count of shared strings that the part cannot hold."""
    shared = entry.filename.lower().endswith("sharedstrings.xml")
    if not shared and not entry.filename.startswith("xl/worksheets/"):
        return
    with archive.open(entry) as part:
        head = part.read(_HEAD)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise UnreadableWorkbookError("damaged", "document type")
    if shared and any(int(n) > max(entry.file_size, 64) for n in _COUNT.findall(head)):
        raise UnreadableWorkbookError("damaged", "count of strings")
