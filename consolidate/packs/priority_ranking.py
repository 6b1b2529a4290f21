"""The ranking of a month: its grid, its means, what was arbitrated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from consolidate.analyse.history import History, Month
from consolidate.analyse.prioritise import (
    Means,
    build_days,
    means_of,
    ranked,
    side_by_side,
)
from consolidate.analyse.prioritise_items import items
from consolidate.analyse.prioritise_settings import Grid, load_grid
from consolidate.model.text import fold
from consolidate.packs.data import PackData


@dataclass(frozen=True, slots=True)
class Ranking:
    """What is told of priorities.

    Attributes:
        grid: Criteria and scenarios.
        means: What each scenario shares out, by scenario.
        scenarios: Items in order, by scenario; the first is the one arbitrated.
        stray: Arbitrations that name no item, or whose decision is not understood:
            ``item``, ``decision``, ``source``, ``why``.
    """

    grid: Grid
    means: Mapping[str, Means]
    scenarios: Mapping[str, pd.DataFrame]
    stray: pd.DataFrame

    @property
    def first(self) -> pd.DataFrame:
        """Items in the order of the first scenario."""
        return next(iter(self.scenarios.values()))

    @property
    def beside(self) -> pd.DataFrame:
        """Where each item stands in every scenario; see ``side_by_side``."""
        return side_by_side(self.scenarios)


def ranking(data: PackData, given: Means = Means()) -> Ranking:  # noqa: B008 (frozen)
    """Return the ranking of a month.

    Args:
        data: The month and its registers.
        given: Means that go before those of the grid and the workload.
    """
    grid = load_grid(data.folders, data.schemas)
    rows = items(data.portfolio.tables, grid, data.portfolio.as_of)
    taken, stray = _arbitrations(data, rows)
    base = _base(data, grid, given)
    means = {s.name: means_of(s, base) for s in grid.scenarios}
    return Ranking(
        grid,
        means,
        {s.name: ranked(rows, grid, s, means[s.name], taken) for s in grid.scenarios},
        stray,
    )


def _base(data: PackData, grid: Grid, given: Means) -> Means:
    days = given.days if given.days is not None else grid.build_days
    money = given.money if given.money is not None else grid.budget
    if days is None:
        fields = {"workload": ("effort_planned", "capacity", "category")}
        told = data.portfolio
        month = Month(told.period, told.as_of, told.tables)
        days = build_days(History((month,), data.schemas, fields), grid.months)
    return Means(days, money)


def _arbitrations(
    data: PackData, rows: pd.DataFrame
) -> tuple[pd.DataFrame | None, pd.DataFrame]:
    """Return what was decided, as codes, and what of it cannot be applied."""
    columns = ["item", "decision", "source", "why"]
    kept = data.registers.get("arbitrations")
    if kept is None or not len(kept):
        return None, pd.DataFrame(columns=columns, dtype="object")
    told = kept[kept["decision"].notna()]
    words = data.schemas.vocabularies["arbitration"].lookup
    codes = told["decision"].map(lambda t: words.get(fold(t)))
    known = set(rows["item"].astype("str").map(fold))
    here = told["item"].map(fold).isin(known)
    why = codes.isna().map({True: "word", False: ""}).where(here, "item")
    lost = told.assign(why=[data.tr(f"part-stray-{w}") if w else "" for w in why])
    return told.assign(decision=codes), lost.loc[lost["why"] != "", columns]
