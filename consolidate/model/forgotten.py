"""People the PMO forgot: known by keyed hashes of how their names are written, no more.

    {"key": "…", "people": {"<hash of a spelling>": "Personne-KDJAMC", …}}

A name that is read again is written as its pseudonym before anything is made of it. Who
has this file can try a name on it, and so can tell whether it was forgotten: it is a
pseudonym in the sense of the GDPR (article 4(5)), not anonymity.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from consolidate.model.error import ConsolidateError
from consolidate.model.text import fold

NAME = "forgotten.json"
KEY_BYTES = 32
PREFIX = "Personne-"

_WORD = re.compile(r"[^\W\d_]+|\d+")
"""Letters, or digits: ``A12345`` is two words with nothing between."""

_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_GAP = re.compile(r"[ \u00a0\u2009\u202f.\-_'’]{0,3}|,[ \u00a0]")
"""Between the words of a name: nothing that parts cells of a table or texts of a program."""
_LETTERS = "ABCDEFGHJKLMNPRS"
_SIGNS = 6
_MOST_WORDS = 6
_MEMORY = 65_536


@dataclass(frozen=True)
class Forgotten:
    """Those that were forgotten in one state home.

    Attributes:
        key: Of the hashes.
        people: Pseudonym by hash of a spelling, and of its first word alone (then empty
            when that word is no spelling by itself).
    """

    key: bytes = field(default=b"", repr=False)
    people: Mapping[str, str] = field(default_factory=dict)
    _known: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)  # fmt: skip

    @classmethod
    def of_home(cls, home: Path) -> Forgotten:
        """Return those of a state home.

        Raises:
            ConsolidateError: Their list cannot be read: names would come back.
        """
        path = home / NAME
        try:
            told = json.loads(path.read_bytes())
            people = {str(k): str(v) for k, v in told["people"].items()}
            return cls(bytes.fromhex(told["key"]), people)
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as err:
            raise ConsolidateError(f"{path}: {type(err).__name__}") from None

    @property
    def digest(self) -> str:
        """What tells this list from others; empty for an empty one."""
        told = "".join(sorted(self.people))
        return hashlib.sha256(told.encode()).hexdigest() if told else ""

    def to_bytes(self) -> bytes:
        """Return the list as its file has it."""
        told = {"key": self.key.hex(), "people": dict(sorted(self.people.items()))}
        return json.dumps(told, indent=1).encode()

    def pseudonym(self, name: str) -> str:
        """Return what a person is called from now on; the same however often asked."""
        signs = bytes.fromhex(self._hash(fold(name)))[:_SIGNS]
        return PREFIX + "".join(_LETTERS[b % len(_LETTERS)] for b in signs)

    def with_person(self, name: str, spellings: Iterable[str]) -> Forgotten:
        """Return the list with one person more.

        Args:
            name: As the PMO calls the person.
            spellings: How texts may write it.
        """
        people = dict(self.people)
        own = self.pseudonym(name)
        for spelling in spellings:
            words = [fold(w) for w in _WORD.findall(_composed(spelling))]
            if not words:
                continue
            people[self._hash(" ".join(words))] = own
            people.setdefault(self._hash(words[0]), "")
        return replace(self, people=people, _known={})

    def masked(self, text: str) -> str:
        """Return a text with pseudonyms; the very same text when it names nobody.

        An address that names somebody becomes the pseudonym as a whole.
        """
        if not self.people:
            return text
        plain = _composed(text)
        if "@" in plain:
            plain = _ADDRESS.sub(self._address, plain)
        parts: list[str] = []
        end = 0
        for start, stop, own in self._found(plain):
            parts += (plain[end:start], own)
            end = stop
        made = "".join((*parts, plain[end:]))
        return text if made in (text, _composed(text)) else made

    def _address(self, found: re.Match[str]) -> str:
        own = next((own for _, _, own in self._found(found[0])), "")
        return own or found[0]

    def _found(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield where people are named, from left to right, the longest spelling first."""
        words = list(_WORD.finditer(text))
        past = 0
        for at, word in enumerate(words):
            if at < past or self._of_word(word[0]) is None:
                continue
            for count in range(self._reach(text, words, at), 0, -1):
                last = words[at + count - 1]
                phrase = " ".join(fold(w[0]) for w in words[at : at + count])
                own = self._of(phrase)
                if own and (count > 1 or _is_name(text, word)):
                    yield word.start(), last.end(), own
                    past = at + count
                    break

    def _reach(self, text: str, words: list[re.Match[str]], at: int) -> int:
        """Return how many words stand together, from one on."""
        count = 1
        while count < min(_MOST_WORDS, len(words) - at):
            before, after = words[at + count - 1], words[at + count]
            if not _GAP.fullmatch(text, before.end(), after.start()):
                break
            count += 1
        return count

    def _of_word(self, word: str) -> str | None:
        """Return what is known of a word: None when no spelling begins with it."""
        if word not in self._known:
            if len(self._known) > _MEMORY:
                self._known.clear()
            self._known[word] = self.people.get(self._hash(fold(word)))
        return self._known[word]

    def _of(self, phrase: str) -> str:
        return self.people.get(self._hash(phrase), "")

    def _hash(self, text: str) -> str:
        told = text.encode("utf-8", "replace")
        return hmac.new(self.key, told, hashlib.sha256).hexdigest()[:32]

    def __getstate__(self) -> dict[str, Any]:
        """Return what travels to a worker: not what was looked up here."""
        return {"key": self.key, "people": dict(self.people), "_known": {}}


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _is_name(text: str, word: re.Match[str]) -> bool:
    """Whether a word alone is written as a name, or is part of a file's name or a login."""
    beside = text[word.start() - 1 : word.start()] + text[word.end() : word.end() + 1]
    return word[0][0].isupper() or len(word[0]) == len(text) or any(c in "_-@\\/." or c.isdigit() for c in beside.strip())  # fmt: skip


_here = [Forgotten()]
"""Those of the state home that this process works for."""


def current() -> Forgotten:
    """Return those that this process writes no name of."""
    return _here[0]


def use(known: Forgotten) -> None:
    """Have this process write pseudonyms from now on."""
    _here[0] = known
