"""B03: the budget goes faster than the work."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule


@rule(
    "spend-ahead-of-progress",
    "projects",
    needs=("spent", "reference_budget", "progress", "amount_scope"),
    also=("on_hold",),
)
def spend_ahead_of_progress(case: Case) -> pd.DataFrame:
    """Tell the projects whose share of the budget spent is far ahead of their progress.

    Only whole-life amounts compare with a progress, which is of the whole project.
    """
    rows = case.rows
    used = rows["spent"] / rows["reference_budget"]
    far = rows["progress"] >= case.limit("from_progress")
    whole = rows["amount_scope"] != "year"
    told = case.above((used - rows["progress"]).where(far & whole), used=used, progress=rows["progress"])  # fmt: skip
    return pd.concat([told, case.skip(rows[~whole], "amount_scope")], ignore_index=True)
