"""Tell whether a file is whole or still being written, by how its format ends."""

from __future__ import annotations

import re
import struct
from typing import BinaryIO, Literal, TypeAlias

Wholeness: TypeAlias = Literal["whole", "unsure", "torn"]
"""``unsure``: a format that does not say where it ends, as CSV."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_END = b"PK\x05\x06"
_END_SIZE = 22
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFF
_LAST_SECTOR = 0xFFFFFFFA
_ENDS = 1 << 17
_PACKED = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".zip", ".msg")
_BOUNDARY = re.compile(
    rb'(?im)^content-type:[ \t]*multipart/[^;\r\n]*;(?:[^\r\n]|\r?\n[ \t])*?boundary="?([^";\r\n]+)'
)


def wholeness(file: BinaryIO, size: int, name: str) -> Wholeness:
    """Return whether the bytes of a file are all there, as far as its format tells.

    Args:
        file: Open for reading.
        size: Its size now.
        name: Its last part; a format that the content does not show is told by it.
    """
    file.seek(0)
    head = file.read(_ENDS)
    file.seek(max(0, size - _ENDS))
    tail = file.read(_ENDS)
    if not head or head[:8] == bytes(min(8, len(head))) or tail.endswith(b"\0" * 512):
        return _zeros(head, name)
    if head.startswith(_ZIP):
        return "whole" if _zip_ends(tail, size) else "torn"
    if head.startswith(_OLE):
        return "whole" if _ole_fits(file, head, size) else "torn"
    lower = name.lower()
    if lower.endswith(".eml"):
        return _mail_ends(head, tail)
    # A page or a text under such a name is read all the same; a beginning alone is not.
    return "torn" if size < 512 and lower.endswith(_PACKED) else "unsure"


def _zeros(head: bytes, name: str) -> Wholeness:
    """Return what zeros at an end mean: room made in advance, but for binary formats."""
    is_binary = head.startswith(_OLE) or name.lower().endswith((".xls", ".msg"))
    return "unsure" if is_binary and head[:8] != bytes(8) else "torn"


def _zip_ends(tail: bytes, size: int) -> bool:
    """Return whether a zip's end record is at the end, and its list where it says."""
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        return False
    listed = int.from_bytes(tail[at + 12 : at + 16], "little")
    begins = int.from_bytes(tail[at + 16 : at + 20], "little")
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    end = size - len(tail) + at
    is_far = _FREE in (listed, begins)  # a zip of more than 4 GiB says it elsewhere
    return at + _END_SIZE + comment <= len(tail) and (is_far or begins + listed <= end)


def _ole_fits(file: BinaryIO, head: bytes, size: int) -> bool:
    """Return whether the last sector in use of an OLE file lies within it."""
    if len(head) < 512:
        return False
    shift = int.from_bytes(head[30:32], "little")
    if shift not in (9, 12):
        return True  # no such file; reading it will tell
    sector = 1 << shift
    listed = [n for n in struct.unpack_from("<109I", head, 76) if n < _LAST_SECTOR]
    last = -1
    for number, at in enumerate(listed):
        file.seek((at + 1) * sector)
        table = file.read(sector)
        if len(table) < sector:
            return False
        used = [
            n
            for n, follows in enumerate(struct.unpack(f"<{sector // 4}I", table))
            if follows != _FREE
        ]
        if used:
            last = number * (sector // 4) + used[-1]
    # Some writers leave the end of the last sector out.
    return size > (last + 1) * sector


def _mail_ends(head: bytes, tail: bytes) -> Wholeness:
    found = _BOUNDARY.search(head[: 256 << 10])
    if found is None:
        return "unsure"
    return "whole" if b"--" + found[1] + b"--" in tail else "torn"
