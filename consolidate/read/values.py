"""The values of a workbook, by calamine, or cell by cell where calamine must not go."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from consolidate.model.address import Box, a1
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.workbook import Value
from consolidate.read.ooxml import local, parse

_MIDNIGHT = time(0)
_UNCLEAN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffd-\uffff]")
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d+)")?[^>/]*?(?: t="(\w+)")?[^>/]*>(.*?)</c>',
    re.S,
)
_HIDDEN = re.compile("_x([0-9A-Fa-f]{4})_")
_VALUE = re.compile(rb"<v[^>]*>([^<]*)</v>")
_TEXT = re.compile(rb"<t[^>]*>([^<]*)</t>")
_EPOCH = datetime.fromisoformat("1899-12-30")
_EPOCH_1904 = datetime.fromisoformat("1904-01-01")
_ELAPSED = re.compile(r"^\[(?:h+|m+|s+)\]", re.I)
_DATED = re.compile(r"[dyjahsDYJAHS]|[mM]{3}")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
_LAST_SERIAL = 2_958_466


@dataclass(frozen=True, slots=True)
class Listed:
    """One sheet as calamine lists it."""

    name: str
    visible: bool


def open_values(data: bytes) -> CalamineWorkbook:
    """Open a workbook for its values.

    Raises:
        UnreadableWorkbookError: It is encrypted or damaged.
    """
    try:
        return load_workbook(io.BytesIO(data))
    except PasswordError as err:
        raise UnreadableWorkbookError("encrypted") from err
    except (CalamineError, OSError, ValueError) as err:
        raise UnreadableWorkbookError("damaged", type(err).__name__) from err


def list_sheets(book: CalamineWorkbook) -> list[Listed]:
    """Return the worksheets in the order of their tabs."""
    return [
        Listed(item.name, item.visible == SheetVisibleEnum.Visible)
        for item in book.sheets_metadata
        if item.typ == SheetTypeEnum.WorkSheet
    ]


class Dense(NamedTuple):
    """A sheet's grid from A1, its merged ranges, and whether texts had to be cleaned."""

    rows: list[list[Value]]
    merges: tuple[Box, ...]
    cleaned: bool


def read_grid(book: CalamineWorkbook, name: str, known: dict[str, str]) -> Dense:
    """Return a sheet's grid.

    Args:
        book: The workbook.
        name: The sheet's name.
        known: The texts of its other sheets, each by itself; this one's are added.

    Raises:
        UnreadableWorkbookError: The sheet cannot be read.
    """
    try:
        sheet = book.get_sheet_by_name(name)
        grid = sheet.to_python(skip_empty_area=False)
        merged = sheet.merged_cell_ranges or ()
    except (CalamineError, OSError, ValueError) as err:
        raise UnreadableWorkbookError("damaged", type(err).__name__) from err
    except BaseException as err:
        if type(err).__name__ != "PanicException":  # of no class that can be named
            raise
        raise UnreadableWorkbookError("damaged", "panic") from None
    merges = tuple(Box(a[0], a[1], b[0], b[1]) for a, b in merged)
    rows, cleaned = _cleaned(grid, known)
    return Dense(rows, merges, cleaned)


def _cleaned(
    grid: Sequence[Sequence[Value]], known: dict[str, str]
) -> tuple[list[list[Value]], bool]:
    """Return a grid with None where empty, days as dates, and clean numbers and texts.

    Texts and days that come again are the same objects, which makes them quick to pack.
    """
    keep = known.setdefault
    rows = [
        [
            (keep(v, v) or None)  # type: ignore[arg-type]
            if (kind := type(v)) is str
            else v
            if kind is not datetime
            else day_or_moment(v)
            for v in row
        ]
        for row in grid
    ]
    texts = "\n".join([v for row in rows for v in row if type(v) is str])
    cleaned = bool(_UNCLEAN.search(texts))
    if cleaned:
        rows = [
            [clean_text(v) if isinstance(v, str) else v for v in row] for row in rows
        ]
    # One number that is not finite makes the sum so; a sum beyond measure is looked into.
    if not isfinite(sum([v for row in rows for v in row if type(v) is float])):
        rows = [[None if _is_infinite(v) else v for v in row] for row in rows]
    return rows, cleaned


@lru_cache(maxsize=4096)
def day_or_moment(value: datetime) -> Value:
    """Return a day where the time is midnight, else the moment."""
    return value.date() if value.time() == _MIDNIGHT else value


def _is_infinite(value: Value) -> bool:
    return isinstance(value, float) and not isfinite(value)


def clean_text(text: str) -> str:
    """Return text with what no file should hold (NUL, lone surrogates) made visible."""
    return _UNCLEAN.sub("\ufffd", text) if _UNCLEAN.search(text) else text


def tell_cleaned(
    workbook: str, sheet: str, rows: Sequence[Sequence[Value]]
) -> list[Finding]:
    """Tell, once a sheet, that some characters could not be read."""
    cells = [
        (r, c)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if isinstance(text, str) and "\ufffd" in text
    ]
    if not cells:
        return []
    ref, params = CellRef(workbook, sheet, a1(*cells[0])), {"count": str(len(cells))}
    return [Finding("text-cleaned", Severity.WARNING, ref, params=params)]


def read_cells(
    xml: bytes, strings: Sequence[str], dated: Mapping[int, str], *, date_1904: bool
) -> dict[tuple[int, int], Value]:
    """Return the filled cells of a sheet's XML one by one, however far apart they are.

    Args:
        xml: The sheet, in the usual order of attributes.
        strings: The shared strings.
        dated: The number formats that show dates or times, by cell format.
        date_1904: Whether day 0 is in 1904.
    """
    found: dict[tuple[int, int], Value] = {}
    for letters, digits, style, kind, inside in _CELL.findall(xml):
        value = _one(kind.decode(), inside, strings)
        if isinstance(value, float) and style and (shown := dated.get(int(style))):
            value = moment_of(value, shown, date_1904=date_1904)
        if value is not None:
            col = 0
            for letter in letters:
                col = col * 26 + letter - 64
            found[int(digits) - 1, col - 1] = value
    return found


def _one(kind: str, inside: bytes, strings: Sequence[str]) -> Value:  # noqa: PLR0911 (one answer per rule, in order)
    if kind == "inlineStr":
        return clean_text(_unescape(b"".join(_TEXT.findall(inside)))) or None
    held = _VALUE.search(inside)
    if held is None or kind == "e":
        return None
    text = _unescape(held[1])
    if kind == "s":
        number = int(text) if text.isdigit() else -1
        return (strings[number] or None) if 0 <= number < len(strings) else None
    if kind in {"str", "d"}:
        return clean_text(text) or None
    if kind == "b":
        return text == "1"
    try:
        number_ = float(text)
    except ValueError:
        return text or None
    return number_ if isfinite(number_) else None


def is_dated(shown: str) -> bool:
    """Whether a number format shows a date, a time or a duration."""
    return bool(_ELAPSED.search(shown) or _DATED.search(_QUOTED.sub("", shown)))


def moment_of(serial: float, shown: str, *, date_1904: bool) -> Value:
    """Return what a serial number shows: a duration, a time of day, a day or a moment."""
    if not 0 <= serial < _LAST_SERIAL:
        return serial
    span = timedelta(milliseconds=round(serial * 86_400_000))
    if _ELAPSED.search(shown):
        return span
    try:
        moment = (_EPOCH_1904 if date_1904 else _EPOCH) + span
    except OverflowError:
        return serial
    return moment.time() if serial < 1 else day_or_moment(moment)


def _unescape(raw: bytes) -> str:
    from html import unescape  # noqa: PLC0415 (rarely needed)

    return _unhidden(unescape(raw.decode("utf-8", "replace")))


def _unhidden(text: str) -> str:
    """Return a text with the characters that XML cannot hold (ECMA-376, 22.9.2.19)."""
    return _HIDDEN.sub(lambda found: chr(int(found[1], 16)), text)


def shared_strings(xml: bytes) -> list[str]:
    """Return the shared strings of a workbook, phonetic guides left out."""
    root = parse(xml)
    if root is None:
        return []
    return [
        clean_text(_unhidden("".join(_texts(item))))
        for item in root
        if local(item.tag) == "si"
    ]


def _texts(item: object) -> Iterator[str]:
    for e in item:  # type: ignore[attr-defined]
        tag = local(e.tag)
        if tag == "t":
            yield e.text or ""
        elif tag == "r":
            yield from (t.text or "" for t in e if local(t.tag) == "t")
