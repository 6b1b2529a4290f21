"""From a record and a field back to the cell: what every finding needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from consolidate.model.address import a1
from consolidate.model.facts import Facts
from consolidate.model.finding import CellRef, Finding, Severity


@dataclass(frozen=True, slots=True)
class Breach:
    """One value that breaks a rule, before its cell is looked up.

    Attributes:
        rule: The finding's rule.
        severity: The finding's severity.
        table: Canonical table.
        record: Record number.
        field: Field concerned; its cell is the finding's.
        against: Another field of the same record that it is compared with.
        params: What the message needs beside.
    """

    rule: str
    severity: Severity
    table: str
    record: int
    field: str
    against: str = ""
    params: Mapping[str, str] | None = None


def findings_at(
    breaches: Sequence[Breach],
    facts: Mapping[str, Facts],
    tables: Mapping[str, pd.DataFrame],
) -> list[Finding]:
    """Return one finding a breach, on the cell its value was read from.

    ``params`` gains ``other`` and ``other_cell`` when a breach is against another field.
    A field that has no cell is told at the first cell of its record.
    """
    found: list[Finding] = []
    for table in dict.fromkeys(b.table for b in breaches):
        own = [b for b in breaches if b.table == table]
        cells = _cells(own, facts[table].frame)
        places = _places(own, tables[table])
        found += [_finding(breach, cells, places[breach.record]) for breach in own]
    return found


def _finding(
    breach: Breach,
    cells: Mapping[tuple[int, str], tuple[CellRef, str]],
    place: tuple[CellRef, str],
) -> Finding:
    first, code = place
    ref, raw = cells.get((breach.record, breach.field), (first, ""))
    params = dict(breach.params or {})
    if breach.against:
        other, text = cells.get((breach.record, breach.against), (first, ""))
        params |= {
            "other_field": breach.against,
            "other": text,
            "other_cell": str(other),
        }
    return Finding(
        breach.rule,
        breach.severity,
        ref,
        table=breach.table,
        field=breach.field,
        raw=raw,
        project_code=code,
        params=params,
    )


def _places(
    breaches: Sequence[Breach], frame: pd.DataFrame
) -> dict[int, tuple[CellRef, str]]:
    """Return the first cell and the project of the records of breaches."""
    near = frame.loc[sorted({b.record for b in breaches})]
    names = ("workbook", "sheet", "row", "project_code")
    return {
        int(record): (CellRef(book, sheet or "", f"A{max(row, 1)}"), code or "")
        for record, book, sheet, row, code in zip(
            near.index.tolist(), *(near[c].tolist() for c in names), strict=True
        )
    }


def _cells(
    breaches: Sequence[Breach], frame: pd.DataFrame
) -> dict[tuple[int, str], tuple[CellRef, str]]:
    """Return cell and text of the used facts that breaches speak of."""
    wanted = {b.record for b in breaches}
    fields = {b.field for b in breaches} | {b.against for b in breaches}
    at = np.flatnonzero(
        frame["record"].isin(list(wanted)).to_numpy()
        & frame["used"].to_numpy(dtype=bool)
        & frame["field"].isin(list(fields)).to_numpy()
    )
    near = frame.iloc[at]
    names = ("record", "field", "workbook", "sheet", "row", "col", "raw")
    out = {}
    for record, field, book, sheet, row, col, raw in zip(
        *(near[c].tolist() for c in names), strict=True
    ):
        cell = a1(row - 1, col - 1) if row > 0 and col > 0 else ""
        out[record, field] = (CellRef(book, sheet or "", cell), raw)
    return out
