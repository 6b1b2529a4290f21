"""Values of a pack as people read them: figures, dates, and codes in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import pandas as pd

from consolidate.model.pack import Column, Kind, Table
from consolidate.report import format as shown
from consolidate.report.csv_text import values
from consolidate.report.format import CellKind
from consolidate.wording import catalogue, tr

CELLS: Mapping[Kind, CellKind] = {
    "count": "count",
    "number": "number",
    "money": "money",
    "kilo": "kilo",
    "days": "days",
    "share": "share",
    "gap": "gap",
    "signed_money": "signed_money",
    "signed_share": "signed_share",
    "date": "date",
    "month": "month",
}
"""How a workbook's cell shows a kind; the others are texts."""

RAG_TONES = {
    "red": "poor",
    "amber": "fair",
    "green": "good",
    "blue": "done",
    "grey": "none",
}
SEVERITY_TONES = {
    "critical": "poor",
    "major": "fair",
    "minor": "none",
    "info": "none",
    "error": "poor",
    "warning": "fair",
}


def is_known(value: Any) -> bool:
    """Return whether there is a value."""
    return value is not None and value != "" and not bool(pd.isna(value))


def is_figure(kind: Kind) -> bool:
    """Return whether a kind is set to the right: a number, a date or a month."""
    return kind in CELLS


@lru_cache(maxsize=256)
def plain(table: Table, column: Column) -> tuple[Any, ...]:
    """Return the values of a column, None for what is missing; none of one filled in."""
    if column.name not in table.frame:
        return ()
    return tuple(v if v != "" else None for v in values(table.frame[column.name]))


@lru_cache(maxsize=256)
def texts(table: Table, column: Column, lang: str) -> tuple[str, ...]:
    """Return the values of a column as people read them, empty where there is none."""
    return tuple(
        "" if v is None else told(v, column.kind, lang) for v in plain(table, column)
    )


def tones(table: Table, column: Column) -> list[str]:
    """Return the tone of each value of a column: its own, else that of its status."""
    by_value = [tone_of(v, column.kind) for v in plain(table, column)]
    if not column.tone:
        return by_value
    own = values(table.frame[column.tone])
    return [str(o or v) for o, v in zip(own, by_value, strict=True)]


def tone_of(value: Any, kind: Kind) -> str:
    """Return the tone that a status or a severity has by itself."""
    if kind == "rag":
        return RAG_TONES.get(str(value), "")
    return SEVERITY_TONES.get(str(value), "") if kind == "severity" else ""


def told(value: Any, kind: Kind, lang: str) -> str:
    """Return a value as text; empty when there is none."""
    if not is_known(value):
        return ""
    if kind == "date":
        return shown.day(as_day(value), lang)
    if kind == "month":
        return shown.month(str(value), lang, short=True)
    if kind in _SIGNED:
        return _signed(float(value), kind, lang)
    if kind in CELLS:
        return _number(float(value), kind, lang)
    return _word(str(value), kind, lang)


_SIGNED = ("gap", "signed_money", "signed_share")


def as_day(value: Any) -> date:
    """Return a day that a frame may hold as a timestamp."""
    return value.date() if isinstance(value, datetime) else value


def _number(value: float, kind: Kind, lang: str) -> str:
    if kind == "money":
        return shown.euros(value, lang, 0)
    if kind == "kilo":
        return shown.kilo_euros(value, lang, 0 if abs(value) >= 10_000 else None)
    if kind == "share":
        return shown.percent(value, lang)
    digits = 0 if kind == "count" else 1
    whole = value.is_integer() or abs(value) >= 1000
    text = shown.number(value, lang, 0 if whole else digits)
    return f"{text}{shown.HARD}{tr('pack-days', lang)}" if kind == "days" else text


def _signed(value: float, kind: Kind, lang: str) -> str:
    if kind == "gap":
        return shown.days(round(value), lang)
    sign = "+" if value > 0 else ""
    if kind == "signed_share":
        return sign + shown.percent(value, lang)
    return sign + shown.euros(value, lang, 0)


def _word(text: str, kind: Kind, lang: str) -> str:
    key = {"rag": f"html-rag-{text}", "severity": f"alert-severity-{text}"}.get(kind)
    if key is None:
        return text
    if kind == "severity" and key not in catalogue()["labels"]:
        key = f"html-severity-{text}"
    return tr(key, lang) if key in catalogue()["labels"] else text
