"""Rules between amounts: their order, their units, projects against their lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from consolidate.model.finding import Severity
from consolidate.validate.cells import Breach
from consolidate.validate.checks import Checks

_COMPARED = (
    "budget_initial",
    "budget_revised",
    "committed",
    "invoiced",
    "paid",
    "spent",
)
_BUDGETS = ("budget_initial", "budget_revised", "forecast_cost")

Tables = Mapping[str, pd.DataFrame]


def amount_breaches(tables: Tables, checks: Checks) -> Iterator[Breach]:
    """Return what amounts contradict.

    Amounts are compared within one record, which has one scope, or between a project and
    its lines when both state the same scope. An amount is never filled from another.

    Args:
        tables: Canonical tables; ``projects`` and ``budget_lines`` are looked at.
        checks: Thresholds.
    """
    for table in ("projects", "budget_lines"):
        yield from _out_of_order(tables[table], table, checks)
    yield from _against_lines(tables, checks)
    yield from _small_beside_large(tables["projects"], checks)


def _out_of_order(frame: pd.DataFrame, table: str, checks: Checks) -> Iterator[Breach]:
    """Paid over invoiced, invoiced over committed, committed over budget."""
    revised = frame["budget_revised"]
    pairs = [("paid", "invoiced"), ("invoiced", "committed")]
    for more, less in pairs:
        for record in frame.index[_exceeds(frame[more], frame[less], checks)].tolist():
            yield _warn("amounts-out-of-order", table, int(record), more, less)
    budget = revised.where(revised.notna(), frame["budget_initial"])
    over = _exceeds(frame["committed"], budget, checks)
    for record, from_initial in zip(
        frame.index[over].tolist(), revised[over].isna().tolist(), strict=True
    ):
        less = "budget_initial" if from_initial else "budget_revised"
        yield _warn("amounts-out-of-order", table, int(record), "committed", less)


def _exceeds(more: pd.Series, less: pd.Series, checks: Checks) -> pd.Series:
    gap = more - less
    return (gap > checks.order_at_least) & (gap > less.abs() * checks.order_tolerance)


def _against_lines(tables: Tables, checks: Checks) -> Iterator[Breach]:
    """A project's amount against the sum of its lines, and the unit of both.

    Compared only where both state the same scope and year, one tax basis, and no line is
    silent. The unit is suspected whatever the scope: a factor of a hundred is no scope.
    """
    projects, lines = tables["projects"], tables["budget_lines"]
    lines = lines.loc[lines["project_code"].notna()]
    if lines.empty:
        return
    scope = _scope(projects["amount_scope"], projects["amount_year"])
    line_scope = _scope(lines["amount_scope"], lines["year"])
    own = projects.assign(scope=scope).drop_duplicates("project_code")
    own = own.set_index("project_code", drop=False).assign(record=own.index.to_numpy())
    keyed = lines.assign(scope=line_scope).groupby("project_code", sort=True)
    about = pd.DataFrame(
        {
            "lines": keyed.size(),
            "line_scope": keyed["scope"].first(),
            "scopes": keyed["scope"].nunique(),
            "taxes": keyed["tax_basis"].nunique(dropna=False),
        }
    )
    totals, given = keyed[list(_COMPARED)].sum(), keyed[list(_COMPARED)].count()
    for field in _COMPARED:
        sums = about.assign(total=totals[field], given=given[field])
        both = own[["record", "scope", field]].join(sums, how="inner")
        both = both.loc[both[field].notna() & (both["given"] > 0)]
        yield from _compared(both, field, checks)


def _compared(both: pd.DataFrame, field: str, checks: Checks) -> Iterator[Breach]:
    said, total = both[field].abs(), both["total"].abs()
    largest, smallest = np.maximum(said, total), np.minimum(said, total)
    suspect = (smallest > 0) & (largest >= smallest * checks.unit_ratio)
    suspect &= field in _BUDGETS
    same = (both["scope"] != "") & (both["scope"] == both["line_scope"])
    whole = (
        (both["given"] == both["lines"]) & (both["scopes"] == 1) & (both["taxes"] == 1)
    )
    gap = (both[field] - both["total"]).abs() > largest * checks.sum_tolerance
    for rule, rows in (
        ("unit-suspect", suspect),
        ("lines-sum-differs", same & whole & gap & ~suspect),
    ):
        found = both.loc[rows]
        for record, amount in zip(
            found["record"].tolist(), found["total"].tolist(), strict=True
        ):
            params = {"total": f"{amount:.2f}"}
            yield _warn(rule, "projects", record, field, params=params)


def _scope(scope: pd.Series, year: pd.Series) -> pd.Series:
    """Return ``total``, ``year 2026``, or nothing when the scope is not stated."""
    years = year.astype("string").fillna("")
    annual = ("year " + years).where(years != "", "")
    known = scope.where(scope.isin(["total"]), "").astype("string")
    return known.where(scope != "year", annual).fillna("").astype(object)


def _small_beside_large(projects: pd.DataFrame, checks: Checks) -> Iterator[Breach]:
    """A budget of hundreds in a column of tens of thousands: k€ not read as k€."""
    place = [projects["workbook"], projects["sheet"].fillna("")]
    for field in _BUDGETS:
        amounts = projects[field]
        middle = amounts.groupby(place).transform("median")
        alone = amounts.groupby(place).transform("count") < 3
        small = (amounts > 0) & (amounts < checks.unit_small)
        for record in projects.index[small & ~alone & (middle > checks.unit_large)]:
            median = f"{middle.loc[record]:.2f}"
            yield _warn(
                "unit-suspect", "projects", int(record), field, params={"total": median}
            )
    initial, revised = projects["budget_initial"], projects["budget_revised"]
    ratio = np.maximum(initial, revised) / np.minimum(initial, revised)
    apart = (initial > 0) & (revised > 0) & (ratio >= checks.unit_ratio)
    for record in projects.index[apart].tolist():
        yield _warn(
            "unit-suspect",
            "projects",
            int(record),
            "budget_revised",
            params={"total": f"{initial.loc[record]:.2f}"},
        )


def _warn(
    rule: str,
    table: str,
    record: int,
    field: str,
    against: str = "",
    params: Mapping[str, str] | None = None,
) -> Breach:
    return Breach(rule, Severity.WARNING, table, record, field, against, params)
