"""P05: two applications meant for one domain."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.sources import gathered
from consolidate.model.text import fold


@rule(
    "convergence-two-targets",
    "convergence",
    needs=("target_solution",),
    uses=("state",),
    scope="any",
)
def convergence_two_targets(case: Case) -> pd.DataFrame:
    """Tell the functional domains for which several target applications are named."""
    rows = case.rows[case.rows["object"].notna()]
    rows = rows[~rows["state"].isin(["exempted", "not_applicable"])]
    names = {n: fold(n) for n in rows["target_solution"].unique()}
    by = ["month", "object"]
    folded = rows.assign(target=rows["target_solution"].map(names))
    found = (
        folded.groupby(by, sort=False)["target"].nunique().rename("count").to_frame()
    )
    found["sources"] = gathered(case.history, rows, "convergence", by)
    found = found.reset_index().assign(project_code=None, record_id="")
    count = found["count"].astype("float64")
    return case.above(count, found, sources=found["sources"])
