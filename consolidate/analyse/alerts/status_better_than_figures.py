"""S01: a declared status better than the figures."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.computed import COMPUTED_FROM, status_of


@rule("status-better-than-figures", "projects", needs=("status",), uses=COMPUTED_FROM)
def status_better_than_figures(case: Case) -> pd.DataFrame:
    """Tell the projects whose figures give a worse status than the one declared.

    A status that cannot be computed is compared with nothing.
    """
    rows = case.rows
    found = status_of(rows, case.status)
    steps = {s: found["gap"] >= case.limit(s) for s in ("amber", "red")}
    facts = {"declared": rows["status"], "computed": found["overall"]}
    told = case.tell(steps, found["gap"], **facts)
    grey = rows[found["overall"] == "grey"].assign(why=found["why_grey"])
    skipped = case.skip(grey, "").assign(missing=grey["why"])
    return pd.concat([told, skipped], ignore_index=True)
