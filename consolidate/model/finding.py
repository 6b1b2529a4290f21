"""Findings: remarks about the data, each at its cell, worded only when shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Severity(IntEnum):
    """How much a finding matters, in the order they are compared."""

    INFO = 10
    """Worth knowing; nothing was lost."""
    WARNING = 20
    """Kept, but doubtful."""
    ERROR = 30
    """A value, a row or a workbook was left out of the portfolio."""

    def __reduce_ex__(self, _: object) -> tuple[type[Severity], tuple[int]]:
        """Pack it by its value: some versions of Python would by an attribute."""
        return Severity, (int(self),)


@dataclass(frozen=True, slots=True, order=True)
class CellRef:
    """Where something was read: a cell or range of a sheet of a workbook.

    Attributes:
        workbook: Path of the workbook relative to the inbox.
        sheet: Sheet name; empty for the workbook as a whole.
        cell: A1 address or range; empty for the sheet as a whole.
    """

    workbook: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        """Return ``workbook!sheet!cell``, leaving out what is empty."""
        return "!".join(part for part in (self.workbook, self.sheet, self.cell) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark about one place, to be worded later in the reader's language.

    Attributes:
        rule: Stable kebab-case name, a key of ``schemas/wording/*.toml``.
        severity: How much it matters.
        ref: The cell concerned, or the nearest place known.
        table: Canonical table concerned; empty when none is.
        field: Canonical field concerned; empty when none is.
        raw: What was read there, as text.
        project_code: The project concerned; filled once identities are settled.
        params: Further facts the message needs. Strings only, so that they can
            be stored and worded again in another language.
    """

    rule: str
    severity: Severity
    ref: CellRef
    table: str = ""
    field: str = ""
    raw: str = ""
    project_code: str = ""
    params: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)


class Outcome(NamedTuple, Generic[T]):
    """What a stage returns: its product, and what it has to say about it."""

    value: T
    findings: tuple[Finding, ...] = ()


def worst(findings: Iterable[Finding]) -> Severity | None:
    """Return the highest severity present, or None when there are no findings."""
    return max((f.severity for f in findings), default=None)
