"""M04: major incidents that come again."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, both, rule
from consolidate.analyse.service import month_before, services


@rule(
    "major-incidents-repeated",
    "services",
    uses=("incidents_major",),
    scope="any",
    also=("mco",),
)
def major_incidents_repeated(case: Case) -> pd.DataFrame:
    """Tell the services with several major incidents, or more each month."""
    rows, unknown = services(case, "incidents_major")
    count = rows["incidents_major"]
    was = month_before(case, rows, "incidents_major")
    first = month_before(case, rows, "incidents_major", back=2)
    rising = (count > was) & (was > first)
    many = count >= case.limit("amber", rows)
    return both(case.tell({"amber": many | rising}, count, rows), unknown)
