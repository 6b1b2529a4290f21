"""A01: the project manager asks for help, or waits for a decision."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule


@rule(
    "assistance-requested",
    "projects",
    uses=("assistance_requested", "decisions"),
    also=("on_hold", "mco"),
)
def assistance_requested(case: Case) -> pd.DataFrame:
    """Tell the projects that ask for assistance or for a decision."""
    rows = case.rows
    asked = rows["assistance_requested"].eq(True)
    asked_for = asked.map({True: "assistance", False: "decision"})
    return case.tell({"red": asked | rows["decisions"].notna()}, asked=asked_for)
