"""Text, names and lists: as read, and typed values as Excel shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from consolidate.model.workbook import Value
from consolidate.normalise.formats import shown
from consolidate.normalise.missing import is_empty, is_missing
from consolidate.normalise.parsed import NOTHING, Parsed

_BOOLEANS = {"fr": ("VRAI", "FAUX")}


def as_shown(raw: Value, number_format: str = "", language: str = "") -> str:
    """Return a value as text, as a person reads it in the workbook.

    Args:
        raw: Any value; None gives an empty text.
        number_format: Of the cell: percentages and codes padded with zeros.
        language: ``fr`` writes VRAI and FAUX, anything else TRUE and FALSE.

    Returns:
        Whole numbers without ``.0``, dates and times as ISO 8601.
    """
    if isinstance(raw, str):
        return raw.strip()
    if isinstance(raw, bool):
        return _BOOLEANS.get(language, ("TRUE", "FALSE"))[not raw]
    if isinstance(raw, int | float):
        return _number(float(raw), number_format)
    return "" if raw is None else _moment(raw)


def raw_text(value: Value) -> str:
    """Return what a cell holds as text: ISO dates, integral numbers without ``.0``."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return _typed_text(value)


def _typed_text(value: Value) -> str:
    text = str(value)
    if isinstance(value, bool):
        text = text.lower()
    elif isinstance(value, float):
        text = str(int(value)) if value.is_integer() else repr(value)
    elif isinstance(value, datetime):
        midnight = value.time() == time()
        text = value.date().isoformat() if midnight else value.isoformat(" ")
    elif isinstance(value, date | time):
        text = value.isoformat()
    elif isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        text = f"{minutes // 60}:{minutes % 60:02d}"
    return text


def _moment(raw: date | time | timedelta) -> str:
    if isinstance(raw, datetime):
        midnight = raw.time() == time()
        return raw.date().isoformat() if midnight else raw.isoformat(" ", "minutes")
    if isinstance(raw, timedelta):
        minutes = round(raw.total_seconds() / 60)
        sign = "-" if minutes < 0 else ""
        return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"
    return raw.isoformat("minutes") if isinstance(raw, time) else raw.isoformat()


def _number(number: float, number_format: str) -> str:
    look = shown(number_format)
    if look.percent:
        return f"{_short(round(number * 100, 6))} %"
    text = _short(number)
    return text.zfill(look.zeros) if look.zeros and text.isdecimal() else text


def _short(number: float) -> str:
    """Return a number with the 15 digits Excel keeps, and no exponent."""
    if not abs(number) < 1e300:
        return str(number)
    text = format(Decimal(format(number, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_text(
    raw: Value, number_format: str, language: str, missing: Mapping[str, str]
) -> Parsed:
    """Read a text: exactly as written but for blanks around it."""
    if is_empty(raw):
        return NOTHING
    text = as_shown(raw, number_format, language)
    if isinstance(raw, str) and is_missing(text, missing, prose=True):
        return NOTHING
    return Parsed(text)


_CIVILITY = re.compile(
    r"^(?:M\.|MM\.|Mme|Mlle|Mr|Mrs|Ms|Dr|Pr|Monsieur|Madame|Docteur|Professeur)"
    r"(?:\.|(?=\s))\s*|^M\.\s*|^M\s+(?=[A-ZÀ-Þ])",
    re.I,
)


def parse_person(
    raw: Value, number_format: str, language: str, missing: Mapping[str, str]
) -> Parsed:
    """Read a person's name as people write it, without "M.", "Mme" or "Dr".

    First name and name are never guessed apart; several names stay as written, those
    on lines of their own separated by " / ".
    """
    if is_empty(raw):
        return NOTHING
    if not isinstance(raw, str):
        return Parsed(as_shown(raw, number_format, language))
    if is_missing(raw, missing):
        return NOTHING
    lines = (" ".join(line.split()) for line in raw.splitlines())
    names = [_CIVILITY.sub("", line, count=1).strip() or line for line in lines if line]
    return Parsed(" / ".join(names))


_LINES = re.compile(r"[;\n\r]+")
_COMMAS = re.compile(r"[,/+]|[;\n\r]+")


def parse_list(
    raw: Value, number_format: str, language: str, missing: Mapping[str, str]
) -> Parsed:
    """Read a list: items joined by ``;``, in the order written, each once.

    Items are separated by commas, semicolons, ``/``, ``+`` or line breaks.
    """
    return _items(raw, (number_format, language), missing, _COMMAS)


def parse_names(
    raw: Value, number_format: str, language: str, missing: Mapping[str, str]
) -> Parsed:
    """Read a list of people: as a list, but "DUPONT, Jean ; MARTIN, Anne" is two."""
    lines = isinstance(raw, str) and _LINES.search(raw.strip())
    separator = _LINES if lines else _COMMAS
    return _items(raw, (number_format, language), missing, separator)


def _items(
    raw: Value,
    look: tuple[str, str],
    missing: Mapping[str, str],
    separator: re.Pattern[str],
) -> Parsed:
    if is_empty(raw):
        return NOTHING
    text = as_shown(raw, *look)
    if is_missing(text, missing):
        return NOTHING
    items = (" ".join(item.split()) for item in separator.split(text))
    kept = dict.fromkeys(i for i in items if i and not is_missing(i, missing))
    return Parsed(";".join(kept) or None)
