"""Exports of service-desk and supervision tools: what is read of a file.

Standard library only: the confined worker needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from consolidate.model.workbook import Value


@dataclass(frozen=True, slots=True)
class ServiceFile:
    """What is read of one export.

    Attributes:
        workbook: Its name.
        kind: ``incidents``, ``outages``, ``names``; empty when it is none of them.
        french: Whether its headers are French, so that 03/04 is a day of April.
        rows: 1-based row of each record.
        columns: The values of each column read, one a record; dates as ISO text.
    """

    workbook: str
    kind: str
    french: bool
    rows: tuple[int, ...]
    columns: Mapping[str, tuple[str, ...]]


def as_text(value: Value) -> str:
    """Return a cell as text: dates and times ISO, whole numbers without a decimal."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
