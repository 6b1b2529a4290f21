"""Corrections by the PMO: a value that goes before what the workbooks say."""

from __future__ import annotations

from dataclasses import dataclass

from consolidate.model.finding import CellRef


@dataclass(frozen=True, slots=True)
class Correction:
    """One value settled by the PMO.

    Attributes:
        number: Its record in the reading of all corrections.
        project: Code of its project, as written.
        table: Canonical table.
        record: Name, code or id of the record; empty for the project itself.
        field: Canonical field.
        raw: What was written as its value.
        reason, author, until: As written; ``until`` may be empty.
        ref: Where its value is written.
    """

    number: int
    project: str
    table: str
    record: str
    field: str
    raw: str
    reason: str
    author: str
    until: str
    ref: CellRef
