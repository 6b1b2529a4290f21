"""Compare two months of the store: what moved, and the cells that say so."""

from __future__ import annotations

import pandas as pd

from consolidate import store
from consolidate.analyse.movements import movements
from consolidate.model.portfolio import Portfolio

_KEYS = ["table", "record_id", "field"]


def compare(url: str, before: str, after: str, lang: str = "fr") -> pd.DataFrame:
    """Return what moved between two months.

    Args:
        url: Of the store.
        before: The earlier month, ``YYYY-MM``.
        after: The later one.
        lang: Language of errors.

    Returns:
        Columns of ``movements``, then ``before_cell`` and ``after_cell``: where each was
        read, ``workbook!sheet!cell``, empty where nothing was.

    Raises:
        StoreError: The store cannot be read, or has no such month.
    """
    old, new = store.load(url, before, lang), store.load(url, after, lang)
    moves = movements(old.tables, new.tables, after)
    return moves.assign(
        before_cell=_cells(moves, old).to_numpy(),
        after_cell=_cells(moves, new).to_numpy(),
    )


def _cells(moves: pd.DataFrame, portfolio: Portfolio) -> pd.Series:
    """Return where the value, or the whole record, of each movement was read."""
    lineage = portfolio.lineage
    used = lineage[lineage["used"]].drop_duplicates(_KEYS)
    of_value = moves[_KEYS].merge(used, how="left", on=_KEYS)
    rows = [_placed(portfolio.tables[name]) for name in moves["table"].unique()]
    columns = ["record_id", "workbook", "sheet", "cell"]
    records = pd.concat(rows) if rows else pd.DataFrame(columns=columns)
    whole = moves[["record_id"]].merge(
        records.drop_duplicates("record_id"), how="left", on="record_id"
    )
    is_whole = moves["field"].eq("").to_numpy()
    parts = [
        of_value[name].where(~is_whole, whole[name]).fillna("").astype("str")
        for name in ("workbook", "sheet", "cell")
    ]
    joined = parts[0] + "!" + parts[1] + "!" + parts[2]
    return joined.str.strip("!")


def _placed(frame: pd.DataFrame) -> pd.DataFrame:
    row = frame["row"].astype("Int64").astype("str").where(frame["row"].notna(), "")
    return frame[["record_id", "workbook", "sheet"]].assign(cell=row)
