"""What the shape of a block tells of it, whatever its headers say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from consolidate.mapping.profile import Profile
from consolidate.model.block import Block
from consolidate.model.text import fold

_FEW = 0.5
_WHOSE = frozenset(
    {"person", "team", "profile", "month", "date", "capacity", "service_code", "fte"}
)
_SERIES = 4
_NUMERAL = re.compile(r"(?<!\d)\d{1,3}(?!\d)")


def find_series(block: Block, profiles: Sequence[Profile]) -> frozenset[int]:
    """Return the columns of figures that only a number tells apart (Jour 1, Jour 2 ...).

    None of them is the figure of its record: the first would be taken at random.
    """
    stems: dict[str, list[int]] = {}
    for i, (lane, seen) in enumerate(zip(block.lanes, profiles, strict=True)):
        plain = fold(lane.label) if lane.period is None else ""
        stem = _NUMERAL.sub("#", plain)
        if stem != plain and seen.text <= _FEW:
            stems.setdefault(stem, []).append(i)
    return frozenset(
        i for lanes in stems.values() if len(lanes) >= _SERIES for i in lanes
    )


def is_diary(profiles: Sequence[Profile], fields: Sequence[str]) -> bool:
    """Whether a block says day by day how long work took: its only dates come first."""
    dates = [i for i, seen in enumerate(profiles) if seen.date > _FEW]
    return (
        len(dates) == 1
        and dates[0] < 2
        and fields[dates[0]] == "date"
        and {"effort_spent", "activity"} <= {*fields}
    )


def is_drawn(block: Block, profiles: Sequence[Profile], table: str) -> bool:
    """Whether a block is a plan drawn by hand: tasks by period, with no number in it."""
    if table != "milestones":
        return False
    across = [
        seen
        for lane, seen in zip(block.lanes, profiles, strict=True)
        if lane.period is not None
    ]
    return len(across) >= _SERIES and not any(s.number + s.duration for s in across)


def is_of_nobody(
    table: str, profiles: Sequence[Profile], fields: Sequence[str]
) -> bool:
    """Whether a load says neither whose it is nor when: it is that of tasks then."""
    held = {f for f, seen in zip(fields, profiles, strict=True) if seen.filled}
    return table == "workload" and "activity" in held and held.isdisjoint(_WHOSE)
