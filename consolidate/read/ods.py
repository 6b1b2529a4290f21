"""OpenDocument spreadsheets: values, looks, comments and hidden parts, in one pass."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import product
from math import isfinite
from operator import itemgetter
from xml.parsers.expat import ExpatError, ParserCreate

from consolidate.model.address import Box
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.workbook import PLAIN, Look, Position, Sheet, Value, Workbook
from consolidate.read.grids import gridded, tell_sparse
from consolidate.read.ods_styles import OdsStyles
from consolidate.read.ooxml import as_utf8
from consolidate.read.preflight import preflight
from consolidate.read.values import clean_text, tell_cleaned

_LAST_ROW, _LAST_COL = 1_048_576, 16_384
_MOST_CELLS = 2_000_000
_MOST_SPACES = 100_000
_FAMILIES = {"xsl-fo-compatible": "fo", "datastyle": "number", "drawing": "draw"}
_BREAKS = re.compile(r"[\t\r\n]+")
_DURATION = re.compile(r"PT(\d{1,9})H(\d{1,9})M(\d{1,9}(?:\.\d+)?)S")
_FORMULA, _DEFAULT = "table:formula", "table:default-cell-style-name"
_ERROR = re.compile(r"#(?:REF!|N/A|NAME\?|DIV/0!|VALUE!|NUM!|NULL!)|Err:\d{3}")


def read_ods(name: str, data: bytes) -> Workbook:
    """Read an .ods.

    Raises:
        UnreadableWorkbookError: It is damaged or too large.
    """
    preflight(data)
    content = _Content()
    findings: list[Finding] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "styles.xml" in archive.NameToInfo:
                _parse(archive.read("styles.xml"), content)
            _parse(archive.read("content.xml"), content)
    except (KeyError, zipfile.BadZipFile, zlib.error, OSError, EOFError) as err:
        raise UnreadableWorkbookError("damaged", type(err).__name__) from err
    except ExpatError as err:
        if not content.tables:
            raise UnreadableWorkbookError("damaged", "xml") from err
        last = content.tables[-1]
        params = {"read": str(len(last.cells))}
        ref = CellRef(name, last.name)
        findings.append(Finding("sheet-damaged", Severity.ERROR, ref, params=params))
    sheets = []
    for table in content.tables:
        rows, beyond = gridded(table.cells)
        sheets.append(_sheet(table, rows, content.styles))
        findings.extend(tell_cleaned(name, table.name, rows))
        findings.extend(tell_sparse(name, table.name, beyond))
    return Workbook(name, "ods", tuple(sheets), tuple(findings))


@dataclass(slots=True)
class _Table:
    """One sheet being read: looks by runs of cells, columns by their end and style."""

    name: str
    style: str
    cells: dict[Position, Value] = field(default_factory=dict)
    merges: list[Box] = field(default_factory=list)
    looks: list[tuple[Box, str]] = field(default_factory=list)
    errors: dict[Position, str] = field(default_factory=dict)
    uncached: set[Position] = field(default_factory=set)
    formulas: set[Position] = field(default_factory=set)
    comments: dict[Position, str] = field(default_factory=dict)
    hidden_rows: list[range] = field(default_factory=list)
    hidden_cols: list[range] = field(default_factory=list)
    columns: list[tuple[int, str]] = field(default_factory=list)
    row: int = 0
    col: int = 0


def _sheet(table: _Table, rows: list[list[Value]], styles: OdsStyles) -> Sheet:
    height, width = len(rows), max(map(len, rows), default=0)
    looks: dict[Position, Look] = {}
    struck: set[Position] = set()
    for run, style in table.looks:
        look, line = styles.look(style)
        if look is PLAIN and not line:
            continue
        for r in range(run.top, min(run.bottom + 1, height)):
            for c in range(run.left, min(run.right + 1, width)):
                filled = (r, c) in table.cells or (r, c) in table.errors
                if look is not PLAIN and (filled or look.fill):
                    looks[r, c] = look
                if line and filled:
                    struck.add((r, c))
    return Sheet(
        table.name,
        rows,
        styles.is_shown(table.style),
        tuple(table.merges),
        looks,
        table.errors,
        frozenset(table.uncached),
        frozenset(table.formulas),
        table.comments,
        frozenset(r for run in table.hidden_rows for r in run if r < height),
        frozenset(c for run in table.hidden_cols for c in run if c < width),
        struck=frozenset(struck),
    )


class _Names(dict[str, str]):
    """Names with the usual prefixes, whatever prefixes the file has."""

    def __missing__(self, name: str) -> str:
        space, _, local = name.rpartition("|")
        parts = space.split(":")
        kind = parts[-2] if len(parts) > 1 else ""
        self[name] = found = f"{_FAMILIES.get(kind, kind)}:{local}"
        return found


class _Content:
    """Gathers styles and tables from what a parser reads."""

    def __init__(self) -> None:
        self.styles = OdsStyles()
        self.tables: list[_Table] = []
        self._table: _Table | None = None
        self._names = _Names()
        self._row: dict[str, str] = {}
        self._cell: dict[str, str] = {}
        self._texts: list[str] = []
        self._around: list[str] = []  # of the cell, while its comment is read
        self._depth = 0  # of tables: those within cells and links are no sheets
        self._aside = 0  # of drawings: their text is not the cell's
        self._inside = False  # of a paragraph
        self._held = 0
        self._begin: dict[str, Callable[[dict[str, str]], None]] = {
            "table:table-column": self._begin_column,
            "table:table-row": self._begin_row,
            "table:table-cell": self._begin_cell,
            "table:covered-table-cell": self._begin_cell,
            "office:annotation": self._begin_note,
            "text:p": self._begin_text,
            "text:s": self._space,
            "text:tab": lambda _: self._add("\t"),
            "text:line-break": lambda _: self._add("\n"),
        }
        self._finish: dict[str, Callable[[], None]] = {
            "table:table-row": self._end_row,
            "table:table-cell": self._end_cell,
            "table:covered-table-cell": self._end_cell,
            "office:annotation": self._end_note,
            "text:p": self._end_text,
        }

    @property
    def table(self) -> _Table:
        """The sheet being read."""
        assert self._table
        return self._table

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take note of an element that begins."""
        names = self._names
        tag = names[name]
        known = {names[k]: v for k, v in given.items()}
        if tag == "table:table":
            self._depth += 1
            if self._depth == 1:
                title, style = (
                    known.get("table:name", ""),
                    known.get("table:style-name", ""),
                )
                self._table = _Table(clean_text(title), style)
                self.tables.append(self._table)
        elif self._table is None:
            self.styles.start(tag, known)
        elif tag.startswith("draw:"):
            self._aside += 1
        elif self._depth == 1 and not self._aside and tag in self._begin:
            self._begin[tag](known)

    def end(self, name: str) -> None:
        """Take note of an element that ends."""
        tag = self._names[name]
        if tag == "table:table":
            self._depth -= 1
            if not self._depth:
                self._table = None
        elif self._table is None:
            self.styles.end(tag)
        elif tag.startswith("draw:"):
            self._aside -= 1
        elif self._depth == 1 and not self._aside and tag in self._finish:
            self._finish[tag]()

    def text(self, text: str) -> None:
        """Take note of text."""
        if self._table is None:
            self.styles.text(text)
        else:
            self._add(_BREAKS.sub(" ", text))

    def _add(self, text: str) -> None:
        if self._inside and not self._aside and self._depth == 1:
            self._texts[-1] += text

    def _begin_column(self, given: dict[str, str]) -> None:
        first = self.table.columns[-1][0] if self.table.columns else 0
        last = min(first + _count(given, "columns-repeated"), _LAST_COL)
        style = given.get("table:default-cell-style-name", "")
        self.table.columns.append((last, style))
        if given.get("table:visibility", "visible") != "visible":
            self.table.hidden_cols.append(range(first, last))

    def _begin_row(self, given: dict[str, str]) -> None:
        self._row, self.table.col = given, 0
        if given.get("table:visibility", "visible") != "visible":
            last = min(self.table.row + _count(given, "rows-repeated"), _LAST_ROW)
            self.table.hidden_rows.append(range(self.table.row, last))

    def _end_row(self) -> None:
        self.table.row += _count(self._row, "rows-repeated")

    def _begin_cell(self, given: dict[str, str]) -> None:
        self._cell, self._texts = given, []

    def _begin_note(self, _: dict[str, str]) -> None:
        self._around, self._texts = self._texts, []

    def _end_note(self) -> None:
        if text := "\n".join(self._texts).strip():
            self.table.comments[self.table.row, self.table.col] = clean_text(text)
        self._texts = self._around

    def _begin_text(self, _: dict[str, str]) -> None:
        self._texts.append("")
        self._inside = True

    def _end_text(self) -> None:
        self._inside = False

    def _space(self, given: dict[str, str]) -> None:
        count = _number(given.get("text:c"))
        if count > _MOST_SPACES:
            raise UnreadableWorkbookError("too-large", "spaces")
        self._add(" " * count)

    def _end_cell(self) -> None:
        table, given = self.table, self._cell
        row, col = table.row, table.col
        table.col += _count(given, "columns-repeated")
        run = Box(row, col, row + _count(self._row, "rows-repeated") - 1, table.col - 1)
        style = given.get("table:style-name") or self._row.get(_DEFAULT, "")
        at = bisect_right(table.columns, col, key=itemgetter(0))
        style = style or (table.columns[at][1] if at < len(table.columns) else "")
        if style:
            table.looks.append((run, style))
        tall, wide = _count(given, "rows-spanned"), _count(given, "columns-spanned")
        if tall > 1 or wide > 1:
            bottom, right = min(row + tall, _LAST_ROW), min(col + wide, _LAST_COL)
            table.merges.append(Box(row, col, bottom - 1, right - 1))
        text = clean_text("\n".join(self._texts))
        if given.get("office:value-type") or text or _FORMULA in given:
            self._keep(run, given, text)

    def _keep(self, run: Box, given: dict[str, str], text: str) -> None:
        """Keep what a cell holds, as often as it is repeated."""
        if run.bottom >= _LAST_ROW or run.right >= _LAST_COL:
            raise UnreadableWorkbookError("damaged", "grid")
        self._held += (run.bottom - run.top + 1) * (run.right - run.left + 1)
        if self._held > _MOST_CELLS:
            raise UnreadableWorkbookError("too-large", "cells")
        table = self.table
        value = _value(given, text, self.styles)
        for at in product(
            range(run.top, run.bottom + 1), range(run.left, run.right + 1)
        ):
            if _FORMULA in given:
                table.formulas.add(at)
                if "office:value-type" not in given:
                    table.uncached.add(at)
            if _is_error(given, text):
                table.errors[at] = text
            elif value is not None:
                table.cells[at] = value


def _parse(xml: bytes, content: _Content) -> None:
    parser = ParserCreate("utf-8", "|")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = content.start
    parser.EndElementHandler = content.end
    parser.CharacterDataHandler = content.text
    parser.Parse(as_utf8(xml), True)


def _refuse(*_: object) -> None:
    raise UnreadableWorkbookError("damaged", "document type")


def _number(text: str | None) -> int:
    """Return a count as written: 1 when it is not said or is none."""
    return int(text) if text and text.isdecimal() and len(text) < 12 else 1


def _count(given: dict[str, str], kind: str) -> int:
    """Return how often a row, column or cell is repeated, or how many it spans."""
    return max(1, _number(given.get(f"table:number-{kind}")))


def _is_error(given: dict[str, str], text: str) -> bool:
    said = given.get("calcext:value-type") == "error"
    return said or (_FORMULA in given and _ERROR.fullmatch(text) is not None)


def _value(given: dict[str, str], text: str, styles: OdsStyles) -> Value:
    """Return the value of a cell: what it is typed as, else its text."""
    kind = given.get("office:value-type", "")
    try:
        if kind in {"float", "percentage", "currency"}:
            number = float(given["office:value"])
            return number if isfinite(number) else None
        if kind == "date":
            moment = datetime.fromisoformat(given["office:date-value"])
            moment = moment.replace(tzinfo=None)
            return moment.date() if moment.time() == time(0) else moment
        if kind == "time":
            shown = styles.look(given.get("table:style-name", ""))[0].format
            return _duration(given["office:time-value"], shown)
    except (KeyError, ValueError, OverflowError):
        pass
    if kind == "boolean":
        return given.get("office:boolean-value") == "true"
    return text or clean_text(given.get("office:string-value", "")) or None


def _duration(text: str, shown: str) -> time | timedelta:
    """Return a time of day, or a duration when it is one or is shown as one."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(text)
    hours, minutes, seconds = int(found[1]), int(found[2]), float(found[3])
    if hours < 24 and not shown.startswith("["):
        return time(hours, minutes, int(seconds))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
