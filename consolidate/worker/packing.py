"""Pack what leaves a worker: values only, records and cells column by column.

Pickling an object by its state repeats the names of its attributes and sets them one by
one; there are thousands of objects, and every one is packed once and unpacked once.
"""

from __future__ import annotations

import copyreg
import io
import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import partial
from operator import attrgetter
from typing import Any, TypeAlias

from consolidate.collector import paused
from consolidate.model.address import Box
from consolidate.model.coded import Coded, coded, coded_by_type, narrow
from consolidate.model.finding import CellRef, Finding
from consolidate.model.workbook import Cells, Column, Extract, Record, Region
from consolidate.worker.believed import loads

_Recipe: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...]]
"""What to call, and with what, to have an object back."""

_record = partial(tuple.__new__, Record)


def pack(result: object) -> bytes:
    """Return what a worker gives back as bytes."""
    packed = io.BytesIO()
    packer = pickle.Pickler(packed, protocol=5)
    packer.dispatch_table = _RECIPES
    packer.dump(result)
    return packed.getvalue()


def unpack(body: bytes) -> Any:
    """Return what a worker packed.

    Raises:
        pickle.PicklingError: It is something else than values.
    """
    with paused():
        return loads(body)


def _values_of(kind: type) -> Callable[[Any], _Recipe]:
    parts = attrgetter(*(f.name for f in fields(kind)))
    return lambda each: (kind, parts(each))


def _box(each: Box) -> _Recipe:
    return Box, tuple(each)


def _cells(each: Cells) -> _Recipe:
    return Cells, tuple(made(getattr(each, name)) for name, made in _COLUMNS.items())


def _extract(each: Extract) -> _Recipe:
    return _rebuilt, (tuple(zip(*each.records, strict=True)), _others(each))


def _rebuilt(records: tuple[Iterable[Any], ...], others: tuple[Any, ...]) -> Extract:
    given = dict(zip(_OTHERS, others, strict=True))
    return Extract(records=tuple(map(_record, zip(*records, strict=True))), **given)


_COLUMNS: Mapping[str, Callable[[Any], object]] = {
    f.name: coded for f in fields(Cells)
} | {
    "raw": coded_by_type,
    **dict.fromkeys(("record", "row", "col", "column"), narrow),
}
_OTHERS = tuple(f.name for f in fields(Extract) if f.name != "records")
_others = attrgetter(*_OTHERS)
_RECIPES: Mapping[type, Callable[[Any], Any]] = {
    **copyreg.dispatch_table,
    **{kind: _values_of(kind) for kind in (CellRef, Coded, Column, Finding, Region)},
    Box: _box,
    Cells: _cells,
    Extract: _extract,
}
