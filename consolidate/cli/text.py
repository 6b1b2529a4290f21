"""Plain text for terminals: safe excerpts, tables, counted words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_WIDE = {"W", "F"}


def one_line(text: object) -> str:
    """Return text on one line, without what could drive a terminal.

    Control and direction characters become ``�``: a cell may hold anything.
    """
    words = " ".join(str(text).split())
    if words.isascii() and words.isprintable():
        return words
    return "".join(_harmless(c) for c in words)


def _harmless(char: str) -> str:
    kind = unicodedata.category(char)
    # The joiners of emojis are harmless, and needed to show them.
    return (
        "�" if kind in {"Cc", "Cf", "Cs"} and char not in "\u200c\u200d\u00ad" else char
    )


def excerpt(text: object, width: int = 60) -> str:
    """Return text on one line, cut to a width with an ellipsis."""
    line = one_line(text)
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def columns_of(text: str) -> int:
    """Return how many terminal columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(c)
        else 2
        if unicodedata.east_asian_width(c) in _WIDE
        else 1
        for c in text
    )


def table(
    rows: Sequence[Sequence[str]], indent: str = "", gap: str = "  "
) -> list[str]:
    """Return rows of cells as aligned lines; the last column is not padded."""
    if not rows:
        return []
    widths = [max(columns_of(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        (
            indent
            + gap.join(_padded(cell, w) for cell, w in zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns_of(text))


def number(value: int, lang: str) -> str:
    """Return a whole number with the separators of a language."""
    return f"{value:,}".replace(",", "\u202f") if lang == "fr" else f"{value:,}"


def decimal(value: float, lang: str, digits: int = 2) -> str:
    """Return a number with a fixed count of decimals in a language."""
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if lang == "fr" else text
