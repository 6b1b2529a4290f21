"""Find the blocks of a sheet: tables, transposed tables, forms, and what is left."""

from __future__ import annotations

import dataclasses

from consolidate.detect.axes import find_axes
from consolidate.detect.calendar import find_calendars
from consolidate.detect.form import find_forms, find_transposed, labels_above
from consolidate.detect.grid import Grid, Taken, prepare
from consolidate.detect.header import find_headers
from consolidate.detect.table import build_table
from consolidate.model.address import Box
from consolidate.model.block import Block
from consolidate.model.lexicon import Lexicon
from consolidate.model.workbook import Position, Sheet

__all__ = ["Grid", "detect", "prepare"]


def detect(sheet: Sheet, lexicon: Lexicon) -> list[Block]:
    """Return the blocks of a sheet, in reading order; every filled cell is in one."""
    grid = prepare(sheet, lexicon)
    taken = Taken()
    blocks: list[Block] = []
    for block in find_transposed(grid):
        blocks.append(block)
        taken.boxes.append(block.box)
    axes = [p for p in find_axes(grid) if p.cell not in taken]
    rows = {pair.cell[0] for pair in axes}
    headers = [
        h
        for h in find_headers(grid)
        if h.row not in rows and (h.row, h.left) not in taken
    ]
    tables = [build_table(grid, header, headers) for header in headers]
    above = labels_above(grid, tables)
    for block in tables:
        if block not in above and not taken.meets(grid, block.box):
            blocks.append(block)
            taken.boxes.append(block.box)
    calendars = find_calendars(grid, taken)
    # The name of the tasks may stand below the periods: their row ends a table too.
    stops = [*headers, *(dataclasses.replace(c, row=c.row - 1) for c in calendars)]
    for block in (build_table(grid, c, stops, ends=True) for c in calendars):
        if not taken.meets(grid, block.box):
            blocks.append(block)
            taken.boxes.append(block.box)
    for block in find_forms(grid, taken, above, axes):
        blocks.append(block)
        taken.cells.update(p for pair in block.pairs for p in (pair.cell, pair.value))
    blocks.extend(_loose(grid, taken))
    return sorted(blocks, key=lambda b: (b.box.top, b.box.left))


def _loose(grid: Grid, taken: Taken) -> list[Block]:
    """Gather the cells nothing has taken into blocks split at empty rows."""
    blocks: list[Block] = []
    current: list[Position] = []
    for row in range(len(grid.filled)):
        free = [(row, col) for col, _ in taken.free(grid, row)]
        if current and (not free or row - current[-1][0] > 1):
            blocks.append(_block_of(current))
            current = []
        current.extend(free)
    if current:
        blocks.append(_block_of(current))
    return blocks


def _block_of(cells: list[Position]) -> Block:
    rows = [r for r, _ in cells]
    cols = [c for _, c in cells]
    return Block("loose", Box(min(rows), min(cols), max(rows), max(cols)))
