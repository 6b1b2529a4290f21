"""Look at a zip before any reader does: bombs, traps and lies are refused here."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from consolidate.model.error import UnreadableWorkbookError

MOST_BYTES = 100_000_000
MOST_ENTRIES = 10_000
MOST_PART = 512 << 20
MOST_TOTAL = 1 << 30
MOST_RATIO = 250
RATIO_FROM = 32 << 20
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# Not ``count``: one text shown in a thousand cells counts a thousand times.
_COUNT = re.compile(rb"\buniqueCount\s*=\s*[\"'](\d+)")
_HEAD = 2048
_DRIVE = re.compile(r"[a-z]:")
_NOT_READ = ("xl/drawings/", "xl/charts/", "xl/diagrams/", "xl/media/")
_ODS = frozenset({"content.xml", "styles.xml"})
_LAST_ROW, _LAST_COL = 1_048_576, 16_384
_IN_TAG = rb"<(?:\w+:)?(?:c|row)\s(?:[^<>]*?\s)?r\s*=\s*[\"']"
_USUAL_COL, _USUAL_ROW = re.compile(rb'<c r="([A-Z]+)'), re.compile(rb'<row r="(\d+)')
_USUAL_ROW_OF = re.compile(rb'<c r="[A-Z]*(\d+)')
_COL_OF = re.compile(_IN_TAG + rb"([A-Z]+)\d")
_ROW_OF = re.compile(_IN_TAG + rb"[A-Z]*(\d+)")
_BROKEN = re.compile(rb"<c[\t\r\n]|:(?:c[\t\r\n/>]|row\b)")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_FAR = re.compile(rb' r="(?:[A-Z]{3}|[A-Z]{0,2}\d{6})')


def preflight(data: bytes) -> None:
    """Refuse a zipped workbook that would harm who reads it.

    Raises:
        UnreadableWorkbookError: It is too large once unpacked, encrypted, or made wrong
            in a way that readers disagree on.

    Source:
        Limits hold every real workbook met by far, and stop every bomb: entries, size of
        a part and of all, ratio above 32 MB, two methods, names that differ only by case.
    """
    if len(data) > MOST_BYTES:
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
    if len(entries) > MOST_ENTRIES:
        raise UnreadableWorkbookError("too-large", "entries")
    names = [e.filename.replace("\\", "/").casefold() for e in entries]
    if len(set(names)) < len(names):
        raise UnreadableWorkbookError("damaged", "two parts of one name")
    if any(_is_outside(n) for n in names):
        raise UnreadableWorkbookError("damaged", "a part outside")
    total = 0
    for entry in entries:
        if entry.flag_bits & 1:
            raise UnreadableWorkbookError("encrypted")
        if entry.compress_type not in _METHODS:
            raise UnreadableWorkbookError("damaged", "method")
        total += entry.file_size
        ratio = entry.file_size / max(1, entry.compress_size)
        if entry.file_size > MOST_PART or total > MOST_TOTAL:
            raise UnreadableWorkbookError("too-large", "unpacked")
        if entry.file_size > RATIO_FROM and ratio > MOST_RATIO:
            raise UnreadableWorkbookError("too-large", "ratio")
        if entry.filename.endswith((".xml", ".rels")):
            _check_head(archive, entry)


def _is_outside(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/") or bool(_DRIVE.match(name))


def _check_head(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse a document type, and a count of shared strings that the part cannot hold."""
    name = entry.filename.lower()
    shared = name.endswith("sharedstrings.xml")
    ours = name.startswith("xl/") and not name.startswith(_NOT_READ)
    if not shared and not ours and name not in _ODS:
        return
    with archive.open(entry) as part:
        head = part.read(_HEAD).replace(b"\0", b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise UnreadableWorkbookError("damaged", "document type")
    if shared and any(int(n) > max(entry.file_size, 64) for n in _COUNT.findall(head)):
        raise UnreadableWorkbookError("damaged", "count of strings")


def may_reach_far(xml: bytes) -> bool:
    """Whether references of a sheet, in the usual order, look long enough to be far."""
    return bool(_FAR.search(xml))


def sheet_extent(xml: bytes) -> tuple[int, int, int]:
    """Return the last row, the last column (both from 1) and how many cells a sheet has.

    They come from the references of rows and cells, never from the stated dimension,
    which may say anything. A sheet of two cells may reach the end of the grid.

    Raises:
        UnreadableWorkbookError: A reference is outside the grid.
    """
    count = _usual_count(xml)
    if count:
        cols = set(_USUAL_COL.findall(xml))
        rows = {*_USUAL_ROW.findall(xml), *_USUAL_ROW_OF.findall(xml)}
    else:
        count = len(_CELL.findall(xml))
        cols, rows = set(_COL_OF.findall(xml)), set(_ROW_OF.findall(xml))
    if any(len(row) > 9 for row in rows) or any(len(col) > 3 for col in cols):
        raise UnreadableWorkbookError("damaged", "grid")
    last_row = max(map(int, rows), default=0)
    last_col = max(map(_number, cols), default=0)
    if last_row > _LAST_ROW or last_col > _LAST_COL:
        raise UnreadableWorkbookError("damaged", "grid")
    return last_row, last_col, count


def _usual_count(xml: bytes) -> int:
    """Return how many cells there are, 0 when some are not written the usual way."""
    count, rows = xml.count(b'<c r="'), xml.count(b'<row r="')
    others = xml.count(b"<c>") + xml.count(b"<c/") + xml.count(b":c ")
    usual = count == xml.count(b"<c ") + others and rows == xml.count(b"<row")
    # A line break may stand in the place of the space.
    return count if usual and not _BROKEN.search(xml) else 0


def _number(letters: bytes) -> int:
    """Return a column's number from 1: A is 1, XFD is 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
