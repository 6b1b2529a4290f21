"""Workbooks of Excel 97 and before: values and looks by xlrd, values alone by calamine."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from consolidate.model.address import Box
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.reply import unmarked
from consolidate.model.workbook import PLAIN, Look, Position, Sheet, Value, Workbook
from consolidate.read.grids import gridded, tell_sparse
from consolidate.read.sniff import has_stream
from consolidate.read.styles import SYMBOL_FONTS
from consolidate.read.values import (
    clean_text,
    list_sheets,
    moment_of,
    open_values,
    read_grid,
    tell_cleaned,
)

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet as Table

_BOLD = 600
_EMPTY, _TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = range(6)


def read_xls(name: str, data: bytes) -> Workbook:
    """Read an .xls.

    Raises:
        UnreadableWorkbookError: It is damaged.
    """
    try:
        return _read(name, data)
    except MemoryError:
        raise
    except Exception:
        return _values_alone(name, data)


def _read(name: str, data: bytes) -> Workbook:
    import xlrd  # noqa: PLC0415 (old workbooks are rare)

    book = xlrd.open_workbook(
        file_contents=data,
        formatting_info=True,
        ragged_rows=True,
        logfile=io.StringIO(),
    )
    findings: list[Finding] = []
    if has_stream(data, "_VBA_PROJECT_CUR"):
        findings.append(Finding("workbook-has-macros", Severity.INFO, CellRef(name)))
    looks = [_look(book, number) for number in range(len(book.xf_list))]
    sheets = tuple(
        _sheet(name, book, table, looks, findings) for table in book.sheets()
    )
    return Workbook(name, "xls", sheets, tuple(findings))


def _values_alone(name: str, data: bytes) -> Workbook:
    book = open_values(data)
    told = [
        Finding("look-not-read", Severity.INFO, CellRef(name), params={"kind": "xls"})
    ]
    known: dict[str, str] = {}
    sheets = []
    for listed in list_sheets(book):
        grid = read_grid(book, listed.name, known)
        told.extend(tell_cleaned(name, listed.name, grid.rows))
        sheets.append(Sheet(listed.name, grid.rows, listed.visible, grid.merges))
    return Workbook(name, "xls", tuple(sheets), tuple(told), looks_read=False)


def _sheet(
    name: str,
    book: Book,
    table: Table,
    looks: list[tuple[Look, bool]],
    findings: list[Finding],
) -> Sheet:
    from xlrd import error_text_from_code  # noqa: PLC0415

    cells: dict[Position, Value] = {}
    errors: dict[Position, str] = {}
    seen: dict[Position, Look] = {}
    struck: set[Position] = set()
    for r in range(table.nrows):
        for c, cell in enumerate(table.row(r)):
            look, line = (
                looks[cell.xf_index] if cell.xf_index is not None else (PLAIN, False)
            )
            value = _value(cell.ctype, cell.value, look.format, book.datemode)
            if cell.ctype == _ERROR:
                errors[r, c] = error_text_from_code.get(cell.value, "#ERR")
            elif value is not None:
                cells[r, c] = value
            filled = value is not None or cell.ctype == _ERROR
            if look is not PLAIN and (filled or look.fill):
                seen[r, c] = look
            if line and filled:
                struck.add((r, c))
    rows, beyond = gridded(cells)
    findings.extend(tell_cleaned(name, table.name, rows))
    findings.extend(tell_sparse(name, table.name, beyond))
    height = len(rows)
    return Sheet(
        table.name,
        rows,
        visible=not table.visibility,
        merges=tuple(Box(a, c, b - 1, d - 1) for a, b, c, d in table.merged_cells),
        looks={at: look for at, look in seen.items() if at[0] < height},
        errors=errors,
        comments={
            at: clean_text(text)
            for at, note in table.cell_note_map.items()
            if (text := note.text.strip())
        },
        hidden_rows=frozenset(r for r, x in table.rowinfo_map.items() if x.hidden),
        hidden_cols=frozenset(c for c, x in table.colinfo_map.items() if x.hidden),
        struck=frozenset(struck),
    )


def _value(kind: int, held: object, shown: str, datemode: int) -> Value:
    """Return a cell's value: days as dates, durations as such, numbers as floats."""
    if kind == _TEXT:
        return clean_text(str(held)) or None
    if kind == _BOOLEAN:
        return bool(held)
    if kind not in {_NUMBER, _DATE}:
        return None
    assert isinstance(held, float | int)
    number = float(held)
    if kind == _NUMBER:
        return number
    return moment_of(number, shown, date_1904=bool(datemode))


def _look(book: Book, number: int) -> tuple[Look, bool]:
    """Return how the cells of a format look, and whether their text is struck."""
    style = book.xf_list[number]
    font = book.font_list[style.font_index]
    known = book.format_map.get(style.format_key)
    shown = known.format_str if known else ""
    back = style.background
    look = Look(
        unmarked(_colour(book, back.pattern_colour_index)) if back.fill_pattern else "",
        _colour(book, font.colour_index).replace("000000", ""),
        font.name if font.name.lower().startswith(SYMBOL_FONTS) else "",
        font.weight >= _BOLD,
        "" if shown.lower() == "general" else shown,
    )
    return PLAIN if look == PLAIN else look, bool(font.struck_out)


def _colour(book: Book, index: int) -> str:
    """Return a colour of the palette as RRGGBB, empty when it is the automatic one."""
    rgb = book.colour_map.get(index)
    return "".join(f"{part:02X}" for part in rgb) if rgb else ""
