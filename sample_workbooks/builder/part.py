"""What sheets are made of: looks, columns, rows, and the records found in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from builder.value import Shown

Look = Mapping[str, object]

TITLE: Look = {"bold": True, "font_size": 14, "font_color": "#1F3864"}
HEADER: Look = {
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": "#1F3864",
    "border": 1,
    "text_wrap": True,
    "valign": "vcenter",
}
LABEL: Look = {"bold": True, "bg_color": "#DDEBF7", "border": 1}
BODY: Look = {"border": 1, "valign": "top", "text_wrap": True}
SECTION: Look = {"bold": True, "bg_color": "#D9E1F2", "border": 1}
TOTAL: Look = {"bold": True, "top": 2}
NOTE: Look = {"italic": True, "font_color": "#7F7F7F"}
FORMATS = {
    "date": "dd/mm/yyyy",
    "month": "mmm-yy",
    "money": "#,##0.00 €",
    "keur": "#,##0.0",
    "share": "0%",
    "days": "0.0",
    "iso": "yyyy-mm-dd",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of a record, and where it is written.

    Attributes:
        value: The value, in the units of the data.
        cell: Where it is: ``B4``; empty when it follows from other cells.
        raw: What the cell shows, where that differs from the value.
        sheet, workbook: Where, when not on the record's own.
        also: Other cells that show the same value of the same record.
        derived: Whether it may as well be computed from other values.
    """

    value: Any
    cell: str = ""
    raw: Any = None
    sheet: str = ""
    workbook: str = ""
    also: tuple[str, ...] = ()
    derived: bool = False


@dataclass(slots=True)
class Record:
    """One record that a careful reader finds.

    Attributes:
        table: Canonical table.
        sheet: Sheet it is on.
        row: 1-based row; 0 when it has no row of its own (forms, columns).
        project: The code of its project, or the name of one that has no code.
        facts: Its values by canonical field.
    """

    table: str
    sheet: str
    row: int
    project: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding that the run has to raise."""

    sheet: str
    cell: str
    expect: str
    severity: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Col:
    """One column of a table.

    Attributes:
        header: What its header shows; a list for stacked headers, None under a merge.
        field: Canonical field; empty when no field is meant.
        fmt: Key of ``FORMATS``.
        words: What the words of its cells mean, when not themselves.
        width: In characters.
        times: Factor from what is typed to the value.
        derived: Whether its values may as well be computed from other columns.
    """

    header: str
    field: str = ""
    fmt: str = ""
    words: Mapping[Any, Any] | None = None
    width: int = 14
    times: float = 1
    derived: bool = False

    def cell(self, typed: Any) -> Shown:
        """Return what a cell of the column shows and means."""
        if isinstance(typed, Shown):
            return typed
        if self.words is not None and typed is not None:
            return Shown(typed, self.words[typed])
        if self.times != 1 and typed is not None:
            return Shown(typed, round(typed * self.times, 4))
        return Shown(typed, typed)


@dataclass(frozen=True, slots=True)
class Section:
    """A row of a table that only titles the rows below it.

    Attributes:
        title: What it shows.
        field: The field it gives to the rows below, if any.
        value: Its value.
    """

    title: str
    field: str = ""
    value: Any = None


@dataclass(frozen=True, slots=True)
class Sum:
    """A total or subtotal row: its label, and what each column shows."""

    label: str
    amounts: Mapping[str, Any]
    expect: str = ""


def a1(row: int, col: int) -> str:
    """Return the address of a 0-based position."""
    letters, col = "", col + 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def position(cell: str) -> tuple[int, int]:
    """Return the 0-based row and column of an address."""
    letters = cell.rstrip("0123456789")
    col = 0
    for letter in letters:
        col = col * 26 + ord(letter) - 64
    return int(cell[len(letters) :]) - 1, col - 1
