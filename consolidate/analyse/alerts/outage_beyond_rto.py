"""M02: an interruption longer than is tolerated."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, both, rule
from consolidate.analyse.service import services


@rule(
    "outage-beyond-rto",
    "services",
    uses=("longest_outage_h", "rto_h"),
    scope="any",
    also=("mco",),
)
def outage_beyond_rto(case: Case) -> pd.DataFrame:
    """Tell the services whose longest interruption exceeds the tolerated one."""
    rows, unknown = services(case, "longest_outage_h", "rto_h")
    excess = rows["longest_outage_h"] - rows["rto_h"]
    facts = {"outage": rows["longest_outage_h"], "rto": rows["rto_h"]}
    return both(case.above(excess, rows, **facts), unknown)
