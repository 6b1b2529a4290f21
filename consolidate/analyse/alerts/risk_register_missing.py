"""R04: a project that lists no risk."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule


@rule(
    "risk-register-missing",
    "projects",
    needs=("phase",),
    others={"risks": ("state",)},
    scope="active",
)
def risk_register_missing(case: Case) -> pd.DataFrame:
    """Tell the active projects from framing on without any risk."""
    rows = case.rows
    risks = case.history.table("risks")
    listed = pd.MultiIndex.from_frame(rows[["month", "project_code"]]).isin(
        pd.MultiIndex.from_frame(risks[["month", "project_code"]])
    )
    framed = rows["phase"] != "opportunity"
    return case.tell({"amber": framed & ~listed}, phase=rows["phase"])
