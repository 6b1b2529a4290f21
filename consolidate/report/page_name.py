"""File names of pages that are named by what workbooks say."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_MOST = 48
_PLAIN = re.compile(r"[A-Z0-9](?:[A-Z0-9_-]*[A-Z0-9])?")
_ENDS_AS_HASHED = re.compile(r"-[0-9A-F]{16}")
_RESERVED = re.compile(r"CON|PRN|AUX|NUL|(?:COM|LPT)[0-9]")


def page_name(text: str) -> str:
    """Return the name of the page of a code or a workbook, the same every month.

    Capitals, digits, ``-`` and ``_`` stay as they are. Anything else gives what is
    readable of it and 16 hexadecimal digits of its SHA-256, so that two texts never
    share a file, not even where capitals and small letters are one; and no text gives
    a path, a name that Windows keeps for itself, or more than 70 characters.

    Args:
        text: Any text, even empty.
    """
    plain = len(text) <= _MOST and _PLAIN.fullmatch(text)
    if plain and not _RESERVED.fullmatch(text) and not _ENDS_AS_HASHED.search(text):
        return f"{text}.html"
    ascii_text = unicodedata.normalize("NFKD", text[:400]).encode("ascii", "ignore")
    readable = re.sub(r"[^a-z0-9]+", "-", ascii_text.decode().lower()).strip("-")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return "-".join(filter(None, (readable[:_MOST].strip("-"), f"{digest}.html")))
