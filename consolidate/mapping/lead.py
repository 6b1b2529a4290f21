"""Decide which reading of a block leads: the table it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consolidate.mapping.assign import Choice, Reading
from consolidate.model.schema import Schemas
from consolidate.model.text import fold, unhump

_DOUBT = 0.06


def choose(
    readings: Sequence[Reading], nudges: Mapping[str, float]
) -> tuple[Reading | None, tuple[tuple[str, float], ...]]:
    """Return the table that leads, and the ranking.

    Args:
        readings: One per table that has a field.
        nudges: Weight of the sheet's name and titles, by table.

    Returns:
        None when nothing is likely enough, or two tables are too close to tell.
    """
    ranked = sorted(
        ((r.score + nudges.get(r.table, 0.0), r) for r in readings),
        key=lambda pair: (-pair[0], pair[1].table),
    )
    order = tuple((r.table, round(s, 2)) for s, r in ranked[:3])
    if not ranked:
        return None, order
    likely = [
        (score, reading)
        for score, reading in ranked
        if _is_likely(reading, score, nudges.get(reading.table, 0.0))
    ]
    if not likely or ranked[0][0] - likely[0][0] > 1.0:
        return None, order
    score, best = likely[0]
    rivals = [r for s, r in likely[1:] if score - s < _DOUBT and not _are_kin(best, r)]
    return (None if rivals else best), order


def _is_likely(best: Reading, score: float, nudge: float) -> bool:
    fields = [c for c in best.choices if c.field]
    names = best.spec.names
    telling = sum(1 for c in fields if c.field in best.spec.telling)
    has_name = any(c.field in names for c in fields)
    if not has_name or len(fields) + bool(best.evidence["across"]) < 2:
        return False
    across = bool(best.evidence["across"])
    if best.table == "workload" and not across and not _measures_time(fields):
        return False
    if (
        telling == 0
        and not across
        and nudge < 0.5
        and (best.evidence["nouns"] < 0.6 or best.evidence["share"] < 0.6)
    ):
        return False
    return score >= 2.2


def _measures_time(fields: Sequence[Choice]) -> bool:
    """Whether a time sheet says how much, or at least what was done on which day."""
    names = {c.field for c in fields}
    return (
        bool(
            names
            & {"effort_spent", "effort_planned", "effort_remaining", "capacity", "fte"}
        )
        or {"date", "activity"} <= names
    )


def _are_kin(one: Reading, other: Reading) -> bool:
    """Whether two tables share most of their fields, so that either tells the truth."""
    mine = {c.field for c in one.choices if c.field}
    theirs = {c.field for c in other.choices if c.field}
    return len(mine & theirs) >= 0.6 * max(len(mine), 1)


def nudges(
    schemas: Schemas, sheet_name: str, title: str, workbook: str
) -> dict[str, float]:
    """Return what sheet name, title and file name say of the table; they can lie."""
    weights: dict[str, float] = {}
    for text, weight in ((title, 0.7), (sheet_name, 0.7), (workbook, 0.25)):
        plain = f" {fold(unhump(text))} "
        if len(plain) < 5:
            continue
        for table in schemas.tables.values():
            hits = [name for name in table.spaced_sheet_names if name in plain]
            if hits:
                exact = plain in hits
                weights[table.name] = weights.get(table.name, 0.0) + weight * (
                    1.0 if exact else 0.6
                )
    return weights
