"""All values of all workbooks side by side, and the columns they were read from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.facts import records_frame
from consolidate.model.schema import Field, Schemas
from consolidate.model.workbook import Column, Extract, Value

Ints = npt.NDArray[np.int64]
Objects = npt.NDArray[np.object_]

_NO_COLUMN = Column("", "")
_WIDEST = 20_000
"""More columns than any spreadsheet has."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Every value, one entry each; arrays of one length.

    Attributes:
        extracts: Where they come from.
        schemas: Tables and fields.
        records: See ``Reading.records``.
        extract: Index into ``extracts``.
        table, field: Indexes into ``tables`` and ``fields``.
        tables, fields: Names.
        record: Global record number.
        region: Global region number; below 0 for a value from a name.
        local: The region's index in its extract, -1 for a value from a name.
        column: Index into the region's columns, -1 for none.
        row, col: 1-based, 0 for none.
        raw, format, sheet, method: As read.
        confidence, used: As read.
    """

    extracts: Sequence[Extract]
    schemas: Schemas
    records: pd.DataFrame
    extract: Ints
    table: Ints
    field: Ints
    tables: list[str]
    fields: list[str]
    record: Ints
    region: Ints
    local: Ints
    column: Ints
    row: Ints
    col: Ints
    raw: list[Value]
    format: list[str]
    sheet: list[str]
    method: list[str]
    confidence: npt.NDArray[np.float64]
    used: npt.NDArray[np.bool_]

    def spec(self, table: int, field: int) -> Field:
        """Return a field of a table; a plain text when the schema does not know it."""
        name = self.fields[field]
        known = self.schemas.tables.get(self.tables[table])
        found = known.by_name.get(name) if known else None
        return found or Field(name=name, type="text", label={})


@dataclass(frozen=True, slots=True)
class Lane:
    """The values of one field that share a header.

    Attributes:
        table: Canonical table.
        spec: Canonical field.
        column: Their header and what it says.
        extract: Index of the workbook.
        region: Global region number; below 0 for values from a name.
        sheet: Sheet name.
        language: Of the workbook.
        at: Positions in the batch, in reading order.
    """

    table: str
    spec: Field
    column: Column
    extract: int
    region: int
    sheet: str
    language: str
    at: list[int]


def gather(extracts: Sequence[Extract], schemas: Schemas) -> Batch:
    """Return all values of all extracts side by side."""
    cells = [e.cells for e in extracts]
    sizes = np.array([len(c.record) for c in cells], dtype=np.int64)
    record_offsets = _offsets([len(e.records) for e in extracts])
    region_offsets = _offsets([len(e.regions) for e in extracts])
    records = _records(extracts, record_offsets)
    record = _ints(c.record for c in cells) + np.repeat(record_offsets, sizes)
    owner = np.repeat(np.arange(len(extracts), dtype=np.int64), sizes)
    local = records["region"].to_numpy(dtype=np.int64)[record]
    region = np.where(local >= 0, local + region_offsets[owner], -1 - owner)
    table_codes, tables = pd.factorize(records["table"].to_numpy(dtype=object))
    every_field = list(chain.from_iterable(c.field for c in cells))
    field_codes, fields = pd.factorize(np.array(every_field, dtype=object))
    return Batch(
        extracts=extracts,
        schemas=schemas,
        records=records,
        extract=owner,
        table=table_codes.astype(np.int64)[record],
        field=field_codes.astype(np.int64),
        tables=[str(t) for t in tables],
        fields=[str(f) for f in fields],
        record=record,
        region=region,
        local=local,
        column=_ints(c.column for c in cells),
        row=_ints(c.row for c in cells) + 1,
        col=_ints(c.col for c in cells) + 1,
        raw=list(chain.from_iterable(c.raw for c in cells)),
        format=list(chain.from_iterable(c.format for c in cells)),
        sheet=list(chain.from_iterable(c.sheet for c in cells)),
        method=list(chain.from_iterable(c.method for c in cells)),
        confidence=np.fromiter(
            chain.from_iterable(c.confidence for c in cells), np.float64
        ),
        used=np.fromiter(chain.from_iterable(c.used for c in cells), np.bool_),
    )


def positions_by_field(batch: Batch) -> Iterator[tuple[Field, int, Ints]]:
    """Yield each field of each table met, the table's index, and where its values are."""
    count = max(1, len(batch.fields))
    for key, at in _groups(batch.table * count + batch.field):
        table, field = divmod(key, count)
        yield batch.spec(table, field), table, at


def lanes_of(batch: Batch, spec: Field, table: int, at: Ints) -> Iterator[Lane]:
    """Yield the lanes of one field: its values by region and column."""
    shift = int(batch.region.min(initial=0))
    key = (batch.region[at] - shift) * _WIDEST + batch.column[at] + 1
    for _, inside in _groups(key):
        own = at[inside]
        first = int(own[0])
        extract = batch.extracts[int(batch.extract[first])]
        yield Lane(
            table=batch.tables[table],
            spec=spec,
            column=_column(batch, first),
            extract=int(batch.extract[first]),
            region=int(batch.region[first]),
            sheet=batch.sheet[first],
            language=extract.language,
            at=own.tolist(),
        )


def _column(batch: Batch, at: int) -> Column:
    index = int(batch.column[at])
    region = int(batch.local[at])
    if index < 0 or region < 0:
        return _NO_COLUMN
    columns = batch.extracts[int(batch.extract[at])].regions[region].columns
    return columns[index] if index < len(columns) else _NO_COLUMN


def _groups(key: Ints) -> Iterator[tuple[int, Ints]]:
    """Yield each key, ascending, and where it is, in order."""
    if not len(key):
        return
    order = np.argsort(key, kind="stable").astype(np.int64)
    ordered = key[order]
    cuts = np.flatnonzero(np.diff(ordered)) + 1
    starts = [0, *cuts.tolist(), len(key)]
    for start, end in pairwise(starts):
        yield int(ordered[start]), order[start:end]


def _offsets(sizes: list[int]) -> Ints:
    return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))[:-1].astype(np.int64)


def _ints(columns: Iterator[Sequence[int]]) -> Ints:
    return np.fromiter(chain.from_iterable(columns), np.int64)


def _records(extracts: Sequence[Extract], offsets: Ints) -> pd.DataFrame:
    parts = [
        _records_of(extract, offset)
        for extract, offset in zip(extracts, offsets.tolist(), strict=True)
    ]
    names = ("table", "workbook", "sheet", "row", "region", "project", "hidden")
    columns = (chain.from_iterable(column) for column in zip(*parts, strict=True))
    made = dict(zip(names, map(list, columns), strict=False))
    return records_frame({"record": np.arange(len(made.get("table", ()))), **made})


def _records_of(extract: Extract, offset: int) -> tuple[list[Any], ...]:
    """Return the columns of the records of one extract, as ``RECORD_COLUMNS`` names them."""
    records, regions = extract.records, extract.regions
    sheets = [*(region.sheet for region in regions), ""]
    hidden = [*(region.hidden for region in regions), False]
    return (
        [r.table for r in records],
        [extract.workbook] * len(records),
        [sheets[max(r.region, -1)] for r in records],
        [r.row + 1 for r in records],
        [r.region for r in records],
        [r.project + offset if r.project >= 0 else -1 for r in records],
        [hidden[max(r.region, -1)] for r in records],
    )
