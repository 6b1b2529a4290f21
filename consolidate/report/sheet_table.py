"""A sheet with one real Excel table, that stays readable when it is edited."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from consolidate.report.sheet_block import Block, BlockSheet, Lane
from consolidate.report.sheet_column import SheetColumn, serial
from consolidate.report.sheet_style import BAR, HEAD, LINE, MUTED, TONES, Style
from consolidate.report.sheet_words import BookWords

TOP = 2
"""0-based row of a table's header."""

_LINE_HEIGHT = 12.0
_MOST_LINES = 8
_PAGE = 150


@dataclass(frozen=True, slots=True)
class Due:
    """What makes a record of a table late, by field."""

    dates: tuple[str, ...]
    done: tuple[str, ...]
    state: str
    ended: tuple[str, ...]


DUE: Mapping[str, Due] = {
    "projects": Due(
        ("end_forecast", "end_baseline"),
        ("end_actual",),
        "state",
        ("completed", "cancelled", "archived"),
    ),
    "milestones": Due(
        ("end_forecast", "end_baseline"),
        ("end_actual",),
        "state",
        ("completed", "cancelled"),
    ),
    "risks": Due(("due_date",), ("closed_on",), "state", ("closed",)),
    "actions": Due(
        ("revised_due_date", "due_date"),
        ("closed_on",),
        "state",
        ("closed", "cancelled"),
    ),
    "deliverables": Due(
        ("due_date",),
        ("delivered_on", "validated_on"),
        "state",
        ("delivered", "validated", "not_applicable"),
    ),
    "compliance": Due(
        ("due_date",), ("completed_on",), "state", ("compliant", "not_applicable")
    ),
}
"""Which date says that a record is late, the first that is known, and what says that it is done."""


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A sheet to write.

    Attributes:
        table: Canonical table, or another name; the Excel table's name.
        name: The sheet's.
        title, note: Above the table.
        columns: Its columns, all of one length, at least 1.
        frozen: How many stay in view.
    """

    table: str
    name: str
    title: str
    note: str
    columns: Sequence[SheetColumn]
    frozen: int

    @property
    def size(self) -> int:
        """How many rows it has."""
        return len(self.columns[0].cells)

    def at(self, column: str) -> int | None:
        """Return the 0-based place of a column; None when the sheet has none."""
        names = [c.name for c in self.columns]
        return names.index(column) if column in names else None

    def cells(self, column: str) -> str:
        """Return the range of a column, as a formula of another sheet names it."""
        at = self.at(column)
        assert at is not None
        letters = xl_col_to_name(at)
        quoted = self.name.replace("'", "''")
        first, last = TOP + 2, TOP + 1 + self.size
        return f"'{quoted}'!${letters}${first}:${letters}${last}"


def write_table(
    sheet: BlockSheet, spec: TableSheet, style: Style, words: BookWords, as_of: date
) -> None:
    """Write a sheet: title, table, conditional formats, and how it prints."""
    heading = style.look(bold=True, font_size=14, font_color=HEAD)
    note = style.look(font_color=MUTED)
    sheet.set_row(0, 22)
    sheet.write_string(0, 0, spec.title, heading)
    sheet.write_string(1, 0, spec.note, note)
    sheet.set_row(TOP, _head_height(spec.columns))
    for k, column in enumerate(spec.columns):
        sheet.set_column(k, k, column.width, style.cell(column.kind))
    lanes = [Lane(c.header, c.cells, _look(c, style)) for c in spec.columns]
    block = Block(TOP, lanes, _heights(spec.columns))
    sheet.add_block(block, f"t_{spec.table}", style.heading())
    _conditional(sheet, spec, style, words, as_of)
    _page(sheet, spec, words)


def _look(column: SheetColumn, style: Style) -> Format:
    is_status = column.name.startswith("status")
    return style.cell(column.kind, wrap=column.wrap, centred=is_status)


def _head_height(columns: Sequence[SheetColumn]) -> float:
    lines = max(math.ceil(len(c.header) / max(c.width - 3, 4)) for c in columns)
    return 12.0 * min(max(lines, 2), 5) + 6


def _heights(columns: Sequence[SheetColumn]) -> dict[int, float]:
    """Return heights of rows whose text wraps; very long text is cut from view.

    Excel would make the rest as high as they need, LibreOffice too, but not both alike.
    """
    lines: dict[int, int] = {}
    for column in columns:
        if column.wrap:
            for k, cell in enumerate(column.cells):
                if type(cell) is str and (len(cell) > column.width - 1 or "\n" in cell):
                    lines[k] = max(lines.get(k, 1), _lines(cell, column.width))
    return {
        k: _LINE_HEIGHT * min(count, _MOST_LINES) + 2
        for k, count in lines.items()
        if count > 1
    }


def _lines(text: str, width: float) -> int:
    # Words do not fill a line to its end: a tenth of it is lost.
    room = max(width * 1.05 - 1, 4)
    return sum(max(math.ceil(len(line) / room), 1) for line in text.split("\n"))


def _conditional(
    sheet: BlockSheet, spec: TableSheet, style: Style, words: BookWords, as_of: date
) -> None:
    first, last = TOP + 1, TOP + spec.size
    for left, right in _runs(spec, "status"):
        for code in TONES:
            options = {"type": "cell", "criteria": "==", "format": style.tone(code)}
            value = f'"{words.rag(code)}"'
            sheet.conditional_format(
                first, left, last, right, {**options, "value": value}
            )
    for k, column in enumerate(spec.columns):
        if column.kind == "share" and "progress" in column.name:
            sheet.conditional_format(first, k, last, k, _bar())
        if column.name.endswith("criticality"):
            for tone, least in (("red", 15), ("amber", 10)):
                sheet.conditional_format(
                    first,
                    k,
                    last,
                    k,
                    {
                        "type": "cell",
                        "criteria": ">=",
                        "value": least,
                        "format": style.tone(tone),
                    },
                )
    _mark_late(sheet, spec, style, words, as_of)
    line = {"type": "formula", "criteria": "=TRUE", "format": style.ruled()}
    sheet.conditional_format(first, 0, last, len(spec.columns) - 1, line)


def _runs(spec: TableSheet, start: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last of neighbouring columns whose name starts so."""
    at = [k for k, c in enumerate(spec.columns) if c.name.startswith(start)]
    while at:
        n = next((i for i in range(1, len(at)) if at[i] != at[0] + i), len(at))
        yield at[0], at[n - 1]
        at = at[n:]


def _bar() -> dict[str, object]:
    return {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_solid": True,
        "bar_color": BAR,
        "min_type": "num",
        "max_type": "num",
        "min_value": 0,
        "max_value": 1,
    }


def _mark_late(
    sheet: BlockSheet, spec: TableSheet, style: Style, words: BookWords, as_of: date
) -> None:
    """Mark the dates that are past while the record is not done, live."""
    due = DUE.get(spec.table)
    if due is None:
        return
    row, day = TOP + 2, serial(as_of)
    open_ = [f'${xl_col_to_name(k)}{row}=""' for k in _places(spec, due.done)]
    state = spec.at(due.state)
    if state is not None:
        field = words.schemas.tables[spec.table].by_name[due.state]
        labels = words.codes(field)
        cell = f"${xl_col_to_name(state)}{row}"
        ended = [labels[c].replace('"', '""') for c in due.ended if c in labels]
        open_ += [f'{cell}<>"{label}"' for label in ended]
    earlier: list[str] = []
    for k in _places(spec, due.dates):
        cell = f"${xl_col_to_name(k)}{row}"
        tests = [f"ISNUMBER({cell})", f"{cell}<{day}", *earlier, *open_]
        sheet.conditional_format(
            TOP + 1,
            k,
            TOP + spec.size,
            k,
            {
                "type": "formula",
                "criteria": f"=AND({','.join(tests)})",
                "format": style.late(),
            },
        )
        earlier.append(f'{cell}=""')


def _places(spec: TableSheet, names: Sequence[str]) -> list[int]:
    return [k for k in map(spec.at, names) if k is not None]


def _page(sheet: BlockSheet, spec: TableSheet, words: BookWords) -> None:
    sheet.hide_gridlines(2)
    sheet.freeze_panes(TOP + 1, spec.frozen)
    sheet.set_zoom(100)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(TOP)
    if spec.frozen:
        sheet.repeat_columns(0, spec.frozen - 1)
    width = sum(c.width for c in spec.columns)
    sheet.fit_to_pages(max(math.ceil(width / _PAGE), 1), 0)
    title = spec.title.replace("&", "&&")[:100]
    sheet.set_footer(f"&L&8{title}&R&8{words.tr('page')} &P / &N")


__all__ = ["DUE", "LINE", "TOP", "Due", "TableSheet", "write_table"]
