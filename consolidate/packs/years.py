"""The year of services, worked out once for all the sections that tell of it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from consolidate.analyse.history import ordinal
from consolidate.analyse.recorded import time_rows
from consolidate.analyse.year_end import (
    costed,
    decided,
    named_services,
    service_months,
    year_of,
)
from consolidate.packs.data import PackData
from consolidate.packs.times import history_of


@dataclass(frozen=True, slots=True)
class Years:
    """What is told of services.

    Attributes:
        months: ``year_end.service_months``, of the year and the one before.
        time: Lines of time up to the month reported on, with ``number``.
        services: ``year_end.year_of`` with cost and decision, ``days`` first.
        now: The month reported on, as a number.
    """

    months: pd.DataFrame
    time: pd.DataFrame
    services: pd.DataFrame
    now: int

    @property
    def elapsed(self) -> int:
        """Months of the year gone by, 1..12."""
        return self.now % 12 + 1

    @property
    def year(self) -> int:
        """The year reported on."""
        return self.now // 12


def years(data: PackData) -> Years:
    """Return the year of the services of a month."""
    history = history_of(data)
    now = ordinal(data.portfolio.period)
    months = service_months(history)
    time = time_rows(history)
    time = time[time["month"] <= now]
    time = time.assign(number=named_services(time, months))
    setting = data.rules.packs["year-end"]
    rows = year_of(months, time, now, pd.Timestamp(data.portfolio.as_of))
    rows = costed(rows, setting["daily_rates"], now % 12 + 1)
    rows = decided(rows, setting["decisions"], setting["keep"]["needs"])
    order = ["days", "incidents", "service"]
    rows = rows.sort_values(order, ascending=[False, False, True], ignore_index=True)
    return Years(months, time, rows, now)
