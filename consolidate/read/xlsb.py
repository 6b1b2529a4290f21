"""Binary workbooks: values, errors, merged ranges and hidden parts, record by record.

Calamine passes over error cells, formatted texts and merged ranges of this kind without a
word. Records are those of MS-XLSB, 2.1.4 and 2.4.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite

from consolidate.model.address import Box
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.workbook import Look, Position, Sheet, Value, Workbook
from consolidate.read.grids import gridded, tell_sparse
from consolidate.read.ooxml import read_part, relations
from consolidate.read.preflight import preflight
from consolidate.read.styles import BUILT_IN
from consolidate.read.values import clean_text, is_dated, moment_of, tell_cleaned

_USUAL = {"sharedStrings": "xl/sharedStrings.bin", "styles": "xl/styles.bin"}
_ROW, _SHORT, _RICH, _COLUMN, _MERGE = 0, 12, 62, 60, 176
_FORMAT, _XF, _XFS, _XFS_END = 44, 47, 617, 618
_PROPERTIES, _SHEET, _STRING = 153, 156, 19
_RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = 2, 3, 4, 5, 6, 7
# Formula and short records hold what their plain ones do.
_PLAIN = {8: _TEXT, 9: _REAL, 10: _BOOL, 11: _ERROR, 13: _RK, 14: _ERROR, 15: _BOOL, 16: _REAL, 17: _TEXT, 18: _SHARED}  # fmt: skip
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A", 43: "#GETTING_DATA"}  # fmt: skip
_LAST_ROW, _LAST_COL = 1_048_576, 16_384
_MOST_CELLS = 2_000_000
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x10, 1


@dataclass(frozen=True, slots=True)
class _Book:
    strings: list[str]
    formats: list[str]
    date_1904: bool


@dataclass(slots=True)
class _Read:
    cells: dict[Position, Value] = field(default_factory=dict)
    looks: dict[Position, Look] = field(default_factory=dict)
    errors: dict[Position, str] = field(default_factory=dict)
    formulas: set[Position] = field(default_factory=set)
    merges: list[Box] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)


def read_xlsb(name: str, data: bytes) -> Workbook:
    """Read an .xlsb.

    Raises:
        UnreadableWorkbookError: It is damaged or too large.
    """
    preflight(data)
    told = Finding(
        "look-not-read", Severity.INFO, CellRef(name), params={"kind": "xlsb"}
    )
    findings, sheets = [told], []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            main = read_part(archive, "xl/workbook.bin")
            rels = relations(archive, "xl/workbook.bin")
            parts = _USUAL | dict(rels.values())
            book = _Book(
                _strings(read_part(archive, parts["sharedStrings"])),
                _formats(read_part(archive, parts["styles"])),
                any(k == _PROPERTIES and d[0] & 1 for k, d in _records(main)),
            )
            if any(n.endswith("vbaProject.bin") for n in archive.namelist()):
                findings.append(
                    Finding("workbook-has-macros", Severity.INFO, CellRef(name))
                )
            for title, visible, relation in _listed(main):
                kind, path = rels.get(relation, ("worksheet", ""))
                if kind == "worksheet":
                    part = read_part(archive, path)
                    sheets.append(_sheet(name, (title, visible), part, book, findings))
    except (struct.error, IndexError) as err:
        raise UnreadableWorkbookError("damaged", type(err).__name__) from err
    return Workbook(name, "xlsb", tuple(sheets), tuple(findings), looks_read=False)


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and the data of each record.

    Raises:
        IndexError: The part breaks off.
    """
    at = 0
    while at < len(data):
        kind, at = data[at], at + 1
        if kind & 0x80:
            kind, at = kind & 0x7F | (data[at] & 0x7F) << 7, at + 1
        size = 0
        for shift in (0, 7, 14, 21):
            byte, at = data[at], at + 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        if at + size > len(data):
            raise IndexError(at)
        yield kind, data[at : at + size]
        at += size


def _text(data: bytes, at: int) -> tuple[str, int]:
    """Return a text and where it ends."""
    (count,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * (0 if count == 0xFFFFFFFF else count)
    if end > len(data):
        raise IndexError(at)
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _listed(main: bytes) -> Iterator[tuple[str, bool, str]]:
    """Yield the name of each sheet, whether it is shown, and its relation."""
    for kind, data in _records(main):
        if kind == _SHEET:
            relation, end = _text(data, 8)
            yield clean_text(_text(data, end)[0]), data[0] == 0, relation


def _strings(part: bytes) -> list[str]:
    return [clean_text(_text(d, 1)[0]) for k, d in _records(part) if k == _STRING]


def _formats(part: bytes) -> list[str]:
    """Return the number format of each cell format."""
    known, found, inside = dict(BUILT_IN), [], False
    for kind, data in _records(part):
        if kind == _FORMAT:
            known[int.from_bytes(data[:2], "little")] = _text(data, 2)[0]
        elif kind in {_XFS, _XFS_END}:
            inside = kind == _XFS
        elif kind == _XF and inside:
            shown = known.get(int.from_bytes(data[2:4], "little"), "")
            found.append("" if shown.lower() == "general" else shown)
    return found


def _sheet(
    name: str, tab: tuple[str, bool], part: bytes, book: _Book, findings: list[Finding]
) -> Sheet:
    title, visible = tab
    read = _Read()
    ref = CellRef(name, title)
    try:
        _read_sheet(part, book, read)
    except (struct.error, IndexError):
        params = {"read": str(len(read.cells))}
        findings.append(Finding("sheet-damaged", Severity.ERROR, ref, params=params))
    if not part:
        findings.append(Finding("sheet-not-read", Severity.ERROR, ref))
    rows, beyond = gridded(read.cells)
    findings.extend(tell_cleaned(name, title, rows))
    findings.extend(tell_sparse(name, title, beyond))
    return Sheet(
        title,
        rows,
        visible,
        tuple(read.merges),
        read.looks,
        read.errors,
        formulas=frozenset(read.formulas),
        hidden_rows=frozenset(read.hidden_rows),
        hidden_cols=frozenset(read.hidden_cols),
    )


def _read_sheet(part: bytes, book: _Book, read: _Read) -> None:
    row = col = -1
    for kind, data in _records(part):
        if kind == _ROW:
            (row,), col = struct.unpack_from("<I", data), -1
            if data[11] & _ROW_HIDDEN:
                read.hidden_rows.add(row)
        elif kind <= 18 or kind == _RICH:
            short = _SHORT <= kind <= 18
            col = col + 1 if short else int.from_bytes(data[:4], "little")
            if not (0 <= row < _LAST_ROW and col < _LAST_COL):
                raise UnreadableWorkbookError("damaged", "grid")
            _keep(read, (row, col), kind, data if short else data[4:], book)
        elif kind == _MERGE:
            top, bottom, left, right = struct.unpack_from("<4I", data)
            if bottom < _LAST_ROW and right < _LAST_COL:
                read.merges.append(Box(top, left, bottom, right))
        elif kind == _COLUMN and data[16] & _COLUMN_HIDDEN:
            first, last = struct.unpack_from("<2I", data)
            read.hidden_cols.update(range(first, min(last + 1, _LAST_COL)))


def _keep(read: _Read, at: Position, kind: int, data: bytes, book: _Book) -> None:
    """Keep what a cell holds: its style comes first, then its value."""
    if len(read.cells) > _MOST_CELLS:
        raise UnreadableWorkbookError("too-large", "cells")
    plain = _PLAIN.get(kind, kind)
    if 8 <= kind <= 11:
        read.formulas.add(at)
    if plain == _ERROR:
        read.errors[at] = _ERRORS.get(data[4], "#ERR")
        return
    style = int.from_bytes(data[:3], "little")
    shown = book.formats[style] if style < len(book.formats) else ""
    value = _value(plain, data[4:], book)
    if isinstance(value, float) and is_dated(shown):
        value = moment_of(value, shown, date_1904=book.date_1904)
    if value is not None:
        read.cells[at] = value
        if shown:
            read.looks[at] = Look(format=shown)


def _value(kind: int, data: bytes, book: _Book) -> Value:
    if kind == _RK:
        return _rk(data)
    if kind == _REAL:
        (number,) = struct.unpack_from("<d", data)
        return number if isfinite(number) else None
    if kind == _BOOL:
        return bool(data[0])
    if kind == _SHARED:
        (index,) = struct.unpack_from("<I", data)
        return (book.strings[index] if index < len(book.strings) else "") or None
    if kind in {_TEXT, _RICH}:
        return clean_text(_text(data, int(kind == _RICH))[0]) or None
    return None


def _rk(data: bytes) -> float:
    """Return a number of four bytes: an integer or half a float, perhaps in hundredths."""
    (raw,) = struct.unpack_from("<i", data)
    whole = float(raw >> 2)
    if not raw & 2:
        (whole,) = struct.unpack("<d", bytes(4) + struct.pack("<i", raw & ~3))
    return whole / 100 if raw & 1 else whole
