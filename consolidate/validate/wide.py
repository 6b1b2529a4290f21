"""Wide typed tables from long facts: one row a record, one column a field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.facts import Facts
from consolidate.model.schema import Field, TableSpec
from consolidate.validate.kinds import FLOATS, INTEGERS

_ORIGIN = ["workbook", "sheet", "row"]

Column: TypeAlias = npt.NDArray[Any] | pd.api.extensions.ExtensionArray


@dataclass(frozen=True, slots=True)
class Wide:
    """One table, wide.

    Attributes:
        frame: ``record_id``, ``period``, ``project_code``, the fields of the schema but
            ``project_code``, ``workbook``, ``sheet``, ``row``; index ``record``.
        misfits: Record and field of values that are not of their field's type; the
            table has nothing there.
    """

    frame: pd.DataFrame
    misfits: tuple[tuple[int, str], ...] = ()


def build_table(
    facts: Facts, records: pd.DataFrame, spec: TableSpec, period: str
) -> Wide:
    """Return one row a record used, one typed column a field.

    Args:
        facts: The table's facts; ``record`` is the lead's number, at most one used
            value a record and field.
        records: ``record``, ``table``, ``record_id``, ``project_code``, ``workbook``,
            ``sheet``, ``row``, ``used``.
        spec: The canonical table.
        period: Month reported on.

    Returns:
        The table, ordered by project, workbook, sheet and row.
    """
    own = records.loc[records["used"] & (records["table"] == spec.name)]
    own = own.sort_values(
        ["project_code", "workbook", "sheet", "row", "record_id"], kind="stable"
    )
    index = pd.Index(own["record"].to_numpy(), name="record")
    frame = facts.frame
    value = frame["value"].to_numpy(dtype=object)
    used = np.flatnonzero(
        frame["used"].to_numpy(dtype=bool) & np.asarray(pd.notna(value))
    )
    row = index.get_indexer(pd.Index(frame["record"].to_numpy()[used]))
    used, row = used[row >= 0], row[row >= 0]
    codes, names = pd.factorize(frame["field"].iloc[used])
    by_field = {str(n): np.flatnonzero(codes == k) for k, n in enumerate(names)}
    columns: dict[str, Column] = {
        "record_id": own["record_id"].to_numpy(dtype=object),
        "period": np.full(len(own), period, dtype=object),
        "project_code": _coded(own["project_code"]),
    }
    misfits: list[tuple[int, str]] = []
    for field in spec.fields:
        if field.name == "project_code":
            continue
        at = by_field.get(field.name, np.empty(0, dtype=np.int64))
        column, wrong = typed(field, value[used[at]], row[at], len(own))
        columns[field.name] = column
        misfits += [(int(index[row[at][k]]), field.name) for k in wrong]
    for name in _ORIGIN:
        columns[name] = own[name].to_numpy(dtype="int64" if name == "row" else object)
    # Said for each column: pandas would make its own text type of objects.
    made = {
        name: pd.Series(column, index=index, dtype=column.dtype, copy=False)
        for name, column in columns.items()
    }
    return Wide(pd.DataFrame(made, index=index), tuple(misfits))


def typed(
    field: Field,
    values: npt.NDArray[np.object_],
    rows: npt.NDArray[np.int64],
    size: int,
) -> tuple[Column, list[int]]:
    """Return a field's column, and the positions of values that are not of its type.

    Args:
        field: Says the type.
        values: Values, none of them None.
        rows: The row of each value.
        size: How many rows the column has.
    """
    if field.type in FLOATS or field.type in INTEGERS:
        numbers, wrong = _numbers(values)
        column = np.full(size, np.nan)
        if field.type in INTEGERS:
            whole = np.isnan(numbers) | (numbers == np.round(numbers))
            wrong += np.flatnonzero(~whole).tolist()
            numbers = np.where(whole, numbers, np.nan)
            column[rows] = numbers
            return pd.array(column, dtype="Float64").astype("Int64"), sorted(wrong)
        column[rows] = numbers
        return column, wrong
    wanted = {"date": date, "boolean": bool}.get(field.type, str)
    fits = [type(v) is wanted for v in values.tolist()]
    made = values if all(fits) else values.copy()
    wrong = []
    for k, fit in enumerate(fits):
        if not fit:
            made[k] = _mended(made[k], field)
            wrong += [k] if made[k] is None else []
    filled = np.full(size, None, dtype=object)
    filled[rows] = made
    return filled, wrong


def _numbers(
    values: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.float64], list[int]]:
    try:
        return values.astype(np.float64), []
    except (TypeError, ValueError):
        fits = [isinstance(v, int | float | np.number) for v in values.tolist()]
        pairs = zip(values.tolist(), fits, strict=True)
        numbers = np.array([v if fit else np.nan for v, fit in pairs], dtype=np.float64)
        return numbers, [k for k, fit in enumerate(fits) if not fit]


def _mended(value: object, field: Field) -> object:
    """Return a value in its field's type where that loses nothing, else None."""
    if field.type == "date":
        return value.date() if isinstance(value, datetime) else None
    if field.type == "boolean":
        return bool(value) if isinstance(value, np.bool_) else None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) else None


def _coded(column: pd.Series) -> Column:
    codes = column.to_numpy(dtype=object).copy()
    codes[codes == ""] = None
    return codes
