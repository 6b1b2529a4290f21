"""Registers as frames, for who looks them up rather than applies them row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import pandas as pd

from consolidate.model.register import Entry
from consolidate.register.specs import register_specs


def frames(entries: Iterable[Entry]) -> Mapping[str, pd.DataFrame]:
    """Return a frame a register, also of those without a row.

    Returns:
        By register, its columns as text (dates in ISO form; None where empty) and
        ``source``, the row's first cell: ``workbook ! sheet ! cell``.
    """
    listed = list(entries)
    return {
        spec.name: pd.DataFrame(
            [
                {**{c.name: _text(e, c.name) for c in spec.columns}, "source": _source(e)}
                for e in listed
                if e.register == spec.name
            ],
            columns=[*(c.name for c in spec.columns), "source"],
            dtype="object",
        )
        for spec in register_specs()
    }  # fmt: skip


def _text(entry: Entry, column: str) -> str | None:
    value = entry.values.get(column)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return entry.text(column) or None


def _source(entry: Entry) -> str:
    ref = entry.ref()
    return " ! ".join(part for part in (ref.workbook, ref.sheet, ref.cell) if part)
