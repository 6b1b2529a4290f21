"""How each cell format of an xlsx looks: fills, fonts, number formats, colours."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from consolidate.model.reply import unmarked
from consolidate.model.workbook import PLAIN, Look
from consolidate.read.ooxml import local, parse

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

T = TypeVar("T")

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '#,##0 "€"', 6: '#,##0 "€"',
    7: '#,##0.00 "€"', 8: '#,##0.00 "€"', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 37: "#,##0",
    38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 44: '#,##0.00 "€"', 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""Number formats that files name by number (ECMA-376, 18.8.30)."""

_INDEXED = [
    "000000",
    "FFFFFF",
    "FF0000",
    "00FF00",
    "0000FF",
    "FFFF00",
    "FF00FF",
    "00FFFF",
    "000000",
    "FFFFFF",
    "FF0000",
    "00FF00",
    "0000FF",
    "FFFF00",
    "FF00FF",
    "00FFFF",
    "800000",
    "008000",
    "000080",
    "808000",
    "800080",
    "008080",
    "C0C0C0",
    "808080",
    "9999FF",
    "993366",
    "FFFFCC",
    "CCFFFF",
    "660066",
    "FF8080",
    "0066CC",
    "CCCCFF",
    "000080",
    "FF00FF",
    "FFFF00",
    "00FFFF",
    "800080",
    "800000",
    "008080",
    "0000FF",
    "00CCFF",
    "CCFFFF",
    "CCFFCC",
    "FFFF99",
    "99CCFF",
    "FF99CC",
    "CC99FF",
    "FFCC99",
    "3366FF",
    "33CCCC",
    "99CC00",
    "FFCC00",
    "FF9900",
    "FF6600",
    "666699",
    "969696",
    "003366",
    "339966",
    "003300",
    "333300",
    "993300",
    "993366",
    "333399",
    "333333",
]
"""The default palette (ECMA-376, 18.8.27)."""

_THEME = ("FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2",
          "4BACC6", "F79646", "0000FF", "800080")  # fmt: skip
_KEPT = 100_000
"""Bytes of a part above which it is not remembered: a worker's memory is limited."""

SYMBOL_FONTS = ("wingdings", "webdings", "marlett", "symbol")


@dataclass(frozen=True, slots=True)
class Styles:
    """The formats of a workbook.

    Attributes:
        looks: One for each cell format, by its number.
        struck: Cell formats whose text is struck through.
        rules: Fill and ink of each conditional format, by number.
        telling: Finds the cells whose format is not plain: letters, digits, format, rest.
    """

    looks: tuple[Look, ...] = ()
    struck: frozenset[int] = frozenset()
    rules: tuple[tuple[str, str], ...] = ()
    telling: re.Pattern[bytes] | None = None

    def look(self, number: int) -> Look:
        """Return the look of a cell format, plain when there is no such format."""
        return self.looks[number] if 0 <= number < len(self.looks) else PLAIN


def read_styles(data: bytes, theme: bytes) -> Styles:
    """Return the formats of a styles part; none when it is missing or broken."""
    if len(data) + len(theme) > _KEPT:
        return _read(data, theme)
    return _read_once(data, theme)


@lru_cache(maxsize=16)
def _read_once(data: bytes, theme: bytes) -> Styles:
    """Read formats once: dashboards made from one template often share them."""
    return _read(data, theme)


def _read(data: bytes, theme: bytes) -> Styles:
    root = parse(data)
    if root is None:
        return Styles()
    colours = _theme_colours(theme) if len(theme) > _KEPT else _theme_once(theme)
    groups = {local(e.tag): list(e) for e in root}
    formats = dict(BUILT_IN)
    for item in groups.get("numFmts", ()):
        formats[_int(item.get("numFmtId"))] = item.get("formatCode", "")
    fills = [_fill(e, colours) for e in groups.get("fills", ())]
    fonts = [_font(e, colours) for e in groups.get("fonts", ())]
    looks: list[Look] = []
    struck: set[int] = set()
    for number, xf in enumerate(groups.get("cellXfs", ())):
        font = _at(fonts, _int(xf.get("fontId")), _Font())
        fill = _at(fills, _int(xf.get("fillId")), "")
        code = formats.get(_int(xf.get("numFmtId")), "")
        shown = "" if code.lower() == "general" else code
        look = Look(fill, font.ink, font.symbols, font.bold, shown)
        looks.append(PLAIN if look == PLAIN else look)
        if font.strike:
            struck.add(number)
    rules = tuple(_rule(e, colours) for e in groups.get("dxfs", ()))
    return Styles(tuple(looks), frozenset(struck), rules, _telling(looks, struck))


def _telling(looks: Sequence[Look], struck: set[int]) -> re.Pattern[bytes] | None:
    told = [i for i, look in enumerate(looks) if look is not PLAIN or i in struck]
    if not told:
        return None
    numbers = "|".join(map(str, told)).encode()
    return re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})" s="(' + numbers + rb')"([^>]*)>')


@dataclass(frozen=True, slots=True)
class _Font:
    ink: str = ""
    symbols: str = ""
    bold: bool = False
    strike: bool = False


def _font(item: Element, colours: Sequence[str]) -> _Font:
    ink, symbols, bold, strike = "", "", False, False
    for e in item:
        tag = local(e.tag)
        on = e.get("val", "1") not in {"0", "false"}
        if tag == "b":
            bold = on
        elif tag == "strike":
            strike = on
        elif tag == "color":
            ink = _colour(e.attrib, colours)
        elif tag in {"name", "rFont"}:
            name = e.get("val", "")
            symbols = name if name.lower().startswith(SYMBOL_FONTS) else ""
    return _Font("" if ink == "000000" else ink, symbols, bold, strike)


def _fill(item: Element, colours: Sequence[str], *, rule: bool = False) -> str:
    """Return the colour a fill shows; a conditional format keeps it as background."""
    pattern = next((e for e in item if local(e.tag) == "patternFill"), None)
    if pattern is None:
        return ""
    kind = pattern.get("patternType", "solid" if rule else "none")
    if kind in {"none", ""}:
        return ""
    wanted = ("bgColor", "fgColor") if rule else ("fgColor", "bgColor")
    for name in wanted:
        for e in pattern:
            if local(e.tag) == name and (found := _colour(e.attrib, colours)):
                return unmarked(found)
    return ""


def _rule(item: Element, colours: Sequence[str]) -> tuple[str, str]:
    fill = ink = ""
    for e in item:
        if local(e.tag) == "fill":
            fill = _fill(e, colours, rule=True)
        elif local(e.tag) == "font":
            ink = _font(e, colours).ink
    return fill, ink


def _colour(given: Mapping[str, str], colours: Sequence[str]) -> str:
    """Return a colour as RRGGBB, theme and tint resolved; empty when automatic."""
    if "rgb" in given:
        base = given["rgb"][-6:].upper()
    elif "theme" in given:
        base = _at(colours, _int(given["theme"]), "")
    elif "indexed" in given:
        base = _at(_INDEXED, _int(given["indexed"]), "")
    else:
        return ""
    try:
        return _tinted(base, float(given.get("tint", "0"))) if base else ""
    except ValueError:
        return base


def _tinted(base: str, tint: float) -> str:
    """Lighten or darken a colour (ECMA-376, 18.8.19)."""
    if not tint:
        return base
    red, green, blue = (int(base[i : i + 2], 16) / 255 for i in (0, 2, 4))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    mixed = colorsys.hls_to_rgb(hue, min(1.0, max(0.0, light)), strength)
    return "".join(f"{round(c * 255):02X}" for c in mixed)


@lru_cache(maxsize=16)
def _theme_once(theme: bytes) -> tuple[str, ...]:
    """Read a theme once: most workbooks have the one their program ships."""
    return _theme_colours(theme)


def _theme_colours(theme: bytes) -> tuple[str, ...]:
    """Return the theme's colours in the order styles number them (light before dark)."""
    root = parse(theme)
    scheme = None
    if root is not None:
        scheme = next((e for e in root.iter() if local(e.tag) == "clrScheme"), None)
    if scheme is None:
        return _THEME
    found = []
    for item in scheme:
        first = next(iter(item), None)
        said = "" if first is None else first.get("lastClr") or first.get("val") or ""
        found.append(said.upper() if len(said) == 6 else "")
    if len(found) < 4:
        return _THEME
    return (found[1], found[0], found[3], found[2], *found[4:])


def _at(items: Sequence[T], number: int, default: T) -> T:
    return items[number] if 0 <= number < len(items) else default


def _int(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
