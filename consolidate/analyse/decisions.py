"""Whether something was decided for a project since its last return."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, of_projects
from consolidate.analyse.history import before, ordinal

_DATES = ("meeting_date", "raised_on", "closed_on")


def decided(case: Case, rows: pd.DataFrame, kinds: tuple[str, ...]) -> pd.Series:
    """Return for each row whether its project has a decision since the return before.

    An item counts when one of its dates is in between, or when it has no date and was
    not in the return before. So does what the review of the month, or of the one before,
    decided: its meeting is held between the two returns.

    Args:
        case: Of a rule that looks at the kind and dates of actions.
        rows: Projects.
        kinds: Kinds of items that decide.
    """
    items = of_projects(case, "actions")
    items = items[items["kind"].isin(kinds)]
    last = before(rows, "as_of")
    since = pd.Series(
        last.to_numpy(), pd.MultiIndex.from_frame(rows[["month", "project_code"]])
    )
    since = since[~since.index.duplicated()]
    keys = pd.MultiIndex.from_frame(items[["month", "project_code"]])
    begun = pd.Series(since.reindex(keys).to_numpy(), index=items.index)
    inside = pd.Series(data=False, index=items.index)
    for name in _DATES:
        inside |= (items[name] > begun) & (items[name] <= items["as_of"])
    undated = items[list(_DATES)].isna().all(axis=1)
    fresh = undated & before(items, "month").isna()
    settled = pd.MultiIndex.from_frame(items.loc[inside | fresh, ["month", "project_code"]])  # fmt: skip
    own = pd.MultiIndex.from_frame(rows[["month", "project_code"]])
    reviewed = [
        (ordinal(month) + after, project)
        for kind, month, project in case.history.reviewed
        if kind in kinds
        for after in (0, 1)
    ]
    known = own.isin(settled) | own.isin(reviewed)
    return pd.Series(known, index=rows.index)
