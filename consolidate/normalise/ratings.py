"""Ratings on 1..5: words, scales of 3, 4 or 5, percentages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from consolidate.model.text import fold
from consolidate.model.workbook import Value
from consolidate.normalise.formats import shown
from consolidate.normalise.missing import is_empty
from consolidate.normalise.numbers import Quantity, parse_quantity
from consolidate.normalise.parsed import NOTHING, Parsed
from consolidate.normalise.plain import plain
from consolidate.normalise.units import half_up, load_units
from consolidate.normalise.words import Words, codes_of, known_words, label_and_code

SCALES = (3, 4, 5, 10)
"""Rating scales that are brought to 1..5."""

_PERCENTS = re.compile(
    r"(\d{1,3}(?:[.,]\d+)?) ?%? ?(?:-|a|to|et|and|→) ?(\d{1,3}(?:[.,]\d+)?) ?%"
)
_BAND = re.compile(r"(?:[<>]|(\d+)\s*-)\s*(\d+) %")


@dataclass(frozen=True, slots=True)
class RatingContext:
    """What a column says of its ratings.

    Attributes:
        words: Its vocabulary.
        scale: Top of the scale, one of ``SCALES``; 0 when nobody knows.
        percent: Whether bare numbers are percentages: ``points``, ``fraction`` or empty.
        codes: A legend: folded code and text.
        word_scale: Index of the short word scale the column's words are of, -1 none.
    """

    words: Words
    scale: int = 5
    percent: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    word_scale: int = -1


def rescaled(number: float, scale: int) -> int:
    """Return a rating of 1..scale on 1..5, halves up."""
    return half_up(1 + (number - 1) * 4 / (scale - 1))


def rating_number(raw: Value) -> float | None:
    """Return the number of a rating: 3, "3", or the 3 of "3 - Forte"."""
    if isinstance(raw, bool) or is_empty(raw):
        return None
    if isinstance(raw, int | float):
        return float(raw)
    if not isinstance(raw, str):
        return None
    _, code = label_and_code(raw)
    found = parse_quantity(code or raw, ",")
    return found.number if isinstance(found, Quantity) and not found.unit else None


def word_scale(texts: Iterable[str], choices: Iterable[str]) -> int:
    """Return which short word scale a column's words are of, -1 when none.

    At least one word must belong to no scale of five, as "minime" or "mineure".
    """
    words = {fold(label_and_code(t)[0] or t) for t in (*texts, *choices)} - {""}
    for i, scale in enumerate(load_units().word_scales):
        if len(words) > 1 and words <= set(scale) and next(iter(scale)) in words:
            return i
    return -1


def parse_rating(raw: Value, number_format: str, context: RatingContext) -> Parsed:
    """Read a rating.

    Args:
        raw: A number on the column's scale, a word, "3 - Forte", "4/5" or "75 %".
        number_format: Of the cell.
        context: Of the column.

    Returns:
        A whole number 1..5. A word is read before the number beside it.
    """
    if is_empty(raw):
        return NOTHING
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return _unknown(str(raw), context.words)
    if isinstance(raw, str):
        return _of_text(raw, context)
    if shown(number_format).percent:
        return _of_percent(float(raw) * 100, context.words)
    return _of_bare(float(raw), context)


def _of_bare(number: float, context: RatingContext) -> Parsed:
    if context.percent:
        whole = number * 100 if context.percent == "fraction" else number
        return _of_percent(whole, context.words)
    return _legend(f"{number:g}", context) or _of_number(number, context.scale)


def _of_text(raw: str, context: RatingContext) -> Parsed:
    named = _legend(raw, context) or _of_word(raw, context)
    if named:
        return named
    label, code = label_and_code(raw)
    if label and (worded := _of_word(label, context)):
        return worded
    low = plain(raw)
    if found := re.fullmatch(r"(\d) ?/ ?(\d{1,2})", low):
        return _of_number(float(found[1]), int(found[2]))
    if "%" in low:
        return _of_percent_text(low, context.words)
    number = rating_number(code or raw)
    if number is None:
        return _unknown(raw, context.words)
    return _of_bare(number, context)


def _legend(text: str, context: RatingContext) -> Parsed | None:
    meaning = dict(context.codes).get(fold(text) or text)
    return _of_word(meaning, context) if meaning else None


def _of_word(text: str, context: RatingContext) -> Parsed | None:
    if context.word_scale >= 0:
        level = load_units().word_scales[context.word_scale].get(fold(text))
        if level:
            return Parsed(level)
    if any(c.isdecimal() for c in text) and "%" not in text:
        return None
    codes = codes_of(text, context.words)
    if len(codes) == 1:
        return Parsed(int(next(iter(codes))))
    if codes:
        known = ", ".join(sorted(codes))
        return Parsed(rule="value-ambiguous", params=(("known", known),))
    return None


def _of_number(number: float, scale: int) -> Parsed:
    if scale not in SCALES:
        return Parsed(rule="scale-unknown")
    if not 1 <= number <= scale:
        return Parsed(rule="scale-exceeded", params=(("scale", str(scale)),))
    return Parsed(rescaled(number, scale))


def _unknown(text: str, words: Words) -> Parsed:
    return Parsed(rule="value-unknown", params=known_words(text, words))


def _of_percent_text(low: str, words: Words) -> Parsed:
    if found := _PERCENTS.fullmatch(low):
        ends = [float(found[i].replace(",", ".")) for i in (1, 2)]
        levels = {_of_percent(end, words).value for end in ends}
        middle = _of_percent(sum(ends) / 2, words)
        if len(levels) == 1 or middle.rule:
            return middle
        return middle._replace(rule="rating-from-range")
    number = parse_quantity(low, ",")
    if not isinstance(number, Quantity) or number.unit != "%":
        return (
            Parsed(rule="number-bound") if low[:1] in "<>≤≥" else _unknown(low, words)
        )
    return _of_percent(number.number, words)


def _of_percent(percent: float, words: Words) -> Parsed:
    bands = _bands(words)
    if not bands or not 0 <= percent <= 100:
        return Parsed(rule="scale-unknown")
    return Parsed(
        1 + sum(percent >= start for start in bands[:-1]) + (percent > bands[-1])
    )


@lru_cache(maxsize=16)
def _bands_of(words: tuple[str, ...]) -> tuple[float, ...]:
    starts = [float(m[1] or m[2]) for w in words if (m := _BAND.fullmatch(w))]
    return tuple(sorted(starts))[1:] if len(starts) == 5 else ()


def _bands(words: Words) -> tuple[float, ...]:
    """Return where levels 2 to 5 begin, in percent, from words such as "10-30 %"."""
    every = words.vocabulary.words.values()
    return _bands_of(tuple(word for own in every for word in own if "%" in word))
