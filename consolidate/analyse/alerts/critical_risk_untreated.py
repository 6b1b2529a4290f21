"""R01: a grave risk that nobody treats or owns."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule


@rule(
    "critical-risk-untreated",
    "risks",
    needs=("criticality",),
    uses=("mitigation", "owner", "state", "closed_on"),
    also=("mco",),
)
def critical_risk_untreated(case: Case) -> pd.DataFrame:
    """Tell the risks not closed, of high criticality, without plan or without owner."""
    rows = case.rows
    open_ = (rows["state"] != "closed") & rows["closed_on"].isna()
    no_plan, no_owner = rows["mitigation"].isna(), rows["owner"].isna()
    grave = {s: rows["criticality"] >= case.limit(s) for s in ("amber", "red")}
    alone = open_ & (no_plan | no_owner)
    lacking = pd.Series("owner", index=rows.index, dtype="object")
    lacking = lacking.mask(no_plan, "mitigation").mask(no_plan & no_owner, "mitigation;owner")  # fmt: skip
    steps = {step: alone & high for step, high in grave.items()}
    return case.tell(steps, rows["criticality"], lacking=lacking)
