"""A worksheet whose table is written column by column, several times faster than by cells.

xlsxwriter writes the sheet, its table, formats and charts; only the rows of the table
are put together here, from whole columns. A workbook of 130 projects has half a million
cells, most of them of the lineage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, TypeAlias

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

Cell: TypeAlias = str | float | None

_ROWS = 5_000
_FEW = 1_000
_ESCAPE = re.compile("(_x[0-9a-fA-F]{4}_)")


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of a table.

    Attributes:
        header: What its header cell shows; unique in its table.
        cells: Text without characters XML cannot hold, finite numbers, or None.
        look: Format of its cells.
    """

    header: str
    cells: Sequence[Cell]
    look: Format


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of a table.

    Attributes:
        top: 0-based row of its header.
        lanes: Its columns, from column A, all of one length, at least 1.
        heights: Heights in points of rows that have one of their own, by 0-based row
            of the table.
    """

    top: int
    lanes: Sequence[Lane]
    heights: Mapping[int, float] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many rows it has, its header not counted."""
        return len(self.lanes[0].cells)


class BlockSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that may end with one table given whole."""

    def __init__(self) -> None:
        """Begin without a table."""
        super().__init__()
        self.block: Block | None = None
        self.is_block_written = False
        self._contents: list[dict[Cell, str]] = []
        self.dim_rowmax: int | None = None

    def add_block(self, block: Block, name: str, heading: Format) -> None:
        """Add the table below all that is written on the sheet.

        Args:
            block: Its rows.
            name: What the workbook calls it; letters, digits and ``_``.
            heading: Format of its header cells.
        """
        right = len(block.lanes) - 1
        columns = [{"header": x.header, "header_format": heading} for x in block.lanes]
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
        last = block.top + block.size
        whole = xl_range(block.top, 0, last, right)
        self.tables[-1] |= {"range": whole, "a_range": whole, "autofilter": whole}
        self._check_dimensions(last, right)
        self.block = block
        # Texts are numbered now: the workbook closes their list before it writes rows.
        self._contents = [self._numbered(lane.cells) for lane in block.lanes]

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
            self.str_table.count += sum(type(c) is str for c in cells) - texts
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
            _cells(xl_col_to_name(k), lane, contents, first, numbers)
            for k, (lane, contents) in enumerate(
                zip(block.lanes, self._contents, strict=True)
            )
        ]
        opened = _opened(block.heights, first, numbers)
        rows = map("".join, zip(opened, *columns, strict=True))
        return "</row>".join(rows) + "</row>"


def _text(cell: str) -> str:
    """Return a text as XML; ``_x0041_`` would be read as the letter A."""
    escaped = escape(cell, quote=False)
    if "_x" in escaped:
        escaped = _ESCAPE.sub(r"_x005F\1", escaped)
    space = "" if cell == cell.strip() else ' xml:space="preserve"'
    return f"<t{space}>{escaped}</t>"


def _cells(
    letters: str,
    lane: Lane,
    contents: Mapping[Cell, str],
    first: int,
    numbers: Sequence[str],
) -> list[str]:
    start = f'<c r="{letters}'
    look = f'" s="{lane.look._get_xf_index()}"'  # noqa: SLF001 - as xlsxwriter does
    return [
        "" if cell is None else f"{start}{number}{look}{contents[cell]}"
        for cell, number in zip(
            lane.cells[first : first + len(numbers)], numbers, strict=True
        )
    ]


def _opened(
    heights: Mapping[int, float], first: int, numbers: Sequence[str]
) -> Iterator[str]:
    for k, number in enumerate(numbers, start=first):
        height = heights.get(k)
        if height is None:
            yield f'<row r="{number}">'
        else:
            yield f'<row r="{number}" ht="{height:g}" customHeight="1">'


def check_written(sheets: Sequence[Any]) -> None:
    """Raise unless every table reached its file: an xlsxwriter that changed would lose it.

    Raises:
        RuntimeError: A table was not written.
    """
    for sheet in sheets:
        if isinstance(sheet, BlockSheet) and sheet.block and not sheet.is_block_written:
            raise RuntimeError(f"{sheet.get_name()}: rows not written by xlsxwriter")
