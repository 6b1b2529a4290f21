"""Which deliverables a project's phase asks for, and which are there."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.history import History
from consolidate.analyse.rules import Rules

_DONE = ("validated", "not_applicable")


def expected_deliverables(
    rows: pd.DataFrame, history: History, rules: Rules
) -> pd.DataFrame:
    """Return the mandatory deliverables of each project, up to its phase.

    Args:
        rows: Projects with ``month``, ``project_code``, ``phase`` and ``complexity``;
            those without a phase, or that list no deliverable of a known type, are
            left out: nothing is known of them.
        history: Holds the deliverables.
        rules: The life cycle.

    Returns:
        Columns ``month``, ``project_code``, ``type``, ``is_current`` (of the current
        phase), ``is_done`` (validated, or not applicable), ``is_delivered``.
    """
    own = history.table("deliverables")
    own = own[own["deliverable_type"].notna() & own["state"].notna()]
    listed = pd.MultiIndex.from_frame(own[["month", "project_code"]])
    keys = pd.MultiIndex.from_frame(rows[["month", "project_code"]])
    known = rows[keys.isin(listed) & rows["phase"].isin(rules.lifecycle)]
    wanted = known[["month", "project_code", "phase", "complexity"]].merge(
        _catalogue(rules), on="phase"
    )
    slight = (wanted["complexity"] == "low") & ~wanted["type"].isin(rules.essential)
    done = own.assign(
        is_done=own["state"].isin(_DONE),
        is_delivered=own["state"].isin([*_DONE, "delivered", "in_review"]),
    )
    best = done.groupby(["month", "project_code", "deliverable_type"], sort=False)[
        ["is_done", "is_delivered"]
    ].max()
    found = wanted[~slight].merge(
        best.reset_index(names=["month", "project_code", "type"]),
        on=["month", "project_code", "type"],
        how="left",
    )
    for name in ("is_done", "is_delivered"):
        found[name] = found[name].eq(True)
    return found.drop(columns=["phase", "complexity"])


def deliverable_share(rows: pd.DataFrame, history: History, rules: Rules) -> pd.Series:
    """Return the share of mandatory deliverables of the phases before that are validated.

    Returns:
        One share for each row, unknown where nothing is expected or known.
    """
    wanted = expected_deliverables(rows, history, rules)
    before = wanted[~wanted["is_current"]]
    share = before.groupby(["month", "project_code"], sort=False)["is_done"].mean()
    keys = pd.MultiIndex.from_frame(rows[["month", "project_code"]])
    return pd.Series(share.reindex(keys).to_numpy("float64"), index=rows.index)


def _catalogue(rules: Rules) -> pd.DataFrame:
    """Return by phase every type of deliverable it asks for, once, the earliest phase's."""
    rows = []
    seen: dict[str, int] = {}
    for place, (phase, types) in enumerate(rules.lifecycle.items()):
        for name in types:
            seen.setdefault(name, place)
        rows += [(phase, name, at == place) for name, at in seen.items()]
    return pd.DataFrame(rows, columns=["phase", "type", "is_current"])
