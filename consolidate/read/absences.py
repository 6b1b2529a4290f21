"""Reasons of absence: which words say why somebody is away, and where they do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from consolidate.model.text import fold
from consolidate.model.workbook import Position, Sheet, Value
from consolidate.resources import shipped

_MAY_SAY = re.compile(r"malad|arr[eê]t|cong[eé]|accident|th[eé]rap|leave", re.I)
_AWAY = re.compile(r"\b(?:en|on)$|\babsen\w*\W*(?:\w+\W+){0,3}$")
_AWAY_AFTER = re.compile(r"^\W*(?:\w+\W+){0,3}absen")
_LOOSE = {"e": "[eéèêë]", "a": "[aàâ]", "i": "[iîï]", "o": "[oô]", "u": "[uùûü]", "c": "[cç]"}  # fmt: skip
_SHORT = 40
_NEAR_WORDS = 4
_LAST_DAY = 31
_MAY_ASK = re.compile(r"absen|cong|leave|off|vacation|holiday|indispo", re.I)
_SAID = "absence"


@lru_cache(maxsize=32)
def words(kind: str) -> frozenset[str]:
    """Return one list of ``schemas/privacy.toml``, folded."""
    raw = tomllib.loads((shipped("schemas") / "privacy.toml").read_text("utf-8"))
    return frozenset(fold(word) for word in raw[kind])


def absence_reason(text: str) -> bool:
    """Whether a whole text is a reason of absence and can be nothing else."""
    return len(text) < _SHORT and fold(text) in words("absence")


def may_be_reason(text: str) -> bool:
    """Whether a whole text is a reason of absence in some places."""
    return len(text) < _SHORT and fold(text) in words("of_time") | words("of_absence")


def without_reasons(text: str) -> str:
    """Return a text with "absence" for the words that say why somebody is away."""
    if not _MAY_SAY.search(text):
        return text
    return _phrases().sub(_said_of_somebody, text)


def _said_of_somebody(found: re.Match[str]) -> str:
    before = fold(found.string[: found.start()])
    away = bool(
        _AWAY.search(before) or _AWAY_AFTER.search(fold(found.string[found.end() :]))
    )
    if fold(found[0]) in words("circumstances"):
        return "absence" if away else found[0]
    near = before.split()[-_NEAR_WORDS:]
    return found[0] if not away and words("subjects") & set(near) else "absence"


@lru_cache(maxsize=1)
def _phrases() -> re.Pattern[str]:
    every = sorted(words("phrases") | words("circumstances"), key=len, reverse=True)
    # Folded phrases are compared with the text as written, accents or not.
    loose = [
        "".join(_LOOSE.get(sign, r"[\s\-]+" if sign == " " else sign) for sign in w)
        for w in every
    ]
    return re.compile(r"\b(?:" + "|".join(loose) + r")\b", re.I)


def reasons_in_place(
    workbook: str, sheet: Sheet, texts: Iterable[str]
) -> list[Position]:
    """Return the cells whose text, one of those that may be a reason, is one there.

    A heading of absences above or before it says so, or the name of the sheet, or a
    calendar; for words that mean little else, a sheet where people's time is counted.
    """
    wanted = {t: fold(t) in words("of_time") for t in texts}
    if not wanted:
        return []
    cells = [
        (r, c, wanted[v])
        for r, row in enumerate(sheet.rows)
        for c, v in enumerate(row)
        if type(v) is str and v in wanted
    ]
    if _names(sheet.name, "about"):
        return [(r, c) for r, c, _ in cells]
    timed = _counts_time(workbook, sheet)
    heads = _first(sheet, {c for _, c, _ in cells})
    labels = {r: _label(sheet.rows[r]) for r in {r for r, _, _ in cells}}
    return [
        (r, c)
        for r, c, of_time in cells
        if (of_time and timed) or heads[c] < r or labels[r] < c
    ]


def told_why(sheet: Sheet, texts: Iterable[str]) -> list[Position]:
    """Return the cells under, or beside, a heading that asks why somebody is away.

    Whatever is written there is a reason, in whatever words.

    Args:
        sheet: To be looked through.
        texts: All its texts.
    """
    asking = {t for t in texts if _MAY_ASK.search(t) and _asks_why(t)}
    if not asking:
        return []
    heads = [
        (r, c)
        for r, row in enumerate(sheet.rows)
        for c, v in enumerate(row)
        if type(v) is str and v in asking
    ]
    return [at for head in heads for at in _answers(sheet, *head)]


def _asks_why(text: str) -> bool:
    return _is_heading(text) and bool(words("why") & set(fold(text).split()))


def _answers(sheet: Sheet, row: int, col: int) -> Iterator[Position]:
    """Yield the texts under a heading, up to an empty row; or the one beside a label."""
    below = []
    for r in range(row + 1, len(sheet.rows)):
        if not any(v not in (None, "") for v in sheet.rows[r]):
            break
        value = sheet.value(r, col)
        if isinstance(value, str) and value.strip() and fold(value) != _SAID:
            below.append((r, col))
    beside = sheet.value(row, col + 1)
    is_label = isinstance(beside, str) and sheet.rows[row][0] == sheet.value(row, col)
    if is_label and not any(isinstance(v, str) for v in sheet.rows[row][col + 2 :]):
        yield row, col + 1
        return
    yield from below


def _names(text: str, kind: str) -> bool:
    """Whether a name has one of the words of a list."""
    padded = f" {fold(text)} "
    return any(f" {word} " in padded for word in words(kind))


def _counts_time(workbook: str, sheet: Sheet) -> bool:
    stem = workbook.rpartition("/")[2].rpartition(".")[0]
    if _names(sheet.name, "time_sheets") or _names(stem, "time_sheets"):
        return True
    said = {
        fold(v) for row in sheet.rows for v in row if type(v) is str and len(v) < _SHORT
    }
    return bool(said & words("people") and said & words("times"))


def _is_heading(value: Value) -> bool:
    """Whether a text is a heading of absences, not a sentence about them."""
    if type(value) is not str or len(value) >= _SHORT:
        return False
    said = set(fold(value).split())
    about = said & words("about")
    return bool(about) and said - about <= words("heads")


def _label(row: Iterable[Value]) -> float:
    """Return the first column of a row that is a heading of absences, infinite if none."""
    return next((c for c, v in enumerate(row) if _is_heading(v)), float("inf"))


def _first(sheet: Sheet, cols: Iterable[int]) -> Mapping[int, float]:
    """Return, by column, its first row with a heading of absences or a day."""
    shown: Callable[[int, int], bool] = lambda r, c: (  # noqa: E731 (two words)
        _is_heading(sheet.value(r, c)) or _is_day(sheet, r, c)
    )
    rows = range(len(sheet.rows))
    return {c: next((r for r in rows if shown(r, c)), float("inf")) for c in cols}


def _is_day(sheet: Sheet, row: int, col: int) -> bool:
    """Whether a cell is a date, or a day of the month in a row of them."""
    value = sheet.value(row, col)
    if isinstance(value, date):
        return isinstance(sheet.value(row, col + 1), date) or isinstance(
            sheet.value(row, col - 1), date
        )
    if type(value) is not float or not 1 <= value <= _LAST_DAY:
        return False
    return sheet.value(row, col + 1) == value + 1 or (
        col > 0 and sheet.value(row, col - 1) == value - 1
    )
