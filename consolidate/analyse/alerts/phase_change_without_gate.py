"""R09: a new phase that no body opened."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, of_projects, rule
from consolidate.analyse.decisions import decided
from consolidate.analyse.history import before


@rule(
    "phase-change-without-gate",
    "projects",
    needs=("phase",),
    others={
        "meetings": ("meeting_date", "meeting_state"),
        "actions": ("kind", "meeting_date", "raised_on", "closed_on"),
    },
)
def phase_change_without_gate(case: Case) -> pd.DataFrame:
    """Tell the projects whose phase changed without a meeting held or a decision."""
    rows = case.rows
    was = before(rows, "phase")
    changed = was.notna() & (was != rows["phase"])
    gate = decided(case, rows, ("decision",)) | _met(case, rows)
    return case.tell({"amber": changed & ~gate}, was=was, phase=rows["phase"])


def _met(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Return for each row whether a body met since the return before."""
    held = of_projects(case, "meetings")
    held = held[~held["meeting_state"].isin(["planned", "postponed", "cancelled"])]
    last = before(rows, "as_of")
    own = rows[["month", "project_code", "as_of"]].assign(last=last)
    both = held[["month", "project_code", "meeting_date"]].merge(own, on=["month", "project_code"])  # fmt: skip
    inside = (both["meeting_date"] > both["last"]) & (both["meeting_date"] <= both["as_of"])  # fmt: skip
    met = pd.MultiIndex.from_frame(both.loc[inside, ["month", "project_code"]])
    keys = pd.MultiIndex.from_frame(rows[["month", "project_code"]])
    return pd.Series(keys.isin(met), index=rows.index)
