"""Compare what people type: case, accents, spaces and punctuation do not matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'", "‘": "'", "ß": "ss"}
)
_PUNCTUATION = re.compile(r"[\s_/\-–—.:;()\[\]{}'’\"«»,?!|\\*]+")

_HUMP = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])")


def unhump(text: str) -> str:
    """Return a name with its words apart, however it joins them: PlanDeCharge."""
    return _HUMP.sub(" ", text)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return text as it is compared: lower case, no accents, single spaces.

    Punctuation becomes a space; ``%``, ``€``, ``#``, ``+``, ``<`` and ``>`` stay,
    for they carry meaning in a header. Symbols (☀, ●) stay too.

    Example:
        ``fold("N°  Projet :")`` is ``"n° projet"``.
    """
    if "Ã" in text or "â€" in text:
        text = _unscrambled(text)
    if text.isascii():
        plain = text.lower()
    else:
        spread = unicodedata.normalize(
            "NFKD", text.translate(_LIGATURES).replace("°", "\0")
        )
        plain = "".join(
            c for c in spread if not unicodedata.combining(c) and c != "\ufe0f"
        )
        plain = plain.replace("\0", "°").casefold()
    return _PUNCTUATION.sub(" ", plain).strip()


def _unscrambled(text: str) -> str:
    """Return a text whose UTF-8 was once taken for cp1252 (Ã© for é) as it was meant."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
