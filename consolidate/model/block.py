"""What detection finds in a sheet: blocks of cells that belong together."""

from __future__ import annotations

from dataclasses import dataclass

from consolidate.model.address import Box
from consolidate.model.period import Period
from consolidate.model.workbook import Position


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of a table, or one row of a transposed one.

    Attributes:
        at: 0-based column (row when transposed).
        label: What its header shows, stacked parts joined by " / ".
        cell: Its lowest header cell; None when it has no header.
        period: The month, week or year that heads it.
    """

    at: int
    label: str
    cell: Position | None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """One label of a form and the cell that holds its value."""

    label: str
    cell: Position
    value: Position


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a sheet.

    Attributes:
        shape: ``table``, ``transposed``, ``form`` or ``loose`` (cells that are neither).
        box: Where it is, header included.
        header: 0-based header rows (columns when transposed).
        lanes: Columns of a table, rows of a transposed one, in order.
        body: 0-based rows (columns when transposed) that may hold a record.
        pairs: Labels and values of a form.
        title: Text just above it, nearest first, joined by " | ".
        title_cell: Where that text stands.
    """

    shape: str
    box: Box
    header: tuple[int, ...] = ()
    lanes: tuple[Lane, ...] = ()
    body: tuple[int, ...] = ()
    pairs: tuple[Pair, ...] = ()
    title: str = ""
    title_cell: Position | None = None
