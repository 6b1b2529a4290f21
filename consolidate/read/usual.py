"""A sheet's XML as most programs write it, so that patterns find all there is.

Most sheets are in that form already, and stay untouched. Others (prefixes, single quotes,
cells that do not say where they are, comments, marked sections) are read by a true parser
and written again.
"""

from __future__ import annotations

import re
from html import escape
from xml.parsers.expat import ExpatError, ParserCreate

from consolidate.model.address import a1, position
from consolidate.model.error import UnreadableWorkbookError

_UNUSUAL_CELL = re.compile(rb'<c(?![a-zA-Z]| r="[A-Z])')
_SWAPPED = re.compile(rb'<c r="[A-Z]{1,3}\d{1,7}"(?: cm="\d+")? t="\w+" s="')
_TYPE_FIRST = re.compile(rb' t="\w+" s="')
_UNCLEAN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_END = b"</worksheet>"
_TAIL = 200
_ORDER = ("r", "s", "cm", "vm", "t")
_TEXTS = ("t", "v", "f", "sqref")
_EXTENSION = "http://schemas.microsoft.com/"
_LAST_ROW, _LAST_COL = 1_048_576, 16_384


def is_usual(xml: bytes) -> bool:
    """Whether a sheet has no prefixes, double quotes, and says r, s, t of each cell."""
    return (
        xml[-_TAIL:].rstrip().endswith(_END)
        and _UNUSUAL_CELL.search(xml) is None
        and b"</c " not in xml
        and (b"</c>" in xml or b"</c" not in xml)
        and b"<!" not in xml
        and b":c " not in xml
        and (_TYPE_FIRST.search(xml) is None or _SWAPPED.search(xml) is None)
    )


def in_usual_order(xml: bytes) -> tuple[bytes, bool]:
    """Return a sheet's XML in the usual form, and whether it was whole.

    What a broken sheet holds before the break is kept. Characters that no XML may hold
    become U+FFFD.

    Raises:
        UnreadableWorkbookError: It has a document type, or cells outside the grid.
    """
    writer = _Writer()
    try:
        writer.parser.Parse(
            _UNCLEAN.sub("\ufffd", xml.decode("utf-8", "replace")), True
        )
    except ExpatError:
        return writer.written(), False
    return writer.written(), True


class _Writer:
    """Writes what a parser reads, each cell with its place."""

    def __init__(self) -> None:
        self.parser = ParserCreate("utf-8", "|")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._out: list[str] = []
        self._open = False
        self._path: list[str] = []
        self._row = self._col = 0

    def written(self) -> bytes:
        """Return what was written so far."""
        return "".join(self._out).encode()

    def _refuse(self, *_: object) -> None:
        raise UnreadableWorkbookError("damaged", "document type")

    def _start(self, name: str, given: dict[str, str]) -> None:
        tag = _tag(name)
        known = {k: v for k, v in given.items() if "|" not in k}
        if tag == "row":
            self._row = _number(known.get("r"), self._row + 1)
            self._col = 0
            known = {"r": "", **known} | {"r": str(self._row)}
        elif tag == "c":
            known = self._placed(known)
        pairs = "".join(f' {k}="{escape(v)}"' for k, v in known.items())
        self._out.append(f"{'>' if self._open else ''}<{tag}{pairs}")
        self._open = True
        self._path.append(tag)

    def _placed(self, known: dict[str, str]) -> dict[str, str]:
        """Return a cell's attributes in the usual order, its place worked out."""
        try:
            row, col = position(known["r"])
        except (KeyError, ValueError):
            row, col = max(self._row, 1) - 1, self._col
        if not (0 <= row < _LAST_ROW and 0 <= col < _LAST_COL):
            raise UnreadableWorkbookError("damaged", "grid")
        self._col = col + 1
        placed = {**known, "r": a1(row, col)}
        return {k: placed[k] for k in _ORDER if k in placed}

    def _end(self, name: str) -> None:
        self._path.pop()
        self._out.append("/>" if self._open else f"</{_tag(name)}>")
        self._open = False

    def _text(self, text: str) -> None:
        holder = self._path[-1]
        if not (text.strip() or holder in _TEXTS):
            return  # only lays out the markup
        if self._open:
            self._out.append(">")
            self._open = False
        self._out.append(escape(text, quote=False))


def _tag(name: str) -> str:
    space, _, local = name.rpartition("|")
    return f"x14:{local}" if space.startswith(_EXTENSION) else local


def _number(text: str | None, default: int) -> int:
    if text is None or not text.isdigit():
        return default
    if len(text) > 9:
        raise UnreadableWorkbookError("damaged", "grid")
    return int(text)
