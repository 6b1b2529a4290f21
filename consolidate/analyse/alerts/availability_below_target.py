"""M01: a service less available than was committed."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, both, rule
from consolidate.analyse.history import period_of
from consolidate.analyse.service import month_before, services


@rule(
    "availability-below-target",
    "services",
    uses=("availability_actual", "availability_target", "service_criticality"),
    scope="any",
    also=("mco",),
)
def availability_below_target(case: Case) -> pd.DataFrame:
    """Tell the services below the availability committed; graver when vital or again."""
    rows, unknown = services(case, "availability_actual", "availability_target")
    gap = rows["availability_actual"] - rows["availability_target"]
    low = gap.round(9) < case.limit("amber", rows)
    was = month_before(case, rows, "availability_actual")
    aim = month_before(case, rows, "availability_target")
    again = (was - aim).round(9) < case.limit("amber", rows)
    grave = again | (rows["service_criticality"] == "vital")
    facts = {
        "actual": rows["availability_actual"],
        "target": rows["availability_target"],
    }
    steps = {"amber": low, "red": low & grave}
    own = rows["of"].map(period_of)
    told = case.tell(steps, gap, rows, own=own, **facts)
    return both(told, unknown)
