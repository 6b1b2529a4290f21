"""M05: a vital service whose recovery was not tried for long."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, both, rule
from consolidate.analyse.columns import days
from consolidate.analyse.service import services


@rule(
    "recovery-not-tested",
    "services",
    uses=("service_criticality", "last_drp_test_date"),
    scope="any",
    also=("mco",),
)
def recovery_not_tested(case: Case) -> pd.DataFrame:
    """Tell the vital services whose last recovery test is old."""
    rows, unknown = services(case, "service_criticality", "last_drp_test_date")
    vital = rows["service_criticality"] == "vital"
    age = days(rows["as_of"] - rows["last_drp_test_date"]).where(vital)
    told = case.above(age, rows, date=rows["last_drp_test_date"])
    return both(told, unknown)
