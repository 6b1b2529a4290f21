"""Projects and requests in order, and where the means run out.

The score of an item is the weighted mean of its marks, out of 100, over the criteria that
are known; what each brings is told beside it, and below a stated completeness there is none.
From the top, each item takes its days and money; the line is drawn before the first that
no longer fits. Mandatory items, and those kept by arbitration, come before the others and
stand above the line whatever is left; postponed and refused ones take nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from consolidate.analyse.history import History
from consolidate.analyse.prioritise_settings import Grid, Scenario
from consolidate.model.text import fold

POSITIONS = ("above", "below", "unsized", "unscored", "postponed", "refused")
"""Where an item stands: above or below the line; without what it takes, or without a
score, it cannot be placed; or it was decided."""

RANKED = [
    *("rank", "position", "score", "completeness", "missing", "decision"),
    *("days_after", "money_after", "runs_out", "still_fits"),
]
_DECIDED = {"postpone": "postponed", "refuse": "refused"}
ARBITRATION = ["decision", "reason", "decided_by", "decided_on"]


@dataclass(frozen=True, slots=True)
class Means:
    """What is shared out; None where there is no limit that is known."""

    days: float | None = None
    money: float | None = None


def build_days(history: History, months: int) -> float | None:
    """Return the days of people that are free for projects in the months ahead.

    Capacity, of the people and months where it is known, less what is planned on anything
    but projects and absences (which the capacity leaves out).

    Args:
        history: Holds the workload: ``effort_planned``, ``capacity``, ``category``.
        months: How many months after the one reported on.

    Returns:
        Person-days; None when no capacity is known.
    """
    rows = history.dated("workload")
    ahead = (rows["of"] - history.now).between(1, months)
    rows = rows[(rows["month"] == history.now) & ahead & rows["person"].notna()]
    run = rows["effort_planned"].where(rows["category"].isin(["run", "transverse"]))
    groups = rows.assign(run=run.fillna(0)).groupby(["person", "of"])
    one = groups["capacity"].nunique() == 1
    free = (groups["capacity"].max() - groups["run"].sum()).where(one).clip(lower=0)
    return float(free.sum()) if len(free) and free.notna().any() else None


def means_of(scenario: Scenario, base: Means) -> Means:
    """Return the means of a scenario: its own, else its share of the base."""

    def told(own: float | None, share: float, whole: float | None) -> float | None:
        if own is not None:
            return own
        return None if whole is None else whole * share

    return Means(
        told(scenario.build_days, scenario.build_share, base.days),
        told(scenario.budget, scenario.budget_share, base.money),
    )


def scored(items: pd.DataFrame, grid: Grid, scenario: Scenario) -> pd.DataFrame:
    """Return items with their score in a scenario.

    Returns:
        The same with ``part_<criterion>`` (points it brings, out of 100; unknown where it
        is), ``score`` (their sum; unknown below the grid's completeness),
        ``completeness`` (share of the weights that apply which is known) and ``missing``
        (names of the criteria nobody told, ``;`` between them).
    """
    weights = grid.weights(scenario)
    marks = pd.DataFrame(
        {c.name: items[f"mark_{c.name}"].astype("float64") for c in grid.criteria}
    )
    applies = pd.DataFrame(
        {
            c.name: items["kind"].map({k: bool(s) for k, s in c.sources.items()})
            for c in grid.criteria
        }
    ).astype("bool")
    weight = pd.Series(weights)
    known = marks.notna()
    most = (applies * weight).sum(axis=1)
    have = (known * weight).sum(axis=1)
    parts = (marks * weight).div(have.where(have > 0), axis=0) * 100
    share = (have / most.where(most > 0)).fillna(0.0)
    enough = share.round(9) >= grid.completeness
    gone = applies & ~known & (weight > 0)
    names = (gone * 1) @ pd.Series([f"{c};" for c in gone], gone.columns, dtype="object") if len(gone) else pd.Series(dtype="object")  # fmt: skip
    return items.assign(
        **{f"part_{c}": parts[c] for c in parts},
        score=parts.sum(axis=1, min_count=1).round(6).where(enough),
        completeness=share,
        missing=names.astype("object").fillna("").map(lambda n: n.rstrip(";")),
    )


def ranked(
    items: pd.DataFrame,
    grid: Grid,
    scenario: Scenario,
    means: Means,
    arbitrations: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return items in order, each above or below the line.

    Args:
        items: As ``items`` gives them.
        grid: Weights and completeness.
        scenario: Which weights.
        means: What is shared out.
        arbitrations: Decisions taken: ``item`` and columns ``ARBITRATION``; the last one
            of an item counts.

    Returns:
        What ``scored`` gives, and ``ARBITRATION``; ``position`` one of ``POSITIONS``
        (all above when there is no limit); ``rank`` from 1 of those placed;
        ``days_after`` and ``money_after`` (taken from the top, this item included);
        ``runs_out`` on the first below: ``days``, ``money`` or ``days;money``;
        ``still_fits`` whether one below would fit what is left above the line, those
        before it that would not being passed over.
    """
    found = with_decisions(scored(items, grid, scenario), arbitrations)
    fits = _fit(found, means)
    stage = _stage(found, fits)
    order = found.assign(stage=stage).sort_values(
        ["stage", "score", "item"], ascending=[True, False, True], kind="stable", ignore_index=True
    )  # fmt: skip
    return _cut(order, means).drop(columns="stage")


def with_decisions(
    items: pd.DataFrame, arbitrations: pd.DataFrame | None
) -> pd.DataFrame:
    """Return items with what was decided of each; empty columns where nothing was."""
    if arbitrations is None or not len(arbitrations):
        return items.assign(**dict.fromkeys(ARBITRATION))
    kept = arbitrations[arbitrations["item"].notna() & arbitrations["decision"].notna()]
    keyed = kept.assign(
        key=kept["item"].astype("str").map(fold), on=days_written(kept["decided_on"])
    )
    ordered = keyed.sort_values("on", kind="stable", na_position="first")
    last = ordered.drop_duplicates("key", keep="last").set_index("key")
    keys = items["item"].astype("str").map(fold)
    return items.assign(**{c: last[c].reindex(keys).to_numpy() for c in ARBITRATION})


def days_written(texts: pd.Series) -> pd.Series:
    """Return days as people write them, the day before the month; else unknown."""
    iso = pd.to_datetime(texts, errors="coerce", format="ISO8601")
    others = pd.to_datetime(texts, errors="coerce", format="%d/%m/%Y")
    return iso.fillna(others)


def _fit(items: pd.DataFrame, means: Means) -> pd.Series:
    """Return whether what an item takes of each limited means is known."""
    known = pd.Series(True, items.index)
    for name, limit in (("days", means.days), ("money", means.money)):
        if limit is not None:
            known &= items[name].notna()
    return known


_FIRST, _PLACED, _UNSIZED, _UNSCORED, _DONE = range(5)


def _stage(items: pd.DataFrame, fits: pd.Series) -> pd.Series:
    first = items["decision"].eq("keep") | items["mandatory"]
    done = items["decision"].isin(list(_DECIDED))
    chosen = np.select(
        [done, first, items["score"].isna(), ~fits],
        [_DONE, _FIRST, _UNSCORED, _UNSIZED],
        _PLACED,
    )
    return pd.Series(chosen, items.index)


def _cut(items: pd.DataFrame, means: Means) -> pd.DataFrame:
    stage = items["stage"]
    placed = stage <= _PLACED
    taken = {n: items[n].fillna(0).where(placed, 0).cumsum().round(6) for n in ("days", "money")}  # fmt: skip
    limits = {"days": means.days, "money": means.money}
    over = pd.DataFrame(
        {n: taken[n] > (np.inf if limits[n] is None else limits[n]) for n in taken}
    )
    below = (stage == _PLACED) & over.any(axis=1)
    position = np.select(
        [stage == _UNSIZED, stage == _UNSCORED, stage == _DONE, below],
        ["unsized", "unscored", "", "below"],
        "above",
    )
    told = pd.Series(position, items.index, dtype="object")
    decided = items["decision"].map(_DECIDED).astype("object")
    cut = below & ~below.shift(fill_value=False)
    why = over["days"].map({True: "days;", False: ""}) + over["money"].map({True: "money;", False: ""})  # fmt: skip
    return items.assign(
        position=told.mask(stage == _DONE, decided),
        rank=pd.Series(np.arange(1, len(items) + 1), items.index).where(placed),
        days_after=taken["days"].where(placed),
        money_after=taken["money"].where(placed),
        runs_out=why.str.rstrip(";").where(cut, ""),
        still_fits=_still_fits(items, below, limits),
    )


def _still_fits(
    items: pd.DataFrame, below: pd.Series, limits: Mapping[str, float | None]
) -> pd.Series:
    """Return which items below the line would fit in what is left, the first served."""
    counted = {n: limit for n, limit in limits.items() if limit is not None}
    placed = items["stage"] <= _PLACED
    left = {n: limit - items[n].where(placed & ~below).sum() for n, limit in counted.items()}  # fmt: skip
    found = []
    for needs in items.loc[below, list(counted)].to_dict("records"):
        fits = all(needs[n] <= left[n] + 1e-6 for n in counted)
        found.append(fits)
        left = {n: left[n] - needs[n] * fits for n in counted}
    fitting = pd.Series(found, index=items.index[below], dtype="bool")
    return fitting.reindex(items.index, fill_value=False)


def side_by_side(by_scenario: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return where each item stands in every scenario.

    Returns:
        ``kind``, ``item``, ``name``, then ``rank_<scenario>`` and
        ``position_<scenario>``; ``moves`` whether it is above the line in some and not
        in others. In the order of the first scenario.
    """
    first = next(iter(by_scenario.values()))
    keys = ["kind", "item"]
    found = first[[*keys, "name"]]
    for name, rows in by_scenario.items():
        own = rows[[*keys, "rank", "position"]].drop_duplicates(keys)
        own = own.rename(columns={"rank": f"rank_{name}", "position": f"position_{name}"})  # fmt: skip
        found = found.merge(own, on=keys, how="left")
    above = found[[f"position_{name}" for name in by_scenario]] == "above"
    return found.assign(moves=above.any(axis=1) & ~above.all(axis=1))
