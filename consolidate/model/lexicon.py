"""Which field a header may mean: the aliases of ``schemas/``, compiled for look-ups.

A header is compared in several forms, from what is written to what is left without
unit, year, brackets and small words; each step away costs a little certainty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from consolidate.model.period import month_number
from consolidate.model.schema import Schemas
from consolidate.model.text import fold

_MEMORY = 50_000
_MIN_LOOSE = 3
_LONGEST_ALIAS = 60
_LIKE = 86
_MAX_WORDS = 14
_STOP = frozenset([
    "de", "du", "des", "d", "la", "le", "les", "l", "un", "une", "au", "aux", "a", "à", "en", "et",
    "ou", "par", "pour", "sur", "dans", "the", "of", "a", "an", "in", "and", "or", "by", "for",
    "to", "on", "at", "with", "actuel", "actuelle",
])  # fmt: skip
_FRENCH = frozenset([
    "de", "du", "des", "la", "le", "les", "l", "au", "aux", "par", "pour", "sur", "dans", "et",
])  # fmt: skip
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|\([^()]*$")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_DATED = re.compile(
    r"(?<!\d)\d{1,2}\s*[/.-]\s*20[0-4]\d(?!\d)|(?<!\d)20[0-4]\d\s*[/.-]\s*\d{1,2}(?!\d)"
    r"|\b(?:[tqs]|sem\w*|trim\w*|week|wk)\.?\s*\d{1,2}\s*[-/]?\s*20[0-4]\d\b",
    re.I,
)
_STATED = re.compile(
    r"\(([^()]{1,24})\)|\b(?:en|in)\s+([^\s(),;:]+(?:\s+[^\s(),;:]+)?)"
)
_MONTH = re.compile(r"\b([^\W\d_]{3,9})[.\s-]+20[0-4]\d\b")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_AS_OF = re.compile(r"\b(?:au|as of|le)\s+\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?", re.I)
_SCALE = re.compile(
    r"(?<![\d-])[01]\s*(?:\([^)]*\))?\s*(?:-|–|à|a|to|_|\.\.+|/)\s*(\d{1,2})(?![\d-])"
    r"|/\s*(\d{1,2})\b",
    re.I,
)
_UNITS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (unit, re.compile(pattern, re.I))
    for unit, pattern in (
        (
            "keur",
            r"\bk\s?€|\bke\b|\bk\s?eur(?:o?s?)?\b|milliers?\s+d.\s?euros?|€\s?k\b",
        ),
        ("meur", r"\bm\s?€|\bm\s?eur(?:o?s?)?\b|millions?\s+d.\s?euros?|€\s?m\b"),
        ("eur", r"€|\beur(?:o?s?)?\b"),
        ("usd", r"\$|\busd\b"),
        ("gbp", r"£|\bgbp\b"),
        ("chf", r"\bchf\b"),
        (
            "day",
            r"\bj\s?[./]?\s?h\.?\b|\bjours?\b|\bjrs?\b|\(j\)|\bdays?\b|\bman.?days?\b|\bmd\b|\(d\)",
        ),
        ("hour", r"\bheures?\b|\bhours?\b|\bhrs?\b|\(h\)|\bh\s?/\s?h\b|\ben h\b"),
        ("minute", r"\bminutes?\b|\bmins?\b|\(mn\)"),
        ("week", r"\bsemaines?\b|\bweeks?\b"),
        ("fte", r"\betp\b|\bftes?\b"),
        ("percent", r"%|\bpct\b|\bpourcentage\b|\bpercent(?:age)?\b"),
    )
)
_NO_UNIT = re.compile(
    r"\b[aà] (?:ce )?jour\b|\b(?:ordre du|ce|cette|par|du) (?:jour|semaine|mois)\b"
    r"|\bthis (?:day|week|month)\b",
    re.I,
)
"""Words of units that say when, not how much: à ce jour, cette semaine, mise à jour."""
_TAX = (
    ("excl_vat", re.compile(r"\bH\.?T\.?\b|\bhors taxes?\b|\bexcl\.? vat\b", re.I)),
    (
        "incl_vat",
        re.compile(r"\bT\.?T\.?C\.?\b|\btoutes taxes\b|\bincl\.? vat\b", re.I),
    ),
)
_STRIP = re.compile(
    r"\bk\s?€|\bm\s?€|€|\$|£|\beur(?:o?s)?\b|\bke\b|\bkeuros?\b|\bkeur\b|\bmeur\b|\bj[./]?h\.?(?=\W|$)"
    r"|\bttc\b|\bht\b|%|\bpct\b",
    re.I,
)


class Meaning(NamedTuple):
    """A canonical field a header may stand for."""

    table: str
    field: str


@dataclass(frozen=True, slots=True)
class Hints:
    """What a header says beside its name.

    Attributes:
        unit: See ``model.workbook.Column.unit``.
        tax: ``excl_vat``, ``incl_vat`` or empty.
        year: The one year it names, 0 when none or several.
        scale: Top of the rating scale it states, 0 when none.
    """

    unit: str = ""
    tax: str = ""
    year: int = 0
    scale: int = 0


@lru_cache(maxsize=8192)
def hints(header: str) -> Hints:
    """Return what a header says of unit, tax, year and scale."""
    said = _NO_UNIT.sub(" ", header)
    unit = next((u for u, pattern in _UNITS if pattern.search(said)), "")
    tax = next((t for t, pattern in _TAX if pattern.search(header)), "")
    years = {int(y) for y in _YEAR.findall(_without_dates(header))}
    scale = 0
    if found := _SCALE.search(header):
        top = int(found[1] or found[2])
        scale = top if 3 <= top <= 10 else 0
    return Hints(unit, tax, years.pop() if len(years) == 1 else 0, scale)


@lru_cache(maxsize=1024)
def title_unit(title: str) -> str:
    """Return the unit a title states for what stands below: (k€), en jours.

    A unit after a number is of that number: "économie de 3 M€" states none.
    """
    said = " ".join(a or b for a, b in _STATED.findall(title))
    return hints(said).unit if said and not re.search(r"\d", said) else ""


def _without_dates(header: str) -> str:
    """Take days, months and quarters away: their year is not that of the amounts."""
    return _MONTH.sub(
        lambda found: " " if month_number(fold(found[1])) else found[0],
        _DATED.sub(" ", header),
    )


@dataclass(frozen=True)
class Lexicon:
    """Aliases of every table, folded, with and without small words.

    Attributes:
        exact: Meanings by folded alias.
        loose: Meanings by alias without small words, in order.
        bags: Meanings by the set of words of an alias.
        memory, by_table, aliases: Texts already looked up; look-ups repeat a lot.
        near: Aliases by the length of a text they may be like.
    """

    exact: Mapping[str, tuple[Meaning, ...]]
    loose: Mapping[str, tuple[Meaning, ...]]
    bags: Mapping[frozenset[str], tuple[Meaning, ...]]
    memory: dict[str, Mapping[Meaning, float]] = field(default_factory=dict)
    by_table: dict[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)
    aliases: dict[str, bool] = field(default_factory=dict)
    near: dict[int, list[str]] = field(default_factory=dict)

    def match(self, header: str) -> Mapping[Meaning, float]:
        """Return the fields a header may mean, with a certainty of 0 to 1.

        Args:
            header: As the cell shows it; stacked headers joined by " / ".
        """
        found = self.memory.get(header)
        if found is None:
            found = self._search(header)
            if len(self.memory) < _MEMORY:
                self.memory[header] = found
        return found

    def match_by_table(self, header: str) -> Mapping[str, Mapping[str, float]]:
        """Return what ``match`` does, by table and field."""
        known = self.by_table.get(header)
        if known is None:
            found: dict[str, dict[str, float]] = {}
            for meaning, score in self.match(header).items():
                found.setdefault(meaning.table, {})[meaning.field] = score
            known = found
            if len(self.by_table) < _MEMORY:
                self.by_table[header] = known
        return known

    def is_alias(self, text: str) -> bool:
        """Whether a text is exactly an alias, what it says in brackets (k€) left out."""
        found = self.aliases.get(text)
        if found is None:
            found = len(text) < _LONGEST_ALIAS and (
                fold(text) in self.exact
                or ("(" in text and fold(text.partition("(")[0]) in self.exact)
            )
            if len(self.aliases) < _MEMORY:
                self.aliases[text] = found
        return found

    def _search(self, header: str) -> Mapping[Meaning, float]:
        scores: dict[Meaning, float] = {}
        for form, quality in _forms(header):
            for meaning in self.exact.get(form, ()):
                scores[meaning] = max(scores.get(meaning, 0.0), quality)
            words = [w for w in form.split() if w not in _STOP]
            self._by_words(words, quality, french=_is_french(form), scores=scores)
        if not scores or max(scores.values()) < 0.6:
            self._by_likeness(fold(header), scores)
        return scores

    def _by_words(
        self,
        words: list[str],
        quality: float,
        *,
        french: bool,
        scores: dict[Meaning, float],
    ) -> None:
        if len("".join(words)) < _MIN_LOOSE or len(words) > _MAX_WORDS:
            return
        for meaning in self.loose.get(" ".join(words), ()):
            scores[meaning] = max(scores.get(meaning, 0.0), quality * 0.96)
        for meaning in self.bags.get(frozenset(words), ()):
            scores[meaning] = max(scores.get(meaning, 0.0), quality * 0.93)
        size = len(words)
        for start in range(size):
            for end in range(start + 1, min(size, start + 5) + 1):
                if end - start == size:
                    continue
                found = self.loose.get(" ".join(words[start:end]))
                if not found:
                    continue
                share = (end - start) / size
                edge = (
                    (0.1 if start == 0 else 0.0)
                    if french
                    else (0.06 if end == size or start == 0 else 0.0)
                )
                score = quality * (0.42 + 0.4 * share + edge)
                for meaning in found:
                    scores[meaning] = max(scores.get(meaning, 0.0), score)

    def _by_likeness(self, form: str, scores: dict[Meaning, float]) -> None:
        if not 4 <= len(form) <= 60:
            return
        close = process.extract(
            form,
            self._near(len(form)),
            scorer=fuzz.ratio,
            score_cutoff=_LIKE,
            limit=4,
        )
        for alias, ratio, _ in close:
            if not _same_words(form, alias):
                continue
            for meaning in self.exact[alias]:
                score = 0.85 * ratio / 100
                scores[meaning] = max(scores.get(meaning, 0.0), score)

    def _near(self, size: int) -> list[str]:
        """Return the aliases whose length lets them be like a text, in order.

        What two texts share is no longer than the shorter: a ratio of r % needs
        2 * shorter / (shorter + longer) >= r %.
        """
        known = self.near.get(size)
        if known is None:
            least = _LIKE / (200 - _LIKE)
            low, high = least * size - 0.01, size / least + 0.01
            known = self.near[size] = [a for a in self.exact if low <= len(a) <= high]
        return known


def _same_words(form: str, alias: str) -> bool:
    """Whether two texts differ by typing only, word by word."""
    ours, theirs = form.split(), alias.split()
    if len(ours) != len(theirs):
        return len("".join(ours)) >= 8 and "".join(ours) == "".join(theirs)
    return all(
        a == b or (min(len(a), len(b)) >= 4 and fuzz.ratio(a, b) >= 80)
        for a, b in zip(ours, theirs, strict=True)
    )


def _is_french(form: str) -> bool:
    return any(word in _FRENCH for word in form.split())


def _forms(header: str) -> Iterator[tuple[str, float]]:
    """Give a header's forms, each with what it keeps of certainty."""
    seen: set[str] = set()
    for text, quality in _variants(header):
        form = fold(text)
        if form and form not in seen:
            seen.add(form)
            yield form, quality


def _variants(header: str) -> Iterator[tuple[str, float]]:
    text = header.strip()
    yield text, 1.0
    yield _CAMEL.sub(" ", text), 0.99
    bare = _BRACKETS.sub(" ", text)
    yield bare, 0.97
    first = bare.strip().split("\n")[0]
    yield first, 0.95
    lean = _STRIP.sub(" ", _SCALE.sub(" ", _AS_OF.sub(" ", _YEAR.sub(" ", first))))
    yield lean, 0.94
    yield first.split(":")[0], 0.92
    if " / " in text:
        group, _, last = text.rpartition(" / ")
        yield f"{last} {group}", 0.95
        yield last, 0.93
        yield _BRACKETS.sub(" ", last), 0.92
        yield _STRIP.sub(" ", _YEAR.sub(" ", _BRACKETS.sub(" ", last))), 0.91
        yield group.rpartition(" / ")[2], 0.55
        if max(map(len, parts := text.split(" / "))) > 25:
            yield from ((part, 0.9) for part in parts if len(part) <= 25)
    elif "/" in lean:
        for k, part in enumerate(lean.split("/")[:3]):
            yield part, 0.8 - 0.05 * k


def build_lexicon(schemas: Schemas) -> Lexicon:
    """Compile the aliases of all tables."""
    exact: dict[str, dict[Meaning, None]] = {}
    loose: dict[str, dict[Meaning, None]] = {}
    bags: dict[frozenset[str], dict[Meaning, None]] = {}
    for table in schemas.tables.values():
        for spec in table.fields:
            meaning = Meaning(table.name, spec.name)
            names = (spec.name, *spec.label.values(), *spec.aliases)
            for alias in names:
                form = fold(alias)
                if not form:
                    continue
                exact.setdefault(form, {})[meaning] = None
                words = [w for w in form.split() if w not in _STOP]
                if words:
                    loose.setdefault(" ".join(words), {})[meaning] = None
                    bags.setdefault(frozenset(words), {})[meaning] = None
    whole = {k: tuple(v) for k, v in bags.items()}
    for sets, meanings in _composed(schemas):
        for bag in sets:
            known = whole.get(bag)
            whole[bag] = (
                tuple(dict.fromkeys((*known, *meanings))) if known else meanings
            )
    return Lexicon(
        {k: tuple(v) for k, v in exact.items()},
        {k: tuple(v) for k, v in loose.items()},
        whole,
    )


def _composed(
    schemas: Schemas,
) -> Iterator[tuple[Set[frozenset[str]], tuple[Meaning, ...]]]:
    """Give the word sets of headers put together from the families of words."""
    moods = {
        mood: [fold(w) for w in words]
        for mood, words in schemas.families.get("moods", {}).items()
    }
    for family in schemas.families.get("families", ()):
        bases = [frozenset(fold(b).split()) - _STOP for b in family["bases"]]
        extras = [
            frozenset[str](),
            *(frozenset([fold(w)]) for w in family.get("with", ())),
        ]
        for mood, words in (("plain", [""]), *moods.items()):
            fields = family.get(mood)
            if not fields:
                continue
            sets = {
                base | extra | ({word} if word else frozenset())
                for base in bases
                for extra in extras
                for word in words
            }
            named = (
                (table.name, next((f for f in fields if f in table.by_name), ""))
                for table in schemas.tables.values()
            )
            yield sets, tuple(Meaning(*pair) for pair in named if pair[1])
