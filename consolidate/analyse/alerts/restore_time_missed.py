"""M03: incidents not solved in the time guaranteed."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, both, rule
from consolidate.analyse.service import services


@rule(
    "restore-time-missed",
    "services",
    uses=("restore_compliance",),
    scope="any",
    also=("mco",),
)
def restore_time_missed(case: Case) -> pd.DataFrame:
    """Tell the services whose share of incidents solved in time is low."""
    rows, unknown = services(case, "restore_compliance")
    return both(case.below(rows["restore_compliance"], rows), unknown)
