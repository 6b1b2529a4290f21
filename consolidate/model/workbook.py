"""What is read from one workbook, and what understanding it gives.

``Workbook`` lives and dies in the worker; ``Extract`` is all that leaves it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, TypeAlias

from consolidate.model.address import Box
from consolidate.model.finding import Finding

Value: TypeAlias = str | float | int | bool | date | datetime | time | timedelta | None
"""One cell's value; None is an empty cell."""

Position: TypeAlias = tuple[int, int]
"""0-based row and column."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks, as far as looks can mean something.

    Attributes:
        fill: Background as ``RRGGBB``, theme and tint resolved; empty when none.
        ink: Font colour as ``RRGGBB``; empty when automatic or black.
        font: Font name when it is a symbol font (Wingdings, Webdings ...), else empty.
        bold: Whether the font is bold.
        format: Number format, such as ``0%`` or ``mmm-yy``; empty for General.
        by_rule: Whether ``fill`` or ``ink`` comes from a conditional format.
        icon: ``green``, ``amber`` or ``red`` when a three-icon set shows one.
    """

    fill: str = ""
    ink: str = ""
    font: str = ""
    bold: bool = False
    format: str = ""
    by_rule: bool = False
    icon: str = ""


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as a person sees it.

    Attributes:
        name: The sheet's name, as shown on its tab.
        rows: The grid from A1: ``rows[r][c]``, None where empty; rows may differ in
            length. A merged range has its value in its top left cell only.
        visible: False for a hidden or very hidden sheet.
        merges: Merged ranges.
        looks: Looks that are not plain, of cells with a value or a fill.
        errors: Error cells and their text (``#REF!``); their value is None.
        uncached: Formula cells without a stored result; their value is None.
        formulas: Cells whose value comes from a formula.
        comments: Comments by cell.
        hidden_rows, hidden_cols: 0-based; read all the same.
        choices: Drop-down lists: the cells they serve and the words they offer.
        struck: Cells whose whole text is struck through.
    """

    name: str
    rows: Sequence[Sequence[Value]]
    visible: bool = True
    merges: tuple[Box, ...] = ()
    looks: Mapping[Position, Look] = dataclasses.field(default_factory=dict)
    errors: Mapping[Position, str] = dataclasses.field(default_factory=dict)
    uncached: frozenset[Position] = frozenset()
    formulas: frozenset[Position] = frozenset()
    comments: Mapping[Position, str] = dataclasses.field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_cols: frozenset[int] = frozenset()
    choices: tuple[tuple[Box, tuple[str, ...]], ...] = ()
    struck: frozenset[Position] = frozenset()

    def value(self, row: int, col: int) -> Value:
        """Return the value at a 0-based position, None outside the grid."""
        if 0 <= row < len(self.rows):
            cells = self.rows[row]
            if 0 <= col < len(cells):
                return cells[col]
        return None

    def look(self, row: int, col: int) -> Look:
        """Return how a cell looks."""
        return self.looks.get((row, col), PLAIN)


@dataclass(frozen=True, slots=True)
class Workbook:
    """One workbook as read.

    Attributes:
        name: Path relative to the inbox, with ``/``.
        kind: Format found by content: xlsx, xls, xlsb, ods, csv or html.
        sheets: In the workbook's order, hidden ones included.
        findings: What reading had to say.
        looks_read: False when the format hides fills and number formats from us.
    """

    name: str
    kind: str
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...] = ()
    looks_read: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """One column, or one label of a form, as it was understood.

    Attributes:
        ref: A1 address of its (lowest) header cell; empty when it has none.
        header: What the header shows; stacked headers joined by " / ".
        field: Canonical field, empty when it is not used.
        confidence: 0 to 1.
        method: How it was decided: ``column``, ``label``, ``position``, ``layout``,
            ``alias``, ``values``; ``across`` for a month or year whose amounts are read.
        candidates: Other fields thought of, best first, with their scores.
        unit: Unit its header, number format or sheet note states: ``eur``, ``keur``,
            ``meur``, ``day``, ``hour``, ``minute``, ``week``, ``month``, ``fte``,
            ``percent``; empty when not stated. ``usd`` and the like for other money.
        tax: ``excl_vat``, ``incl_vat`` or empty.
        year: The year its header names, for annual amounts; 0 when none.
        scale: Top of the rating scale its header, list or legend states; 0 when none.
        codes: What a legend of the sheet says its codes mean: folded code -> text.
        choices: The words its drop-down list offers.
    """

    ref: str
    header: str
    field: str = ""
    confidence: float = 0.0
    method: str = "column"
    candidates: tuple[tuple[str, float], ...] = ()
    unit: str = ""
    tax: str = ""
    year: int = 0
    scale: int = 0
    codes: Mapping[str, str] = dataclasses.field(default_factory=dict)
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """One block of a sheet and what it was taken for.

    Attributes:
        sheet: Sheet name.
        box: Where it is, headers included.
        table: Canonical table; empty when it was left out.
        shape: ``table``, ``form``, ``transposed``, ``months`` (periods across),
            ``grid`` (check marks), ``legend``, ``totals``, ``notes``, ``title``.
        score: How sure the table is, 0 to 1.
        header_rows: 0-based rows of the header (columns when transposed).
        columns: Its columns or labels, in sheet order.
        reason: Why it was left out, a kebab-case word; empty when used.
        records: How many records were read from it.
        rows: 0-based rows (columns when transposed) that are no record and hold something,
            and what they are: ``section``, ``total``, ``header``, ``placeholder``,
            ``nameless``, ``note``.
        hidden: Whether its sheet, or most of its rows, are hidden.
        evidence: The parts of the score, for ``consolidate map -v``.
        layout: Name of the layout that settled it; ``STANDARD`` for the shipped one.
    """

    sheet: str
    box: Box
    table: str
    shape: str
    score: float = 0.0
    header_rows: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    reason: str = ""
    records: int = 0
    rows: tuple[tuple[int, str], ...] = ()
    hidden: bool = False
    evidence: Mapping[str, float] = dataclasses.field(default_factory=dict)
    layout: str = ""


class Record(NamedTuple):
    """One record read from a region.

    Attributes:
        table: Canonical table.
        region: Index into ``Extract.regions``; -1 for one made of sheet or file name.
        row: 0-based row of the record; of its form's first cell for a form.
        project: Index into ``Extract.records`` of the project record it belongs to,
            -1 when nothing says.
    """

    table: str
    region: int
    row: int
    project: int = -1


@dataclass(frozen=True, slots=True)
class Cells:
    """The values of all records, column by column: one entry a value.

    Attributes:
        record: Index into ``Extract.records``.
        field: Canonical field.
        raw: Value as read; text for text cells.
        format: Number format; empty for General.
        sheet: Sheet name; empty for a value from the file name.
        row, col: 0-based position; -1 when the value comes from a name.
        column: Index into ``columns`` of the record's region, -1 when none.
        method: ``column``, ``label``, ``fill``, ``ink``, ``symbol``, ``icon``,
            ``position``, ``section``, ``header``, ``title``, ``sheet_name``,
            ``file_name``, ``layout``, ``merged``.
        confidence: 0 to 1.
        used: False for a value of a record shown elsewhere in the workbook too.
    """

    record: Sequence[int] = dataclasses.field(default_factory=list)
    field: Sequence[str] = dataclasses.field(default_factory=list)
    raw: Sequence[Value] = dataclasses.field(default_factory=list)
    format: Sequence[str] = dataclasses.field(default_factory=list)
    sheet: Sequence[str] = dataclasses.field(default_factory=list)
    row: Sequence[int] = dataclasses.field(default_factory=list)
    col: Sequence[int] = dataclasses.field(default_factory=list)
    column: Sequence[int] = dataclasses.field(default_factory=list)
    method: Sequence[str] = dataclasses.field(default_factory=list)
    confidence: Sequence[float] = dataclasses.field(default_factory=list)
    used: Sequence[bool] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Extract:
    """What leaves the worker: what one workbook says, and where.

    Attributes:
        workbook: Path relative to the inbox.
        kind: Format found by content.
        language: ``fr`` or ``en``, of most of its words; empty when it has too few.
        regions, records, cells: What was understood.
        findings: What reading and understanding had to say.
        cells_read: Cells with something in them.
        cells_mapped: Of these, how many gave a value of a record.
        cells_left: Of these, how many found no place: of a column or block that is not
            used; headers, titles of sections and totals do find one.
        sheets: What each sheet shows, packed for the "what I understood" view.
        report_month: Month the workbook says it is of, ``YYYY-MM``; empty when silent.
        left_out: Whether a region or row with data was left out (``partial``).
    """

    workbook: str
    kind: str
    language: str = ""
    regions: tuple[Region, ...] = ()
    records: tuple[Record, ...] = ()
    cells: Cells = dataclasses.field(default_factory=Cells)
    findings: tuple[Finding, ...] = ()
    cells_read: int = 0
    cells_mapped: int = 0
    cells_left: int = 0
    sheets: bytes = b""
    report_month: str = ""
    left_out: bool = False
