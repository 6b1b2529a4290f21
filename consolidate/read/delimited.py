"""Delimited text and HTML tables, which people also call workbooks."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

from consolidate.model.address import Box
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.workbook import Sheet, Value, Workbook
from consolidate.read.sniff import delimiter_of
from consolidate.read.values import clean_text

_MOST_ROWS = 1_048_576
_MOST_CELLS = 5_000_000
_LONGEST = 1 << 24


def decoded(data: bytes) -> str:
    """Return text in whatever encoding it is: a mark decides, then UTF-8, then Windows."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


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
    return Workbook(name, "csv", (Sheet(stem, rows),), looks_read=False)


def read_html(name: str, data: bytes) -> Workbook:
    """Read the tables of an HTML page, one sheet each.

    Raises:
        UnreadableWorkbookError: It has no table, or too much in it.
    """
    tables = _Tables()
    tables.feed(decoded(data))
    tables.close()
    sheets = tuple(
        Sheet(f"Table {number}", rows, merges=tuple(merges))
        for number, (rows, merges) in enumerate(tables.found, 1)
        if rows
    )
    if not sheets:
        raise UnreadableWorkbookError("not-a-workbook", "no table")
    return Workbook(name, "html", sheets, looks_read=False)


class _Tables(HTMLParser):
    """Gathers the texts of the cells of each table; tables inside tables are joined."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[list[list[Value]], list[Box]]] = []
        self._depth = 0
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._cells = 0
        self._skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        if tag in {"script", "style"}:
            self._skip += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.found.append(([], []))
        elif tag == "tr" and self._depth:
            self._end_cell()
            self.found[-1][0].append([])
        elif tag in {"td", "th"} and self._depth:
            self._end_cell()
            given = dict(attrs)
            self._span = (_count(given.get("rowspan")), _count(given.get("colspan")))
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened."""
        if tag in {"script", "style"}:
            self._skip = max(0, self._skip - 1)
        elif tag in {"td", "th", "tr"}:
            self._end_cell()
        elif tag == "table" and self._depth:
            self._end_cell()
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        """Keep the text of an open cell."""
        if self._text is not None and not self._skip:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is None or not self.found:
            return
        rows, merges = self.found[-1]
        if not rows:
            rows.append([])
        text = clean_text("".join(self._text).strip())
        row, col = len(rows) - 1, len(rows[-1])
        while any(b.top < row <= b.bottom and b.left <= col <= b.right for b in merges):
            rows[-1].append(None)
            col += 1
        down, across = self._span
        rows[-1].extend([text or None, *[None] * (across - 1)])
        if down > 1 or across > 1:
            merges.append(Box(row, col, row + down - 1, col + across - 1))
        self._cells += across
        self._text = None
        if self._cells > _MOST_CELLS:
            raise UnreadableWorkbookError("too-large", "cells")


def _count(text: str | None) -> int:
    return min(1000, max(1, int(text))) if text and text.isdigit() else 1
