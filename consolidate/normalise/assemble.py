"""Normalise every value of every workbook, table by table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.facts import FACT_COLUMNS, Facts, Reading
from consolidate.model.finding import CellRef, Finding, Outcome, Severity
from consolidate.model.schema import Schemas
from consolidate.model.workbook import Extract
from consolidate.normalise.batch import Batch, Ints, Listed, Objects, gather
from consolidate.normalise.contexts import Note
from consolidate.normalise.criticality import read_criticality
from consolidate.normalise.derive import (
    Derived,
    cell_of,
    derive_amounts,
    derive_categories,
)
from consolidate.normalise.engine import Readings, read_all
from consolidate.normalise.options import NormaliseOptions
from consolidate.normalise.parsed import ABOUT_RECORD, SEVERITY, Parsed
from consolidate.normalise.text import as_shown

Column: TypeAlias = npt.NDArray[Any]
Take: TypeAlias = Callable[[Ints], Column]

_LONGEST_RAW = 200
_DOUBT = 0.8
"""By how much a value kept with a warning is less sure."""


def normalise(
    extracts: Sequence[Extract], schemas: Schemas, options: NormaliseOptions
) -> Outcome[Reading]:
    """Bring every value to its canonical form.

    Args:
        extracts: What the workbooks say, in the order their records are numbered.
        schemas: Tables, vocabularies and words for "no value".
        options: The run's period and the PMO's units.

    Returns:
        One long frame a table, one row a value in reading order, then derived values.
        A value that was not understood keeps its row, with None and ``used`` False,
        and has one ERROR finding at its cell; a word for "no value" has none.
    """
    batch = gather(extracts, schemas)
    readings = read_all(batch, options)
    read_criticality(batch, readings)
    derived = [*derive_amounts(batch, readings), *derive_categories(batch, readings)]
    facts = _facts(batch, readings, derived)
    findings = [
        _finding(batch, at, parsed)
        for at, parsed in sorted(readings.remarks, key=_place)
        if batch.used[at]
    ]
    findings += [_about_column(batch, note) for note in readings.notes]
    return Outcome(Reading(facts, batch.records), tuple(findings))


def _place(remark: tuple[int, Parsed]) -> int:
    return remark[0]


def _facts(
    batch: Batch, readings: Readings, derived: Sequence[Derived]
) -> Mapping[str, Facts]:
    """Return the facts of each table, made a table at a time: all at once is twice as big."""
    columns = _columns(batch, readings)
    tables = batch.table[[d.at for d in derived]] if derived else np.array([])
    found = {}
    for index, name in enumerate(batch.tables):
        own = np.flatnonzero(batch.table == index)
        more = [derived[i] for i in np.flatnonzero(tables == index).tolist()]
        if len(own):
            found[name] = Facts(name, _frame(batch, columns, own, more))
    return found


def _columns(batch: Batch, readings: Readings) -> Mapping[str, Take]:
    """Return, for each column, what gives its values at some positions."""
    workbooks = _objects([e.workbook for e in batch.extracts])
    fields = _objects(batch.fields)
    used = batch.used & np.array(
        [v is not None for v in readings.values.tolist()], dtype=np.bool_
    )
    used[readings.lost] = False
    return {
        "record": batch.record.take,
        "field": lambda at: fields[batch.field[at]],
        "raw": _picked(batch.raw),
        "value": readings.values.take,
        "workbook": lambda at: workbooks[batch.extract[at]],
        "sheet": _picked(batch.sheet),
        "row": batch.row.take,
        "col": batch.col.take,
        "number_format": _picked(batch.format),
        "method": _picked(batch.method),
        "confidence": (batch.confidence * _trust(readings, len(batch.record))).take,
        "used": used.take,
        "derived_from": lambda at: np.full(len(at), "", dtype=object),
    }


def _picked(column: Listed[Any]) -> Take:
    values = _objects(column.values)
    return lambda at: values[column.codes[at]]


def _frame(
    batch: Batch, columns: Mapping[str, Take], own: Ints, derived: Sequence[Derived]
) -> pd.DataFrame:
    """Return rows as a frame whose texts stay objects: one type a column, whatever it holds."""
    made = _derived_columns(batch, columns, derived) if derived else {}
    series = {}
    for name in FACT_COLUMNS:
        taken = columns[name](own)
        if made:
            taken = np.concatenate([taken, made[name]])
        series[name] = pd.Series(taken, dtype=taken.dtype, copy=False)
    return pd.DataFrame(series, copy=False)


def _trust(
    readings: Readings, count: int
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    trust = np.ones(count)
    doubted = [
        at
        for at, parsed in readings.remarks
        if SEVERITY[parsed.rule] == Severity.WARNING and parsed.rule not in ABOUT_RECORD
    ]
    for note in readings.notes:
        if SEVERITY[note.rule] == Severity.WARNING:
            doubted += note.lane.at.tolist()
    trust[doubted] = _DOUBT
    return trust


def _derived_columns(
    batch: Batch, columns: Mapping[str, Take], derived: Sequence[Derived]
) -> Mapping[str, Column]:
    """Return what follows from values: as theirs, but for what it says and from where."""
    at = np.array([d.at for d in derived], dtype=np.int64)
    source = {name: take(at) for name, take in columns.items()}
    pairs = zip(derived, source["raw"].tolist(), strict=True)
    return {
        **source,
        "field": _objects([d.field for d in derived]),
        "raw": _objects([raw if d.raw is None else d.raw for d, raw in pairs]),
        "value": _objects([d.value for d in derived]),
        "method": np.full(len(derived), "derived", dtype=object),
        "number_format": np.full(len(derived), "", dtype=object),
        "derived_from": _objects([cell_of(batch, i) for i in at.tolist()]),
    }


def _objects(values: Sequence[object]) -> Objects:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _finding(batch: Batch, at: int, parsed: Parsed) -> Finding:
    extract = batch.extracts[int(batch.extract[at])]
    return Finding(
        parsed.rule,
        SEVERITY[parsed.rule],
        CellRef(extract.workbook, batch.sheet[at], cell_of(batch, at)),
        table=batch.tables[int(batch.table[at])],
        field=batch.fields[int(batch.field[at])],
        raw=_excerpt(batch, at, extract.language),
        params=dict(parsed.params),
    )


def _excerpt(batch: Batch, at: int, language: str) -> str:
    text = as_shown(batch.raw[at], batch.format[at], language)
    return text if len(text) <= _LONGEST_RAW else text[: _LONGEST_RAW - 1] + "…"


def _about_column(batch: Batch, note: Note) -> Finding:
    lane = note.lane
    first = int(lane.at[0])
    extract = batch.extracts[lane.extract]
    return Finding(
        note.rule,
        SEVERITY[note.rule],
        CellRef(extract.workbook, lane.sheet, lane.column.ref or cell_of(batch, first)),
        table=lane.table,
        field=lane.spec.name,
        raw=lane.column.header or _excerpt(batch, first, lane.language),
        params=dict(note.params),
    )
