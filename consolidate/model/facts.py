"""Facts: every value read, in long form; the lineage is this frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from consolidate.model.schema import TableSpec

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
    "record": "int64",
    "row": "int64",
    "col": "int64",
    "confidence": "float64",
    "used": "bool",
    "region": "int64",
    "project": "int64",
    "hidden": "bool",
}
_NUMBERS = frozenset(
    {
        "number",
        "money",
        "effort",
        "duration",
        "hours",
        "share",
        "rating",
        "criticality",
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """Every value read for one table, in long form.

    Attributes:
        table: Canonical table name, such as "milestones".
        frame: Columns ``FACT_COLUMNS``. ``record`` is the record's number across all
            workbooks and tables; ``row`` and ``col`` are 1-based, 0 when the value
            comes from a name; ``value`` is what was understood, None when nothing was
            (``used`` is False then); ``used`` is False too for a value that lost
            against another source of the same record and field.
    """

    table: str
    frame: pd.DataFrame

    def wide(self, spec: TableSpec) -> pd.DataFrame:
        """Return one row per record that has a used value, one column per field.

        Args:
            spec: The canonical table; fields it does not name are left out.

        Returns:
            Index ``record``, ascending. Numbers float64, integers Int64, everything
            else object with None where unknown. Of several used values of one record
            and field, the one of highest confidence, then the first.
        """
        used = self.frame.loc[self.frame["used"] & self.frame["value"].notna()]
        record = used["record"].to_numpy()
        names, field = np.unique(
            used["field"].to_numpy(dtype="str"), return_inverse=True
        )
        order = np.lexsort((-used["confidence"].to_numpy(), record, field))
        key = field[order] * (record.max(initial=0) + 1) + record[order]
        best = (
            order[np.concatenate(([True], key[1:] != key[:-1]))]
            if len(order)
            else order
        )
        index = np.unique(record)
        values = used["value"].to_numpy(dtype="object")
        columns: dict[str, pd.Series] = {}
        starts = np.searchsorted(field[best], np.arange(len(names) + 1))
        bounds = {n: (starts[i], starts[i + 1]) for i, n in enumerate(names)}
        for own in spec.fields:
            first, last = bounds.get(own.name, (0, 0))
            at = best[first:last]
            column = np.full(len(index), None, dtype="object")
            column[np.searchsorted(index, record[at])] = values[at]
            columns[own.name] = _typed(column, own.type)
        return pd.DataFrame(columns).set_axis(pd.Index(index, name="record"))

    def conflicts(self) -> pd.DataFrame:
        """Return the used facts of each record and field with two values or more."""
        used = self.frame.loc[self.frame["used"] & self.frame["value"].notna()]
        twice = used.loc[used.duplicated(["record", "field"], keep=False)]
        if twice.empty:
            return twice
        groups = twice.groupby(["record", "field"], sort=False)["value"]
        return twice.loc[groups.transform("nunique") > 1]


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


def _typed(column: np.ndarray, kind: str) -> pd.Series:
    if kind in _NUMBERS:
        return pd.Series(column).astype("float64")
    if kind == "integer":
        return pd.Series(column).astype("Float64").round().astype("Int64")
    return pd.Series(column, dtype="object")


def facts_frame(columns: Mapping[str, object] | None = None) -> pd.DataFrame:
    """Return a facts frame of the right columns and types, empty by default."""
    return _frame(FACT_COLUMNS, columns)


def records_frame(columns: Mapping[str, object] | None = None) -> pd.DataFrame:
    """Return a records frame of the right columns and types, empty by default."""
    return _frame(RECORD_COLUMNS, columns)


def _frame(names: list[str], columns: Mapping[str, object] | None) -> pd.DataFrame:
    given = columns or {}
    series = {
        name: pd.Series(given.get(name, []), dtype=_DTYPES.get(name, "object"))
        for name in names
    }
    return pd.DataFrame(series)
