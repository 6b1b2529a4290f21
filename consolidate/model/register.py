"""Registers: what the PMO keeps itself, read from a workbook or a TOML file.

Standard library only: the confined worker needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from consolidate.model.address import a1
from consolidate.model.finding import CellRef
from consolidate.model.text import fold
from consolidate.model.workbook import Value


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    """One column of a register.

    Attributes:
        name: Its name in code and in TOML files.
        label: Its header, by language.
        help: What it takes, by language; empty when its header says it.
        required: Whether a row without it says nothing.
    """

    name: str
    label: Mapping[str, str]
    help: Mapping[str, str]
    required: bool


@dataclass(frozen=True, slots=True)
class RegisterSpec:
    """One register.

    Attributes:
        name: Its name in code and in TOML files.
        label: Name of its sheet, by language.
        help: What it is for, by language.
        columns: In the order of its sheet.
    """

    name: str
    label: Mapping[str, str]
    help: Mapping[str, str]
    columns: tuple[RegisterColumn, ...]

    def is_called(self, text: str) -> bool:
        """Return whether a sheet or section of that name is this register."""
        return fold(text) in {fold(self.name), *map(fold, self.label.values())}

    def column(self, header: str) -> str:
        """Return the column that a header names; empty when none is."""
        wanted = fold(header).rstrip(" *")
        for column in self.columns:
            if wanted in {fold(column.name), *map(fold, column.label.values())}:
                return column.name
        return ""

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that every row must fill."""
        return tuple(c.name for c in self.columns if c.required)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a register.

    Attributes:
        register: Whose row it is.
        values: What it holds, by column; only filled cells.
        formats: Number formats that are not general, by column.
        workbook, sheet: Where it was read.
        row: 0-based row; -1 in a TOML file.
        cols: 0-based column of each value.
    """

    register: str
    values: Mapping[str, Value]
    formats: Mapping[str, str]
    workbook: str
    sheet: str
    row: int
    cols: Mapping[str, int]

    def text(self, column: str) -> str:
        """Return a value as text; empty when there is none."""
        value = self.values.get(column)
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return "" if value is None else str(value).strip()

    def ref(self, column: str = "") -> CellRef:
        """Return where a value stands; the row's first cell when no column is named."""
        if self.row < 0:
            return CellRef(self.workbook, self.sheet)
        col = self.cols.get(column, min(self.cols.values(), default=0))
        return CellRef(self.workbook, self.sheet, a1(self.row, col))
