"""What each column decides for its values: order, marks, scales, letters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from consolidate.model.text import fold
from consolidate.model.workbook import Value
from consolidate.normalise.batch import Batch, Lane
from consolidate.normalise.dates import Order, day_order
from consolidate.normalise.effort import EffortContext
from consolidate.normalise.formats import shown
from consolidate.normalise.money import MoneyContext
from consolidate.normalise.numbers import Mark, decimal_mark
from consolidate.normalise.ratings import (
    SCALES,
    RatingContext,
    rating_number,
    word_scale,
)
from consolidate.normalise.share import ShareContext, bare_number, share_scale
from consolidate.normalise.status import CodeContext
from consolidate.normalise.when import DateContext, is_end
from consolidate.normalise.words import Words, codes_of, label_and_code

_RISING_IS_BAD = (
    "risque",
    "risk",
    "cout",
    "cost",
    "budget",
    "depense",
    "charge",
    "workload",
)
_IN_WEEKS = re.compile(
    r"\b(?:semaines|weeks|sem|wks?|(?:nb|nombre|number|duree|duration) .*(?:semaine|week))\b"
)
_OF_TIME = re.compile(r"\b(?:temps|time|duree|duration|estimations?|estimates?)\b")
"""What is counted in minutes and hours as often as in days."""

_USUAL = 5
_POOLS = (
    frozenset(
        {
            "probability",
            "impact",
            "detectability",
            "residual_probability",
            "residual_impact",
        }
    ),
    frozenset({"influence", "interest"}),
)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about a whole column, told once."""

    lane: Lane
    rule: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Contexts:
    """The context of every lane, and the remarks made in deciding it."""

    of: list[Hashable]
    notes: list[Note]


def texts_of(batch: Batch, lane: Lane) -> list[str]:
    """Return the texts among a lane's values, each once."""
    values = batch.raw.values
    codes = dict.fromkeys(batch.raw.codes[lane.at].tolist())
    return [v for code in codes if isinstance(v := values[code], str)]


def written(batch: Batch, lane: Lane) -> list[tuple[Value, str]]:
    """Return a lane's values with their number formats, each pair once."""
    values, formats = batch.raw.values, batch.format.values
    raw, look = batch.raw.codes[lane.at].tolist(), batch.format.codes[lane.at].tolist()
    pairs = dict.fromkeys(zip(raw, look, strict=True))
    return [(values[code], formats[how]) for code, how in pairs]


def date_contexts(batch: Batch, lanes: Sequence[Lane]) -> Contexts:
    """Decide the order of day and month: column, then sheet, then a French workbook."""
    by_lane = [_orders(batch, lane) for lane in lanes]
    by_sheet: dict[tuple[int, str], set[Order]] = defaultdict(set)
    for lane, orders in zip(lanes, by_lane, strict=True):
        by_sheet[lane.extract, lane.sheet] |= orders
    contexts: list[Hashable] = []
    for lane, orders in zip(lanes, by_lane, strict=True):
        order = _decided(orders, by_sheet[lane.extract, lane.sheet], lane.language)
        contexts.append(DateContext(order, is_end(lane.spec.name), lane.column.year))
    return Contexts(contexts, [])


def _decided(column: set[Order], sheet: set[Order], language: str) -> Order:
    for orders in (column, sheet):
        if len(orders) == 1:
            return next(iter(orders))
        if orders:
            return ""
    return "dmy" if language == "fr" else ""


def _orders(batch: Batch, lane: Lane) -> set[Order]:
    """Return the orders a column's unambiguous dates show, typed ones included."""
    texts = texts_of(batch, lane)
    if not texts:
        return set()
    orders: set[Order] = {day_order(text) for text in texts}
    for raw, number_format in written(batch, lane):
        if isinstance(raw, date) and raw.day > 12:
            order = shown(number_format).order
            if order:
                orders.add("dmy" if order == "dmy" else "mdy")
    return orders - {""}


def lane_mark(batch: Batch, lane: Lane) -> Mark:
    """Decide the decimal mark of a column: its own numbers, then the language."""
    texts = texts_of(batch, lane)
    if not texts:
        return ""
    marks = {decimal_mark(text) for text in texts} - {""}
    if len(marks) == 1:
        return marks.pop()
    if marks:
        return ""
    if lane.language == "en":
        return "."
    return "fr" if lane.language == "fr" and lane.spec.type != "money" else ""


def money_contexts(batch: Batch, lanes: Sequence[Lane]) -> Contexts:
    """Decide marks; a column in another currency is told once."""
    contexts: list[Hashable] = [
        MoneyContext(lane.column.unit, lane_mark(batch, lane)) for lane in lanes
    ]
    return Contexts(contexts, [])


def number_contexts(batch: Batch, lanes: Sequence[Lane]) -> Contexts:
    """Decide marks."""
    return Contexts([lane_mark(batch, lane) for lane in lanes], [])


def effort_contexts(batch: Batch, lanes: Sequence[Lane]) -> Contexts:
    """Decide marks; a column whose numbers have no unit is taken as days and told."""
    contexts: list[Hashable] = []
    notes: list[Note] = []
    stated: dict[int, set[str]] = defaultdict(set)
    for lane in lanes:
        if _is_effort(lane):
            stated[lane.region].add(_effort_unit(lane))
    for lane in lanes:
        into = "hour" if lane.spec.type == "hours" else "day"
        spec = batch.schemas.tables.get(lane.table)
        monthly = bool(spec and "month" in spec.by_name)
        unit = _effort_unit(lane)
        near = stated[lane.region] - {""} if _is_effort(lane) else set()
        bare = into == "day" and not unit and _has_bare_number(batch, lane)
        if bare and near == {"hour"}:
            unit = "hour"
            notes.append(Note(lane, "effort-unit-from-neighbour"))
        elif bare:
            doubt = _is_effort(lane) and _OF_TIME.search(fold(lane.column.header))
            rule = "effort-unit-doubtful" if doubt else "effort-unit-assumed"
            notes.append(Note(lane, rule))
        contexts.append(EffortContext(unit, lane_mark(batch, lane), into, monthly))
    return Contexts(contexts, notes)


def _is_effort(lane: Lane) -> bool:
    """Whether a field is work to do or done; a duration beside it may be of another unit."""
    return lane.spec.name.startswith("effort_")


def _effort_unit(lane: Lane) -> str:
    """Return the unit a header states; "Consommé cette semaine" counts no weeks."""
    column = lane.column
    if column.unit == "week" and not _IN_WEEKS.search(fold(column.header)):
        return ""
    return column.unit


def _has_bare_number(batch: Batch, lane: Lane) -> bool:
    for raw, number_format in written(batch, lane):
        look = shown(number_format)
        if look.unit or look.elapsed:
            continue
        if bare_number(raw, "", ",") not in (None, 0.0):
            return True
    return False


def share_contexts(batch: Batch, lanes: Sequence[Lane]) -> Contexts:
    """Decide scales; a column of bare 0 and 1 is read as 0 % and 100 % and told."""
    contexts: list[Hashable] = []
    notes: list[Note] = []
    for lane in lanes:
        mark = lane_mark(batch, lane)
        found = (bare_number(raw, look, mark) for raw, look in written(batch, lane))
        numbers = [n for n in found if n is not None]
        scale, top = share_scale(numbers, lane.column.unit, lane.column.scale)
        if scale == "ones" and any(numbers):
            notes.append(Note(lane, "share-scale-assumed"))
        contexts.append(ShareContext(mark, scale, top))
    return Contexts(contexts, notes)


def rating_contexts(
    batch: Batch, lanes: Sequence[Lane], words: Mapping[str, Words]
) -> Contexts:
    """Decide scales: as stated, else the largest number of the region's ratings."""
    numbers = [_rating_numbers(batch, lane, words[lane.spec.values]) for lane in lanes]
    largest: dict[tuple[int, int], float] = defaultdict(float)
    for lane, own in zip(lanes, numbers, strict=True):
        if own and not _stated_scale(lane) and not _percent(lane, own):
            key = (lane.region, _pool(lane.spec.name))
            largest[key] = max(largest[key], *own)
    fmea = {lane.region for lane in lanes if lane.spec.name == "detectability"}
    contexts: list[Hashable] = []
    notes: list[Note] = []
    for lane, own in zip(lanes, numbers, strict=True):
        stated = _stated_scale(lane)
        top = largest[lane.region, _pool(lane.spec.name)]
        scale = stated or _inferred(top, fmea=lane.region in fmea)
        percent = _percent(lane, own)
        if own and not stated and not percent and scale not in (0, _USUAL):
            notes.append(Note(lane, "scale-assumed", (("scale", str(scale)),)))
        levels = word_scale(texts_of(batch, lane), lane.column.choices)
        legend = tuple(sorted(lane.column.codes.items()))
        contexts.append(
            RatingContext(words[lane.spec.values], scale, percent, legend, levels)
        )
    return Contexts(contexts, notes)


def _pool(field: str) -> int:
    """Return which fields share a scale: those of one number belong together."""
    return next(
        (i for i, pool in enumerate(_POOLS) if field in pool), len(_POOLS) + len(field)
    )


def _stated_scale(lane: Lane) -> int:
    column = lane.column
    if column.scale:
        return column.scale
    offered = [n for c in (*column.choices, *column.codes) if (n := rating_number(c))]
    return int(max(offered)) if offered else 0


def _inferred(largest: float, *, fmea: bool) -> int:
    """Return the scale of a largest number: at least 3; none above 5.

    A failure mode and effects analysis (AMDEC), told by its detectability, rates from
    1 to 10 (IEC 60812, AIAG-VDA handbook).
    """
    if largest > _USUAL and not fmea:
        return 0
    return next((scale for scale in SCALES if largest <= scale), 0)


def _rating_numbers(batch: Batch, lane: Lane, words: Words) -> list[float]:
    """Return the marks that only a scale can explain: "3 - Forte" is read by its word."""
    return [
        n
        for raw, number_format in written(batch, lane)
        if not shown(number_format).percent
        and not (isinstance(raw, str) and _explains_itself(raw, words))
        and (n := rating_number(raw)) is not None
    ]


def _explains_itself(text: str, words: Words) -> bool:
    label, _ = label_and_code(text)
    return "%" in text or "/" in text or bool(label and codes_of(label, words))


def _percent(lane: Lane, numbers: Sequence[float]) -> str:
    """Return how a probability's bare numbers are percentages; empty when not."""
    if not numbers:
        return ""
    if max(numbers) <= 1 and any(n not in (0, 1) for n in numbers):
        return "fraction"
    return "points" if lane.column.unit == "percent" and max(numbers) > 1 else ""


def code_contexts(
    batch: Batch, lanes: Sequence[Lane], words: Mapping[str, Words]
) -> Contexts:
    """Decide what letters and signs can mean beside the others of the column."""
    contexts: list[Hashable] = []
    for lane in lanes:
        own = words[lane.spec.values or "yes_no"]
        texts = {text.strip() for text in texts_of(batch, lane)}
        offered = {*texts, *lane.column.choices}
        letters = {
            fold(t)
            for t in offered
            if len(t.strip(" .")) == 1 and t.strip(" .").isalpha()
        }
        signs = {t for t in offered if t in {"+", "++", "+++", "=", "--", "/", "\\"}}
        contexts.append(
            CodeContext(
                words=own,
                open=lane.spec.open,
                legend=tuple(sorted(lane.column.codes.items())),
                letters=frozenset(letters),
                symbols=any(codes_of(sign, own) for sign in signs),
                turned=own.name == "trend" and _rising_is_bad(lane),
                language=lane.language,
            )
        )
    return Contexts(contexts, [])


def _rising_is_bad(lane: Lane) -> bool:
    header = fold(lane.column.header)
    return lane.table == "risks" or any(word in header for word in _RISING_IS_BAD)
