"""A07: a project nobody leads, sponsors or represents."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule

_FRAMED = frozenset({"opportunity"})


@rule(
    "role-missing",
    "projects",
    uses=("project_manager", "sponsor", "business_manager", "priority", "phase"),
    scope="active",
)
def role_missing(case: Case) -> pd.DataFrame:
    """Tell the projects without manager, without sponsor (P1, P2) or business lead."""
    rows = case.rows
    high = rows["priority"].isin(["1", "2"])
    framed = rows["phase"].notna() & ~rows["phase"].isin(_FRAMED)
    gone = {
        "red": ("project_manager", rows["project_manager"].isna()),
        "amber": ("sponsor", rows["sponsor"].isna() & high),
        "low": ("business_manager", rows["business_manager"].isna() & framed),
    }
    roles = pd.Series("", index=rows.index, dtype="object")
    for name, here in gone.values():
        roles = roles.where(~here, roles + f";{name}")
    steps = {step: here for step, (_, here) in gone.items()}
    return case.tell(steps, roles=roles.str.lstrip(";"))
