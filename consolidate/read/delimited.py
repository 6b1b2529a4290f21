"""Delimited text and HTML tables, which people also call workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from consolidate.model.address import Box
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.finding import Finding
from consolidate.model.workbook import Sheet, Value, Workbook
from consolidate.read.sniff import delimiter_of
from consolidate.read.values import clean_text, tell_cleaned

_MOST_ROWS = 1_048_576
_MOST_CELLS = 5_000_000
_LONGEST = 1 << 24
_SAMPLE = 1 << 20


def decoded(data: bytes) -> str:
    """Return text in whatever encoding it is: a mark decides, then UTF-8, then Windows."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return _guessed(data)


def _guessed(data: bytes) -> str:
    """Return text that is neither UTF-8 nor Windows: of an old Mac or of DOS, most often."""
    # Rarely needed, and slow to load.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    best = from_bytes(data[:_SAMPLE], cp_isolation=["mac_roman", "cp850"]).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def read_csv(name: str, data: bytes) -> Workbook:
    """Read a delimited text as a workbook of one sheet; every cell stays as written.

    Raises:
        UnreadableWorkbookError: It holds too much, or cannot be cut into cells.
    """
    text = decoded(data)
    csv.field_size_limit(_LONGEST)
    rows: list[list[Value]] = []
    cells = 0
    try:
        for row in csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter_of(text) or ";"
        ):
            rows.append([clean_text(cell) or None for cell in row])
            cells += len(row)
            if cells > _MOST_CELLS or len(rows) > _MOST_ROWS:
                raise UnreadableWorkbookError("too-large", "cells")
    except csv.Error as err:
        raise UnreadableWorkbookError("damaged", "csv") from err
    stem = name.rpartition("/")[2].rpartition(".")[0] or name
    sheets = (Sheet(stem, rows),)
    return Workbook(name, "csv", sheets, _cleaned(name, sheets), looks_read=False)


def read_html(name: str, data: bytes) -> Workbook:
    """Read the tables of an HTML page, one sheet each.

    Raises:
        UnreadableWorkbookError: It has no table, or too much in it.
    """
    tables = _Tables()
    try:
        tables.feed(decoded(data))
        tables.close()
    except AssertionError as err:  # the parser's way to say that markup is wrong
        raise UnreadableWorkbookError("damaged", "html") from err
    # A table may be left open; one that only lays out the page holds nothing.
    for table in tables.found:
        table.end_cell()
    sheets = tuple(
        Sheet(f"Table {number}", table.rows, merges=tuple(table.merges))
        for number, table in enumerate(tables.found, 1)
        if any(value is not None for row in table.rows for value in row)
    )
    if not sheets:
        raise UnreadableWorkbookError("not-a-workbook", "no table")
    return Workbook(name, "html", sheets, _cleaned(name, sheets), looks_read=False)


def _cleaned(name: str, sheets: Sequence[Sheet]) -> tuple[Finding, ...]:
    return tuple(f for s in sheets for f in tell_cleaned(name, s.name, s.rows))


@dataclass(slots=True)
class _Table:
    """One table being read; ``busy`` is the last row that a cell above takes, by column."""

    rows: list[list[Value]] = field(default_factory=list)
    merges: list[Box] = field(default_factory=list)
    busy: dict[int, int] = field(default_factory=dict)
    text: list[str] | None = None
    span: tuple[int, int] = (1, 1)

    def end_cell(self) -> int:
        """Put the open cell in its place; return how many cells that made."""
        if self.text is None:
            return 0
        if not self.rows:
            self.rows.append([])
        cells, row = self.rows[-1], len(self.rows) - 1
        before = len(cells)
        while self.busy.get(len(cells), -1) >= row:
            cells.append(None)
        col, (down, across) = len(cells), self.span
        text = clean_text("".join(self.text).strip())
        cells.extend([text or None, *[None] * (across - 1)])
        if down > 1 or across > 1:
            self.merges.append(Box(row, col, row + down - 1, col + across - 1))
        if down > 1:
            self.busy |= dict.fromkeys(range(col, col + across), row + down - 1)
        self.text = None
        return len(cells) - before


class _Tables(HTMLParser):
    """Gathers the texts of the cells of each table, tables inside tables too."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[_Table] = []
        self._open: list[_Table] = []
        self._cells = 0
        self._rows = 0
        self._skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        if tag in {"script", "style"}:
            self._skip += 1
        elif tag == "table":
            self._open.append(_Table())
            self.found.append(self._open[-1])
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            self._open[-1].rows.append([])
            self._rows += 1
        elif tag in {"td", "th"}:
            self._end_cell()
            given = dict(attrs)
            table = self._open[-1]
            table.span = (_count(given.get("rowspan")), _count(given.get("colspan")))
            table.text = []
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened."""
        if tag in {"script", "style"}:
            self._skip = max(0, self._skip - 1)
        elif tag in {"td", "th", "tr"}:
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Keep the text of an open cell."""
        if self._open and not self._skip:
            text = self._open[-1].text
            if text is not None:
                text.append(data)

    def _end_cell(self) -> None:
        if self._open:
            self._cells += self._open[-1].end_cell()
        if self._cells > _MOST_CELLS or self._rows > _MOST_ROWS:
            raise UnreadableWorkbookError("too-large", "cells")


def _count(text: str | None) -> int:
    """Return a span as browsers do: 1 when it is no number, 1000 at most."""
    digits = (text or "").strip()
    if not (digits.isascii() and digits.isdigit()):
        return 1
    return min(1000, max(1, int(digits[:9])))
