"""Names of people: which are hidden, and how they are found in texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from consolidate.model.schema import Schemas
from consolidate.model.text import fold

KEPT = frozenset({"project_manager", "sponsor"})
"""Fields whose names a shared copy keeps."""

_MORE = {"meetings": ("participants",), "stakeholders": ("name", "contact")}
"""Fields that hold names beside those of type ``person``."""

_APART = re.compile(r"\s*(?:[,;/&+|\n]|\bet\b|\band\b)\s*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_INITIAL = re.compile(r"[^\W\d_](?:-[^\W\d_])?\.?")
_THINGS = (
    "name",
    "programme",
    "domain",
    "establishment",
    "establishments",
    "department",
)
_SHORTEST = 4
"""Letters of a surname that is looked for alone."""

_SHORT = 5
"""Capitals that are rather an acronym."""

_ALIKE = {
    "a": "aàâä",
    "c": "cç",
    "e": "eéèêë",
    "i": "iîï",
    "n": "nñ",
    "o": "oôö",
    "u": "uùûü",
    "y": "yÿ",
}

_HONORIFICS = frozenset(
    {"m", "mr", "mme", "mlle", "ms", "mrs", "dr", "pr", "prof", "docteur", "professeur"}
)


@dataclass(frozen=True, slots=True)
class Names:
    """Names that are hidden.

    Attributes:
        hidden: As they were written, one person each.
        pattern: Finds them in texts; None when there are none.
    """

    hidden: tuple[str, ...]
    pattern: re.Pattern[str] | None


def person_fields(schemas: Schemas) -> Mapping[str, tuple[str, ...]]:
    """Return the fields of each table that a shared copy empties."""
    return {
        table.name: (
            *(
                f.name
                for f in table.fields
                if f.type == "person" and f.name not in KEPT
            ),
            *_MORE.get(table.name, ()),
        )
        for table in schemas.tables.values()
    }


def find_names(tables: Mapping[str, pd.DataFrame], schemas: Schemas) -> Names:
    """Return the names that are hidden: of people who are no sponsor nor manager.

    A surname is looked for alone only where it is no word of a project, a team, an
    establishment or a domain, and no text writes it in small letters.

    Args:
        tables: The canonical tables by name.
        schemas: Say which fields hold names.
    """
    projects = tables["projects"]
    kept = {fold(n) for f in sorted(KEPT) for n in _people(projects[f])}
    hidden: dict[str, str] = {}
    for table, fields in person_fields(schemas).items():
        for field in fields:
            if field not in tables[table]:
                continue
            for name in _people(tables[table][field]):
                if fold(name) not in kept:
                    hidden.setdefault(fold(name), name)
    listed = tuple(hidden[key] for key in sorted(hidden, key=lambda k: (-len(k), k)))
    whole = _pattern(form for name in listed for form in _forms(name))
    ordinary = _ordinary(tables, whole) | {w for name in kept for w in name.split()}
    alone = (w for name in listed for w in _surnames(name) if fold(w) not in ordinary)
    every = (form for name in listed for form in _forms(name))
    return Names(listed, _pattern((*every, *alone)))


def _pattern(forms: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds names in texts, the longest first; None for none."""
    listed = sorted(set(forms), key=lambda form: (-len(form), form))
    if not listed:
        return None
    found = "|".join(_loosely(form) for form in listed)
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)", re.IGNORECASE)


def _people(column: pd.Series) -> Iterator[str]:
    """Yield each name of a column, those of several people apart."""
    for text in column.dropna().astype("str").unique().tolist():
        for part in _APART.split(text):
            name = " ".join(part.replace("(", " ").replace(")", " ").split())
            if any(c.isalpha() for c in name):
                yield name


def _words(name: str) -> list[str]:
    """Return the words of a name; none of what is rather a function (``éditeur``)."""
    words = [w for w in _WORD.findall(name) if fold(w.rstrip(".")) not in _HONORIFICS]
    is_name = all(w[0].isupper() for w in words)
    return words if is_name and any(map(_is_whole, words)) else []


def _forms(name: str) -> Iterator[str]:
    """Yield the ways a person is written with more than one word, turned or by initial."""
    words = _words(name)
    if len(words) == 1 or not words:
        return
    yield from (name, " ".join(words), " ".join(reversed(words)))
    first, last = words[0], words[-1]
    for one, other in ((first, last), (last, first)):
        if _is_whole(other):
            for initial in (f"{one[0]}.", one[0]):
                yield from (f"{initial} {other}", f"{other} {initial}")


def _surnames(name: str) -> Iterator[str]:
    """Yield the words of a name that may stand for the person alone."""
    for word in _words(name):
        if _is_whole(word) and len(word) >= _SHORTEST and not _is_acronym(word):
            yield word


def _is_whole(word: str) -> bool:
    return not _INITIAL.fullmatch(word)


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) <= _SHORT


def _loosely(form: str) -> str:
    """Return a pattern for a name, whatever its accents and the spaces between words."""
    return r"[\s\u00a0]+".join(
        "".join(_letter(char) for char in word) for word in form.split()
    )


def _letter(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[0].lower()
    alike = _ALIKE.get(base)
    return f"[{alike}]" if alike else re.escape(char)


def _ordinary(
    tables: Mapping[str, pd.DataFrame], whole: re.Pattern[str] | None
) -> frozenset[str]:
    """Return words that name things, or that a text writes in small letters."""
    found: set[str] = set()
    projects = tables["projects"]
    for field in _THINGS:
        if field in projects:
            for text in projects[field].dropna().astype("str").unique().tolist():
                found.update(fold(text).split())
    for frame in tables.values():
        for field in frame.columns:
            if not pd.api.types.is_numeric_dtype(frame[field].dtype):
                found.update(_small_words(frame[field], whole))
    return frozenset(found)


def _small_words(column: pd.Series, whole: re.Pattern[str] | None) -> Iterator[str]:
    texts: Iterable[object] = column.dropna().unique().tolist()
    for text in texts:
        if isinstance(text, str):
            rest = whole.sub(" ", text) if whole else text
            yield from (fold(word) for word in _WORD.findall(rest) if word.islower())
