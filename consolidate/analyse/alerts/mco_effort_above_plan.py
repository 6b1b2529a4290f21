"""M08: maintenance that takes more days than planned."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, both, rule
from consolidate.analyse.service import services


@rule(
    "mco-effort-above-plan",
    "services",
    uses=("effort_planned", "effort_spent"),
    scope="any",
    also=("mco",),
)
def mco_effort_above_plan(case: Case) -> pd.DataFrame:
    """Tell the services whose days spent exceed the days planned."""
    rows, unknown = services(case, "effort_planned", "effort_spent")
    planned = rows["effort_planned"].where(rows["effort_planned"] > 0)
    share = rows["effort_spent"] / planned
    told = case.above(share, rows, spent=rows["effort_spent"], planned=planned)
    return both(told, unknown)
