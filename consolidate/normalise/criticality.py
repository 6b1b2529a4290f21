"""Criticality on 1..25: a product of probability and impact, or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from consolidate.model.workbook import Value
from consolidate.normalise.batch import Batch
from consolidate.normalise.contexts import Note
from consolidate.normalise.engine import Readings
from consolidate.normalise.missing import is_empty, is_missing
from consolidate.normalise.parsed import NOTHING, Parsed
from consolidate.normalise.ratings import rating_number

_HIGHEST = 25
_MOSTLY = 0.8
_FACTORS = {
    "criticality": ("probability", "impact"),
    "residual_criticality": ("residual_probability", "residual_impact"),
}


@dataclass(frozen=True, slots=True)
class Factors:
    """What is known of one record's probability and impact.

    Attributes:
        product: Of both on 1..5; 0 when one is unknown.
        written: Of both numbers as written; 0 when one is no number.
        full: Whether both were written on a scale of five, or in words.
    """

    product: int = 0
    written: float = 0.0
    full: bool = False


def read_criticality(batch: Batch, readings: Readings) -> None:
    """Read every criticality, once probability and impact are known."""
    if not readings.criticality:
        return
    ratings = _ratings(batch, readings)
    for lane in readings.criticality:
        names = _FACTORS.get(lane.spec.name, ("", ""))
        at = lane.at.tolist()
        factors = [_factors(ratings, int(batch.record[i]), names) for i in at]
        numbers = [rating_number(batch.raw[i]) for i in at]
        is_product = _is_product(numbers, factors) or lane.column.scale == _HIGHEST
        scale_known = is_product and all(f.full for f in factors if f.product)
        elsewise = [
            i
            for i, number, own in zip(at, numbers, factors, strict=True)
            if (number is None or not scale_known)
            and own.product
            and number not in (own.written, own.product)
            and not _says_nothing(batch, i)
        ]
        for i, number, own in zip(at, numbers, factors, strict=True):
            parsed = _parse(batch, i, number, own, (is_product, scale_known))
            readings.values[i] = parsed.value
            if parsed.rule:
                readings.remarks.append((i, parsed))
        readings.lost += elsewise
        if elsewise:
            params = (("count", str(len(elsewise))),)
            readings.notes.append(Note(lane, "criticality-reckoned", params))


def _parse(
    batch: Batch,
    at: int,
    number: float | None,
    own: Factors,
    lane: tuple[bool, bool],
) -> Parsed:
    if _says_nothing(batch, at):
        return NOTHING
    if number is None:
        return Parsed(own.product) if own.product else Parsed(rule="criticality-word")
    is_product, scale_known = lane
    if is_product and own.product and number in (own.written, own.product):
        return Parsed(own.product)
    if not (is_product and scale_known):
        return Parsed(own.product) if own.product else Parsed(rule="scale-unknown")
    return _beside(number)


def _says_nothing(batch: Batch, at: int) -> bool:
    raw: Value = batch.raw[at]
    missing = batch.schemas.missing
    return is_empty(raw) or (isinstance(raw, str) and is_missing(raw, missing))


def _beside(number: float) -> Parsed:
    """Read a criticality of a known scale; one that its row contradicts is for validation."""
    if not 1 <= number <= _HIGHEST or number != int(number):
        return Parsed(rule="scale-exceeded", params=(("scale", str(_HIGHEST)),))
    return Parsed(int(number))


def _is_product(numbers: list[float | None], factors: list[Factors]) -> bool:
    """Whether a column is the product of the two beside it, but for a few slips."""
    pairs = [
        number in (own.written, own.product)
        for number, own in zip(numbers, factors, strict=True)
        if number is not None and own.product
    ]
    return bool(pairs) and sum(pairs) >= _MOSTLY * len(pairs)


def _ratings(
    batch: Batch, readings: Readings
) -> Mapping[tuple[int, str], tuple[int, float, bool]]:
    """Return by record and field: the rating, its number as written, and if out of five."""
    found: dict[tuple[int, str], tuple[int, float, bool]] = {}
    for lane, context in readings.ratings:
        for i in lane.at.tolist():
            value = readings.values[i]
            if isinstance(value, int):
                number = rating_number(batch.raw[i])
                full = number is None or context.scale == 5
                key = (int(batch.record[i]), lane.spec.name)
                found.setdefault(key, (value, number or 0.0, full))
    return found


def _factors(
    ratings: Mapping[tuple[int, str], tuple[int, float, bool]],
    record: int,
    names: tuple[str, str],
) -> Factors:
    first, second = (ratings.get((record, name)) for name in names)
    if first is None or second is None:
        return Factors()
    return Factors(first[0] * second[0], first[1] * second[1], first[2] and second[2])
