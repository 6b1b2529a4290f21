"""A table's facts, with what every step asks of them worked out once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.address import a1
from consolidate.model.facts import Facts
from consolidate.model.finding import CellRef

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Long:
    """The facts of one table as arrays.

    Attributes:
        table: Canonical table.
        frame: The facts, index 0, 1, 2 ...
        record: Record number of each fact.
        field: Code of each fact's field, a position in ``names``.
        names: Field names by code.
        value: Value of each fact.
        known: Whether the fact is used and has a value.
    """

    table: str
    frame: pd.DataFrame
    record: Ints
    field: Ints
    names: Mapping[str, int]
    value: Objects
    known: Bools

    def best(self, field: str) -> Ints:
        """Return the positions of a field's known facts, the surest one a record."""
        if field not in self.names:
            return np.empty(0, dtype=np.int64)
        at = np.flatnonzero((self.field == self.names[field]) & self.known)
        record = self.record[at]
        if len(np.unique(record)) == len(at):
            return at
        sure = self.frame["confidence"].to_numpy()[at]
        at = at[np.lexsort((at, -sure, record))]
        return at[np.unique(self.record[at], return_index=True)[1]]

    def text(self, field: str) -> dict[int, str]:
        """Return a field's values as stripped text, by record."""
        at = self.best(field)
        pairs = zip(self.record[at].tolist(), self.value[at].tolist(), strict=True)
        return {record: as_text(value).strip() for record, value in pairs}

    def refs(self, field: str) -> dict[int, CellRef]:
        """Return the cell of a field, by record."""
        at = self.best(field)
        refs = cell_refs(self.frame, at.tolist())
        return dict(zip(self.record[at].tolist(), refs, strict=True))


def long(facts: Facts) -> Long:
    """Return a table's facts as arrays."""
    frame = facts.frame.reset_index(drop=True)
    codes, names = pd.factorize(frame["field"])
    value = frame["value"].to_numpy(dtype=object)
    known = frame["used"].to_numpy(dtype=bool) & np.asarray(pd.notna(value))
    return Long(
        table=facts.table,
        frame=frame,
        record=frame["record"].to_numpy(dtype=np.int64),
        field=codes.astype(np.int64),
        names={str(name): code for code, name in enumerate(names)},
        value=value,
        known=known,
    )


def as_text(value: object) -> str:
    """Return a value as text: integral numbers without ``.0``, None as nothing."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def cell_ref(frame: pd.DataFrame, position: int) -> CellRef:
    """Return the cell of the fact at a position of a facts frame."""
    row = cast("int", frame["row"].iat[position])
    col = cast("int", frame["col"].iat[position])
    cell = a1(int(row) - 1, int(col) - 1) if row > 0 and col > 0 else ""
    workbook, sheet = frame["workbook"].iat[position], frame["sheet"].iat[position]
    return CellRef(str(workbook), str(sheet or ""), cell)


def cell_refs(frame: pd.DataFrame, positions: Sequence[int]) -> list[CellRef]:
    """Return the cells of the facts at positions of a facts frame."""
    own = frame.take(list(positions))
    columns = (own[c].tolist() for c in ("workbook", "sheet", "row", "col"))
    return [
        CellRef(
            str(workbook),
            str(sheet or ""),
            a1(row - 1, col - 1) if row > 0 and col > 0 else "",
        )
        for workbook, sheet, row, col in zip(*columns, strict=True)
    ]


def objects(values: Sequence[object]) -> Objects:
    """Return values as an array of objects, whatever they are."""
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def ints(values: Sequence[int]) -> Ints:
    """Return whole numbers as an array, empty or not."""
    return np.array(values, dtype=np.int64)
