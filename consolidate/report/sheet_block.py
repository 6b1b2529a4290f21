"""A worksheet whose table is written column by column, several times faster than by cells.

xlsxwriter writes the sheet, its table, formats and charts; only the rows of the table
are put together here, from whole columns. A workbook of 130 projects has half a million
cells, most of them of the lineage.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple, TypeAlias

from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

from consolidate.report.quoting import Quoted, acts
from consolidate.report.source_link import Link

Cell: TypeAlias = str | float | None

_ROWS = 5_000
_FEW = 1_000
_MOST_LINKS = 65_530
_ESCAPE = re.compile("(_x[0-9a-fA-F]{4}_)")


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of a table.

    Attributes:
        header: What its header cell shows; unique in its table.
        cells: Text without characters XML cannot hold, finite numbers, or None.
        look: Format of its cells.
        heading: Format of its header cell.
        formula: What works its cells out, without ``=``, the same in each; ``cells`` are
            then its results, for readers that do not calculate.
        shared: The same by addresses, as the first row has it: the others refer to it.
            Empty for a formula that every row writes out.
        links: Where each cell leads; none for a lane without links.
    """

    header: str
    cells: Sequence[Cell]
    look: Format
    heading: Format
    formula: str = ""
    shared: str = ""
    links: Sequence[Link | None] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of a table.

    Attributes:
        top: 0-based row of its header.
        lanes: Its columns, from column A, all of one length, at least 1.
        heights: Heights in points of rows that have one of their own, by 0-based row
            of the table.
        inner: 0-based rows of the table that fold below the one that opens their group.
    """

    top: int
    lanes: Sequence[Lane]
    heights: Mapping[int, float] = field(default_factory=dict)
    inner: Collection[int] = ()

    @property
    def size(self) -> int:
        """How many rows it has, its header not counted."""
        return len(self.lanes[0].cells)


class _Quoted(NamedTuple):
    """The format of texts of a lane that begin like a formula, and these."""

    look: Format
    texts: frozenset[Cell]


class BlockSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that may end with one table given whole."""

    def __init__(self) -> None:
        """Begin without a table."""
        super().__init__()
        self.block: Block | None = None
        self.is_block_written = False
        self._contents: list[dict[Cell, str]] = []
        self._quoted: dict[int, _Quoted] = {}
        self.dim_rowmax: int | None = None

    def add_block(self, block: Block, name: str) -> None:
        """Add the table below all that is written on the sheet.

        Args:
            block: Its rows.
            name: What the workbook calls it; letters, digits and ``_``.
        """
        right = len(block.lanes) - 1
        columns = [
            {"header": x.header, "header_format": x.heading, "formula": x.formula}
            for x in block.lanes
        ]
        # xlsxwriter notes every cell of a table; two rows are enough for what it checks.
        done = self.add_table(
            block.top,
            0,
            block.top + 1,
            right,
            {"name": name, "style": "Table Style Light 1", "columns": columns}
            | {"banded_rows": False},
        )
        if done != 0:
            raise ValueError(f"{name}: the table was refused ({done})")
        for row in (1, 2):
            self.table.pop(block.top + row, None)  # formulas: written with the rows
        last = block.top + block.size
        whole = xl_range(block.top, 0, last, right)
        self.tables[-1] |= {"range": whole, "a_range": whole, "autofilter": whole}
        self._check_dimensions(last, right)
        self.block = block
        # Texts are numbered now: the workbook closes their list before it writes rows.
        self._contents = [
            _worked_out(lane, k) if lane.formula else self._numbered(lane.cells)
            for k, lane in enumerate(block.lanes)
        ]
        shared = [k for k, lane in enumerate(block.lanes) if lane.shared]
        if shared:
            # By addresses, not as the table has it: no mistake to be marked.
            places = (xl_range(block.top + 1, k, last, k) for k in shared)
            self.ignore_errors({"calculated_column": " ".join(places)})
        for k, lane in enumerate(block.lanes):
            self._link(block.top + 1, k, lane.links)
        if block.inner:
            self.outline_row_level = 1
            self.outline_settings(symbols_below=False, symbols_right=False)

    def quote_lanes(self, quoted: Quoted) -> None:
        """Have texts that begin like a formula stay texts when they are edited."""
        for k, lane in enumerate(self.block.lanes if self.block else ()):
            acting = frozenset(filter(acts, self._contents[k]))
            if acting and not lane.formula:
                self._quoted[k] = _Quoted(quoted(lane.look), acting)

    def _link(self, top: int, column: int, links: Sequence[Link | None]) -> None:
        """Have the cells of a column lead elsewhere, as many as Excel allows."""
        made: dict[Link, Url] = {}
        for row, link in enumerate(links, start=top):
            if link is None or self.hlink_count >= _MOST_LINKS:
                continue
            self.hlink_count += 1
            if link not in made:
                # Its own reading of an address knows no path that begins with a slash.
                url = made[link] = Url("https://")
                url._relationship_link = link.target  # noqa: SLF001
                url._anchor = link.place  # noqa: SLF001
            self.hyperlinks[row][column] = made[link]

    def _numbered(self, cells: Sequence[Cell]) -> dict[Cell, str]:
        """Return what follows the format of each distinct cell, as XML."""
        found: dict[Cell, str] = {}
        texts = 0
        distinct = dict.fromkeys(cells)  # in their order: a set has one of its own
        kinds = len(distinct)
        # Texts that hardly come back are written where they are: no list to search.
        in_place = kinds > _FEW and kinds * 2 > len(cells)
        for cell in distinct:
            if isinstance(cell, str) and in_place:
                found[cell] = f' t="inlineStr"><is>{_text(cell)}</is></c>'
            elif isinstance(cell, str):
                texts += 1
                number = self.str_table._get_shared_string_index(cell)  # noqa: SLF001
                found[cell] = f' t="s"><v>{number}</v></c>'
            elif cell is not None:
                found[cell] = f"><v>{cell:.16G}</v></c>"
        # xlsxwriter counted each text once.
        if texts:
            is_all = texts == len(found)
            given = len(cells) - cells.count(None) if is_all else sum(type(c) is str for c in cells)  # fmt: skip
            self.str_table.count += given - texts
        return found

    def _write_rows(self) -> None:
        block = self.block
        if block is None:
            super()._write_rows()
            return
        last, self.dim_rowmax = self.dim_rowmax, block.top
        super()._write_rows()
        self.dim_rowmax = last
        for first in range(0, block.size, _ROWS):
            self.fh.write(self._rows(block, first, min(first + _ROWS, block.size)))
        self.is_block_written = True

    def _rows(self, block: Block, first: int, end: int) -> str:
        """Return rows of the table as XML."""
        numbers = [str(block.top + 2 + k) for k in range(first, end)]
        columns = [
            _cells(
                xl_col_to_name(k), lane, contents, first, numbers, self._quoted.get(k)
            )
            for k, (lane, contents) in enumerate(
                zip(block.lanes, self._contents, strict=True)
            )
        ]
        if first == 0:
            for k, lane in enumerate(block.lanes):
                if lane.shared:
                    columns[k][0] = _shared(columns[k][0], lane, k, block)
        opened = _opened(block, first, numbers)
        rows = map("".join, zip(opened, *columns, strict=True))
        return "</row>".join(rows) + "</row>"


def _text(cell: str) -> str:
    """Return a text as XML; ``_x0041_`` would be read as the letter A."""
    escaped = escape(cell, quote=False)
    if "_x" in escaped:
        escaped = _ESCAPE.sub(r"_x005F\1", escaped)
    space = "" if cell == cell.strip() else ' xml:space="preserve"'
    return f"<t{space}>{escaped}</t>"


def _worked_out(lane: Lane, number: int) -> dict[Cell, str]:
    """Return what follows the format of each distinct result of a formula, as XML."""
    formula = f"<f>{escape(lane.formula, quote=False)}</f>"
    if lane.shared:
        formula = f'<f t="shared" si="{number}"/>'
    return {cell: _result(cell, formula) for cell in dict.fromkeys([None, *lane.cells])}


def _shared(first: str, lane: Lane, number: int, block: Block) -> str:
    """Return the first cell of a lane with the formula the others refer to."""
    place = xl_range(block.top + 1, number, block.top + block.size, number)
    formula = escape(lane.shared, quote=False)
    refers = f'<f t="shared" si="{number}"/>'
    told = f'<f t="shared" ref="{place}" si="{number}">{formula}</f>'
    return first.replace(refers, told)


def _result(cell: Cell, formula: str) -> str:
    if isinstance(cell, int | float):
        return f">{formula}<v>{cell:.16G}</v></c>"
    return f' t="str">{formula}<v>{escape(cell or "", quote=False)}</v></c>'


def _cells(
    letters: str,
    lane: Lane,
    contents: Mapping[Cell, str],
    first: int,
    numbers: Sequence[str],
    quoted: _Quoted | None,
) -> list[str]:
    start = f'<c r="{letters}'
    look = f'" s="{lane.look._get_xf_index()}"'  # noqa: SLF001 - as xlsxwriter does
    cells = lane.cells[first : first + len(numbers)]
    if None in contents:  # what a formula leaves empty has a formula all the same
        return [f"{start}{n}{look}{contents[c]}" for c, n in zip(cells, numbers, strict=True)]  # fmt: skip
    if quoted is not None:
        apart = f'" s="{quoted.look._get_xf_index()}"'  # noqa: SLF001
        return [
            ""
            if c is None
            else f"{start}{n}{apart if c in quoted.texts else look}{contents[c]}"
            for c, n in zip(cells, numbers, strict=True)
        ]
    return [
        "" if c is None else f"{start}{n}{look}{contents[c]}"
        for c, n in zip(cells, numbers, strict=True)
    ]


def _opened(block: Block, first: int, numbers: Sequence[str]) -> Iterator[str]:
    heights, inner = block.heights, block.inner
    for k, number in enumerate(numbers, start=first):
        height = heights.get(k)
        told = "" if height is None else f' ht="{height:g}" customHeight="1"'
        level = ' outlineLevel="1"' if k in inner else ""
        yield f'<row r="{number}"{told}{level}>'


def check_written(sheets: Sequence[Any]) -> None:
    """Raise unless every table reached its file: an xlsxwriter that changed would lose it.

    Raises:
        RuntimeError: A table was not written.
    """
    for sheet in sheets:
        if isinstance(sheet, BlockSheet) and sheet.block and not sheet.is_block_written:
            raise RuntimeError(f"{sheet.get_name()}: rows not written by xlsxwriter")
