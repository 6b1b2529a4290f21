"""How the cells of the standard workbook look, and what may be typed into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from consolidate.model.template import TemplateColumn
from consolidate.model.workbook import Value
from consolidate.report.sheet_style import TONES
from consolidate.wording import tr

_INK, _PALE, _LINE, _HEAD, _SOFT = (
    "#23304A",
    "#6B7588",
    "#C9D1DE",
    "#24406B",
    "#EEF2F8",
)
_FIXED = "#E9ECF1"
_QUOTED = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a text begins with that would act if its cell were edited."""

_WIDTHS = {
    "long_text": 44,
    "text": 22,
    "person": 20,
    "list": 24,
    "date": 13,
    "month": 11,
    "money": 14,
    "share": 12,
    "code": 20,
}
_WIDTH = 12
_NAME = 38
_PERCENT = 100
_FIRST_DAY = date(2000, 1, 1)
_BASES: Mapping[str, Mapping[str, Any]] = {
    "mark": {"font_size": 8, "italic": True, "font_color": _PALE},
    "title": {"font_size": 16, "bold": True, "font_color": _HEAD, "valign": "vcenter"},
    "lead": {"font_color": _PALE, "italic": True, "valign": "vcenter"},
    "head": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": _HEAD,
        "text_wrap": True,
        "valign": "vcenter",
        "border": 1,
        "border_color": "#FFFFFF",
    },
    "named": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": _HEAD,
        "valign": "vcenter",
        "indent": 1,
    },
    "label": {
        "font_color": _INK,
        "bold": True,
        "bg_color": _SOFT,
        "valign": "vcenter",
        "indent": 1,
        "border": 1,
        "border_color": _LINE,
    },
    "section": {
        "font_size": 11,
        "bold": True,
        "font_color": _HEAD,
        "valign": "vcenter",
        "bottom": 2,
        "bottom_color": _HEAD,
    },
    "line": {"font_color": _INK, "text_wrap": True, "valign": "top"},
    "small": {
        "font_color": _INK,
        "text_wrap": True,
        "valign": "top",
        "bottom": 1,
        "bottom_color": _LINE,
    },
    "link": {
        "font_color": _HEAD,
        "underline": 1,
        "valign": "top",
        "bottom": 1,
        "bottom_color": _LINE,
    },
    "month": {"font_size": 12, "bold": True, "font_color": _INK},
    "free": {"border": 1, "border_color": _LINE},
    "asked": {"border": 2, "border_color": _HEAD},
    "fixed": {"bg_color": _FIXED, "border": 1, "border_color": _LINE},
}


class Cells:
    """Formats of one workbook, made once each."""

    comment: Mapping[str, Any] = {"x_scale": 1.6, "y_scale": 0.6, "author": ""}

    def __init__(self, book: Workbook, lang: str) -> None:
        """Keep the workbook that formats belong to."""
        self._book = book
        self._lang = lang
        self._made = lru_cache(maxsize=None)(self._make)

    def made(self, looks: Mapping[str, Any], value: Value = None) -> Format:
        """Return the format of some looks, for a value."""
        acts = isinstance(value, str) and value.startswith(_QUOTED)
        return self._made(tuple(sorted({**looks, "quoted": acts}.items())))

    def _make(self, looks: tuple[tuple[str, Any], ...]) -> Format:
        given = dict(looks)
        base = _BASES.get(given.get("of", ""))
        if base is not None:
            return self._book.add_format({**base, "quote_prefix": given["quoted"]})
        props: dict[str, Any] = {"font_color": _INK, "valign": "top"}
        if given.get("line", True):
            props |= {"border": 1, "border_color": _LINE}
        if given.get("asked"):
            props |= _BASES["asked"]
        props |= {"num_format": given["number"]} if given.get("number") else {}
        props |= {"text_wrap": True} if given.get("wrap") else {}
        props |= {"align": given["align"]} if given.get("align") else {}
        props |= {"indent": 1, "valign": "vcenter"} if given.get("turned") else {}
        props |= {"bold": True} if given.get("named") else {}
        props |= {"bg_color": _FIXED} if given.get("fixed") else {"locked": False}
        return self._book.add_format({**props, "quote_prefix": given["quoted"]})

    def looks(self, column: TemplateColumn, values: Sequence[Value]) -> dict[str, Any]:
        """Return how the cells of a field look, for all of its values alike."""
        is_text = column.type in {"text", "long_text", "person", "list", "code"}
        align = "" if is_text else "center" if column.type in {"date", "month"} else "right"  # fmt: skip
        align = "center" if column.type in {"boolean", "rating"} else align
        turned = bool(column.section)
        return {
            "number": self._number(column, values),
            "wrap": is_text,
            "align": "left" if turned else align,
            "turned": turned,
            "fixed": column.is_fixed,
            "asked": column.is_asked,
        }

    def _number(self, column: TemplateColumn, values: Sequence[Value]) -> str:
        """Return a number format that shows the values as they are."""
        kind, french = column.type, self._lang == "fr"
        numbers = [v for v in values if isinstance(v, int | float)]
        if kind == "date":
            return "dd/mm/yyyy" if french else "d mmm yyyy"
        if kind == "month":
            return "mm/yyyy" if french else "mmm yyyy"
        if kind == "share":
            whole = all(abs(n * _PERCENT - round(n * _PERCENT)) < 1e-9 for n in numbers)  # fmt: skip
            return "0%" if whole else "0.0#%"
        if kind == "money":
            whole = all(float(n).is_integer() for n in numbers)
            return '#,##0 "€"' if whole else '#,##0.00 "€"'
        return "@" if kind in {"text", "person", "list"} else ""

    def check(
        self,
        sheet: Worksheet,
        area: tuple[int, int, int, int],
        column: TemplateColumn,
        source: Callable[[tuple[str, ...]], str],
    ) -> None:
        """Offer the choices of a field, or say what is expected; colour statuses."""
        if column.is_fixed:
            return
        rule = self._rule(column, source)
        if rule:
            told = {
                "error_title": column.header[:32],
                "error_message": f"{tr('template-refused', self._lang)} {column.hint}",
                "error_type": "warning" if column.is_open else "stop",
            }
            sheet.data_validation(*area, {**rule, **told})
        if column.vocabulary == "rag":
            self._colour(sheet, area, column.words)

    def _rule(
        self, column: TemplateColumn, source: Callable[[tuple[str, ...]], str]
    ) -> dict[str, Any]:
        if column.words:
            return {"validate": "list", "source": source(column.words)}
        if column.type in {"date", "month"}:
            return {"validate": "date", "criteria": ">=", "value": _FIRST_DAY}
        if column.type == "share":
            return {"validate": "decimal", "criteria": ">=", "value": 0}
        if column.type in {"money", "effort", "duration", "hours", "number"}:
            return {"validate": "decimal", "criteria": ">=", "value": -1e12}
        if column.type in {"integer", "criticality"}:
            return {"validate": "integer", "criteria": ">=", "value": 0}
        return {}

    def _colour(
        self, sheet: Worksheet, area: tuple[int, int, int, int], words: Sequence[str]
    ) -> None:
        for word, tone in zip(words, _TONES_OF_RAG, strict=False):
            fill, ink = TONES[tone]
            look = self._book.add_format({"bg_color": fill, "font_color": ink})
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}  # fmt: skip
            sheet.conditional_format(*area, rule)


_TONES_OF_RAG = ("green", "amber", "red", "blue", "grey")


def width_of(column: TemplateColumn) -> int:
    """Return the width of a column, in characters."""
    return _NAME if column.is_key else _WIDTHS.get(column.type, _WIDTH)
