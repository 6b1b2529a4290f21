"""R08: a mandatory deliverable that is not there."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.lifecycle import expected_deliverables


@rule(
    "deliverable-missing",
    "projects",
    needs=("phase",),
    uses=("complexity",),
    others={"deliverables": ("deliverable_type", "state")},
    scope="active",
)
def deliverable_missing(case: Case) -> pd.DataFrame:
    """Tell the projects that lack mandatory deliverables of their phase or an earlier one.

    Those of earlier phases must be validated, those of the current one delivered. A
    project that lists no deliverable of a known type is not judged.
    """
    rows = case.rows
    wanted = expected_deliverables(rows, case.history, case.rules)
    by = ["month", "project_code"]
    earlier = wanted[~wanted["is_current"] & ~wanted["is_done"]]
    current = wanted[wanted["is_current"] & ~wanted["is_delivered"]]
    missing = pd.concat([earlier, current])
    names = missing.groupby(by, sort=False)["type"].agg(";".join)
    count = missing.groupby(by, sort=False).size()
    keys = pd.MultiIndex.from_frame(rows[by])
    known = keys.isin(pd.MultiIndex.from_frame(wanted[by]))
    steps = {
        "red": pd.Series(keys.isin(pd.MultiIndex.from_frame(earlier[by])), rows.index),
        "amber": pd.Series(
            keys.isin(pd.MultiIndex.from_frame(current[by])), rows.index
        ),
    }
    value = pd.Series(count.reindex(keys).to_numpy("float64"), rows.index)
    types = pd.Series(names.reindex(keys).to_numpy(), rows.index, dtype="object")
    told = case.tell(steps, value, types=types, phase=rows["phase"])
    return pd.concat([told, case.skip(rows[~known], "deliverables")], ignore_index=True)
