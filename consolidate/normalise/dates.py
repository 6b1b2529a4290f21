"""Dates written by hand, as precise as they were written."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from consolidate.model.period import month_number
from consolidate.model.span import (
    DateSpan,
    last_day,
    month_span,
    quarter_span,
    week_span,
    year_span,
)
from consolidate.normalise.plain import plain, without_doubt

Order: TypeAlias = Literal["", "dmy", "mdy"]
"""Which comes first in "03/04/2026"; empty when nothing has decided."""


class DateFault(NamedTuple):
    """Why a text is not read as a date: the rule of the finding."""

    rule: str


class _FaultError(Exception):
    """A text has the shape of a date and names none."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


_Build: TypeAlias = Callable[[re.Match[str], Order], DateSpan]
_LONGEST = 70
_FOUR = r"(?:19|20|21)\d\d"
_YEAR = rf"(?P<y>{_FOUR}|\d\d)"
_YEAR4 = rf"(?P<y>{_FOUR})"
_WORD = r"(?P<m>[a-z]{3,9})\.?"
_SEP = r"[ \-./,']*"
_DAYS = (
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thurs?|fri|sat|sun)"
)
_DAY_FIRST = re.compile(rf"^{_DAYS}\.?,? (?=[\da-z])")
_DAY_LAST = re.compile(rf" ?\(?{_DAYS}\.?\)?$")
_CLOCK = re.compile(
    r"[t ,]+(?:a |at )?\d{1,2}(?:[:h]\d{0,2}(?::\d\d(?:\.\d+)?)?|h)"
    r"(?: ?[ap]m)?(?:z|[+-]\d\d:?\d\d)?$"
)
_HARMLESS = re.compile(r"^(?:le|the|on|au|date ?:|pour le|du|fait le|livre le) (?=\S)")
_REMARK = re.compile(r"^(.*\d)\s*\([^()\d]*\)$")
_VAGUE = re.compile(
    r"\b(?:ete|automne|hiver|printemps|summer|autumn|fall|winter|spring|rentree|noel|"
    r"paques|semestre|half|quinzaine|fin d'annee|year ?end)\b"
    r"|^[sh] ?-?[12]\b|^sem\.? ?[12]\b"
)
_BOUND = re.compile(
    r"\b(?:courant|avant|apres|before|after|by|until|jusqu|partir|tard|d'ici|depuis|since|"
    r"des|debut|mi|mid|fin|early|late|end)\b"
)
_YEAR_ALONE = re.compile(rf"(?:en |in |annee |year )?{_FOUR}")
_BETWEEN = re.compile(
    r"\s*(?:->|=>|→|➔|;|&|,|>|\bau\b|\ba\b|\bto\b|\bpuis\b|\bet\b|\bthen\b|\band\b|\bou\b|"
    r"\bor\b|\buntil\b|\s-\s|\s/\s)\s*"
)
_JOINED = re.compile(
    rf"(?:\d{{1,2}}|[a-z]{{3,9}}\.?|[tq][1-4]|[sw]\d\d?)\s?[-/]\s?"
    rf"(?:\d{{1,2}}(?:er)?[ /.]+(?:[a-z]{{3,9}}\.?|\d{{1,2}})|[a-z]{{3,9}}\.?|[tq][1-4]|[sw]\d\d?){_SEP}(?:{_FOUR}|\d\d)?"
    r"|(?:20)\d\d\s?[-/]\s?20\d\d"
)
_PARTIAL = re.compile(
    r"(?:fin|debut|mi|mid|end|early|late|milieu)?[ -]?(?:de |d'|of )?"
    r"(?:(?:s|w|sem|semaine|week|wk)\.? ?\d{1,2}|[tq] ?[1-4]|[1-4](?:er|e|eme)? ?trim(?:estre)?"
    r"|\d{1,2}[/.-]\d{1,2}|\d{1,2}(?:er|st|nd|rd|th)?[ .-]?(?P<m>[a-z]{3,9})\.?"
    r"|(?P<m2>[a-z]{3,9})\.?(?:[ -]\d{1,2}(?:st|nd|rd|th)?)?)"
)
_FULL = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|(?:19|20)\d\d-\d{1,2}-\d{1,2}"
    r"|\d{1,2}(?:er)? [a-z]{3,9}\.? (?:20)\d\d"
)


def parse_date(text: str, order: Order = "dmy") -> DateSpan | DateFault:
    """Read a date written by hand.

    Args:
        text: What the cell shows, such as "31/12/26", "1er mars 2026", "déc. 2026",
            "T1 2026", "S12-26", "fin mars 2026" or "2026-12-31". Case, accents and
            spacing do not matter.
        order: Which comes first in "03/04/2026", the day or the month; empty leaves
            it ambiguous.

    Returns:
        The span of days meant, or the reason why there is none. Two-digit years are
        2000 to 2099.

    Source:
        A month may be cut to any unambiguous three letters or more, which covers the
        CLDR abbreviations of ``fr`` and ``en``. Quarters are calendar quarters, weeks
        are ISO weeks.
    """
    return _parse(plain(text), order)


@lru_cache(maxsize=32768)
def _parse(low: str, order: Order) -> DateSpan | DateFault:
    if not low or len(low) > _LONGEST:
        return DateFault("date-unread")
    bare, doubted = without_doubt(low)
    remark = _REMARK.match(bare)
    if remark and not _DAY_LAST.search(bare):
        bare, doubted = remark[1].strip(), True
    try:
        span = _first_reading(bare, order)
    except _FaultError as fault:
        return DateFault(fault.rule)
    if span is None:
        return DateFault(_why_not(bare, order))
    return DateSpan(span.first, span.last, span.grain, approximate=doubted)


def day_order(text: str) -> Order:
    """Return which order a text date proves: "25/03/2026" that the day comes first."""
    low = without_doubt(plain(text))[0] if len(text) <= _LONGEST else ""
    found = _NUMERIC.fullmatch(_DAY_LAST.sub("", _CLOCK.sub("", low)))
    if not found:
        return ""
    first, second = int(found["a"]), int(found["b"])
    if first > 12 >= second and _exists(_full_year(found["y"]), second, first):
        return "dmy"
    if second > 12 >= first and _exists(_full_year(found["y"]), first, second):
        return "mdy"
    return ""


def _first_reading(bare: str, order: Order) -> DateSpan | None:
    forms = [bare]
    for trim in (_CLOCK, _DAY_LAST, _DAY_FIRST, _HARMLESS, _DAY_FIRST):
        forms.append(trim.sub("", forms[-1]).strip(" .,"))
    for form in dict.fromkeys(forms):
        for pattern, build in _GRAMMAR:
            if found := pattern.fullmatch(form):
                span = _built(build, found, order)
                if span:
                    return span
    return None


def _built(build: _Build, found: re.Match[str], order: Order) -> DateSpan | None:
    """Return the span; None when a word that should be a month is not one."""
    word = found.groupdict().get("m")
    if word and not word.isdigit() and not month_number(word):
        return None
    try:
        return build(found, order)
    except ValueError:
        raise _FaultError("date-impossible") from None


def _why_not(bare: str, order: Order) -> str:
    if _YEAR_ALONE.fullmatch(bare):
        return "date-vague"
    if _is_partial(bare):
        return "date-without-year"
    if len(_FULL.findall(bare)) > 1 or _is_range(bare, order):
        return "date-range"
    bound = _BOUND.search(bare) and _names_a_time(bare)
    return "date-vague" if bound or _VAGUE.search(bare) else "date-unread"


def _names_a_time(bare: str) -> bool:
    words = re.findall(r"[a-z]{3,9}", bare)
    return any(c.isdigit() for c in bare) or any(month_number(w) for w in words)


def _is_range(bare: str, order: Order) -> bool:
    if _JOINED.fullmatch(bare):
        return all(month_number(word) for word in re.findall(r"[a-z]{3,9}", bare))
    parts = [p for p in _BETWEEN.split(bare) if p and p not in {"du", "from", "de"}]
    return len(parts) > 1 and sum(_like_a_date(p, order) for p in parts) > 1


def _like_a_date(part: str, order: Order) -> bool:
    part = re.sub(r"^(?:du|de|from|entre|between) ", "", part)
    try:
        if _first_reading(part, order):
            return True
    except _FaultError:
        return True
    return _is_partial(part)


def _is_partial(bare: str) -> bool:
    """Whether a text is a date that lacks its year; "S1" may be a half-year instead."""
    found = _PARTIAL.fullmatch(bare)
    if not found or re.match(r"(?:s|sem\.?) ?[12]$", bare):
        return False
    word = found["m"] or found["m2"]
    return not word or bool(month_number(word))


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= last_day(year, month).day


def _day(year: int, month: int, day: int) -> DateSpan:
    exact = date(year, month, day)
    return DateSpan(exact, exact)


def _ymd(found: re.Match[str], _: Order) -> DateSpan:
    return _day(int(found["y"]), int(found["mm"]), int(found["d"]))


def _numeric(found: re.Match[str], order: Order) -> DateSpan:
    year, first, second = _full_year(found["y"]), int(found["a"]), int(found["b"])
    by_day, by_month = _exists(year, second, first), _exists(year, first, second)
    if by_day and by_month and first != second and not order:
        raise _FaultError("date-ambiguous")
    if by_day and (order != "mdy" or not by_month):
        return _day(year, second, first)
    return _day(year, first, second)


def _long(found: re.Match[str], _: Order) -> DateSpan:
    return _day(_full_year(found["y"]), month_number(found["m"]), int(found["d"]))


def _month(found: re.Match[str], _: Order) -> DateSpan:
    return month_span(_full_year(found["y"]), month_number(found["m"]))


def _month_or_day(found: re.Match[str], order: Order) -> DateSpan:
    """Read "avr 26", which in English may be the 26th of a month of no year."""
    french = _is_french(found["m"])
    if not french and order != "dmy":
        raise _FaultError("date-without-year" if order == "mdy" else "date-ambiguous")
    return _month(found, order)


def _is_french(word: str) -> bool:
    names = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
    english = "january february march april may june july august september october november december"
    return any(n.startswith(word) for n in names.split()) and not any(
        n.startswith(word) for n in english.split()
    )


def _month_numeric(found: re.Match[str], _: Order) -> DateSpan:
    month = int(found["mm"])
    if not 1 <= month <= 12:
        raise ValueError(month)
    return month_span(int(found["y"]), month)


def _quarter(found: re.Match[str], _: Order) -> DateSpan:
    return quarter_span(_full_year(found["y"]), int(found["q"]))


def _week(found: re.Match[str], _: Order) -> DateSpan:
    number = int(found["w"])
    if (
        number < 3
        and found.group(0)[0] == "s"
        and not found.group(0).startswith("semaine")
    ):
        raise _FaultError("date-vague")
    return week_span(_full_year(found["y"]), number)


def _edge(found: re.Match[str], order: Order) -> DateSpan:
    """Read "fin", "mi-" and "début" of a month, and "fin" of a quarter or a year.

    The end of a month is its last ten days or so, its beginning the first ten.
    """
    rest = found["rest"]
    whole = year_span(int(rest)) if re.fullmatch(r"(?:19|20|21)\d\d", rest) else None
    whole = whole or _first_reading(rest, order)
    part = found["edge"]
    if whole is None or whole.grain not in {"month", "quarter", "year"}:
        raise _FaultError(_why_not(rest, order) if whole is None else "date-unread")
    if part in {"fin", "end", "late"}:
        last = whole.last
        day = 21 if whole.grain == "month" else 1
        return DateSpan(last.replace(day=day), last, "month")
    if whole.grain != "month":
        raise _FaultError("date-vague")
    first = whole.first
    if part in {"debut", "early", "beginning", "start"}:
        return DateSpan(first, first.replace(day=10), "start")
    middle = first.replace(day=15)
    return DateSpan(middle, middle, "middle")


_NUMERIC = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<s>\s?[/.\- ]\s?)(?P<b>\d{{1,2}})(?P=s){_YEAR}"
)
_GRAMMAR: tuple[tuple[re.Pattern[str], _Build], ...] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (rf"{_YEAR4}[-/. ](?P<mm>\d{{1,2}})[-/. ](?P<d>\d{{1,2}})", _ymd),
        (r"(?P<y>20\d\d)(?P<mm>\d\d)(?P<d>\d\d)", _ymd),
        (_NUMERIC.pattern, _numeric),
        (
            rf"(?P<d>\d{{1,2}}) ?(?:er|st|nd|rd|th)?[ \-./]*(?:of |de )?{_WORD}{_SEP}{_YEAR}",
            _long,
        ),
        (
            rf"{_WORD}[ \-](?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?[ \-]{_YEAR4}",
            _long,
        ),
        (rf"{_WORD}{_SEP}{_YEAR4}", _month),
        (rf"{_YEAR4}[ \-/.]{_WORD}", _month),
        (rf"{_WORD} ?[\-/'.] ?(?P<y>\d\d)", _month),
        (rf"{_WORD} ?(?P<y>\d\d)", _month_or_day),
        (rf"(?P<mm>\d{{1,2}})\s?[/\-. ]\s?{_YEAR4}", _month_numeric),
        (rf"{_YEAR4}[/\-.](?P<mm>\d{{1,2}})", _month_numeric),
        (rf"(?:t|q|trim\.?|trimestre|quarter) ?(?P<q>[1-4]){_SEP}{_YEAR}", _quarter),
        (
            rf"(?P<q>[1-4]) ?(?:er|e|eme|ere|st|nd|rd|th)? ?(?:t|q|trim\.?|trimestre|quarter){_SEP}(?:de |of )?{_YEAR}",
            _quarter,
        ),
        (rf"{_YEAR4}[ \-/]?[tq](?P<q>[1-4])", _quarter),
        (
            rf"(?:semaine|sem\.?|week|wk\.?|w|s) ?(?:n° ?)?(?P<w>\d{{1,2}})(?:{_SEP}|/)(?:de |of )?{_YEAR}",
            _week,
        ),
        (rf"{_YEAR4}[ \-]?[ws](?P<w>\d{{1,2}})", _week),
        (
            r"(?P<edge>fin|end|late|mi|mid|milieu|debut|early|beginning|start)"
            r"(?:[ \-](?:de |d'|du |of )?)(?P<rest>.+)",
            _edge,
        ),
    )
)
