"""The projects and requests that compete for the same means, and their marks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from consolidate.analyse.columns import dated, days
from consolidate.analyse.money import with_basis
from consolidate.analyse.prioritise_settings import KINDS, Criterion, Grid

ITEM = [
    *("kind", "item", "name", "project_code", "state", "establishment", "status"),
    *("mandatory", "days", "money", "workbook", "sheet", "row"),
]
_AHEAD = ("candidate", "planned")
"""States of a project that has spent nothing yet."""
_NAMES = {"projects": ("project_code", "name"), "requests": ("code", "title")}


def items(tables: Mapping[str, pd.DataFrame], grid: Grid, as_of: date) -> pd.DataFrame:
    """Return what competes, each with its mark by every criterion.

    Args:
        tables: Canonical ``projects``, ``requests`` and ``risks`` of a month.
        grid: Criteria, and who competes.
        as_of: Cut-off of the month.

    Returns:
        Columns ``ITEM`` and ``mark_<criterion>``: ``kind`` is ``projects`` or
        ``requests``; ``item`` its code, else its title; ``mandatory`` whether the law
        or a deadline of its asks for it; ``days`` and ``money`` what it still takes
        (person-days; euros of the grid's scope), unknown where nobody told; marks are
        0..1, unknown where nobody told or where the criterion does not apply.
    """
    parts = [_of(kind, tables, grid, as_of) for kind in KINDS]
    return pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)


def _of(
    kind: str, tables: Mapping[str, pd.DataFrame], grid: Grid, as_of: date
) -> pd.DataFrame:
    rows = _competing(kind, tables[kind], grid)
    measures = _measures(kind, rows, tables["risks"], grid, as_of)
    code, name = (rows[n] for n in _NAMES[kind])
    told = {
        "kind": kind,
        "item": code.where(code.notna(), name),
        "name": name.where(name.notna(), code),
        "project_code": rows["project_code"],
        "mandatory": measures["obligation"].eq(1),
        "days": measures["days_left"],
        "money": measures["money_left"],
        "status": rows.get("status"),
    }
    own = ("state", "establishment", "workbook", "sheet", "row")
    found = pd.DataFrame({**told, **{n: rows[n] for n in own}}, index=rows.index)
    marks = {f"mark_{c.name}": _mark(c, kind, rows, measures) for c in grid.criteria}
    made = found[ITEM].assign(**marks)
    return made[made["item"].notna()].reset_index(drop=True)


def _competing(kind: str, rows: pd.DataFrame, grid: Grid) -> pd.DataFrame:
    rows = rows[rows["state"].isin(grid.states[kind])]
    if kind == "projects":
        return rows[rows["kind"].ne("mco")].drop_duplicates("project_code")
    return rows[~(rows["state"].eq("accepted") & rows["project_code"].notna())]


def _mark(
    criterion: Criterion, kind: str, rows: pd.DataFrame, measures: pd.DataFrame
) -> pd.Series:
    source = criterion.sources[kind]
    if not source:
        return pd.Series(np.nan, rows.index)
    value = measures[source] if source in measures else rows[source]
    if criterion.codes:
        return value.map(criterion.codes).astype("float64")
    start, full = criterion.scale
    number = pd.to_numeric(value, errors="coerce").astype("float64")
    return ((number - start) / (full - start)).clip(0, 1)


def _measures(
    kind: str, rows: pd.DataFrame, risks: pd.DataFrame, grid: Grid, as_of: date
) -> pd.DataFrame:
    """Return the measures of ``MEASURES`` of each row."""
    ready = rows[list(grid.ready[kind])].notna().mean(axis=1)
    if kind == "projects":
        told = _of_projects(rows, risks, grid, as_of)
    else:
        told = _of_requests(rows, grid)
    to_date = days(told["until"] - pd.Timestamp(as_of))
    made = told.drop(columns="until")
    return made.assign(days_to_date=to_date, readiness=ready)


def _of_projects(
    rows: pd.DataFrame, risks: pd.DataFrame, grid: Grid, as_of: date
) -> pd.DataFrame:
    legal = pd.Series(dated(rows["legal_deadline"]), rows.index)
    ends = pd.Series(dated(rows["end_baseline"]), rows.index)
    return pd.DataFrame(
        {
            "obligation": _duty(rows["project_type"], legal.notna(), grid),
            "until": legal.fillna(ends),
            "risk": rows["project_code"].map(_gravest(risks)).astype("float64"),
            "days_left": _days_left(rows),
            "money_left": _money_left(rows, grid, as_of),
        }
    )


def _of_requests(rows: pd.DataFrame, grid: Grid) -> pd.DataFrame:
    marked = rows["regulatory"].eq(True)
    duty = _duty(rows["request_type"], marked, grid)
    duty = duty.mask(duty.isna() & rows["regulatory"].eq(False), 0.0)
    whole = grid.budget_scope == "total"
    cost = rows["estimated_cost"].astype("float64")
    return pd.DataFrame(
        {
            "obligation": duty,
            "until": pd.Series(dated(rows["target_date"]), rows.index),
            "risk": np.nan,
            "days_left": rows["estimated_effort"].astype("float64"),
            "money_left": cost if whole else np.nan,
        },
        index=rows.index,
    )


def _duty(types: pd.Series, marked: pd.Series, grid: Grid) -> pd.Series:
    known = pd.Series(np.where(types.notna(), 0.0, np.nan), types.index)
    return known.mask(types.isin(grid.mandatory_types) | marked, 1.0)


def _gravest(risks: pd.DataFrame) -> pd.Series:
    """Return the criticality of the gravest open risk by project; 0 when all are closed."""
    over = risks["state"].eq("closed") | risks["closed_on"].notna()
    level = risks["criticality"].astype("float64")
    worst = level.where(~over).groupby(risks["project_code"]).max()
    all_over = over.groupby(risks["project_code"]).all()
    return worst.mask(all_over.astype("bool"), 0.0)


def _days_left(rows: pd.DataFrame) -> pd.Series:
    names = ["effort_planned", "effort_spent", "effort_remaining"]
    planned, spent, left = (rows[n].astype("float64") for n in names)
    unspent = spent.mask(spent.isna() & rows["state"].isin(_AHEAD), 0.0)
    return left.fillna((planned - unspent).clip(lower=0))


def _money_left(rows: pd.DataFrame, grid: Grid, as_of: date) -> pd.Series:
    based = with_basis(rows, "amount_year")
    committed = rows["committed"].astype("float64")
    none_yet = committed.isna() & rows["state"].isin(_AHEAD)
    left = (based["reference"] - committed.mask(none_yet, 0.0)).clip(lower=0)
    same = based["scope"] == grid.budget_scope
    if grid.budget_scope == "year":
        same &= based["of_year"] == as_of.year
    return left.where(same)
