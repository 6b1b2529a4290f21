"""What amounts may be added: of one scope, one year, one tax basis; the rest stands apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

AMOUNTS = ("reference", "committed", "invoiced", "paid", "spent", "forecast_cost")
"""Amounts of a project or a budget line, the reference budget first."""

UNTOLD = ""
_TAXES = ("excl_vat", "incl_vat")


def with_basis(frame: pd.DataFrame, year_field: str) -> pd.DataFrame:
    """Return amounts with what they may be added to.

    Args:
        frame: Columns ``amount_scope``, ``year_field``; ``tax_basis`` when it has one.
        year_field: ``amount_year`` of projects, ``year`` of budget lines.

    Returns:
        The same with ``scope`` (``total``, ``year`` or ``""`` untold), ``of_year``
        (float, unknown unless the scope is a year), ``tax`` (``excl_vat``,
        ``incl_vat`` or ``""``), ``basis`` (the three in one: ``year 2026 incl_vat``;
        ``""`` where the scope is untold) and ``reference`` (the revised budget, else
        the initial one).
    """
    year = pd.to_numeric(frame[year_field]).astype("float64")
    annual = frame["amount_scope"].eq("year") & year.notna()
    whole = frame["amount_scope"].eq("total")
    tax = frame["tax_basis"] if "tax_basis" in frame else pd.Series(None, frame.index)
    told_tax = tax.where(tax.isin(_TAXES), "").astype("object")
    scope = np.select([whole, annual], ["total", "year"], UNTOLD)
    number = year.fillna(0).astype("int64").astype("str")
    named = np.select([whole, annual], ["total", "year " + number], UNTOLD)
    basis = pd.Series(named, frame.index, dtype="object")
    basis = basis.where(basis == UNTOLD, (basis + " " + told_tax).str.strip())
    revised = frame["budget_revised"].astype("float64")
    return frame.assign(
        scope=pd.Series(scope, frame.index, dtype="object"),
        of_year=year.where(annual),
        tax=told_tax,
        basis=basis,
        reference=revised.fillna(frame["budget_initial"].astype("float64")),
    )


def sums(frame: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the sums of amounts by group, each with how many rows give it.

    Args:
        frame: Columns ``by`` (no value missing) and those of ``AMOUNTS`` it has.
        by: Must hold the basis, else amounts that do not compare would be added.

    Returns:
        ``by``, ``rows``, each amount (unknown where no row gives it) and
        ``<amount>_known``, the number of rows that give it.
    """
    names = [name for name in AMOUNTS if name in frame]
    values = frame[names].astype("float64")
    groups = values.groupby([frame[b] for b in by], sort=True)
    totals = groups.sum(min_count=1)
    known = groups.count().add_suffix("_known")
    rows = groups.size().rename("rows")
    return pd.concat([rows, totals, known], axis=1).reset_index()


def share_of(
    frame: pd.DataFrame, part: str, whole: str, by: Sequence[str]
) -> pd.DataFrame:
    """Return what part of an amount another is, over the rows that give both.

    Returns:
        ``by``, ``share`` (unknown where the whole is 0) and ``among``, the rows that
        give both.
    """
    both = frame[frame[[part, whole]].notna().all(axis=1)]
    values = both[[part, whole]].astype("float64")
    groups = values.groupby([both[b] for b in by], sort=True)
    added = groups.sum()
    found = pd.DataFrame(
        {
            "share": added[part] / added[whole].where(added[whole] > 0),
            "among": groups.size(),
        }
    )
    return found.reset_index()
