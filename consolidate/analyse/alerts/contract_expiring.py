"""M07: a maintenance contract that ends soon."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, both, rule
from consolidate.analyse.columns import days
from consolidate.analyse.service import services


@rule(
    "contract-expiring",
    "services",
    uses=("contract_end_date",),
    scope="any",
    also=("mco",),
)
def contract_expiring(case: Case) -> pd.DataFrame:
    """Tell the services whose contract ends before another can be let."""
    rows, unknown = services(case, "contract_end_date")
    left = days(rows["contract_end_date"] - rows["as_of"])
    told = case.below(left, rows, date=rows["contract_end_date"])
    return both(told, unknown)
