"""Names of received files, made safe to show, store and compare."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from consolidate.model.identifiers import masked_name

_MOST = 400
_DIRECTION = frozenset("\u200b\u200e\u200f\u2028\u2029\ufeff")


def shown(name: str) -> str:
    r"""Return a name with all that could mislead written as an escape.

    Control characters (a line feed, an escape sequence), direction marks, bytes that
    are no text, and the backslash itself: what is shown tells names apart. Identifiers
    of patients are masked.

    Example:
        ``shown("a\nb.xlsx")`` is ``a\\nb.xlsx``: a backslash and an n.
    """
    name = masked_name(name)
    if name.isascii() and name.isprintable() and "\\" not in name:
        return name
    return "".join(map(_shown, name))


def label(name: str) -> str:
    """Return the name a member of a parcel bears: a label, never a path.

    Folders are kept with ``/``; drives, ``..`` and empty parts are dropped.
    """
    parts = name.replace("\\", "/").split("/")
    kept = [p for p in parts if p not in {"", ".", ".."} and not p.endswith(":")]
    return shown("/".join(kept))[:_MOST] or "?"


def unique(names: Iterable[str]) -> list[str]:
    """Return the names, the second and later of equal ones numbered: ``a (2).xlsx``."""
    taken: set[str] = set()
    result = []
    for name in names:
        chosen, count = name, 2
        while chosen in taken:
            stem, dot, suffix = name.rpartition(".")
            chosen = f"{stem} ({count}).{suffix}" if dot else f"{name} ({count})"
            count += 1
        taken.add(chosen)
        result.append(chosen)
    return result


def _shown(char: str) -> str:
    code = ord(char)
    if char == "\\":
        return "\\\\"
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8, as Python keeps it
        return f"\\x{code - 0xDC00:02x}"
    if char in _DIRECTION or unicodedata.bidirectional(char) in _MARKS:
        return f"\\u{code:04x}"
    if unicodedata.category(char) in {"Cc", "Cs"}:
        return char.encode("unicode_escape").decode()
    return char


_MARKS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
