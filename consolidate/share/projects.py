"""Some projects of a month alone, and those that stay with the PMO."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
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


Rows: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Cut:
    """Cuts frames down to some projects; where rows stand is looked up once a frame."""

    _seen: dict[int, tuple[pd.DataFrame, Mapping[str, Rows], Mapping[str, Rows]]] = (
        field(default_factory=dict)
    )

    def rows_of(
        self, frame: pd.DataFrame, codes: Collection[str], books: Collection[str]
    ) -> pd.DataFrame:
        """Return the rows of some projects; those of none where they stand in ``books``."""
        if frame.empty:
            return frame
        by_code, by_book = self._places(frame)
        found = [by_code[c] for c in set(codes) & by_code.keys()]
        found += [by_book[b] for b in set(books) & by_book.keys()]
        rows = np.sort(np.concatenate(found)) if found else np.empty(0, np.intp)
        return frame.take(rows).reset_index(drop=True)

    def _places(
        self, frame: pd.DataFrame
    ) -> tuple[Mapping[str, Rows], Mapping[str, Rows]]:
        kept = self._seen.get(id(frame))
        if kept is None:
            code = frame["project_code"]
            none = code.isna()
            book = frame["workbook"].where(none) if "workbook" in frame else None
            # The frame is kept too: its identity is another's once it is gone.
            kept = (frame, _indices(code), {} if book is None else _indices(book))
            self._seen[id(frame)] = kept
        return kept[1:]


def _indices(column: pd.Series) -> Mapping[str, Rows]:
    """Return where each value stands; nothing of what is missing."""
    codes, values = pd.factorize(column.astype("object"))
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(values) + 1))
    return {v: order[starts[k] : starts[k + 1]] for k, v in enumerate(values)}


def only_projects(
    portfolio: Portfolio,
    codes: Collection[str],
    books: Collection[str],
    cut: Cut | None = None,
) -> Portfolio:
    """Return the records of some projects, and what is about them.

    Args:
        portfolio: A month.
        codes: Of the projects.
        books: Workbooks whose records of no project are kept too.
        cut: Kept by who cuts the same month several times.
    """
    rows_of = (cut or Cut()).rows_of
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
