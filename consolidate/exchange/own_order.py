"""What a worker is asked for when a manager's own workbook is handed back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Move:
    """A date that was understood with certainty, and what it becomes."""

    sheet: str
    cell: str
    before: date
    after: date


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """One workbook to hand back.

    Attributes:
        path, size, sha256: Where its bytes are, and what they are.
        moves: Dates to move on, where the cell holds just that date.
        read: Cells that gave a value: what they say is no title.
        before, after: Month told and month to tell, ``YYYY-MM``.
        stamp: Moment it says it was saved.
        scratch: Private folder for temporary files.
    """

    path: Path
    size: int
    sha256: str
    moves: tuple[Move, ...]
    read: frozenset[tuple[str, str]]
    before: str
    after: str
    stamp: datetime
    scratch: Path
