"""Patients in tables: numbers, dates of birth and names under headings that say so."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date

from consolidate.model.text import fold
from consolidate.model.workbook import Position, Sheet, Value
from consolidate.read.absences import words

_MAY_HEAD = re.compile(r"nir|ins|ipp|iep|nip|nss|s[eé]cu|patient|s[eé]jour|mrn|record|naiss|n[eé]+\b|birth|born|ddn|dob|num", re.I)  # fmt: skip
_LONGEST = 40
_DIGITS = re.compile(r"[A-Za-z]{0,2}\d{5,14}")
_LONG_DIGITS = re.compile(r"\d{5}(?:\d\d|2[AB])\d{6}(?:\d\d)?", re.I)
_GAPS = re.compile(r"[\s.\-/_]+")
_DATE = re.compile(r"\d{1,4}[\s/.\-]\s?(?:\d{1,2}|[^\W\d]{3,9}\.?)[\s/.\-]\s?\d{2,4}")
_MONEY = re.compile(r"[€$]|#,##0")


def patients_in(
    sheet: Sheet, texts: Collection[str], known: Sequence[Position]
) -> set[Position]:
    """Return the cells that hold what identifies a patient, by their headings.

    Args:
        sheet: To be looked through.
        texts: All its texts.
        known: Cells known to be social security numbers.
    """
    kinds = {t: k for t in texts if (k := _kind(t))}
    if not kinds:
        return set()
    heads = [
        (r, c, kinds[v])
        for r, row in enumerate(sheet.rows)
        for c, v in enumerate(row)
        if type(v) is str and v in kinds
    ]
    found = {at for r, c, kind in heads for at in _cells(sheet, r, c, kind)}
    return found | _names(sheet, {r for r, _, _ in heads}, found | set(known))


def _kind(text: str) -> str:
    """Return which list of headings a text is in; empty when in none."""
    if len(text) > _LONGEST or not _MAY_HEAD.search(text):
        return ""
    said = fold(text)
    return next((kind for kind in _TESTS if said in words(kind)), "")


def _cells(sheet: Sheet, row: int, col: int, kind: str) -> Iterator[Position]:
    """Yield the cells under a heading, and the one beside a label, that are of its kind."""
    fits = _TESTS[kind]
    if fits(sheet.value(row, col + 1)) and not _is_money(sheet, row, col + 1):
        yield row, col + 1
    below, apart = [], False
    for r in range(row + 1, len(sheet.rows)):
        value = sheet.value(r, col)
        if fits(value):
            below.append((r, col))
        elif apart and isinstance(value, str) and value.strip():
            break  # another table, after an empty row
        apart = apart or not any(v not in (None, "") for v in sheet.rows[r])
    amounts = sum(_is_money(sheet, *at) for at in below)
    if amounts * 2 <= len(below):
        yield from below


def _is_money(sheet: Sheet, row: int, col: int) -> bool:
    """Whether a number is an amount: by its format, or because it is round."""
    value = sheet.value(row, col)
    if not isinstance(value, int | float):
        return False
    return bool(_MONEY.search(sheet.look(row, col).format)) or value % 100 == 0


def _text(value: Value) -> str:
    """Return a whole number or a text without its gaps; empty for all else."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else ""
    return _GAPS.sub("", value) if isinstance(value, str) else ""


def _is_record(value: Value) -> bool:
    return bool(_DIGITS.fullmatch(_text(value)))


def _is_number(value: Value) -> bool:
    return bool(_LONG_DIGITS.fullmatch(_text(value)))


def _is_birth(value: Value) -> bool:
    if isinstance(value, str):
        return bool(_DATE.fullmatch(value.strip()))
    return isinstance(value, date)


_TESTS: dict[str, Callable[[Value], bool]] = {
    "numbers_of_patients": _is_number,
    "records_of_patients": _is_record,
    "births": _is_birth,
}


def _names(sheet: Sheet, rows: Collection[int], found: set[Position]) -> set[Position]:
    """Return the names that stand in the rows of what was found, headed in ``rows``."""
    heads = [
        (r, c)
        for r in rows
        for c, v in enumerate(sheet.rows[r])
        if type(v) is str
        and len(v) <= _LONGEST
        and fold(v) in words("names_of_patients")
    ]
    lines = {r for r, _ in found}
    first = {row: min((r for r in rows if r > row), default=len(sheet.rows)) for row in rows}  # fmt: skip
    return {
        (line, c)
        for r, c in heads
        for line in lines
        if r < line < first[r] and isinstance(sheet.value(line, c), str)
    }
