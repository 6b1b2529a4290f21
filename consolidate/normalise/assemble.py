"""Normalise every value of every workbook, table by table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.facts import (
    Facts,
    Reading,
    addresses,
    changed,
    facts_frame,
    joined,
    listed,
    texts,
)
from consolidate.model.finding import CellRef, Finding, Outcome, Severity
from consolidate.model.schema import Schemas
from consolidate.model.workbook import Extract
from consolidate.normalise.batch import Batch, Ints, Objects, gather
from consolidate.normalise.contexts import Note
from consolidate.normalise.criticality import read_criticality
from consolidate.normalise.derive import (
    Derived,
    cell_of,
    derive_amounts,
    derive_categories,
    derive_deliverables,
)
from consolidate.normalise.engine import Readings, read_all
from consolidate.normalise.options import NormaliseOptions
from consolidate.normalise.parsed import ABOUT_RECORD, SEVERITY, Parsed
from consolidate.normalise.text import as_shown, raw_text

Column: TypeAlias = npt.NDArray[Any] | pd.Categorical
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
    derived = Derived()
    derive_amounts(batch, readings, derived)
    derive_categories(batch, readings, derived)
    derive_deliverables(batch, readings, derived)
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


def _facts(batch: Batch, readings: Readings, derived: Derived) -> Mapping[str, Facts]:
    """Return the facts of each table: values read, then what follows from them."""
    columns = _columns(batch, readings)
    source = np.array(derived.at, dtype=np.int64)
    found = {}
    for index, name in enumerate(batch.tables):
        own = np.flatnonzero(batch.table == index)
        more = np.flatnonzero(batch.table[source] == index)
        if len(own):
            read, whence = _taken(columns, own), _taken(columns, source[more])
            made = _followed(whence, derived, more.tolist())
            found[name] = Facts(name, joined([read, made]))
    return found


def _columns(batch: Batch, readings: Readings) -> Mapping[str, Take]:
    """Return, for each column of the facts, what gives it at some positions."""
    used = batch.used & (readings.values != None)  # noqa: E711 (one by one)
    used[readings.lost] = False
    confidence = batch.confidence * _trust(readings, len(batch.record))
    raw = texts([raw_text(value) for value in batch.raw.values])
    books = texts([e.workbook for e in batch.extracts])
    nothing = listed(np.zeros(1, dtype=np.int8), [""])
    return {
        "record": batch.record.take,
        "field": listed(batch.field, batch.fields).take,
        "raw": lambda at: raw.take(batch.raw.codes[at]),
        "value": readings.values.take,
        "workbook": lambda at: books.take(batch.extract[at]),
        "sheet": listed(batch.sheet.codes, batch.sheet.values).take,
        "row": batch.row.take,
        "col": batch.col.take,
        "number_format": listed(batch.format.codes, batch.format.values).take,
        "method": listed(batch.method.codes, batch.method.values).take,
        "confidence": confidence.take,
        "used": used.take,
        "derived_from": lambda at: nothing.take(np.zeros(len(at), dtype=np.int8)),
    }


def _taken(columns: Mapping[str, Take], at: Ints) -> pd.DataFrame:
    return facts_frame({name: take(at) for name, take in columns.items()})


def _followed(whence: pd.DataFrame, derived: Derived, own: list[int]) -> pd.DataFrame:
    """Return what follows from values: as theirs, but for what it says and from where."""
    said = [derived.raw[i] for i in own]
    raw = [r if s is None else s for r, s in zip(whence["raw"], said, strict=True)]
    return changed(
        whence,
        field=texts([derived.field[i] for i in own]),
        raw=texts(raw),
        value=_objects([derived.value[i] for i in own]),
        method=texts(["derived"] * len(own)),
        number_format=texts([""] * len(own)),
        derived_from=addresses(whence["row"].to_numpy(), whence["col"].to_numpy()),
    )


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
