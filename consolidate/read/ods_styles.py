"""How the cell formats of an .ods look: fills, fonts, number formats."""

from __future__ import annotations

from collections.abc import Mapping

from consolidate.model.reply import unmarked
from consolidate.model.workbook import PLAIN, Look
from consolidate.read.styles import SYMBOL_FONTS

_PROPERTIES = ("style:table-cell-properties", "style:text-properties", "style:table-properties")  # fmt: skip
_FORMAT = ("number-style", "percentage-style", "currency-style", "date-style", "time-style")  # fmt: skip
_SIGNS = {  # short and long
    "year": ("yy", "yyyy"), "day": ("d", "dd"), "day-of-week": ("ddd", "dddd"),
    "minutes": ("m", "mm"), "seconds": ("s", "ss"), "am-pm": ("AM/PM", "AM/PM"), "quarter": ("q", "q"),
}  # fmt: skip
_DEEPEST = 16


class OdsStyles:
    """The formats of one workbook, gathered while its parts are parsed.

    Elements and attributes bear the usual prefixes of OpenDocument.
    """

    def __init__(self) -> None:
        """Begin with no format."""
        self._styles: dict[tuple[str, str], dict[str, str]] = {}
        self._formats: dict[str, str] = {}
        self._style: dict[str, str] | None = None
        self._format: list[str] | None = None
        self._name, self._hour, self._literal = "", "h", False
        self._looks: dict[str, tuple[Look, bool]] = {}

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        """Take note of an element that begins."""
        if tag == "style:style":
            name = given.get("style:name", "")
            self._style = dict(given)
            self._styles[given.get("style:family", ""), name] = self._style
        elif tag in _PROPERTIES and self._style is not None:
            self._style |= {f"{tag[6:10]}:{k}": v for k, v in given.items()}
        elif tag.startswith("number:"):
            self._start_format(tag[7:], given)

    def _start_format(self, kind: str, given: Mapping[str, str]) -> None:
        if kind in _FORMAT:
            self._format, self._name = [], given.get("style:name", "")
            self._hour = "h"
            if given.get("number:truncate-on-overflow") == "false":
                self._hour = "[h]"
        elif self._format is not None:
            self._literal = kind in {"text", "currency-symbol"}
            self._format.append(self._hour if kind == "hours" else _sign(kind, given))

    def text(self, text: str) -> None:
        """Take note of the text of a number format: a unit, a separator."""
        if self._format is not None and self._literal:
            worded = any(c.isalpha() or c in "€$£" for c in text)
            self._format.append(f'"{text}"' if worded else text)

    def end(self, tag: str) -> None:
        """Take note of an element that ends."""
        self._literal = False
        if tag == "style:style":
            self._style = None
        elif tag.startswith("number:") and tag[7:] in _FORMAT:
            self._formats[self._name] = "".join(self._format or ())
            self._format = None

    def is_shown(self, name: str) -> bool:
        """Whether the sheets of a style are shown."""
        style = self._styles.get(("table", name), {})
        return style.get("tabl:table:display") != "false"

    def look(self, name: str) -> tuple[Look, bool]:
        """Return how the cells of a style look, and whether their text is struck."""
        if name not in self._looks:
            self._looks[name] = self._resolved(name)
        return self._looks[name]

    def _resolved(self, name: str) -> tuple[Look, bool]:
        known: dict[str, str] = {}
        for _ in range(_DEEPEST):
            style = self._styles.get(("table-cell", name))
            if style is None:
                break
            known = style | known
            name = style.get("style:parent-style-name", "")
        ink = _colour(known.get("text:fo:color", ""))
        if known.get("text:style:use-window-font-color") == "true" or ink == "000000":
            ink = ""
        font = known.get("text:style:font-name") or known.get("text:fo:font-family", "")
        look = Look(
            unmarked(_colour(known.get("tabl:fo:background-color", ""))),
            ink,
            font if font.strip("'").lower().startswith(SYMBOL_FONTS) else "",
            known.get("text:fo:font-weight") == "bold",
            self._formats.get(known.get("style:data-style-name", ""), ""),
        )
        lines = known.get("text:style:text-line-through-style", "none")
        return PLAIN if look == PLAIN else look, lines != "none"


def _colour(text: str) -> str:
    return text[1:].upper() if len(text) == 7 and text.startswith("#") else ""


def _sign(kind: str, given: Mapping[str, str]) -> str:
    """Return a part of a number format as spreadsheets write it."""
    long = given.get("number:style") == "long"
    if kind == "month":
        word = given.get("number:textual") == "true"
        return ("mmm" if word else "m") + ("m" if long else "")
    if kind in _SIGNS:
        return _SIGNS[kind][long]
    if kind != "number":
        return ""
    digits = given.get("number:decimal-places", "")
    if not digits.isdigit():
        return ""  # as many as it takes
    least = given.get("number:min-integer-digits", "1")
    whole = "0" * min(int(least), 20) if least.isdigit() else "0"
    if given.get("number:grouping") == "true":
        whole = "#,##0"
    places = min(int(digits), 20)
    return whole + ("." + "0" * places if places else "")
