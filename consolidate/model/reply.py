"""How a reply to a project manager is told from what the manager wrote.

A corrected reply comes back as a delivery: what consolidate put into it (a first sheet,
comments, colours) is taken out before it is read. One that comes back as it was sent is
no delivery.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Mapping

AUTHOR = "consolidate"
"""Author of our comments, and the word their first line begins with."""

SIGNATURES: Mapping[str, str] = {
    "fr": "Réponse du PMO · consolidate",
    "en": "Reply of the PMO · consolidate",
}
"""What cell A1 of our sheet says, by language; no other sheet says it."""

FILLS: Mapping[str, str] = {"error": "F3B5DB", "warning": "DBC9F7", "info": "DDE6F7"}
"""Colours of marked cells by severity: none of a traffic light's, nor of a palette's."""

PROPERTY = "consolidate-reply"
"""Document property of an annotated copy; its value is the copy's fingerprint."""

TEMPLATE = "consolidate-template"
"""Document property of a manager's own workbook handed out for another month."""

CUSTOM_PART = "docProps/custom.xml"
_MOST = 1 << 16
_COMMENT = re.compile(rf"(?:^|\n\n){AUTHOR} · .*", re.S)
_SAID = re.compile(
    rf'name="{PROPERTY}"[^>]*>\s*<(?:\w+:)?lpwstr[^>]*>(\w{{64}})<'.encode()
)


def signed_comment(title: str, text: str, before: str = "") -> str:
    """Return a comment of ours, after what a comment said before."""
    ours = f"{AUTHOR} · {title}\n{text}"
    return f"{before}\n\n{ours}" if before else ours


def without_ours(comment: str) -> str:
    """Return what a comment says beside what we added to it."""
    return _COMMENT.sub("", comment)


def unmarked(colour: str) -> str:
    """Return a cell's colour, ``RRGGBB``; empty when it is our mark, which means nothing."""
    return "" if colour in FILLS.values() else colour


def is_ours(first_cell: object) -> bool:
    """Return whether a sheet whose cell A1 says this is the one a reply begins with."""
    return first_cell in SIGNATURES.values()


def fingerprint(archive: zipfile.ZipFile) -> str:
    """Return what tells an xlsx from any other saved since, but for its properties."""
    parts = sorted(
        f"{part.filename}\0{part.file_size}\0{part.CRC}"
        for part in archive.infolist()
        if part.filename != CUSTOM_PART
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def unchanged(archive: zipfile.ZipFile) -> str:
    """Return what an xlsx is of ours when it is just as it was written; empty otherwise.

    Returns:
        ``own-output`` for an annotated copy, ``template-unchanged`` for a workbook handed
        out to be filled in.
    """
    try:
        with archive.open(CUSTOM_PART) as part:
            properties = part.read(_MOST)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError):
        return ""
    said = _SAID.search(properties)
    if said is None or said[1].decode() != fingerprint(archive):
        return ""
    is_template = f'name="{TEMPLATE}"'.encode() in properties
    return "template-unchanged" if is_template else "own-output"
