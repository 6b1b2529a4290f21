"""Sheets laid out as people lay them out, and the records a reader finds in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from builder.part import (
    BODY,
    FORMATS,
    HEADER,
    LABEL,
    NOTE,
    SECTION,
    TOTAL,
    Col,
    Expected,
    Fact,
    Look,
    Record,
    Section,
    Sum,
    a1,
    position,
)
from builder.value import Shown


@dataclass(slots=True)
class Sheet:
    """One sheet: cells with looks, and the records laid on it.

    Attributes:
        name, hidden: Of its tab.
        cells: What each shows, and its look, by 0-based position.
        merges: Merged ranges.
        widths: Of columns.
        comments: By address.
        choices: Ranges with a drop-down list, and its words.
        rules: Ranges, a word, and the colour that a conditional format gives it.
        records: What a careful reader finds on it.
        expected: The findings due on it.
    """

    name: str
    hidden: bool = False
    cells: dict[tuple[int, int], tuple[Any, dict[str, object]]] = field(
        default_factory=dict
    )
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    choices: list[tuple[str, list[str]]] = field(default_factory=list)
    rules: list[tuple[str, str, str]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)

    def put(self, cell: str, shown: Any, look: Look = BODY) -> None:
        """Write one cell."""
        self.cells[position(cell)] = (shown, dict(look))

    def note(self, cell: str, text: str, look: Look = NOTE) -> None:
        """Write a title or a remark that is no data."""
        self.put(cell, text, look)

    def expects(self, cell: str, expect: str, severity: str, rule: str = "") -> None:
        """Say that a finding is due at a cell, a range, or the sheet (empty)."""
        self.expected.append(Expected(self.name, cell, expect, severity, rule))

    def value(self, at: tuple[int, int], shown: Shown, look: Look) -> Fact | None:
        """Write one cell of a record; return its fact when it means something."""
        self.cells[at] = (shown.shown, {**look, **shown.look})
        if shown.expect:
            self.expects(a1(*at), shown.expect, shown.severity, shown.rule)
        if shown.value is None or shown.value == "":
            return None
        raw = shown.shown
        if isinstance(raw, tuple):
            raw = raw[1]
        if raw is None and "bg_color" in shown.look:
            raw = f"fill {shown.look['bg_color']}".replace("#", "")
        return Fact(shown.value, a1(*at), None if raw == shown.value else raw)

    def form(
        self,
        table: str,
        at: str,
        rows: Sequence[Sequence[tuple[str, str, Any]]],
        *,
        step: int = 2,
        above: bool = False,
        shared: Mapping[str, Any] | None = None,
    ) -> Record:
        """Lay out label and value pairs, several a row; return their record.

        A value alone on its row, among rows of several, is merged over the width.

        Args:
            table: Canonical table.
            at: Top left cell.
            rows: Each row's pairs: label, field, value typed.
            step: Columns from one label to the next.
            above: Whether the label stands above its value, not left of it.
            shared: Values that follow from a title or a label.
        """
        top, left = position(at)
        record = Record(table, self.name, 0, facts=_derived(shared))
        widest = max(map(len, rows))
        for r, pairs in enumerate(rows):
            for p, (label, name, typed) in enumerate(pairs):
                row, col = top + (2 * r if above else r), left + p * step
                self.cells[row, col] = (label, dict(LABEL))
                self.widths.setdefault(col, 20)
                place = (row + 1, col) if above else (row, col + 1)
                shown = Col(label, name).cell(typed)
                look = {**BODY, **_format_of(shown.shown)}
                fact = self.value(place, shown, look)
                self.widths[place[1]] = max(24, self.widths.get(place[1], 0))
                if widest > len(pairs) == 1 and not above:
                    right = left + (widest - 1) * step + 1
                    self.merges.append((*place, place[0], right))
                if fact and name:
                    record.facts[name] = fact
        record.project = _project_of(record)
        self.records.append(record)
        return record

    def table(
        self,
        table: str,
        at: str,
        columns: Sequence[Col],
        rows: Sequence[Any],
        *,
        project: Record | None = None,
        groups: Sequence[tuple[str, int]] = (),
        shared: Mapping[str, Any] | None = None,
        split: Mapping[str, str] | None = None,
    ) -> list[Record]:
        """Lay out a table; return its records.

        Args:
            table: Canonical table.
            at: Top left cell of the header.
            columns: From left to right.
            rows: Sequences as long as ``columns``, ``Section`` or ``Sum``.
            project: The project all rows belong to.
            groups: A first header row: title and number of columns it is merged
                over; an empty title leaves the column's own header, merged down.
            shared: Values that follow from a header or a title: year, tax.
            split: Table by the word of the ``kind`` column, where one log holds both
                risks and actions.
        """
        top, left = position(at)
        top = self._header(top, left, columns, groups)
        section: dict[str, Fact] = {}
        found = []
        for row, entry in enumerate(rows, start=top + 1):
            if isinstance(entry, Section):
                section = self._section(row, left, len(columns), entry)
            elif isinstance(entry, Sum):
                self._sum(row, left, columns, entry)
            else:
                facts = {**_derived(shared), **section}
                record = Record(table, self.name, row + 1, facts=facts)
                for c, (column, typed) in enumerate(zip(columns, entry, strict=True)):
                    look = {**BODY, **_format_of(typed, column.fmt)}
                    fact = self.value((row, left + c), column.cell(typed), look)
                    if fact and column.field:
                        fact = _also_derived(fact) if column.derived else fact
                        record.facts[column.field] = fact
                if split and (kind := record.facts.get("kind")):
                    record.table = split[kind.value]
                    if record.table == "risks":
                        del record.facts["kind"]
                record.project = _project_of(record) or (
                    project.project if project else ""
                )
                found.append(record)
        self.records.extend(found)
        return found

    def _header(
        self,
        top: int,
        left: int,
        columns: Sequence[Col],
        groups: Sequence[tuple[str, int]],
    ) -> int:
        for c, column in enumerate(columns):
            self.widths[left + c] = max(column.width, self.widths.get(left + c, 0))
        lower = top + 1 if groups else top
        for c, column in enumerate(columns):
            self.cells[lower, left + c] = (column.header, dict(HEADER))
        col = left
        for title, span in groups:
            if title:
                self.cells[top, col] = (title, {**HEADER, "align": "center"})
                if span > 1:
                    self.merges.append((top, col, top, col + span - 1))
            else:
                self.cells[top, col] = self.cells.pop((lower, col))
                self.merges.append((top, col, lower, col))
            col += span
        return lower

    def _section(
        self, row: int, left: int, width: int, entry: Section
    ) -> dict[str, Fact]:
        self.cells[row, left] = (entry.title, dict(SECTION))
        self.merges.append((row, left, row, left + width - 1))
        if not entry.field:
            return {}
        raw = None if entry.title == entry.value else entry.title
        return {entry.field: Fact(entry.value, a1(row, left), raw)}

    def _sum(self, row: int, left: int, columns: Sequence[Col], entry: Sum) -> None:
        self.cells[row, left] = (entry.label, dict(TOTAL))
        for c, column in enumerate(columns):
            if column.field in entry.amounts:
                typed = entry.amounts[column.field]
                shown = typed.shown if isinstance(typed, Shown) else typed
                look = {**TOTAL, **_format_of(shown, column.fmt)}
                self.cells[row, left + c] = (shown, look)
                if entry.expect:
                    self.expects(
                        a1(row, left + c), entry.expect, "warning", "total-differs"
                    )

    def across(
        self,
        at: str,
        columns: Sequence[Col],
        months: Sequence[tuple[Any, str]],
        rows: Sequence[tuple[Sequence[Any], Sequence[Any]]],
        *,
        measure: str,
        project: Record | None = None,
        fmt: str = "",
    ) -> list[Record]:
        """Lay out months across; return one workload record for each filled month.

        Args:
            at: Top left cell of the header.
            columns: The columns left of the months.
            months: What each month's header shows, and the month ``YYYY-MM``.
            rows: The left cells, and a number or None for each month.
            measure: Field the numbers are.
            project: The project all rows belong to.
            fmt: Number format of the months' headers.
        """
        top, left = position(at)
        self._header(top, left, columns, ())
        first = left + len(columns)
        for m, (shown, _) in enumerate(months):
            look = {**HEADER, "num_format": fmt} if fmt else HEADER
            self.cells[top, first + m] = (shown, dict(look))
            self.widths[first + m] = 8
        found = []
        for row, (texts, numbers) in enumerate(rows, start=top + 1):
            shared = {}
            for c, (column, typed) in enumerate(zip(columns, texts, strict=True)):
                fact = self.value((row, left + c), column.cell(typed), BODY)
                if fact and column.field:
                    shared[column.field] = fact
            for m, number in enumerate(numbers):
                if number is None:
                    continue
                fact = self.value((row, first + m), Shown(number, number), BODY)
                head = months[m][1]
                raw = None if months[m][0] == head else months[m][0]
                facts = {**shared, "month": Fact(head, a1(top, first + m), raw)}
                if fact:
                    facts[measure] = fact
                record = Record("workload", self.name, row + 1, facts=facts)
                record.project = _project_of(record) or (
                    project.project if project else ""
                )
                found.append(record)
        self.records.extend(found)
        return found

    def transposed(
        self, table: str, at: str, rows: Sequence[tuple[Col, Sequence[Any]]]
    ) -> list[Record]:
        """Lay out one record a column, the headers down the left side."""
        top, left = position(at)
        count = len(rows[0][1])
        found = [Record(table, self.name, 0) for _ in range(count)]
        self.widths[left] = 26
        for r, (column, values) in enumerate(rows):
            self.cells[top + r, left] = (column.header, dict(HEADER))
            for i, typed in enumerate(values):
                self.widths[left + 1 + i] = 24
                look = {**BODY, **_format_of(typed, column.fmt)}
                fact = self.value((top + r, left + 1 + i), column.cell(typed), look)
                if fact and column.field:
                    found[i].facts[column.field] = fact
        for record in found:
            record.project = _project_of(record)
        self.records.extend(found)
        return found


def _derived(shared: Mapping[str, Any] | None) -> dict[str, Fact]:
    return {name: Fact(value, derived=True) for name, value in (shared or {}).items()}


def _also_derived(fact: Fact) -> Fact:
    return Fact(fact.value, fact.cell, fact.raw, derived=True)


def _project_of(record: Record) -> str:
    """Return the project a record names itself: its code, else its name."""
    own = (
        ("project_code", "name")
        if record.table == "projects"
        else ("project_code", "project_name")
    )
    return next((str(record.facts[f].value) for f in own if f in record.facts), "")


def _format_of(typed: Any, fmt: str = "") -> dict[str, object]:
    shown = typed.shown if isinstance(typed, Shown) else typed
    if hasattr(shown, "year") and not fmt:
        fmt = "date"
    return {"num_format": FORMATS[fmt]} if fmt else {}


@dataclass(slots=True)
class Book:
    """One sample workbook.

    Attributes:
        name: Path under the month's folder; its extension is its format.
        sheets: In order.
        state: What the run has to make of it.
        reason: Why, when it is not consolidated.
        expected: Findings about the workbook as a whole.
        encoding, delimiter: Of a .csv.
        content: Its bytes, for what is no workbook.
    """

    name: str
    sheets: list[Sheet] = field(default_factory=list)
    state: str = "consolidated"
    reason: str = ""
    expected: list[Expected] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ";"
    content: bytes | None = None

    def sheet(self, name: str, *, hidden: bool = False) -> Sheet:
        """Add a sheet."""
        sheet = Sheet(name, hidden=hidden)
        self.sheets.append(sheet)
        return sheet

    @property
    def records(self) -> list[Record]:
        """The records of its visible sheets."""
        return [r for s in self.sheets if not s.hidden for r in s.records]
