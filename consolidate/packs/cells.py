"""The cells a row or a figure of a pack comes from."""

from __future__ import annotations

import pandas as pd

from consolidate.model.portfolio import Portfolio
from consolidate.packs.data import sources

_KEYS = ["table", "record_id", "field"]
_TOLD = 5
"""Cells that a figure names, of all it counts."""


def cells(portfolio: Portfolio, rows: pd.DataFrame) -> pd.Series:
    """Return the cell each value was read in.

    Args:
        portfolio: Of the month the values are of.
        rows: Columns ``table``, ``record_id`` and ``field``; a field that is empty, or
            has no cell of its own, stands for its whole record.

    Returns:
        ``workbook ! sheet ! cell`` (or row), empty where nothing is known; the index of
        ``rows``.
    """
    lineage = portfolio.lineage
    if lineage.empty:
        known = _places(portfolio, rows)
        return rows["record_id"].map(known).astype("object").fillna("")
    own = lineage[lineage["used"] & lineage["record_id"].isin(set(rows["record_id"]))]
    own = own.astype(dict.fromkeys(own.columns, "object"))
    own = own.drop_duplicates(_KEYS)
    parts = [own[c].fillna("").astype("str") for c in ("workbook", "sheet", "cell")]
    own = own.assign(place=(parts[0] + " ! " + parts[1] + " ! " + parts[2]))
    keys = rows[_KEYS].astype("object").fillna("")
    found = keys.merge(own[[*_KEYS, "place"]], how="left", on=_KEYS)["place"]
    whole = keys["record_id"].map(_places(portfolio, keys)).to_numpy()
    placed = found.str.strip(" !").where(found.notna(), pd.Series(whole))
    return pd.Series(placed.fillna("").to_numpy(), index=rows.index, dtype="object")


def _places(portfolio: Portfolio, keys: pd.DataFrame) -> pd.Series:
    """Return where each record of the rows was read, by record."""
    names = [n for n in keys["table"].unique() if n in portfolio.tables]
    wanted = set(keys["record_id"])
    frames = [portfolio.tables[n] for n in names]
    parts = [f[f["record_id"].isin(wanted)] for f in frames]
    known = [p.set_index("record_id").pipe(sources) for p in parts if len(p)]
    if not known:
        return pd.Series(dtype="object")
    every = pd.concat(known)
    first: pd.Series = every[~every.index.duplicated()]
    return first


def some_cells(
    portfolio: Portfolio, table: str, records: pd.Series, field: str
) -> tuple[str, ...]:
    """Return the cells of a field of the first records that a figure counts."""
    first = records.drop_duplicates().head(_TOLD)
    rows = pd.DataFrame({"record_id": first, "table": table, "field": field})
    found = cells(portfolio, rows)
    return tuple(dict.fromkeys(c for c in found if c))


def first_cells(portfolio: Portfolio, alerts: pd.DataFrame) -> pd.Series:
    """Return the first cell that the first alert of each project was computed from.

    Returns:
        ``workbook ! sheet ! cell`` by project code; projects without any are left out.
    """
    first = alerts.dropna(subset=["inputs"]).drop_duplicates("project_code")
    told = (
        first["inputs"]
        .astype("str")
        .str.extract("^(?P<table>[^:;]+):(?P<record_id>[^:;]+):(?P<field>[^:;]*)")
    )
    rows = told.dropna()
    found = cells(portfolio, rows)
    found.index = pd.Index(first.loc[rows.index, "project_code"])
    return found[found != ""]


def alert_cells(portfolio: Portfolio, alerts: pd.DataFrame) -> tuple[str, ...]:
    """Return the cells that the first alerts of a figure were computed from."""
    inputs = alerts["inputs"].dropna().head(_TOLD).astype("str")
    named = [i.split(":", 2) for text in inputs.tolist() for i in text.split(";")]
    parts = [part for part in named if len(part) == len(_KEYS)]
    if not parts:
        return ()
    rows = pd.DataFrame(parts, columns=_KEYS)
    found = cells(portfolio, rows.drop_duplicates().head(_TOLD))
    return tuple(dict.fromkeys(c for c in found if c))
