"""Look a word up in a vocabulary, as people vary it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from consolidate.model.schema import Vocabulary
from consolidate.model.text import fold

_GENDER = re.compile(r"\((?:e|s|es|e\)\(s|ne|le|te)\)|·e·?s?|\.e\.s?\b", re.I)
_CODE_FIRST = re.compile(r"\s*\(?(\d{1,2}|[A-Za-z])\s*[-–—:.)=]+\s*(\D.*)", re.S)
_CODE_LAST = re.compile(
    r"\s*(\D*?[^\W\d_])\s*[-–—:=]?\s*[(\[]\s*(\d{1,2}|[A-Za-z])\s*[)\]]\s*"
)
_CODE_DASH = re.compile(r"\s*(\D*?[^\W\d_])\s*[-–—:=]\s*(\d{1,2})\s*")
_PARTS = re.compile(
    r"\s*(?:[/;,\n+&]|→|->|=>|\bet\b|\band\b|\bou\b|\bor\b|\bpuis\b| - | – )\s*"
)
_HEAD = re.compile(r"\s*([^\n(:,;–—→]+?)\s*(?:[(:,;\n–—→]| - )")


@dataclass(frozen=True, eq=False)
class Words:
    """A vocabulary compiled for look-ups; compared by identity, so that it is a key.

    Attributes:
        vocabulary: What it was made of.
        codes: Codes by folded word, those of several codes included.
    """

    vocabulary: Vocabulary
    codes: Mapping[str, frozenset[str]]

    @property
    def name(self) -> str:
        """The vocabulary's name."""
        return self.vocabulary.name


def compile_words(vocabulary: Vocabulary) -> Words:
    """Return a vocabulary ready for look-ups."""
    sets: dict[str, set[str]] = {}
    for code in vocabulary.codes:
        own = (*vocabulary.labels[code].values(), *vocabulary.words.get(code, ()))
        for word in (code, code.replace("_", " "), *own):
            sets.setdefault(fold(word) or word.strip(), set()).add(code)
    return Words(vocabulary, {word: frozenset(codes) for word, codes in sets.items()})


def codes_of(text: str, words: Words) -> frozenset[str]:
    """Return the codes a text names: none, one, or several when it is shared.

    Args:
        text: As written; gender, plural and final punctuation do not matter.
        words: Where it is looked up.
    """
    for form in _forms(text):
        if codes := words.codes.get(form):
            return codes
    return frozenset()


def label_and_code(text: str) -> tuple[str, str]:
    """Return the label and the code of "2 - Moyen" or "Moyen (2)"; empty when neither."""
    if len(text) > 80:
        return "", ""
    if found := _CODE_FIRST.fullmatch(text):
        return found[2].strip(), found[1]
    found = _CODE_LAST.fullmatch(text) or _CODE_DASH.fullmatch(text)
    return (found[1].strip(), found[2]) if found else ("", "")


def parts_of(text: str) -> list[str]:
    """Return the parts of a text that names several things: "Vert / à surveiller"."""
    return (
        [part for part in _PARTS.split(text) if part.strip()] if len(text) < 120 else []
    )


def head_of(text: str) -> str:
    """Return what stands before a bracket, colon, comma or dash; empty when nothing."""
    found = _HEAD.match(text) if len(text) < 200 else None
    return found[1] if found else ""


def known_words(text: str, words: Words) -> tuple[tuple[str, str], ...]:
    """Return what a remark on an unknown word says can be typed.

    The known words nearest to it; where none is near, some of the vocabulary in each
    language.
    """
    if near := _nearest(text, words):
        return (("known", ", ".join(near)),)
    french, english = (", ".join(_examples(words, lang)) for lang in ("fr", "en"))
    return ("known", french), ("known@en", english)


def _nearest(text: str, words: Words, count: int = 3) -> list[str]:
    vocabulary = words.vocabulary
    every = (w for c in vocabulary.codes for w in vocabulary.words.get(c, ()))
    # A letter is near to any word that has it, and says nothing.
    known = {word: fold(word) for word in every if len(word) > 1}
    found = process.extract(fold(text)[:60], known, scorer=fuzz.WRatio, limit=12)
    chosen: dict[frozenset[str], str] = {}
    for _, score, word in found:
        if score >= 75:
            chosen.setdefault(codes_of(word, words), word)
    return [*chosen.values()][:count]


def _examples(words: Words, lang: str) -> list[str]:
    """Return a word of some codes: the first known in French, else how it is called."""
    vocabulary = words.vocabulary
    firsts = (
        vocabulary.words.get(code, ())[:1]
        if lang == "fr"
        else (_short(vocabulary.labels[code].get(lang, ""), code, words),)
        for code in vocabulary.codes
        if vocabulary.words.get(code)
    )
    return [word for first in firsts for word in first if word][:6]


def _short(label: str, code: str, words: Words) -> str:
    """Return the beginning of a label (Green – under control) where it says as much."""
    head = label.partition(" – ")[0]
    return head if codes_of(head, words) == {code} else label


def _forms(text: str) -> Iterator[str]:
    bare = _GENDER.sub("", text).strip()
    folded = fold(bare) or bare.replace("\ufe0f", "")
    yield folded
    if len(folded) > 60:
        return
    yield from _endings(folded.split())


@lru_cache(maxsize=4096)
def _cut(word: str) -> tuple[str, ...]:
    if len(word) < 5:
        return (word,)
    cut = (word[: -len(end)] for end in ("s", "es", "e") if word.endswith(end))
    return (word, *cut)


def _endings(words: list[str]) -> Iterable[str]:
    """Yield a phrase with its last word, then all its words, without endings."""
    if not words:
        return
    for last in _cut(words[-1])[1:]:
        yield " ".join((*words[:-1], last))
    for ending in range(1, 4):
        cut = [_cut(w)[min(ending, len(_cut(w)) - 1)] for w in words]
        yield " ".join(cut)
