"""All values of all workbooks side by side, and the columns they were read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.coded import Coded, coded, coded_by_type
from consolidate.model.facts import records_frame
from consolidate.model.schema import Field, Schemas
from consolidate.model.workbook import Column, Extract, Value

Ints = npt.NDArray[np.signedinteger[Any]]
"""Narrow where many: calculate with them as int64."""
Objects = npt.NDArray[np.object_]

T = TypeVar("T")

_NO_COLUMN = Column("", "")
_WIDEST = 20_000
"""More columns than any spreadsheet has."""


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """A column of the batch, as codes.

    Attributes:
        codes: Position in ``values`` of each entry.
        values: The distinct values.
    """

    codes: Ints
    values: list[T]

    def __getitem__(self, at: int) -> T:
        """Return one entry."""
        return self.values[int(self.codes[at])]


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
        raw, format, sheet, method: As read, each distinct value once.
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
    raw: Listed[Value]
    format: Listed[str]
    sheet: Listed[str]
    method: Listed[str]
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
    at: Ints


def gather(extracts: Sequence[Extract], schemas: Schemas) -> Batch:
    """Return all values of all extracts side by side."""
    cells = [e.cells for e in extracts]
    sizes = [len(c.record) for c in cells]
    record_offsets = _offsets([len(e.records) for e in extracts])
    region_offsets = _offsets([len(e.regions) for e in extracts])
    records = _records(extracts, record_offsets)
    record = _numbers(c.record for c in cells) + np.repeat(record_offsets, sizes)
    owner = np.repeat(np.arange(len(extracts), dtype=np.int32), sizes)
    local = records["region"].to_numpy(dtype=np.int32)[record]
    region = np.where(local >= 0, local + region_offsets[owner], -1 - owner)
    table_codes, tables = pd.factorize(records["table"].to_numpy(dtype=object))
    fields = _listed(coded(c.field) for c in cells)
    confidence = _listed(coded(c.confidence) for c in cells)
    used = _listed(coded(c.used) for c in cells)
    return Batch(
        extracts=extracts,
        schemas=schemas,
        records=records,
        extract=owner,
        table=table_codes.astype(np.int8)[record],
        field=fields.codes,
        tables=[str(t) for t in tables],
        fields=fields.values,
        record=record,
        region=region,
        local=local,
        column=_numbers(c.column for c in cells),
        row=_numbers(c.row for c in cells) + 1,
        col=_numbers(c.col for c in cells) + 1,
        raw=_listed_by_type(coded_by_type(c.raw) for c in cells),
        format=_listed(coded(c.format) for c in cells),
        sheet=_listed(coded(c.sheet) for c in cells),
        method=_listed(coded(c.method) for c in cells),
        confidence=np.array(confidence.values, dtype=np.float64)[confidence.codes],
        used=np.array(used.values, dtype=np.bool_)[used.codes],
    )


def positions_by_field(batch: Batch) -> Iterator[tuple[Field, int, Ints]]:
    """Yield each field of each table met, the table's index, and where its values are."""
    count = max(1, len(batch.fields))
    for key, at in _groups(batch.table.astype(np.int64) * count + batch.field):
        table, field = divmod(key, count)
        yield batch.spec(table, field), table, at


def lanes_of(batch: Batch, spec: Field, table: int, at: Ints) -> Iterator[Lane]:
    """Yield the lanes of one field: its values by region and column."""
    shift = int(batch.region.min(initial=0))
    region = batch.region[at].astype(np.int64) - shift
    key = region * _WIDEST + batch.column[at] + 1
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
            at=own,
        )


def alike(at: Ints, *columns: Ints) -> tuple[Ints, list[int]]:
    """Tell which values are the same in some columns of codes.

    Args:
        at: Positions in the batch.
        columns: Codes of all values of the batch.

    Returns:
        For each position the number of its group, and for each group its first position.
    """
    key = np.zeros(len(at), dtype=np.int64)
    for codes in columns:
        key = key * (int(codes.max(initial=0)) + 1) + codes[at]
    groups, distinct = pd.factorize(key)
    first = np.empty(len(distinct), dtype=np.int64)
    first[groups[::-1]] = at[::-1]
    return groups, first.tolist()


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
    return np.concatenate(([0], np.cumsum(sizes, dtype=np.int32)))[:-1].astype(np.int32)


def _numbers(columns: Iterable[Sequence[int]]) -> Ints:
    parts = [np.asarray(column, dtype=np.int32) for column in columns]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)


def _listed(columns: Iterable[Coded[T]]) -> Listed[T]:
    """Return columns one below the other, with one list of their values."""
    code: dict[Any, int] = {}
    parts = [_recoded(column, column.values, code) for column in columns]
    return Listed(_narrowed(parts, len(code)), [*code])


def _listed_by_type(columns: Iterable[Coded[Value]]) -> Listed[Value]:
    """Return columns one below the other; 1 and True are two values."""
    code: dict[Any, int] = {}
    parts = [_recoded(c, [(type(v), v) for v in c.values], code) for c in columns]
    return Listed(_narrowed(parts, len(code)), [value for _, value in code])


def _recoded(column: Coded[Any], keys: Iterable[Any], code: dict[Any, int]) -> Ints:
    """Return the entries of a column as codes among all values, new ones added."""
    known = [code.setdefault(key, len(code)) for key in keys]
    codes: Ints = np.array(known, dtype=np.int32)[np.asarray(column.codes)]
    return codes


def _narrowed(parts: list[Ints], most: int) -> Ints:
    narrow = np.min_scalar_type(-most)
    return np.concatenate([p.astype(narrow) for p in parts] or [np.empty(0, narrow)])


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
