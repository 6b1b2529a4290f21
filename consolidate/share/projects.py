"""Some projects of a month alone, and those that stay with the PMO."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from consolidate.model.portfolio import Portfolio
from consolidate.model.text import fold

_YES = frozenset({"oui", "yes", "vrai", "true", "x", "1", "o", "y"})


def confidential(register: pd.DataFrame) -> frozenset[str]:
    """Return the codes of the projects that a register calls confidential.

    Args:
        register: Columns ``code`` and ``confidential``, texts or booleans.
    """
    if "confidential" not in register:
        return frozenset()
    said = register["confidential"].map(lambda v: v is True or fold(str(v)) in _YES)
    return frozenset(register.loc[said.astype("bool"), "code"].dropna().astype("str"))


def withheld(portfolio: Portfolio, hidden: Collection[str]) -> Portfolio:
    """Return a month without some projects, nor what only their workbooks tell."""
    if not hidden:
        return portfolio
    every = portfolio.tables["projects"]["project_code"].dropna().astype("str")
    codes = frozenset(every) - frozenset(hidden)
    books = portfolio.workbooks
    told = books["project_codes"].fillna("").astype("str").str.split(";")
    own = [frozenset(t).isdisjoint(hidden) for t in told]
    return only_projects(portfolio, codes, books.loc[own, "workbook"].tolist())


def only_projects(
    portfolio: Portfolio, codes: Collection[str], books: Collection[str]
) -> Portfolio:
    """Return the records of some projects, and what is about them.

    Args:
        portfolio: A month.
        codes: Of the projects.
        books: Workbooks whose records of no project are kept too.
    """
    tables = {name: rows_of(f, codes, books) for name, f in portfolio.tables.items()}
    told = {b for f in tables.values() for b in f["workbook"].dropna().unique()}
    known = portfolio.workbooks
    kept = known[known["workbook"].isin({*told, *books})]
    mine = kept["project_codes"].map(lambda text: _among(text, codes))
    findings = portfolio.findings
    of_books = findings["workbook"].isin(books) & findings["project_code"].isna()
    return replace(
        portfolio,
        tables=tables,
        lineage=_lineage(portfolio.lineage, tables),
        workbooks=kept.assign(project_codes=mine),
        findings=findings[findings["project_code"].isin(codes) | of_books],
        alerts=_of(portfolio.alerts, codes),
        statuses=_of(portfolio.statuses, codes),
        priorities=_of(portfolio.priorities, codes),
    )


def _lineage(lineage: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    if lineage.empty:
        return lineage
    ids = pd.concat([f["record_id"] for f in tables.values()]).unique()
    return lineage[lineage["record_id"].isin(ids)].reset_index(drop=True)


def _among(text: object, codes: Collection[str]) -> str | None:
    told = [c for c in str(text or "").split(";") if c in codes]
    return ";".join(told) or None


def _of(frame: pd.DataFrame, codes: Collection[str]) -> pd.DataFrame:
    return frame[frame["project_code"].isin(codes)].reset_index(drop=True)


def rows_of(
    frame: pd.DataFrame, codes: Collection[str], books: Collection[str]
) -> pd.DataFrame:
    """Return the rows of some projects; those of none where they stand in ``books``."""
    code = frame["project_code"]
    kept = code.isin(codes)
    if "workbook" in frame:
        kept |= code.isna() & frame["workbook"].isin(books)
    return frame[kept].reset_index(drop=True)
