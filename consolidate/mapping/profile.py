"""What the values of a column look like, as evidence of what the column is."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from consolidate.model.period import parse_period
from consolidate.model.schema import Field
from consolidate.model.text import fold
from consolidate.model.workbook import Look, Value

_DATE_TEXT = re.compile(
    r"\d{1,2}\s*[/.\-]\s*\d{1,2}(?:\s*[/.\-]\s*\d{2,4})?|\d{4}-\d{2}-\d{2}.*|(?:fin|mi|debut)[ -].*"
    r"|[tqs]\s?[1-4][ -]?(?:20)?\d\d|s(?:em(?:aine)?)?\s?\d{1,2}"
    r"|(?:\d{1,2}(?:er)?[ -])?(?:janv?|fevr?|mars|avr(?:il)?|mai|juin|juil(?:let)?|aout|sept?|oct|nov|dec"
    r"|jan|feb|mar|apr|may|june?|july?|aug)[a-z]*\.?[ -]?(?:\d{1,2},? )?(?:20)?\d{0,2}"
)
_WEEKDAY = re.compile(
    r"^(?:le )?(?:(?:lun|mar|mer|jeu|ven|sam)(?:di)?|dim(?:anche)?"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\.?,? (?=\d)"
)
_NUMBER_TEXT = re.compile(
    r"[(+\-–~<>≈]*\s*(?:env\.?|environ)?\s*[€$£]?\s*\d[\d\s\u00a0\u202f.,']*\)?\s*"
    r"(?:%|k€|m€|€|\$|£|ke|keur|eur(?:os?)?|j(?:[./]?h)?|jours?|h|hours?|heures?|days?|d|etp|fte|ht|ttc|mois|sem\w*)*"
    r"\.?(?:\s*(?:ht|ttc))?"
)
_DURATION = re.compile(
    r"\d{1,4}\s*h(?:eures?)?\s*\d{0,2}\s*(?:m(?:in|n)?)?|\d{1,4}\s*m(?:in|n)?(?:utes?)?|\d+:\d\d"
)
_PERSON = re.compile(
    r"(?:(?:M|Mr|Mme|Mlle|Dr|Pr)\.? )?[A-ZÀ-Ý][\w'’.\-]*(?: [A-ZÀ-Ý][\w'’.\-]*){0,3}"
)
_CODE = re.compile(r"(?:[^\W\d_]{1,8}[-_ .]?)?\d{1,6}(?:[-_.]\d{1,5})*[A-Za-z]?")
_SAMPLE = 40
_SHORT = 40
_MOST = 0.8
_STATES = ("request_decision", "request_state", "action_state", "rag", "yes_no")
_NOTHING = (0.0,) * len(_STATES)
_LETTERS = 2
_SENTENCE = 12
"""Shorter texts rate an impact (High, IV); longer ones tell it."""

_KINDS = ("", "number", "date", "text", "truth", "duration", "colour", "fill")
_NUMBER = (float, int)
_NO_TEXTS: tuple[tuple[Any, ...], ...] = ((),) * 8
_NUMBERED = frozenset({"predecessor", "version", "account_code", "order_ref", "phase"})


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares (0 to 1) of what the filled cells of a column are.

    Attributes:
        filled: How many cells hold something, or are coloured when none does.
        number, date, text, truth, duration: Shares of the values' kinds; a number or
            date written as text counts as one.
        percent, money: Shares of cells whose format says so.
        person: Share of texts that look like people's names.
        code: Share of texts that look like references.
        long: Mean length of texts.
        distinct: Distinct texts over texts.
        colour: Share of cells that are only a fill or a symbol.
        small: Share of numbers that are whole and from 0 to 10.
        months: Share of texts that name a month: 2026-01, 01/2026.
        words: By vocabulary, share of the values it knows.
        top: Largest number.
    """

    filled: int = 0
    number: float = 0.0
    date: float = 0.0
    text: float = 0.0
    truth: float = 0.0
    duration: float = 0.0
    percent: float = 0.0
    money: float = 0.0
    person: float = 0.0
    code: float = 0.0
    long: float = 0.0
    distinct: float = 0.0
    colour: float = 0.0
    small: float = 0.0
    months: float = 0.0
    words: Mapping[str, float] = dataclasses.field(default_factory=dict)
    top: float = 0.0


def profile(
    cells: Sequence[tuple[Value, Look]], known_words: Mapping[str, Sequence[str]]
) -> Profile:
    """Return the profile of a column from its values and looks, a sample of them.

    Args:
        cells: The column's cells.
        known_words: The vocabularies that know a folded word, by word.
    """
    kinds = dict.fromkeys(_KINDS, 0)
    numbers: list[float] = []
    texts: list[Shape] = []
    percent = money = 0
    for value, look in cells[:_SAMPLE]:
        if isinstance(value, str):
            shape = _shape(value)
            kind = "colour" if look.font and shape.kind else shape.kind
            if kind:
                texts.append(shape)
        else:
            kind = _kind(value, look)
            if kind == "number":
                numbers.append(float(value))  # type: ignore[arg-type]
            percent += "%" in look.format
            money += "€" in look.format or "$" in look.format
        kinds[kind] += 1
    count = sum(kinds.values()) - kinds[""] - kinds["fill"]
    if not count:
        # Where something is written, the colour of the empty cells is only decoration.
        return Profile(filled=kinds["fill"], colour=float(bool(kinds["fill"])))
    _, folded, sizes, person, code, is_percent, is_money, months = (
        zip(*texts, strict=True) if texts else _NO_TEXTS
    )
    return Profile(
        filled=count,
        number=kinds["number"] / count,
        date=kinds["date"] / count,
        text=kinds["text"] / count,
        truth=kinds["truth"] / count,
        duration=kinds["duration"] / count,
        colour=kinds["colour"] / count,
        percent=(percent + sum(is_percent)) / count,
        money=(money + sum(is_money)) / count,
        person=sum(person) / count,
        code=sum(code) / count,
        long=sum(sizes) / len(sizes) if sizes else 0.0,
        distinct=len(set(folded)) / len(folded) if folded else 0.0,
        small=sum(1 for n in numbers if n == int(n) and 0 <= n <= 10) / count,
        months=sum(months) / count,
        words=_known(folded, count, known_words),
        top=max(numbers, default=0.0),
    )


def _kind(value: Value, look: Look) -> str:
    """Return the kind of a cell that is not text, empty when there is nothing in it."""
    if value is None:
        return "colour" if look.icon else "fill" if look.fill else ""
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, _NUMBER):
        return "number"
    return "date" if isinstance(value, date) else "duration"


class Shape(NamedTuple):
    """What one text looks like."""

    kind: str
    folded: str
    size: int
    person: bool
    code: bool
    percent: bool
    money: bool
    month: bool


@lru_cache(maxsize=16384)
def _shape(raw: str) -> Shape:
    text = raw.strip()
    plain = fold(text) or text
    short = len(text) < _SHORT
    return Shape(
        _text_kind(text, plain),
        plain,
        len(text),
        short and _PERSON.fullmatch(text) is not None,
        short and _CODE.fullmatch(text) is not None,
        text.endswith("%"),
        "€" in text,
        short and text[:1].isdigit() and _is_month(text),
    )


def _is_month(text: str) -> bool:
    period = parse_period(text)
    return period is not None and period.kind == "month"


def _text_kind(text: str, plain: str) -> str:
    """Return ``text``, or what a text stands for: a date, a number, a duration, nothing."""
    if not text.strip("-–—_.?…/* "):
        return ""
    if len(text) > _SHORT:
        return "text"
    lower = _WEEKDAY.sub("", text.lower())
    if _DURATION.fullmatch(lower):
        return "duration"
    leads = lower[0] in "0123456789(+-–~<>≈€$£" or plain.startswith("env")
    if leads and _DATE_TEXT.fullmatch(lower):
        return "date"
    if leads and _NUMBER_TEXT.fullmatch(lower):
        return "number"
    return "date" if _DATE_TEXT.fullmatch(plain) else "text"


def _known(
    folded: Sequence[str], count: int, known_words: Mapping[str, Sequence[str]]
) -> dict[str, float]:
    short = [t for t in folded if len(t) <= 40]
    if not short:
        return {}
    distinct = Counter(short)
    if len(distinct) > 25:
        return {}
    found: dict[str, int] = {}
    for text, times in distinct.items():
        for name in known_words.get(text, ()):
            found[name] = found.get(name, 0) + times
    return {name: times / count for name, times in found.items()}


def suits(spec: Field, seen: Profile) -> float:
    """Return how well a column's values suit a field: a factor from 0 to about 1.2.

    1 means they say nothing for or against it; an empty column says nothing.
    """
    if not seen.filled:
        return 1.0
    if (
        spec.type == "integer"
        and spec.min
        and seen.number > 0.5
        and seen.top < spec.min
    ):
        return 0.1
    known = seen.words.get(spec.values, 0.0) if spec.values else 0.0
    judge = _JUDGES.get(spec.type)
    return judge(spec, seen, known) if judge else 1.0


def _date(spec: Field, seen: Profile, known: float) -> float:
    del spec, known
    if seen.date >= 0.5:
        return 1.12
    if seen.date > 0:
        return 1.0
    return 0.5 if seen.text > 0.9 and seen.long < 25 and seen.filled < 3 else 0.15


def _amount(spec: Field, seen: Profile, known: float) -> float:
    del known
    numeric = seen.number + seen.duration
    if spec.type == "money" and seen.duration > 0.3:
        return 0.3
    if numeric >= 0.5:
        bonus = 0.1 if spec.type == "money" and seen.money > 0.3 else 0.0
        wrong = 0.35 if seen.percent > 0.5 else 0.0
        return 1.05 + bonus - wrong
    return 0.9 if numeric > 0.1 else 0.12


def _share(spec: Field, seen: Profile, known: float) -> float:
    del spec, known
    if seen.percent > 0.4:
        return 1.15
    if seen.number >= 0.5:
        return 1.05 if seen.top <= 100 else 0.5
    return 0.9 if seen.number > 0.1 else 0.15


def _rating(spec: Field, seen: Profile, known: float) -> float:
    del spec
    if known >= 0.5 or seen.small >= 0.6:
        return 1.12
    if seen.percent > 0.3 or seen.number > 0.5:
        return 0.9
    return 0.75 if known > 0 or (seen.text and seen.long < 25) else 0.25


def _criticality(spec: Field, seen: Profile, known: float) -> float:
    del spec
    if seen.number >= 0.5:
        return 1.08 if seen.top <= 125 else 0.4
    if known >= 0.4:
        return 1.1
    return 0.8 if seen.text and seen.long < 25 else 0.3


def _code(spec: Field, seen: Profile, known: float) -> float:  # noqa: PLR0911 (one answer per rule, in order)
    if known >= 0.5:
        return 1.08 + 0.1 * known - (0.02 if spec.values == "rag" else 0.0)
    if known > 0.15:
        return 1.06
    if seen.colour >= 0.5:
        return 1.1 if spec.values in {"rag", "trend"} else 0.4
    if seen.date > 0.5:
        return 0.12
    if seen.number > 0.5:
        if spec.open:
            return 0.75
        return 0.75 if seen.small > 0.5 and spec.values in {"rag", "priority"} else 0.35
    if seen.truth > 0.5:
        return 0.55
    if spec.open:
        return 0.95 if seen.long < 60 else 0.6
    return 0.8 if seen.long < 25 else 0.3


def _person(spec: Field, seen: Profile, known: float) -> float:
    del spec, known
    if seen.person >= 0.5:
        return 1.08
    if seen.number > 0.5 or seen.date > 0.5 or seen.truth > 0.5:
        return 0.1
    return 0.95 if seen.long < 50 else 0.6


def _text(spec: Field, seen: Profile, known: float) -> float:
    del known
    if max(seen.date, seen.truth, seen.duration) > 0.6:
        return 0.2
    if seen.number > 0.6:
        if spec.name == "code" or spec.name.endswith("_code"):
            return 1.0
        return 0.85 if spec.name in _NUMBERED else 0.45
    if spec.required and (seen.code > 0.8 or _tells_states(seen)):
        return 0.5
    if spec.name == "code" or spec.name.endswith("_code"):
        return 1.08 if seen.code > 0.5 else (0.9 if seen.long < 20 else 0.4)
    return 1.0


def _tells_states(seen: Profile) -> bool:
    """Whether nearly all texts are words for a state or a decision: no name is."""
    return max(map(seen.words.get, _STATES, _NOTHING)) >= _MOST


def _long_text(spec: Field, seen: Profile, known: float) -> float:
    del known
    if spec.name == "consequence" and seen.long < _SENTENCE:
        return 0.4
    if seen.words.get("rag", 0.0) >= _MOST and seen.long <= _LETTERS:
        return 0.4
    if seen.code > 0.8 and seen.distinct > 0.8:
        return 0.4
    if seen.number > 0.6 or seen.date > 0.6 or seen.truth > 0.6:
        return 0.25
    return 1.05 if seen.long > 40 else 0.98


def _boolean(spec: Field, seen: Profile, known: float) -> float:
    del spec
    return 1.1 if known >= 0.5 or seen.truth >= 0.5 else 0.35


def _month(spec: Field, seen: Profile, known: float) -> float:
    del spec, known
    return (
        1.1
        if max(seen.date, seen.months) >= 0.5
        else (0.6 if seen.number >= 0.5 else 0.3)
    )


_JUDGES = {
    "date": _date,
    "month": _month,
    "money": _amount,
    "number": _amount,
    "integer": _amount,
    "effort": _amount,
    "duration": _amount,
    "hours": _amount,
    "share": _share,
    "rating": _rating,
    "criticality": _criticality,
    "code": _code,
    "person": _person,
    "text": _text,
    "long_text": _long_text,
    "boolean": _boolean,
}
