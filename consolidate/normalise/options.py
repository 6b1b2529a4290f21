"""What normalising depends on beside the workbooks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class NormaliseOptions:
    """The run's period and the PMO's units.

    Attributes:
        period: Month reported on, ``YYYY-MM``.
        as_of: Day the rules compare with.
        hours_per_day: Hours of a person-day.
        days_per_month: Person-days of one full-time month.
        working_days_per_year: Person-days of one full-time year.
    """

    period: str
    as_of: date
    hours_per_day: float = 7.0
    days_per_month: float = 20.0
    working_days_per_year: float = 205.0
