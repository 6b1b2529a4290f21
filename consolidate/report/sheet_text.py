"""Text a cell of a workbook can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

LONGEST = 32_767
"""Characters a cell holds, as Excel counts them: an emoji is two."""

CUT = " […]"
_BAD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\ufdd0-\ufdef]"
)
_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


class Cleaner:
    """Makes texts fit to be cells, and counts those it had to cut."""

    def __init__(self) -> None:
        """Begin with no text cut."""
        self.cut = 0

    def clean(self, column: Sequence[str | None]) -> list[str | None]:
        """Return a column's texts as cells can hold them; empty text is no cell."""
        known = {text: self.text(text) if text else None for text in set(column)}
        return list(map(known.__getitem__, column))

    def text(self, text: str) -> str:
        """Return one text as a cell can hold it."""
        if _BAD.search(text):
            text = _BAD.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
        if text.startswith("<r>") and text.endswith("</r>"):
            # xlsxwriter would take it for formatted text and write it as it is.
            text = "\u200b" + text
        if len(text) > LONGEST // 2 and _units(text) > LONGEST:
            self.cut += 1
            room = (LONGEST - len(CUT)) * 2
            whole = text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore")
            text = whole + CUT
        return text


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def unique(labels: Iterable[str]) -> list[str]:
    """Return labels made different from each other, case aside, by a number."""
    seen: set[str] = set()
    found = []
    for label in labels:
        name, k = label, 2
        while name.casefold() in seen:
            name, k = f"{label} ({k})", k + 1
        seen.add(name.casefold())
        found.append(name)
    return found


def sheet_name(label: str, taken: Iterable[str]) -> str:
    """Return a label as the name of a sheet: at most 31 characters, and unique."""
    base = _IN_SHEET_NAME.sub(" ", label).strip(" '") or "?"
    used = {name.casefold() for name in taken}
    name, k = base[:31].rstrip(), 2
    while name.casefold() in used:
        end = f" ({k})"
        name, k = base[: 31 - len(end)].rstrip() + end, k + 1
    return name
