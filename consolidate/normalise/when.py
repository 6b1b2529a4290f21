"""Cells of date and month fields: typed dates, text, serial numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from consolidate.model.period import month_number
from consolidate.model.span import DateSpan, month_span
from consolidate.model.text import fold
from consolidate.model.workbook import Value
from consolidate.normalise.dates import DateFault, Order, parse_date
from consolidate.normalise.formats import shown
from consolidate.normalise.missing import is_empty
from consolidate.normalise.parsed import NOTHING, Parsed

FIRST_YEAR, LAST_YEAR = 2000, 2045
_STARTS = ("start_", "raised_", "received_")
_SERIALS = range(36526, 54789)
_ZERO_YEAR = 1900
"""A zero shown as a date: 30/12/1899, 00/01/1900."""

"""Excel's day numbers from 2000 to 2049 (1900 system)."""
_DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class DateContext:
    """What a column says of its dates.

    Attributes:
        order: Which comes first in "03/04/2026".
        end: Whether an imprecise date is stored as its last day.
        year: The year its header names, for a month without one; 0 when none.
    """

    order: Order = ""
    end: bool = True
    year: int = 0


def is_end(field: str) -> bool:
    """Whether an imprecise date of a field is stored as the last day it can mean."""
    return not field.startswith(_STARTS)


def parse_day(raw: Value, number_format: str, context: DateContext) -> Parsed:
    """Read a date.

    Args:
        raw: A date, a text, or the number of a day.
        number_format: Of the cell: one that shows only a month makes a month of the
            day stored.
        context: Of the column.

    Returns:
        A ``datetime.date``.
    """
    if is_empty(raw):
        return NOTHING
    found = _span(raw, number_format, context.order)
    if found is None:
        return NOTHING
    if isinstance(found, DateFault):
        return Parsed(rule=found.rule)
    day = found.day(end=context.end)
    if day.year <= _ZERO_YEAR:
        return Parsed(rule="date-zero")
    return Parsed(day, _remark(found, day, raw), (("stored", day.isoformat()),))


def _remark(span: DateSpan, day: date, raw: Value) -> str:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return "date-far"
    if span.approximate:
        return "value-approximate"
    if isinstance(raw, int | float) and raw in _SERIALS:
        return "date-from-serial"
    if isinstance(raw, str) and raw.strip().isdecimal() and int(raw) in _SERIALS:
        return "date-from-serial"
    return "" if span.is_exact else "date-imprecise"


def _span(raw: Value, number_format: str, order: Order) -> DateSpan | DateFault | None:
    if isinstance(raw, date):
        return _typed(raw, number_format)
    if isinstance(raw, bool | time | timedelta) or raw is None:
        return DateFault("date-unread")
    if isinstance(raw, str):
        text = raw.strip()
        if len(text) == 5 and text.isdecimal():
            return _of_number(float(text))
        return parse_date(text, order)
    return _of_number(float(raw))


def _typed(raw: date, number_format: str) -> DateSpan | DateFault | None:
    day = raw.date() if isinstance(raw, datetime) else raw
    if day.year <= _ZERO_YEAR:
        return None
    grain = shown(number_format).grain
    if grain == "year":
        return DateFault("date-vague")
    return month_span(day.year, day.month) if grain == "month" else DateSpan(day, day)


def _of_number(number: float) -> DateSpan | DateFault | None:
    if number == 0:
        return None
    if int(number) in _SERIALS:
        day = _DAY_ZERO + timedelta(days=int(number))
        return DateSpan(day, day)
    if number != int(number) or number < 0:
        return DateFault("date-unread")
    if FIRST_YEAR <= number <= LAST_YEAR:
        return DateFault("date-vague")
    return parse_date(str(int(number))) if number < 1e9 else DateFault("date-unread")


def parse_month(raw: Value, number_format: str, context: DateContext) -> Parsed:
    """Read a month.

    Args:
        raw: A date, "janv-26", "janvier 2026", "2026-01", "01/2026", 202601, or a
            month without a year when the header names the year.
        number_format: Of the cell.
        context: Of the column.

    Returns:
        ``YYYY-MM``. A longer span (a quarter) is left out; a week is kept when it is
        inside one month.
    """
    if is_empty(raw):
        return NOTHING
    bare = _bare_month(raw)
    if bare and context.year:
        return Parsed(f"{context.year:04d}-{bare:02d}")
    found = _compact(raw) or _span(raw, number_format, context.order)
    if found is None:
        return NOTHING
    if isinstance(found, DateFault):
        return Parsed(rule=_month_fault(found.rule))
    if (found.first.year, found.first.month) != (found.last.year, found.last.month):
        return Parsed(rule="month-unread")
    rule = _remark(found, found.first, "")
    month = f"{found.first.year:04d}-{found.first.month:02d}"
    return Parsed(month, "" if rule == "date-imprecise" else rule)


def _month_fault(rule: str) -> str:
    return (
        rule
        if rule in {"date-without-year", "date-ambiguous", "date-impossible"}
        else "month-unread"
    )


def _bare_month(raw: Value) -> int:
    """Return the month of "janvier", "janv." or 1; 0 when it is not one."""
    if isinstance(raw, str):
        text = raw.strip()
        if text.isdecimal() and len(text) < 3:
            return int(text) if 1 <= int(text) <= 12 else 0
        return month_number(fold(text))
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return 0
    return int(raw) if raw in range(1, 13) else 0


def _compact(raw: Value) -> DateSpan | None:
    """Return the month of 202601, as a number or a text."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    digits = raw.strip() if isinstance(raw, str) else f"{raw:.10g}"
    if len(digits) != 6 or not digits.isdecimal():
        return None
    year, month = int(digits[:4]), int(digits[4:])
    if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12:
        return month_span(year, month)
    return None
