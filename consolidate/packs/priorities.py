"""The pack « priorities »: in which order, where the means run out, what is to be decided."""

from __future__ import annotations

from consolidate.model.pack import Pack
from consolidate.packs.data import PackData
from consolidate.packs.frame import pack
from consolidate.packs.priority_ranking import ranking
from consolidate.packs.priority_sections import (
    arbitration,
    criteria,
    line,
    scenarios,
    scores,
)


def packs(data: PackData) -> tuple[Pack, ...]:
    """Return the pack."""
    found = ranking(data)
    made = (section(data, found) for section in (line, arbitration, scores, scenarios, criteria))  # fmt: skip
    return (pack(data, "priorities", tuple(made)),)
