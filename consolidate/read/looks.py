"""What values alone do not tell of a sheet: one pass over its XML.

Fills, fonts, number formats, error cells, formulas without a result, hidden rows and
columns, drop-down lists. The sheet is in the usual form (see ``usual``), so that regular
expressions find all there is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from consolidate.model.address import Box, box
from consolidate.model.workbook import Look, Position
from consolidate.read.styles import Styles

_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d+)")?(?: cm="\d+")?(?: vm="\d+")?(?: t="(\w+)")?[^>]*?(/?)>'
)
_ERROR = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>/]*? t="e"[^>/]*>(?:(?!</c>).)*?<v>([^<]*)</v>',
    re.S,
)
_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(<v>[^<]|<is>|)',
    re.S,
)
_ROW_NUMBER = re.compile(rb'<row r="(\d{1,8})"')
_WIDE = re.compile(rb'<c r="[A-Z]{3}\d')
_TAIL = 200_000
_AREA = 5_000_000
_ROW = re.compile(rb"<row\b([^>]*)>")
_COL = re.compile(rb"<col\b([^>]*)/?>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')
_LIST = re.compile(
    rb"<(?:x14:)?dataValidation\b([^>]*)>(.*?)</(?:x14:)?dataValidation>", re.S
)
_BLANK = re.compile(rb"<is>(?:<t[^>]*/>|<t[^>]*></t>)?</is>")
_INNER = re.compile(rb"<[^>]*>")
_ON = (b"1", b"true")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the XML of one sheet shows.

    Attributes:
        looks: Looks that are not plain.
        last_look: Row and column that none of them lies beyond.
        struck: Cells whose text is struck through.
        errors: Text of error cells.
        formulas: Cells whose value is a formula's.
        uncached: Formula cells without a stored result.
        hidden_rows, hidden_cols: 0-based.
        lists: Drop-down lists: the cells they serve and their source as written.
        rows, cols: How far the cells reach at the most, 1-based; 0 for an empty sheet.
        filled: How many cells have content.
    """

    looks: Mapping[Position, Look] = field(default_factory=dict)
    last_look: Position = (-1, -1)
    struck: frozenset[Position] = frozenset()
    errors: Mapping[Position, str] = field(default_factory=dict)
    formulas: frozenset[Position] = frozenset()
    uncached: frozenset[Position] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_cols: frozenset[int] = frozenset()
    lists: tuple[tuple[tuple[Box, ...], str], ...] = ()
    rows: int = 0
    cols: int = 0
    filled: int = 0


def see(xml: bytes, styles: Styles) -> Seen:
    """Return what a sheet's XML, in the usual form, shows beside its values."""
    looks, last_look, struck = _looks(xml, styles)
    formulas, uncached = _formulas(xml)
    rows, cols = _reach(xml)
    return Seen(
        looks,
        last_look,
        struck,
        _errors(xml),
        formulas,
        uncached,
        _hidden_rows(xml),
        _hidden_cols(xml),
        _lists(xml),
        rows,
        cols,
        _filled(xml),
    )


def _filled(xml: bytes) -> int:
    """Count the cells that hold something: a value, or a text of their own."""
    filled = xml.count(b"</v>") - xml.count(b"<v></v>")
    inline = xml.count(b"</is>")
    return filled + inline - len(_BLANK.findall(xml)) if inline else filled


def _looks(
    xml: bytes, styles: Styles
) -> tuple[dict[Position, Look], Position, frozenset[Position]]:
    """Return the looks that are not plain, how far they reach, and the cells struck."""
    if styles.telling is None:
        return {}, (-1, -1), frozenset()
    kinds = {b"%d" % number: look for number, look in enumerate(styles.looks)}
    strikes = {b"%d" % number for number in styles.struck}
    columns = _Columns()
    looks: dict[Position, Look] = {}
    struck: list[Position] = []
    last, row, bottom = b"", -1, -1
    for letters, digits, style, rest in styles.telling.findall(xml):
        look = kinds[style]
        empty = rest[-1:] == b"/"
        if empty and not look.fill:
            continue
        if digits != last:  # the cells of a row follow one another
            last, row = digits, int(digits) - 1
            bottom = max(bottom, row)
        at = (row, columns[letters])
        looks[at] = look
        if strikes and not empty and style in strikes:
            struck.append(at)
    return looks, (bottom, max(columns.values(), default=-1)), frozenset(struck)


def _reach(xml: bytes) -> tuple[int, int]:
    """Return how many rows and columns the cells of a sheet reach over, at the most.

    Counted exactly only when the letters in use allow for a very wide sheet: this is a
    guard, and a guard may err on the large side.
    """
    if b"</c>" not in xml:
        return 0, 0
    row = max((int(n) for n in _ROW_NUMBER.findall(xml[-_TAIL:])), default=0)
    if not row:
        row = max((int(n) for n in _ROW_NUMBER.findall(xml)), default=0)
    if row and _WIDE.search(xml) is None and row * 702 <= _AREA:
        return row, 702
    columns = _Columns()
    refs = _CELL.findall(xml)
    rows = max((int(digits) for _, digits, *_ in refs), default=0)
    return rows, max((columns[letters] for letters, *_ in refs), default=-1) + 1


class _Columns(dict[bytes, int]):
    """Column numbers by their letters, worked out once."""

    def __missing__(self, letters: bytes) -> int:
        self[letters] = found = _column(letters)
        return found


def _column(letters: bytes) -> int:
    col = 0
    for letter in letters:
        col = col * 26 + letter - 64
    return col - 1


def _errors(xml: bytes) -> dict[Position, str]:
    if b't="e"' not in xml:
        return {}
    return {
        (int(digits) - 1, _column(letters)): text.decode("utf-8", "replace")
        for letters, digits, text in _ERROR.findall(xml)
    }


def _formulas(xml: bytes) -> tuple[frozenset[Position], frozenset[Position]]:
    if b"<f" not in xml:
        return frozenset(), frozenset()
    every: list[Position] = []
    without: list[Position] = []
    for letters, digits, result in _FORMULA.findall(xml):
        at = (int(digits) - 1, _column(letters))
        every.append(at)
        if not result:
            without.append(at)
    if not without:
        return frozenset(every), frozenset()
    return frozenset(every), frozenset(without) - _empty_strings(xml)


def _empty_strings(xml: bytes) -> frozenset[Position]:
    """Return formula cells whose result is an empty text: a result all the same."""
    pattern = rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*? t="str"[^>]*>\s*<f[^>]*(?:/>|>[^<]*</f>)\s*<v\s*(?:/>|></v>)'
    return frozenset((int(d) - 1, _column(c)) for c, d in re.findall(pattern, xml))


def _hidden_rows(xml: bytes) -> frozenset[int]:
    if b"hidden=" not in xml:
        return frozenset()
    found = set()
    for given in _ROW.findall(xml):
        if b"hidden" in given:
            known = _attributes(given)
            if known.get(b"hidden") in _ON and known.get(b"r", b"").isdigit():
                found.add(int(known[b"r"]) - 1)
    return frozenset(found)


def _hidden_cols(xml: bytes) -> frozenset[int]:
    found: set[int] = set()
    head = xml[: xml.find(b"<sheetData")] if b"<sheetData" in xml else xml
    for given in _COL.findall(head):
        known = _attributes(given)
        if known.get(b"hidden") in _ON:
            first, last = int(known.get(b"min", b"1")), int(known.get(b"max", b"1"))
            found.update(range(first - 1, min(last, first + 1000)))
    return frozenset(found)


def _attributes(given: bytes) -> dict[bytes, bytes]:
    return {k: a or b for k, a, b in _ATTRIBUTE.findall(given)}


def _lists(xml: bytes) -> tuple[tuple[tuple[Box, ...], str], ...]:
    if b"ataValidation" not in xml:
        return ()
    found = []
    for given, inside in _LIST.findall(xml):
        known = _attributes(given)
        if known.get(b"type") != b"list":
            continue
        source, _, rest = inside.partition(b"formula1>")[2].partition(b"formula1>")
        where = known.get(b"sqref", b"") or _INNER.sub(
            b"", rest.partition(b"sqref>")[2].partition(b"<")[0]
        )
        text = html.unescape(
            _INNER.sub(b"", source.rpartition(b"</")[0]).decode("utf-8", "replace")
        )
        boxes = tuple(b for word in where.decode().split() if (b := _box(word)))
        if boxes and text.strip():
            found.append((boxes, text.strip()))
    return tuple(found)


def _box(text: str) -> Box | None:
    try:
        return box(text)
    except ValueError:
        return None
