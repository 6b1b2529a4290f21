"""Text as parsers of dates and numbers compare it: its punctuation kept."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "→": "→",
        "⇒": "→",
        "➔": "→",
        "➡": "→",
        "\n": "\u2028",
    }
)
_SPACES = re.compile(r"\s+")
_APPROX = re.compile(
    r"^(?:[~≈±]|env(?:iron)?\b\.?|approx\w*\.?|about\b|around\b|circa\b|ca\.|c\.|"
    r"vers\b|autour d[eu]\b|de l'ordre de\b|a peu pres\b)\s*"
)
_UNSURE = re.compile(
    r"\s*(?:\(?\?+\)?|\((?:a confirmer|a conf\.?|a valider|tbc|estime?e?s?|estimation|"
    r"approx\w*\.?|environ|env\.?|previsionnel(?:le)?|est\.?)\)|"
    r"a confirmer|approx\.?|environ|tbc)$"
)


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Return text in lower case, no accents, single spaces, plain dashes and quotes.

    A line break becomes " ; ".
    """
    if text.isascii():
        low = text.strip().lower().replace("\n", " ; ")
    else:
        moved = text.strip().translate(_DASHES).replace("\u2028", " ; ")
        spread = unicodedata.normalize("NFKD", moved)
        low = "".join(
            c for c in spread if not unicodedata.combining(c) and c != "\ufe0f"
        ).lower()
    return _SPACES.sub(" ", low).strip()


def without_doubt(text: str) -> tuple[str, bool]:
    """Return a plain text without its mark of doubt, and whether it had one.

    "~mars 2026", "env. 50" and "12/2025 ?" are about or uncertain.
    """
    bare = _UNSURE.sub("", _APPROX.sub("", text)).strip()
    return bare, bare != text
