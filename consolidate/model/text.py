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
