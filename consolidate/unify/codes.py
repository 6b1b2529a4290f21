"""Project codes as they are compared, and codes made for projects that have none."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from consolidate.model.text import fold

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [one + other for one in _LETTERS for other in _LETTERS]
_TOKEN = re.compile(r"[0-9A-Z]+")
_CONFUSED = str.maketrans("OIL", "011")
_DIGITS_OR_LIKE = re.compile(r"[0-9OIL]*[0-9][0-9OIL]*")
_O_BEFORE_DIGITS = re.compile(r"(?<=[A-Z])O(?=\d)")
_BRACKETED = re.compile(r"^(?P<name>.+?)\s*[(\[](?P<code>[^()\[\]]+)[)\]]\s*$")
_LED = re.compile(
    r"^\s*(?P<code>\S+(?:\s\d+)?)\s*(?:[:–—|/]|-\s|\s-|\s)\s*(?P<name>\S.*)$"
)


def short_hash(text: str, length: int) -> str:
    """Return the first characters of a text's SHA-256 in lower-case base 32.

    At most 10 of them, 50 bits: two in a million records are the same once in 2000 runs.
    """
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    bits = int.from_bytes(digest[:7], "big") >> 6
    high, low = divmod(bits, 1 << 20)
    text = (
        _PAIRS[high >> 20]
        + _PAIRS[high >> 10 & 1023]
        + _PAIRS[high & 1023]
        + _PAIRS[low >> 10]
        + _PAIRS[low & 1023]
    )
    return text[:length]


@lru_cache(maxsize=65536)
def code_key(text: str) -> str:
    """Return a project code as it is compared.

    Case, accents and what separates letters from digits do not matter; separators
    between digits do (2024-12 is not 202-412), and so do leading zeros. In a part made
    of digits, O is read as 0 and I or l before a digit as 1.

    Example:
        ``PRJ-012``, ``prj 012``, ``PRJ012`` and ``Prj-0l2`` all give ``PRJ012``.
    """
    return _joined([_digits(token) for token in _tokens(text)])


@lru_cache(maxsize=65536)
def strict_key(text: str) -> str:
    """Return a project code folded without reading any letter as a digit."""
    return _joined(_tokens(text))


def loose_key(key: str) -> str:
    """Return a key with an O that touches its digits read as 0: PRJO12, PRJ012."""
    return _O_BEFORE_DIGITS.sub("0", key)


def number_key(key: str) -> str:
    """Return a key without the leading zeros of its numbers: PRJ012, PRJ12."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", key)


def looks_like_code(text: str) -> bool:
    """Whether a text is shaped like a code: short, with a digit, without words."""
    plain = text.strip()
    return (
        bool(re.search(r"\d", plain)) and len(plain) <= 24 and len(plain.split()) <= 2
    )


def code_in(text: str) -> tuple[str, str] | None:
    """Return code and name of ``PRJ-012 - Portail`` or ``Portail (PRJ-012)``, or None.

    Only the shape is looked at: the caller knows which codes exist.
    """
    for pattern in (_BRACKETED, _LED):
        found = pattern.match(text)
        if found and looks_like_code(found["code"]):
            return found["code"], found["name"].strip(" -–—:|/")
    return None


def provisional_code(name: str) -> str:
    """Return a code for a project without one: the same for the same name, always."""
    return f"X-{short_hash(fold(name) or name, 8).upper()}"


def suffixed_code(code: str, name: str) -> str:
    """Return a code for one of several projects that share a code."""
    return f"{code}-{short_hash(fold(name) or name, 4).upper()}"


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(fold(text).upper())


def _digits(token: str) -> str:
    """Read look-alike letters as digits where a token is made of digits."""
    start = re.search(r"\d", token)
    if start is None:
        return token
    head, tail = token[: start.start()], token[start.start() :]
    if head and set(head) <= set("OIL"):
        head, tail = "", token
    if not _DIGITS_OR_LIKE.fullmatch(tail):
        return token
    # A last I or L may be the letter of a lot (12L): only an O is surely a zero.
    last = tail[-1] if tail[-1] in "IL" else ""
    body = tail[: len(tail) - len(last)]
    return head + body.translate(_CONFUSED) + last


def _joined(tokens: list[str]) -> str:
    out = ""
    for token in tokens:
        between_digits = out[-1:].isdigit() and token[:1].isdigit()
        out += f"-{token}" if between_digits else token
    return out
