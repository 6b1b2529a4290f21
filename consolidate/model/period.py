"""Months, weeks and years as they head the columns of a sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from consolidate.model.text import fold
from consolidate.model.workbook import Value

MONTHS = (
    ("janvier", "january"),
    ("fevrier", "february"),
    ("mars", "march"),
    ("avril", "april"),
    ("mai", "may"),
    ("juin", "june"),
    ("juillet", "july"),
    ("aout", "august"),
    ("septembre", "september"),
    ("octobre", "october"),
    ("novembre", "november"),
    ("decembre", "december"),
)
_MONTH_YEAR = re.compile(r"([a-z]{3,9}) ?(?:(20)?(\d\d))?")
_NUMERIC = re.compile(r"(\d{1,2}) (20\d\d)|(20\d\d) (\d{1,2})")
_DATED = re.compile(r"(\d{1,2}) (\d{1,2})(?: (20\d\d))?")
_WEEK = re.compile(r"(?:s|w|sem|semaine|week|wk) ?(\d{1,2})(?: (20)?(\d\d))?")
_DAY = re.compile(r"(?:j|d|jour|day) ?(\d{1,3})")
_QUARTER = re.compile(r"(?:t|q|trim|trimestre|quarter) ?([1-4])(?: ?(20)?(\d\d))?")


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time that heads a column.

    Attributes:
        kind: ``day``, ``week``, ``month``, ``quarter``, ``year`` or ``step`` (day 1 ...).
        year: 0 when not written.
        number: Month, week, quarter or step number; 0 for a year.
        day: Day of the month for ``day``.
    """

    kind: str
    year: int = 0
    number: int = 0
    day: int = 0


def month_number(word: str) -> int:
    """Return the only month whose French or English name starts with a folded word.

    0 when the word is shorter than three letters, or names no month or two.
    """
    if len(word) < 3:
        return 0
    hits = {
        n for n, names in enumerate(MONTHS, 1) if any(m.startswith(word) for m in names)
    }
    if word == "juil":
        hits = {7}
    return hits.pop() if len(hits) == 1 else 0


def parse_period(value: Value, number_format: str = "") -> Period | None:
    """Return the period a header cell stands for, or None.

    Args:
        value: The cell's value.
        number_format: Tells a month (``mmm-yy``) from a day.
    """
    if isinstance(value, datetime | date):
        shown = number_format.lower()
        if "m" in shown and "d" not in shown and "j" not in shown:
            return Period("month", value.year, value.month)
        return Period("day", value.year, value.month, value.day)
    if isinstance(value, float | int) and not isinstance(value, bool):
        if 2000 <= value <= 2049 and value == int(value):
            return Period("year", int(value))
        return None
    return _parse_text(value) if isinstance(value, str) and len(value) < 25 else None


def _day_of(text: str, day: int, month: int, year: int) -> Period | None:
    dated = bool(year) or any(sign in text for sign in "./-")
    return (
        Period("day", year, month, day) if dated and day <= 31 and month <= 12 else None
    )


@lru_cache(maxsize=4096)
def _parse_text(text: str) -> Period | None:
    plain = fold(text)
    if re.fullmatch(r"20[0-4]\d", plain):
        return Period("year", int(plain))
    if (found := _MONTH_YEAR.fullmatch(plain)) and (month := month_number(found[1])):
        return Period("month", 2000 + int(found[3]) if found[3] else 0, month)
    if found := _NUMERIC.fullmatch(plain):
        month, year = int(found[1] or found[4]), int(found[2] or found[3])
        return Period("month", year, month) if 1 <= month <= 12 else None
    if found := _DATED.fullmatch(plain):
        return _day_of(text, int(found[1]), int(found[2]), int(found[3] or 0))
    for kind, pattern in (("week", _WEEK), ("quarter", _QUARTER), ("step", _DAY)):
        if found := pattern.fullmatch(plain):
            year = 0
            if kind != "step" and found[3]:
                year = 2000 + int(found[3])
            return Period(kind, year, int(found[1]))
    return None


def month_before(month: str) -> str:
    """Return the month before one, both ``YYYY-MM``."""
    year, order = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if order == 1 else f"{year}-{order - 1:02}"
