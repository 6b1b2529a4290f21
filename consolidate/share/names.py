"""Names of people: which are hidden, and how they are found in texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from consolidate.model.schema import Schemas
from consolidate.model.text import fold

KEPT = frozenset({"project_manager", "sponsor"})
"""Fields whose names a shared copy keeps."""

_MORE = {"meetings": ("participants",), "stakeholders": ("name", "contact")}
"""Fields that hold names beside those of type ``person``."""

_APART = re.compile(r"\s*(?:[,;/&+|\n]|\bet\b|\band\b)\s*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_LETTERS = re.compile(r"[^\W\d_]+")
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

_SEVERAL = 2

_SHORT = 5
"""Capitals that are rather an acronym."""

_ADDRESS = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
"""An address of a mail names its owner; at most 64 letters long, so found in one pass."""

_PLACES = ("workbook", "sheet")
"""Columns that are no prose: small letters there do not make a name a word."""

_PARTICLES = frozenset(
    {"de", "du", "des", "d", "la", "le", "les", "von", "van", "der", "den", "el", "al"}
    | {"ben", "da", "di", "dos"}
)

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
        forms: How they are looked for, by one word that each of these forms has.
    """

    hidden: tuple[str, ...]
    forms: Mapping[str, tuple[str, ...]]

    def masked(self, text: str, mark: str) -> str:
        """Return a text with a mark for each name and each address of mail.

        Only names a word of which the text has are looked for: a text is read in time
        that does not grow with the number of people.
        """
        words = self.forms.keys() & set(_LETTERS.findall(fold(text)))
        if not words and "@" not in text:
            return text
        pattern = _pattern(tuple(f for w in sorted(words) for f in self.forms[w]))
        made, count = pattern.subn(mark, unicodedata.normalize("NFC", text))
        return made if count else text


def person_fields(
    schemas: Schemas, kept: Collection[str] = KEPT
) -> Mapping[str, tuple[str, ...]]:
    """Return the fields of each table that a shared copy empties; all but ``kept``."""
    return {
        table.name: (
            *(
                f.name
                for f in table.fields
                if f.type == "person" and f.name not in kept
            ),
            *_MORE.get(table.name, ()),
        )
        for table in schemas.tables.values()
    }


def find_names(
    tables: Mapping[str, pd.DataFrame],
    schemas: Schemas,
    kept: Collection[str] = KEPT,
) -> Names:
    """Return the names that are hidden: of people who are in none of the kept fields.

    A surname is looked for alone only where it is no word of a project, a team, an
    establishment or a domain, and no text writes it in small letters.

    Args:
        tables: The canonical tables by name.
        schemas: Say which fields hold names.
        kept: Fields of projects whose names are shown.
    """
    projects = tables["projects"]
    shown_people = {n for f in sorted(kept) for n in _people(projects[f])}
    shown = {fold(form) for name in shown_people for form in (name, *_forms(name))}
    fields = person_fields(schemas, kept)
    hidden: dict[str, str] = {}
    for table, named in fields.items():
        for field in named:
            if field in tables[table]:
                for name in _people(tables[table][field]):
                    if fold(name) not in shown:
                        hidden.setdefault(fold(name), name)
    listed = tuple(hidden[key] for key in sorted(hidden, key=lambda k: (-len(k), k)))
    forms = {n: [f for f in _forms(n) if fold(f) not in shown] for n in listed}
    every = _by_word(f for n in listed for f in forms[n])
    ordinary = _ordinary(tables, fields, Names(listed, every))
    whole = (f for n in listed if not _is_phrase(n, ordinary) for f in forms[n])
    taken = ordinary | {w for name in shown_people for w in fold(name).split()}
    alone = (w for name in listed for w in _surnames(name) if fold(w) not in taken)
    return Names(listed, _by_word((*whole, *alone)))


def spellings(
    name: str, tables: Mapping[str, pd.DataFrame], schemas: Schemas
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return how one person may be written, as far as nobody else is meant by it.

    The name in full, turned, by initial, as a login (``mdupont``), and a surname alone
    where it is nobody else's and no word that texts use.

    Args:
        name: Of the person, two words at least.
        tables: The canonical tables by name, of the months known.
        schemas: Say which fields hold names.

    Returns:
        The spellings, and those that mean others too and are not among them.
    """
    words = _words(name)
    fields = person_fields(schemas, ())
    named = (_people(frame[f]) for t, frame in tables.items() for f in fields[t] if f in frame)  # fmt: skip
    forms = dict.fromkeys(_forms(name))
    own = {fold(f) for f in forms} | {fold(w) for w in words}
    others = {n for several in named for n in several if fold(n) not in own}
    theirs = {fold(f) for n in others for f in (n, *_forms(n))}
    for first, last in ((words[0], words[-1]), (words[-1], words[0])):
        if _is_whole(first) and _is_whole(last):
            forms |= dict.fromkeys((f"{first}{last}", f"{first[0]}{last}", f"{last}{first[0]}"))  # fmt: skip
    whole = [f for f in forms if fold(f) not in theirs]
    taken = _ordinary(tables, fields, Names((), _by_word(whole)))
    taken |= {w for n in others for w in fold(n).split()}
    # Which of the words is the surname is not known: capitals tell, else the last.
    capital = [w for w in words if w.isupper() and _is_whole(w)] or words[-1:]
    alone = [w for w in capital if len(w) >= _SHORTEST and fold(w) not in taken]
    sure = dict.fromkeys((*whole, *alone))
    return tuple(sure), tuple(f for f in (*forms, *capital) if f not in sure)


def _by_word(forms: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return forms by their longest word, as it is compared."""
    found: dict[str, list[str]] = {}
    for form in dict.fromkeys(forms):
        words = _LETTERS.findall(fold(form))
        if words:
            found.setdefault(max(words, key=len), []).append(form)
    return {word: tuple(several) for word, several in found.items()}


@lru_cache(maxsize=4096)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds addresses and names in texts, the longest first.

    Digits and low lines end a name: ``Suivi_Martin2.xlsx`` names Martin.
    """
    listed = sorted(set(forms), key=lambda form: (-len(form), form))
    names = "|".join(_loosely(form) for form in listed)
    found = rf"|(?<![^\W\d_])(?:{names})(?![^\W\d_])" if names else ""
    return re.compile(_ADDRESS + found, re.IGNORECASE)


def people(text: str) -> Iterator[str]:
    """Yield each name of a text, those of several people apart."""
    for part in _APART.split(text):
        name = " ".join(part.replace("(", " ").replace(")", " ").split())
        if any(c.isalpha() for c in name):
            yield name


def _people(column: pd.Series) -> Iterator[str]:
    """Yield each name of a column."""
    for text in column.dropna().astype("str").unique().tolist():
        yield from people(text)


def _words(name: str) -> list[str]:
    """Return the words of a name, without titles."""
    words = [w for w in _WORD.findall(name) if fold(w) not in _HONORIFICS]
    return words if any(map(_is_whole, words)) else []


def _is_capital(words: list[str]) -> bool:
    """Return whether words are written as names are: ``Jeanne de La Tour``."""
    return all(w[0].isupper() or fold(w) in _PARTICLES for w in words)


def _is_phrase(name: str, ordinary: frozenset[str]) -> bool:
    """Return whether a name in small letters is rather a function (``chef de projet``)."""
    words = [w for w in _words(name) if fold(w) not in _PARTICLES]
    return not _is_capital(words) and any(fold(w) in ordinary for w in words)


def _forms(name: str) -> Iterator[str]:
    """Yield the ways a person is written with more than one word, turned or by initial."""
    words = _words(name)
    if len(words) < _SEVERAL or "@" in name:
        return
    yield from (" ".join(words), " ".join(reversed(words)))
    for first, last in ((words[0], words[1:]), (words[-1], words[:-1])):
        yield " ".join((*last, first))
        if all(map(_is_whole, last)):
            yield from (" ".join((first[0], *last)), " ".join((*last, first[0])))


def _surnames(name: str) -> Iterator[str]:
    """Yield the words of a name that may stand for the person alone."""
    words = [] if "@" in name else _words(name)
    for word in words if _is_capital(words) else ():
        if _is_whole(word) and len(word) >= _SHORTEST and not _is_acronym(word):
            yield word


def _is_whole(word: str) -> bool:
    return not _INITIAL.fullmatch(word)


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) <= _SHORT


def _loosely(form: str) -> str:
    """Return a pattern for a name, whatever its accents and what is between its words."""
    words = (word.rstrip(".") for word in form.split())
    return r"[\W_]{1,3}".join("".join(map(_letter, _joined(word))) for word in words)


def _joined(word: str) -> list[str]:
    """Return the letters of a word; ``oe`` is one, for it may be written ``œ``."""
    return re.findall("oe|.", word.lower().replace("œ", "oe"))


def _letter(char: str) -> str:
    if char == "oe":
        return "(?:oe|œ)"
    base = unicodedata.normalize("NFKD", char)[0].lower()
    alike = _ALIKE.get(base)
    return f"[{alike}]" if alike else re.escape(char)


def _ordinary(
    tables: Mapping[str, pd.DataFrame],
    people: Mapping[str, tuple[str, ...]],
    whole: Names,
) -> frozenset[str]:
    """Return words that name things, or that a text writes in small letters."""
    found: set[str] = set()
    projects = tables["projects"]
    for field in _THINGS:
        if field in projects:
            for text in projects[field].dropna().astype("str").unique().tolist():
                found.update(fold(text).split())
    for name, frame in tables.items():
        left = {*_PLACES, *KEPT, *people[name]}
        for field in (c for c in frame.columns if c not in left):
            if not pd.api.types.is_numeric_dtype(frame[field].dtype):
                found.update(_small_words(frame[field], whole))
    return frozenset(found)


def _small_words(column: pd.Series, whole: Names) -> frozenset[str]:
    texts: Iterable[object] = column.dropna().unique().tolist()
    masked = (whole.masked(text, " ") for text in texts if isinstance(text, str))
    words = {word for text in masked for word in _WORD.findall(text)}
    return frozenset(fold(word) for word in words if word.islower())
