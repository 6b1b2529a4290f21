"""What reading a sheet needs to know, and a sheet the other way round."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from consolidate.mapping.legend import Legends
from consolidate.mapping.profile import Profile
from consolidate.mapping.rows import Row
from consolidate.model.address import Box
from consolidate.model.block import Block
from consolidate.model.layout import Layout
from consolidate.model.lexicon import Lexicon
from consolidate.model.schema import Schemas
from consolidate.model.workbook import Column, Position, Sheet


@dataclass(frozen=True, slots=True)
class Scope:
    """What reading the tables of one sheet needs to know.

    Attributes:
        sheet: The sheet.
        schemas: The canonical tables and vocabularies.
        lexicon: Aliases of all fields.
        legends: Codes and scales explained on the sheet.
        workbook: Path of the workbook.
        layouts: What the PMO settled about workbooks of known shapes.
        french: Whether the workbook is in French.
    """

    sheet: Sheet
    schemas: Schemas
    lexicon: Lexicon
    legends: Legends
    workbook: str
    layouts: tuple[Layout, ...] = ()
    french: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A block understood as a table.

    Attributes:
        sheet: Its sheet.
        block: Where it is.
        name: Canonical table.
        columns: Its columns, one per lane.
        profiles: What their values look like, one per lane.
        rows: Its body rows and what each is.
    """

    sheet: Sheet
    block: Block
    name: str
    columns: tuple[Column, ...]
    profiles: tuple[Profile, ...]
    rows: tuple[Row, ...]

    @property
    def fields(self) -> dict[int, str]:
        """Field by sheet column, of the columns that are used."""
        pairs = zip(self.block.lanes, self.columns, strict=True)
        return {lane.at: column.field for lane, column in pairs if column.field}


def turned(sheet: Sheet, block: Block) -> tuple[Sheet, Block]:
    """Return a transposed block and its sheet the usual way round."""
    width = max((len(r) for r in sheet.rows), default=0)
    rows = [[sheet.value(r, c) for r in range(len(sheet.rows))] for c in range(width)]
    other = dataclasses.replace(
        sheet,
        rows=rows,
        merges=tuple(Box(m.left, m.top, m.right, m.bottom) for m in sheet.merges),
        looks={_flip(p): v for p, v in sheet.looks.items()},
        errors={_flip(p): v for p, v in sheet.errors.items()},
        uncached=frozenset(map(_flip, sheet.uncached)),
        formulas=frozenset(map(_flip, sheet.formulas)),
        hidden_rows=sheet.hidden_cols,
        hidden_cols=sheet.hidden_rows,
    )
    box = Box(block.box.left, block.box.top, block.box.right, block.box.bottom)
    lanes = tuple(
        dataclasses.replace(lane, cell=_flip(lane.cell) if lane.cell else None)
        for lane in block.lanes
    )
    return other, dataclasses.replace(block, box=box, lanes=lanes)


def _flip(place: Position) -> Position:
    return place[1], place[0]
