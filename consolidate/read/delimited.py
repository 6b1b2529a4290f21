"""Delimited text and HTML tables, which people also call workbooks."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from operator import itemgetter

from consolidate.model.address import Box, a1
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.workbook import Position, Sheet, Value, Workbook
from consolidate.read.encoding import decoded, encoding_of
from consolidate.read.sniff import delimiter_of
from consolidate.read.values import clean_text, tell_cleaned

_MOST_ROWS = 1_048_576
_MOST_CELLS = 5_000_000
_LONGEST = 1 << 24
_HEAD = 1 << 16
_FEW = 5
_SHOWN = {"cp1252": "Windows-1252", "cp858": "DOS 850", "mac_roman": "Mac Roman"}
_SEP = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n", re.I)


def read_csv(name: str, data: bytes) -> Workbook:
    """Read a delimited text as a workbook of one sheet; every cell stays as written.

    Raises:
        UnreadableWorkbookError: It holds too much.
    """
    codec, sure = encoding_of(data)
    text = data.decode(codec, "replace").lstrip("\ufeff")
    stem = name.rpartition("/")[2].rpartition(".")[0] or name
    findings = []
    if not sure:
        params = {"encoding": _SHOWN[codec]}
        told = Finding(
            "text-encoding-guessed",
            Severity.WARNING,
            CellRef(name, stem),
            params=params,
        )
        findings.append(told)
    # Excel hides a first line that names the delimiter.
    said = _SEP.match(text)
    delimiter = said[1] if said else delimiter_of(text[:_HEAD]) or ";"
    text = text[said.end() :] if said else text
    rows, literal = _cut(text, delimiter)
    findings.extend(_doubtful(CellRef(name, stem), rows, literal))
    sheets = (Sheet(stem, rows),)
    findings.extend(_cleaned(name, sheets))
    return Workbook(name, "csv", sheets, tuple(findings), looks_read=False)


def _cut(text: str, delimiter: str) -> tuple[list[list[Value]], list[Position]]:
    """Return the cells of a text, and those whose opening quote is never closed.

    Such a quote is a plain character: what follows it is cut as if it were not there, so
    that it swallows neither lines nor cells.
    """
    literal: list[Position] = []
    try:
        return _rows(csv_rows(text, delimiter)), literal
    except csv.Error as err:
        if "limit" in str(err):
            raise UnreadableWorkbookError("too-large", "cell") from err
    return _rows(loose_rows(text, delimiter, literal)), literal


def _rows(read: Iterable[Sequence[str]]) -> list[list[Value]]:
    rows: list[list[Value]] = []
    cells = 0
    for row in read:
        rows.append([clean_text(cell) or None for cell in row])
        cells += len(row)
        if cells > _MOST_CELLS or len(rows) > _MOST_ROWS:
            raise UnreadableWorkbookError("too-large", "cells")
    return rows


def csv_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of a text whose quotes are all closed.

    Raises:
        csv.Error: They are not, or one of them seems to have swallowed whole lines.
    """
    csv.field_size_limit(_LONGEST)
    source = io.StringIO(text, newline="")
    width = 0
    for row in csv.reader(source, delimiter=delimiter, strict=True):
        width = width or len(row)
        if any("\n" in cell and _swallowed(cell, delimiter, width) for cell in row):
            raise csv.Error("swallowed")
        yield row


def _swallowed(cell: str, delimiter: str, width: int) -> bool:
    """Whether a cell's lines are themselves rows as wide as the first one."""
    inner = [line for line in cell.splitlines()[1:-1] if line.strip()]
    return bool(inner) and all(line.count(delimiter) + 1 == width > 1 for line in inner)


def loose_rows(
    text: str, delimiter: str, literal: list[Position]
) -> Iterator[list[str]]:
    """Yield the rows of a text, quotes that close nothing being plain characters.

    Args:
        text: The text.
        delimiter: One character.
        literal: Gets the cells that begin with such a quote.
    """
    sign = re.escape(delimiter)
    ends = rf" *(?={sign}|[\r\n]|\Z)"
    cell = re.compile(rf'"([^"]*+(?:""[^"]*+)*+)"{ends}|([^\r\n{sign}]*)')
    row: list[str] = []
    at, number = 0, 0
    width = text.partition("\n")[0].count(delimiter) + 1
    while at < len(text):
        found = cell.match(text, at)
        assert found
        quoted, plain = found.groups()
        if quoted is not None and _swallowed(quoted, delimiter, width):
            end = min(i for s in (delimiter, "\n") if (i := text.find(s, at)) > 0)
            quoted, plain = None, text[at:end].rstrip("\r")
            at += len(plain)
        else:
            at = found.end()
        if plain is not None and plain.startswith('"'):
            literal.append((number, len(row)))
        row.append(plain if quoted is None else quoted.replace('""', '"'))
        if text.startswith(delimiter, at):
            at += 1
            if at < len(text):
                continue
            row.append("")
        elif text.startswith("\r\n", at):
            at += 2
        else:
            at += 1
        yield row
        row, number = [], number + 1


def _doubtful(
    at: CellRef, rows: Sequence[Sequence[Value]], literal: Sequence[Position]
) -> list[Finding]:
    """Tell of quotes left open, and of rows wider than the others."""
    found = []
    if literal:
        ref = replace(at, cell=a1(*literal[0]))
        params = {"count": str(len(literal))}
        found.append(Finding("csv-quote-open", Severity.WARNING, ref, params=params))
    widths = Counter(len(row) for row in rows if len(row) > 1)
    usual, times = max(widths.items(), key=itemgetter(1), default=(0, 0))
    wide = [i for i, row in enumerate(rows) if any(v is not None for v in row[usual:])]
    if times * 2 > len(rows) and 0 < len(wide) * _FEW <= len(rows):
        ref = replace(at, cell=a1(wide[0], usual))
        params = {"count": str(len(wide)), "usual": str(usual)}
        found.append(Finding("csv-rows-wide", Severity.WARNING, ref, params=params))
    return found


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
