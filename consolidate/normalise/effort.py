"""Efforts and durations in days, service times in hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from consolidate.model.workbook import Value
from consolidate.normalise.formats import Shown, shown
from consolidate.normalise.missing import is_empty
from consolidate.normalise.numbers import Mark, NumberFault, Quantity, parse_quantity
from consolidate.normalise.options import NormaliseOptions
from consolidate.normalise.parsed import NOTHING, Parsed
from consolidate.normalise.plain import plain, without_doubt
from consolidate.normalise.units import load_units

_CLOCK = re.compile(
    r"(?P<sign>-)?(?:(?P<h>\d{1,5}) ?(?:h|hrs?|heures?|hours?) ?(?P<m>\d{1,2}) ?(?:mn?|min|mins|minutes?)?"
    r"|(?P<h2>\d{1,5}):(?P<m2>\d\d)(?::\d\d)?)"
)
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  (Excel's day 0 has no zone)


@dataclass(frozen=True, slots=True)
class EffortContext:
    """What a column says of its efforts, durations or service times.

    Attributes:
        unit: ``Column.unit``; empty when not stated.
        mark: Decimal mark.
        into: ``day`` or ``hour``: what the field is kept in.
        monthly: Whether the record is about one month, so that an FTE has a length.
    """

    unit: str = ""
    mark: Mark = ""
    into: str = "day"
    monthly: bool = False


def parse_effort(
    raw: Value,
    number_format: str,
    context: EffortContext,
    options: NormaliseOptions,
) -> Parsed:
    """Read an effort or a duration in days, or a service time in hours.

    Args:
        raw: "12 JH", "84 h", "2H30", "1 h 15", "0,5 ETP", "2 sem", a number in the
            column's unit, a time or an elapsed time.
        number_format: Of the cell.
        context: Of the column.
        options: Hours of a day and the like.

    Returns:
        Days (hours when ``context.into`` is ``hour``), of ``hours_per_day`` hours.
    """
    if is_empty(raw):
        return NOTHING
    clock = _clock_hours(raw)
    if clock is not None:
        return _from_unit(clock, "hour", context, options)
    if isinstance(raw, str):
        found = parse_quantity(raw, context.mark)
        if isinstance(found, NumberFault):
            return Parsed(rule=found.rule)
        return _of_text(found, context, options)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return Parsed(rule="number-unread")
    number, unit = _of_format(float(raw), shown(number_format), context.unit)
    return _from_unit(number, unit, context, options)


def _of_format(number: float, look: Shown, unit: str) -> tuple[float, str]:
    """Return a typed number and its unit: an elapsed time is stored in days."""
    if look.elapsed:
        return number * 24, "hour"
    if look.percent and unit != "fte":
        return number, "percent"
    return number, load_units().time.get(look.unit, look.unit) or unit


def _of_text(
    found: Quantity, context: EffortContext, options: NormaliseOptions
) -> Parsed:
    unit = load_units().time.get(found.unit, "") if found.unit else context.unit
    number = found.number
    if not unit and re.fullmatch(r"%(?:etp|fte)?", found.unit):
        percent = context.unit == "fte" or len(found.unit) > 1
        number, unit = (number / 100, "fte") if percent else (number, "")
    if found.unit and not unit:
        return Parsed(rule="number-unread")
    parsed = _from_unit(number, unit, context, options)
    if found.approximate and not parsed.rule:
        return parsed._replace(rule="value-approximate")
    return parsed


def _from_unit(
    number: float, unit: str, context: EffortContext, options: NormaliseOptions
) -> Parsed:
    if context.into == "hour":
        hours = {"": 1.0, "hour": 1.0, "minute": 1 / 60}.get(unit)
        value = None if hours is None else round(number * hours, 6)
        return Parsed(value, "" if hours is not None else "number-unread")
    if unit == "fte" and not context.monthly:
        return Parsed(rule="effort-fte-without-period")
    days = {
        "": 1.0,
        "day": 1.0,
        "hour": 1 / options.hours_per_day,
        "minute": 1 / (60 * options.hours_per_day),
        "week": 5.0,
        "month": options.days_per_month,
        "fte": options.days_per_month,
        "fte_year": options.working_days_per_year,
    }.get(unit)
    if days is None:
        return Parsed(rule="number-unread")
    return Parsed(round(number * days, 6))


def _clock_hours(raw: Value) -> float | None:
    """Return the hours of "2H30", "1 h 15", "12:30", a time or an elapsed time."""
    if isinstance(raw, timedelta):
        return raw.total_seconds() / 3600
    if isinstance(raw, time):
        return raw.hour + raw.minute / 60 + raw.second / 3600
    if isinstance(raw, datetime):
        early = raw.year < 1901 and raw.tzinfo is None
        return (raw - _EPOCH).total_seconds() / 3600 if early else None
    if not isinstance(raw, str) or len(raw) > 30:
        return None
    low = without_doubt(plain(raw))[0]
    found = _CLOCK.fullmatch(low)
    if not found or int(found["m"] or found["m2"]) > 59:
        return None
    hours = int(found["h"] or found["h2"]) + int(found["m"] or found["m2"]) / 60
    return -hours if found["sign"] else hours
