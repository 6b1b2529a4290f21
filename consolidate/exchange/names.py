"""Names of reply files: after the workbook's own, safe on every system, all different."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

_UNSAFE = re.compile(r'[<>:"|?*\\/\x00-\x1f\x7f]|\s+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.I)
_MOST_BYTES = 120


def stems(workbooks: Sequence[str]) -> list[str]:
    """Return the name, without suffix, of the reply to each workbook.

    It is the workbook's; where several share it, their folders come before it, then
    their suffix and a number after it if that is not enough.

    Args:
        workbooks: Names as listed, such as ``parcel.zip!/sub/book.xlsx``.
    """
    parts = [_parts(name) for name in workbooks]
    found = [_stem(PurePosixPath(p[-1]).stem) for p in parts]
    for last in (lambda name: PurePosixPath(name).stem, str):
        shared = Counter(stem.casefold() for stem in found)
        found = [
            stem
            if shared[stem.casefold()] == 1
            else _stem(" - ".join([*p[:-1], last(p[-1])]))
            for p, stem in zip(parts, found, strict=True)
        ]
    return _numbered(found)


def _parts(name: str) -> list[str]:
    """Return the folders and the name that a label is made of, its own suffix kept."""
    parts = [part.rstrip("!") for part in name.split("/")]
    return [part for part in parts if part] or [name]


def _stem(text: str) -> str:
    """Return a text as the name of a file on any system."""
    clean = _UNSAFE.sub(" ", unicodedata.normalize("NFC", text))
    clean = clean.encode("utf-8", "replace").decode()
    clean = " ".join(clean.split()).lstrip("~$-=+@. ")
    clean = clean.encode()[:_MOST_BYTES].decode("utf-8", "ignore").rstrip(". ")
    return f"_{clean}" if not clean or _RESERVED.match(clean) else clean


def _numbered(stems: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    found = []
    for stem in stems:
        name, number = stem, 2
        while name.casefold() in taken:
            name, number = f"{stem} ({number})", number + 1
        taken.add(name.casefold())
        found.append(name)
    return found
