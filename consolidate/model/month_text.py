"""The month that a text tells: found and moved on where it can be nothing else."""

from __future__ import annotations

import re

from consolidate.model.text import fold

_NAMES = {
    "fr": [
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ],
    "en": [
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ],
}
_TOLD = re.compile(
    r"(?<![\w/.-])(?<!\d )(?<!er )(?P<month>[^\W\d_]+)(?P<gap>[ \u00a0\u202f_-])(?P<year>20\d\d)(?![\w/-])"
    r"|(?<![\w/.-])(?P<m>0[1-9]|1[0-2])(?P<slash>[/-])(?P<y>20\d\d)(?![\w/.-])"
    r"|(?<![\w/.-])(?P<iso>20\d\d[-_](?:0[1-9]|1[0-2]))(?![\w/.-])"
)

_SHORTEST = 3


def is_month(word: str) -> bool:
    """Return whether a folded word is the name of a month, or its beginning."""
    names = (fold(name) for own in _NAMES.values() for name in own)
    return len(word) >= _SHORTEST and any(name.startswith(word) for name in names)


def moved_on(text: str, before: str, after: str) -> str:
    """Return a text with its month moved on; itself when it tells another, or several.

    A day of the month is a date, not the month's name: it stays.

    Args:
        text: Such as ``Point d'avancement · octobre 2026``.
        before: Month it must tell, ``YYYY-MM``.
        after: Month it is to tell, ``YYYY-MM``.
    """
    found = [m for m in _TOLD.finditer(text) if _month_of(m)]
    if len(found) != 1 or _month_of(found[0]) != before:
        return text
    match = found[0]
    return text[: match.start()] + _said(match, after) + text[match.end() :]


def _month_of(match: re.Match[str]) -> str:
    """Return the month of a match, ``YYYY-MM``; empty when its word is of no month."""
    if match["iso"]:
        return match["iso"].replace("_", "-")
    if match["m"]:
        return f"{match['y']}-{match['m']}"
    for names in _NAMES.values():
        folded = [fold(name) for name in names]
        if fold(match["month"]) in folded:
            return f"{match['year']}-{folded.index(fold(match['month'])) + 1:02d}"
    return ""


def _said(match: re.Match[str], after: str) -> str:
    """Return a month as the match writes it: word or digits, capitals or not."""
    year, number = after[:4], after[5:]
    if match["iso"]:
        return f"{year}{match['iso'][4]}{number}"
    if match["m"]:
        return f"{number}{match['slash']}{year}"
    word = match["month"]
    lang = next(k for k, names in _NAMES.items() if fold(word) in map(fold, names))
    name = _NAMES[lang][int(number) - 1]
    if word.isupper():
        name = name.upper()
    elif word[0].isupper():
        name = name[0].upper() + name[1:]
    return f"{name}{match['gap']}{year}"
