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


def deliverable_matrix(expected: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Return how many projects of each phase have each deliverable that is asked of them.

    Args:
        expected: As ``expected_deliverables`` gives them, of one month.
        projects: Columns ``project_code`` and ``phase``.

    Returns:
        ``type``, ``phase`` (that projects are in), ``expected``, ``done`` and
        ``delivered`` (projects), ``is_current`` (whether that phase is the one that asks).
    """
    phase = projects.drop_duplicates("project_code").set_index("project_code")["phase"]
    rows = expected.assign(phase=expected["project_code"].map(phase).astype("object"))
    groups = rows.groupby(["type", "phase"], sort=False)
    found = groups[["is_done", "is_delivered"]].sum()
    found.insert(0, "expected", groups.size())
    found["is_current"] = groups["is_current"].first()
    names = {"is_done": "done", "is_delivered": "delivered"}
    return found.rename(columns=names).reset_index()


def lacking(expected: pd.DataFrame) -> pd.DataFrame:
    """Return what each project lacks of what its phase and those before ask for.

    Returns:
        Index ``project_code``; ``expected`` and ``done`` (of the phases before, to be
        validated), ``before`` and ``now``: types missing of the phases before and not
        delivered of the current one, ``;`` between them.
    """
    earlier = expected[~expected["is_current"]]
    current = expected[expected["is_current"]]
    groups = earlier.groupby("project_code", sort=False)
    named = {
        "before": earlier[~earlier["is_done"]],
        "now": current[~current["is_delivered"]],
    }
    parts = {
        name: rows.groupby("project_code", sort=False)["type"].agg(";".join)
        for name, rows in named.items()
    }
    codes = pd.Index(expected["project_code"].unique(), name="project_code")
    found = pd.DataFrame(
        {"expected": groups.size(), "done": groups["is_done"].sum(), **parts},
        index=codes,
    )
    counts = found[["expected", "done"]].fillna(0).astype("int64")
    return found.assign(expected=counts["expected"], done=counts["done"])
