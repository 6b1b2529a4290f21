"""Normalise every value of every workbook, table by table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from consolidate.model.facts import FACT_COLUMNS, Facts, Reading
from consolidate.model.finding import CellRef, Finding, Outcome, Severity
from consolidate.model.schema import Schemas
from consolidate.model.workbook import Extract
from consolidate.normalise.batch import Batch, Objects, gather
from consolidate.normalise.contexts import Note
from consolidate.normalise.criticality import read_criticality
from consolidate.normalise.derive import Derived, cell_of, derive_amounts
from consolidate.normalise.engine import Readings, read_all
from consolidate.normalise.options import NormaliseOptions
from consolidate.normalise.parsed import ABOUT_RECORD, SEVERITY, Parsed
from consolidate.normalise.text import as_shown

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
    derived = derive_amounts(batch, readings)
    facts = _facts(batch, readings, derived)
    findings = [
        _finding(batch, at, parsed)
        for at, parsed in sorted(readings.remarks, key=_place)
    ]
    findings += [_about_column(batch, note) for note in readings.notes]
    return Outcome(Reading(facts, batch.records), tuple(findings))


def _place(remark: tuple[int, Parsed]) -> int:
    return remark[0]


def _facts(
    batch: Batch, readings: Readings, derived: Sequence[Derived]
) -> Mapping[str, Facts]:
    frame = _frame(batch, readings)
    if derived:
        frame = pd.concat(
            [frame, _derived_frame(batch, frame, derived)], ignore_index=True
        )
    tables = np.concatenate([batch.table, batch.table[[d.at for d in derived]]])
    found = {}
    for index, name in enumerate(batch.tables):
        own = frame.loc[tables == index]
        if len(own):
            found[name] = Facts(name, own.reset_index(drop=True))
    return found


def _frame(batch: Batch, readings: Readings) -> pd.DataFrame:
    workbooks = _objects([e.workbook for e in batch.extracts])
    understood = np.fromiter((v is not None for v in readings.values), np.bool_)
    columns = {
        "record": batch.record,
        "field": _objects(batch.fields)[batch.field],
        "raw": _objects(batch.raw),
        "value": readings.values,
        "workbook": workbooks[batch.extract],
        "sheet": _objects(batch.sheet),
        "row": batch.row,
        "col": batch.col,
        "number_format": _objects(batch.format),
        "method": _objects(batch.method),
        "confidence": batch.confidence * _trust(readings, len(batch.raw)),
        "used": batch.used & understood,
        "derived_from": np.full(len(batch.raw), "", dtype=object),
    }
    return _as_frame(columns)


def _as_frame(columns: Mapping[str, object]) -> pd.DataFrame:
    """Return a frame whose texts stay objects: one type a column, whatever it holds."""
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype="object") if _is_object(values) else values
            for name, values in columns.items()
        },
        columns=FACT_COLUMNS,
    )


def _is_object(values: object) -> bool:
    return isinstance(values, np.ndarray) and values.dtype == np.object_


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
            doubted += note.lane.at
    trust[doubted] = _DOUBT
    return trust


def _derived_frame(
    batch: Batch, frame: pd.DataFrame, derived: Sequence[Derived]
) -> pd.DataFrame:
    at = [d.at for d in derived]
    source = frame.loc[at, FACT_COLUMNS].reset_index(drop=True)
    raws = [
        source["raw"].iat[i] if d.raw is None else d.raw for i, d in enumerate(derived)
    ]
    return source.assign(
        field=_series([d.field for d in derived]),
        raw=_series(raws),
        value=_series([d.value for d in derived]),
        method=_series(["derived"] * len(derived)),
        number_format=_series([""] * len(derived)),
        derived_from=_series([cell_of(batch, i) for i in at]),
    )


def _series(values: Sequence[object]) -> pd.Series:
    return pd.Series(_objects(values), dtype="object")


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
    first = lane.at[0]
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
