"""Text of a finding as a cell, a comment or a mail can hold it: nothing in it acts."""

from __future__ import annotations

import re

_BAD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u200b\u200e\u200f\u2028-\u202e\ufeff"
    "\u202a-\u202e\u2066-\u2069]"
)
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def plain(text: str, most: int = 2000) -> str:
    """Return text without control and direction characters, clipped."""
    kept = _BAD.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return kept if len(kept) <= most else kept[: most - 1].rstrip() + "…"


def in_xlsx(text: str, most: int = 2000) -> str:
    """Return text for a part of an xlsx, where ``_x0041_`` would be read as a letter."""
    return _ESCAPE.sub("_x005F_", plain(text, most))


def one_line(text: str, most: int = 300) -> str:
    """Return text on one line."""
    return " ".join(plain(text, most).split())
