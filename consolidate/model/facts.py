"""Facts: every value read, in long form; the lineage is this frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.address import a1

FACT_COLUMNS = [
    "record",
    "field",
    "raw",
    "value",
    "workbook",
    "sheet",
    "row",
    "col",
    "number_format",
    "method",
    "confidence",
    "used",
    "derived_from",
]
FACT_TEXTS = (
    "field",
    "raw",
    "workbook",
    "sheet",
    "number_format",
    "method",
    "derived_from",
)
"""Columns of few distinct texts, kept as categories."""

RECORD_COLUMNS = [
    "record",
    "table",
    "workbook",
    "sheet",
    "row",
    "region",
    "project",
    "hidden",
]
_DTYPES = {
    "record": "int32",
    "row": "int32",
    "col": "int32",
    "confidence": "float64",
    "used": "bool",
    "region": "int64",
    "project": "int64",
    "hidden": "bool",
}
_WIDTH = 20_000
"""More columns than any spreadsheet has."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Every value read for one table, in long form.

    Attributes:
        table: Canonical table name, such as "milestones".
        frame: Columns ``FACT_COLUMNS``, ``FACT_TEXTS`` as categories. ``record`` is the record's number across all
            workbooks and tables; ``row`` and ``col`` are 1-based, 0 when the value
            comes from a name; ``value`` is what was understood, None when nothing was
            (``used`` is False then); ``used`` is False too for a value that lost
            against another source of the same record and field.
    """

    table: str
    frame: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read in one run, normalised.

    Attributes:
        facts: Facts by canonical table; only tables that have any.
        records: Columns ``RECORD_COLUMNS``, one row a record: its number, its table,
            where it was read (``row`` 1-based), ``region`` (index into the regions of
            its extract, -1 for a name), ``project`` (number of the project record it
            belongs to, -1 when nothing says) and whether its region is hidden.
    """

    facts: Mapping[str, Facts]
    records: pd.DataFrame


def facts_frame(columns: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Return a facts frame of the right columns and types, empty by default."""
    given = columns or {}
    made = {name: _fact_column(name, given.get(name, [])) for name in FACT_COLUMNS}
    return pd.DataFrame(made, copy=False)


def _fact_column(name: str, values: Any) -> pd.Series:
    """Return a column of facts; an index is of no account."""
    plain: Any = values.array if isinstance(values, pd.Series) else values
    if name not in FACT_TEXTS:
        return pd.Series(plain, dtype=_DTYPES.get(name, "object"), copy=False)
    given = isinstance(plain, pd.Categorical)
    return pd.Series(plain if given else texts(plain), copy=False)


def changed(facts: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """Return facts with some columns replaced, index 0, 1, 2 ..."""
    return facts_frame({**{name: facts[name] for name in FACT_COLUMNS}, **columns})


def texts(
    values: Sequence[str] | npt.NDArray[np.object_] | pd.Series,
) -> pd.Categorical:
    """Return texts as categories, in order of appearance."""
    return listed(*pd.factorize(np.asarray(values, dtype=object)))


def listed(codes: npt.NDArray[Any], values: Any) -> pd.Categorical:
    """Return codes of distinct values as categories."""
    # Said to be objects: pandas would make its own text type of them.
    return pd.Categorical.from_codes(codes, pd.Index(values, dtype=object))


def addresses(row: npt.NDArray[Any], col: npt.NDArray[Any]) -> pd.Categorical:
    """Return the A1 addresses of 1-based places; empty for row or column 0."""
    spots = np.where((row > 0) & (col > 0), row.astype(np.int64) * _WIDTH + col, 0)
    codes, distinct = pd.factorize(spots)
    places = (divmod(spot - _WIDTH - 1, _WIDTH) for spot in distinct.tolist())
    return listed(codes, [a1(r, c) if r >= 0 else "" for r, c in places])


def joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return facts frames one below the other, index 0, 1, 2 ..."""
    return facts_frame({n: stacked([f[n] for f in frames]) for n in FACT_COLUMNS})


def stacked(parts: Sequence[pd.Series]) -> pd.Categorical | npt.NDArray[Any]:
    """Return columns of facts one below the other."""
    if isinstance(parts[0].dtype, pd.CategoricalDtype):
        return _united([cast("pd.Categorical", part.array) for part in parts])
    whole: npt.NDArray[Any] = np.concatenate([part.to_numpy() for part in parts])
    return whole


def _united(parts: Sequence[pd.Categorical]) -> pd.Categorical:
    """Return categories one below the other, which pandas would make its own texts."""
    values = parts[0].categories
    codes = []
    for part in parts:
        at = values.get_indexer(part.categories)
        new = at < 0
        at[new] = len(values) + np.arange(new.sum())
        if new.any():
            both = (values.to_numpy(), part.categories[new].to_numpy())
            values = pd.Index(np.concatenate(both), dtype=object)
        codes.append(np.append(at, -1).astype(np.int32)[part.codes])  # -1: no text
    return listed(np.concatenate(codes), values)


def records_frame(columns: Mapping[str, object] | None = None) -> pd.DataFrame:
    """Return a records frame of the right columns and types, empty by default."""
    given = columns or {}
    series = {
        name: pd.Series(given.get(name, []), dtype=_DTYPES.get(name, "object"))
        for name in RECORD_COLUMNS
    }
    return pd.DataFrame(series)
