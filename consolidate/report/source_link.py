"""Addresses that open a received workbook where something was read in it."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote

LONGEST = 2_000
"""Characters of an address that spreadsheets still open."""

MEMBER = "!/"
"""Between a parcel and what it holds, in the name of a workbook."""

_SCHEME = re.compile(r"(?:https?|file)://", re.I)
_DRIVE = re.compile(r"[A-Za-z]:[/\\]")
_CELLS = re.compile(r"[A-Z]{1,3}\d{1,7}(:[A-Z]{1,3}\d{1,7})?")
_PLAIN = frozenset("-._~!$&'()+,;=@")
_PLACED = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


class Link(NamedTuple):
    """Where a cell leads: an address, and a place in the workbook there; or no place."""

    target: str
    place: str


def source_link(root: str, workbook: str, sheet: str, cell: str) -> Link | None:
    """Return what opens a workbook where something was read.

    Args:
        root: Folder or address the workbooks are under; a relative folder is beside
            the report.
        workbook: The workbook's name: its path under the root; of one in a parcel, only
            the parcel can be opened.
        sheet: Where in it.
        cell: Where in the sheet; its beginning when that is not known.

    Returns:
        The link; None for a name no address can be made of.
    """
    outer, _, member = workbook.partition(MEMBER)
    parts = outer.split("/")
    if not outer or any(part in ("", ".", "..") for part in parts):
        return None
    base = _base(root)
    is_web = base.startswith(("http://", "https://"))
    path = "/".join(quote(p, safe="") if is_web else _encoded(p) for p in parts)
    target = f"{base}{path}"
    if len(target) > LONGEST:
        return None
    is_placed = sheet and not member and outer.lower().endswith(_PLACED)
    if not is_placed:
        return Link(target, "")
    at = sheet.replace("'", "''")
    return Link(target, f"'{at}'!{cell if _CELLS.fullmatch(cell) else 'A1'}")


def is_whole(target: str) -> bool:
    """Return whether an address says where it is by itself, not beside the report."""
    return bool(_SCHEME.match(target))


def _base(root: str) -> str:
    """Return the root as the beginning of an address."""
    if _SCHEME.match(root):
        return root.rstrip("/").replace(" ", "%20") + "/"
    is_share = root.startswith(("\\\\", "//"))
    is_whole = is_share or root.startswith("/") or _DRIVE.match(root)
    parts = re.split(r"[/\\]+", root.strip("/\\"))
    told = "/".join(
        p if n == 0 and _DRIVE.match(f"{p}/") else _encoded(p)
        for n, p in enumerate(parts)
    )
    start = "file://" if is_share else "file:///" if is_whole else ""
    return f"{start}{told}/" if told not in ("", ".") else start


def _encoded(part: str) -> str:
    # Spreadsheets take letters of any language in the path of a file, not their codes.
    return "".join(
        c if c.isalnum() or c in _PLAIN else quote(c, safe="", errors="replace")
        for c in part
    )
