"""Dates as precise as they were written."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

Grain: TypeAlias = Literal[
    "day", "week", "month", "quarter", "half", "year", "start", "middle"
]


@dataclass(frozen=True, slots=True)
class DateSpan:
    """The first and the last day a date can mean.

    "mars 2026" is 1 to 31 March; "31/03/2026" has ``first == last``. Compare a
    deadline with ``last``: nobody is late before the period they promised is over.

    Attributes:
        first, last: Both inside the span.
        grain: How it was written; ``middle`` is "mi-avril", stored as the 15th.
        approximate: Whether it was marked about or uncertain ("~", "?", "env.").
    """

    first: date
    last: date
    grain: Grain = "day"
    approximate: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether the text named one day."""
        return self.grain == "day"

    def day(self, *, end: bool) -> date:
        """Return the one day to store: the last for an end date, else the first."""
        return self.last if end else self.first


def month_span(year: int, month: int) -> DateSpan:
    """Return the days of a month."""
    return DateSpan(date(year, month, 1), last_day(year, month), "month")


def quarter_span(year: int, quarter: int) -> DateSpan:
    """Return the days of a calendar quarter."""
    month = 3 * quarter
    return DateSpan(date(year, month - 2, 1), last_day(year, month), "quarter")


def year_span(year: int) -> DateSpan:
    """Return the days of a year."""
    return DateSpan(date(year, 1, 1), date(year, 12, 31), "year")


def week_span(year: int, week: int) -> DateSpan:
    """Return the Monday to the Friday of an ISO week.

    Raises:
        ValueError: The year has no such week.
    """
    monday = date.fromisocalendar(year, week, 1)
    return DateSpan(monday, monday + timedelta(days=4), "week")


def last_day(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])
