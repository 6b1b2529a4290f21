"""The layout that the reading of one workbook amounts to, for somebody to approve.

What is approved is what was read: which table each block is, which field each header is.
It is told by hashes of just that, so that another reading is never taken for it. Names of
sheets do not count, nor do years and months in headers: those move on by themselves.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from consolidate.model.layout import STANDARD
from consolidate.model.month_text import is_month
from consolidate.model.text import fold
from consolidate.model.workbook import Extract, Region

_DIGITS = re.compile(r"\d+")
_TABLES = frozenset({"table", "transposed"})
"""Shapes whose headers all count, those of columns that are not read too."""


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """One block as it was read.

    Attributes:
        table: Canonical table.
        shape: ``table``, ``form`` ...
        fields: Header and field of each column; an empty field is not read.
        layout: Print of the PMO's layout that settled all of it; empty otherwise.
    """

    table: str
    shape: str
    fields: tuple[tuple[str, str], ...]
    layout: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """What is to be approved of it: the whole table, each label of a form by itself.

        A form that is not all filled in says less, not something else.
        """
        if self.layout:
            return (self.layout,)
        pairs = sorted((_steady(header), name) for header, name in self.fields)
        if self.shape == "form":
            return tuple(_hash(self.table, pair) for pair in pairs)
        return (_hash(self.table, *pairs),)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The layout of one workbook.

    Attributes:
        id: Names its content; ``standard`` for the shipped one, empty of no block.
        blocks: What was read; none of the shipped layout's.
    """

    id: str
    blocks: tuple[ReadBlock, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """All that is to be approved of it."""
        return frozenset(key for block in self.blocks for key in block.keys)


GOOD: Final[Mapping[str, frozenset[str]]] = {
    "approved": frozenset({"approved", "confirmed"}),
    "confirmed": frozenset({"confirmed"}),
}
"""States of a layout that do, by what ``[report] direction`` asks for."""

SHIPPED = "standard"
"""Id of the layout of a workbook that is as ``consolidate template`` made it."""


def proposal_of(extract: Extract, prints: Mapping[str, str]) -> Proposal:
    """Return the layout that a workbook was read by.

    Args:
        extract: Of the workbook.
        prints: Print of each of the PMO's layouts, by its name.
    """
    read = [r for r in extract.regions if r.table and r.records and r.columns]
    own = [r for r in read if r.layout != STANDARD]
    blocks = dict.fromkeys(_block(region, prints) for region in own)
    if not blocks:
        return Proposal(SHIPPED if read else "")
    return named(tuple(blocks))


def named(blocks: tuple[ReadBlock, ...]) -> Proposal:
    """Return the layout of some blocks, called by their hash."""
    keys = sorted(key for key in Proposal("", blocks).keys)
    return Proposal(_hash(*keys), blocks)


def _block(region: Region, prints: Mapping[str, str]) -> ReadBlock:
    used = [c for c in region.columns if c.field]
    is_settled = bool(used) and all(c.method == "layout" for c in used)
    print_ = prints.get(region.layout, "") if is_settled else ""
    return ReadBlock(region.table, region.shape, tuple(_pairs(region)), print_)


def _pairs(region: Region) -> Iterator[tuple[str, str]]:
    for column in region.columns:
        counts = region.shape in _TABLES and column.method != "across"
        if column.header and (column.field or counts):
            yield column.header, column.field


@lru_cache(maxsize=4096)
def _steady(header: str) -> str:
    """Return a header without what moves on from month to month."""
    words = _DIGITS.sub("#", fold(header)).split()
    return " ".join("month" if is_month(word) else word for word in words)


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
