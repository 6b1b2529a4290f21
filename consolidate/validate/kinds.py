"""How each type of field is kept, and which columns cannot break their schema."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from consolidate.model.schema import Field, Vocabulary

FLOATS = frozenset({"number", "money", "effort", "duration", "hours", "share"})
"""Field types kept as float64."""

INTEGERS = frozenset({"integer", "rating", "criticality"})
"""Field types kept as Int64."""


def dtype_of(field: Field) -> str:
    """Return the dtype of a field's column; object where None stands for unknown."""
    if field.type in FLOATS:
        return "float64"
    return "Int64" if field.type in INTEGERS else "object"


def may_break(
    field: Field, column: pd.Series, vocabularies: Mapping[str, Vocabulary]
) -> bool:
    """Whether a column has anything that its schema could object to.

    Seen on the column as a whole: its extremes, its distinct codes, its gaps.

    Args:
        field: Its field.
        column: Its values.
        vocabularies: All of them, by name.
    """
    gaps = column.isna()
    if column.dtype != dtype_of(field) or (field.required and gaps.any()):
        return True
    if gaps.all():
        return False
    return _is_outside(field, column) or _is_unknown(field, column[~gaps], vocabularies)


def _is_outside(field: Field, column: pd.Series) -> bool:
    """Whether an extreme of a column is beyond its bounds."""
    if field.min is None and field.max is None:
        return False
    numbers = column.to_numpy(dtype=float, na_value=np.nan)
    low, high = np.nanmin(numbers), np.nanmax(numbers)
    return not (
        (field.min is None or low >= field.min)
        and (field.max is None or high <= field.max)
    )


def _is_unknown(
    field: Field, column: pd.Series, vocabularies: Mapping[str, Vocabulary]
) -> bool:
    """Whether a code is not one of its closed vocabulary."""
    if field.type != "code" or not field.values or field.open:
        return False
    known = {*vocabularies[field.values].codes}
    return not known.issuperset(column.tolist())
