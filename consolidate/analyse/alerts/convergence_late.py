"""P04: an establishment that should have moved to the common application."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days

_SETTLED = ("converged", "exempted", "not_applicable")


@rule(
    "convergence-late",
    "convergence",
    needs=("state", "target_date"),
    uses=("establishment",),
    scope="any",
)
def convergence_late(case: Case) -> pd.DataFrame:
    """Tell the domains of establishments not converged after the day planned."""
    rows = case.rows
    open_ = ~rows["state"].isin(_SETTLED)
    late = days(rows["as_of"] - rows["target_date"]).where(open_)
    return case.above(late, date=rows["target_date"], establishment=rows["establishment"])  # fmt: skip
