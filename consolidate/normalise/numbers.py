"""Numbers written by hand, with any French or English separators."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from consolidate.model.workbook import Value
from consolidate.normalise.formats import shown
from consolidate.normalise.missing import is_empty
from consolidate.normalise.parsed import NOTHING, Parsed
from consolidate.normalise.plain import plain, without_doubt

Mark: TypeAlias = Literal["", ",", ".", "fr"]
"""The decimal mark of a column. Empty when nothing has decided; ``fr`` when only the
language has: French writes decimals after a comma, and no one knows about its dots."""

_LONGEST = 48
_BOUND = re.compile(
    r"^(?:[<>≤≥]|max|min(?!\w*ute)|moins d|plus d|jusqu|up to|at least|at most|under\b|over\b|"
    r"au moins|au plus|less than|more than|inferieur|superieur)"
    r"|\d\s*[a-z€%]*\s*(?:\(?maxi?(?:mum)?\.?\)?|\(?mini(?:mum)?\)?|\(min\.?\)|\+|et plus|or more)$"
)
_RANGE = re.compile(
    r"^(?:entre|between|de|from)?[ (]*[-+]?[€$£]?\s?\d[\d ., ]*\s?[a-z€%]{0,4}\s?"
    r"(?:-|a|à|to|et|and|ou|or|→|->|\.\.+|/)\s?[€$£]?\d[\d ., ]*\s?[a-z€%]*\)?$"
)
_TAX = re.compile(
    r"\s*\b(h\.?t\.?|t\.?t\.?c\.?|hors taxes?|excl\.? vat|incl\.? vat)\)?$"
)
_QUANTITY = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[-+])?\s*(?P<before>[€$£]|eur\b|usd\b|gbp\b|chf\b)?\s*"
    r"(?P<sign2>[-+])?(?P<digits>\d[\d .,']*\d|\d|[.,]\d+)(?P<exp>e[-+]?\d{1,2}(?![\d\w]))?"
    r"[.,]?\s*(?P<after>[^\d()]*?(?:/[a-z]+)?)\s*(?P<close>\))?\s*(?P<after2>[^\d()]*?)"
)
_GROUPED = re.compile(r"\d{1,3}(?:[ ']\d{3})+")


class Quantity(NamedTuple):
    """A number and what is written around it.

    Attributes:
        number: Signed.
        unit: What follows or precedes it, lower case, no spaces; empty when nothing.
        words: The same, as written.
        tax: ``excl_vat`` or ``incl_vat`` when written.
        approximate: Whether it is marked about ("~", "env.", "?").
    """

    number: float
    unit: str = ""
    words: str = ""
    tax: str = ""
    approximate: bool = False


class NumberFault(NamedTuple):
    """Why a text is not read as a number: the rule of the finding."""

    rule: str


def parse_quantity(text: str, mark: Mark = "") -> Quantity | NumberFault:
    """Read a number written by hand, and the unit beside it.

    Args:
        text: Such as "1 234,56 €", "(1 200)", "150 k€ HT", "1,234.5" or "env. 50".
        mark: The decimal mark of the column, for "1,234" and "1.234", which are
            ambiguous without it.

    Returns:
        The number as written, its unit not applied; or why there is none.
    """
    return _parse(plain(text), mark)


@lru_cache(maxsize=32768)
def _parse(low: str, mark: Mark) -> Quantity | NumberFault:
    if not low or len(low) > _LONGEST or not any("0" <= c <= "9" for c in low):
        return NumberFault("number-unread")
    bare, doubted = without_doubt(low)
    if _BOUND.search(bare):
        return NumberFault("number-bound")
    taxed = _TAX.search(bare)
    tax = ""
    if taxed:
        tax = "incl_vat" if taxed[1].startswith(("t", "i")) else "excl_vat"
        bare = bare[: taxed.start()].rstrip(" (")
    found = _QUANTITY.fullmatch(bare)
    if not found or bool(found["open"]) != bool(found["close"]):
        fault = "number-range" if _RANGE.match(bare) else "number-unread"
        return NumberFault(fault)
    number = _number(found["digits"], mark)
    if isinstance(number, NumberFault):
        return number
    if found["exp"]:
        number *= 10.0 ** int(found["exp"][1:])
    words = f"{found['before'] or ''}{found['after']} {found['after2']}".strip()
    signs = (found["sign"] or "") + (found["sign2"] or "")
    if words.endswith("-"):
        words, signs = words[:-1].rstrip(), signs + "-"
    negative = "-" in signs or bool(found["open"] and not words.endswith(")"))
    unit = re.sub(r"[\s.]", "", words)
    return Quantity(-number if negative else number, unit, words, tax, doubted)


def _number(digits: str, mark: Mark) -> float | NumberFault:
    """Return the number a run of digits, blanks, commas, dots and quotes stands for."""
    marks = [c for c in digits if c in ",."]
    if len(marks) == 1:
        whole, _, rest = digits.partition(marks[0])
        if _is_ambiguous(whole, rest):
            if not mark or (mark == "fr" and marks[0] == "."):
                return NumberFault("number-ambiguous")
            if marks[0] != mark.replace("fr", ","):
                whole, rest = whole + rest, ""
    elif marks:
        whole, rest = _grouped(digits, marks)
    else:
        whole, rest = digits, ""
    if any(c in whole for c in " '") and _GROUPED.fullmatch(whole):
        whole = whole.replace(" ", "").replace("'", "")
    plain_digits = (whole or "0") + (rest or "0")
    if not plain_digits.isdecimal():
        return NumberFault("number-unread")
    return float(f"{whole or '0'}.{rest or '0'}")


def _grouped(digits: str, marks: list[str]) -> tuple[str, str]:
    """Split a number of several marks; what cannot be keeps a mark, and is no number."""
    first, last = marks[0], marks[-1]
    if first == last:
        whole, rest = digits, ""
    else:
        whole, _, rest = digits.rpartition(last)
    return (
        (whole.replace(first, ""), rest) if _in_threes(whole, first) else (digits, "")
    )


def _is_ambiguous(whole: str, rest: str) -> bool:
    return (
        len(rest) == 3 and 1 <= len(whole) <= 3 and whole.isdecimal() and int(whole) > 0
    )


def _in_threes(text: str, sep: str) -> bool:
    first, *others = text.split(sep)
    return (
        1 <= len(first) <= 3
        and first.isdecimal()
        and all(len(part) == 3 and part.isdecimal() for part in others)
    )


def decimal_mark(text: str) -> Mark:
    """Return the decimal mark a text proves; empty when it proves none.

    "1 234,5" and "1.234,56" prove a comma; "1,234,567" proves a dot, since its commas
    group thousands.
    """
    if len(text) > _LONGEST:
        return ""
    found = _QUANTITY.fullmatch(_TAX.sub("", without_doubt(plain(text))[0]))
    if not found:
        return ""
    digits = found["digits"]
    marks = [c for c in digits if c in ",."]
    if not marks or isinstance(_number(digits, ","), NumberFault):
        return ""
    last = marks[-1]
    if len(marks) == 1:
        whole, _, rest = digits.partition(last)
        return "" if _is_ambiguous(whole, rest) else _mark(last)
    if len(set(marks)) == 2:
        return _mark(last)
    return "." if last == "," else ","


def _mark(char: str) -> Mark:
    return "," if char == "," else "."


def parse_number(raw: Value, number_format: str, mark: Mark, *, whole: bool) -> Parsed:
    """Read a plain number, or a whole one.

    Args:
        raw: A typed number or a text.
        number_format: Of the cell.
        mark: Decimal mark of the column.
        whole: Whether only a whole number will do.

    Returns:
        A percentage as a fraction; a number followed by words is kept with a warning.
    """
    if is_empty(raw):
        return NOTHING
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return Parsed(rule="number-unread")
    if not isinstance(raw, str):
        share = 0.01 if shown(number_format).percent_word else 1.0
        return _checked(Parsed(float(raw) * share), whole=whole)
    found = parse_quantity(raw, mark)
    if isinstance(found, NumberFault):
        return Parsed(rule=found.rule)
    number, rule = found.number, "value-approximate" if found.approximate else ""
    if found.unit in ("%", "pct", "pourcent"):
        number /= 100
    elif found.unit in ("k", "m"):
        number *= 1000 if found.unit == "k" else 1_000_000
    elif found.unit:
        if not re.fullmatch(r"[a-z°'.-]+(?: [a-z°'.-]+)?", found.words):
            return Parsed(rule="number-unread")
        rule = "number-with-words"
    return _checked(Parsed(number, rule, (("words", found.words),)), whole=whole)


def _checked(parsed: Parsed, *, whole: bool) -> Parsed:
    number = parsed.value
    if not whole or not isinstance(number, float):
        return parsed
    if abs(number - round(number)) > 1e-6:
        return Parsed(rule="number-not-whole")
    return parsed._replace(value=round(number))


def parse_year(raw: Value, number_format: str) -> Parsed:
    """Read a year: 2026, "Exercice 2026", or a date shown as a year."""
    if is_empty(raw):
        return NOTHING
    if isinstance(raw, str):
        years = set(re.findall(r"(?<!\d)(20[0-4]\d)(?!\d)", raw))
        digits = re.sub(r"20[0-4]\d", "", raw)
        if len(years) == 1 and not any(c.isdecimal() for c in digits):
            return Parsed(int(years.pop()))
        return Parsed(rule="number-range" if len(years) > 1 else "number-unread")
    if isinstance(raw, date):
        return (
            Parsed(raw.year)
            if shown(number_format).grain == "year"
            else Parsed(rule="number-unread")
        )
    return parse_number(raw, number_format, "", whole=True)
