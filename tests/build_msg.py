"""Messages as Outlook saves them (.msg), made by hand: an OLE file of properties."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count, pairwise

Tree = Mapping[str, "bytes | Tree"]

_SECTOR, _CUTOFF = 512, 4096
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_BINARY, _TEXT, _TEXT8, _TIME, _NUMBER = 0x0102, 0x001F, 0x001E, 0x0040, 0x0003
_SINCE = datetime(1601, 1, 1, tzinfo=UTC)

Value = str | bytes | int | datetime


def compound(tree: Tree) -> bytes:
    """Return an OLE file of these streams (bytes) and storages (trees)."""
    entries: list[list[object]] = []

    def add(name: str, content: bytes | Tree, kind: int) -> int:
        number = len(entries)
        entry: list[object] = [name, kind, _FREE, _FREE, content]
        entries.append(entry)
        if not isinstance(content, bytes):
            inside = [add(n, c, 2 if isinstance(c, bytes) else 1) for n, c in content.items()]  # fmt: skip
            entry[3] = inside[0] if inside else _FREE
            for this, following in pairwise(inside):
                entries[this][2] = following
        return number

    add("Root Entry", tree, 5)
    large, small = _Sectors(_SECTOR), _Sectors(64)
    places = {
        n: (large if len(data) >= _CUTOFF else small).add(data)
        for n, (*_, data) in enumerate(entries)
        if isinstance(data, bytes)
    }
    places[0] = large.add(small.data)
    directory = b""
    for n, (name, kind, beside, below, content) in enumerate(entries):
        raw = (str(name) + "\0").encode("utf-16-le")
        size = len(small.data) if n == 0 else len(content) if isinstance(content, bytes) else 0  # fmt: skip
        directory += raw.ljust(64, b"\0") + struct.pack("<HBB3I36xIQ", len(raw), kind, 1, _FREE, beside, below, places.get(n, 0), size)  # fmt: skip
    first = large.add(directory)
    mini = struct.pack(f"<{len(small.table)}I", *small.table)
    first_mini = large.add(mini.ljust(-(-len(mini) // _SECTOR) * _SECTOR, b"\xff"))
    table = large.table
    tables = next(n for n in count(1) if (len(table) + n) * 4 <= n * _SECTOR)
    listed = range(len(table), len(table) + tables)
    table = [*table, *[_TABLE] * tables]
    table += [_FREE] * (tables * _SECTOR // 4 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x9I", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, first, 0, _CUTOFF, first_mini, -(-len(mini) // _SECTOR), _END, 0)  # fmt: skip
    head += struct.pack("<109I", *listed, *[_FREE] * (109 - tables))
    return head + large.data + struct.pack(f"<{len(table)}I", *table)


class _Sectors:
    """Streams laid down one after the other, and the table of what follows what."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.table: list[int] = []
        self.data = b""

    def add(self, stream: bytes) -> int:
        """Lay down a stream and return its first sector."""
        if not stream:
            return _END
        start, used = len(self.table), -(-len(stream) // self.size)
        self.table += [*range(start + 1, start + used), _END]
        self.data += stream.ljust(used * self.size, b"\0")
        return start


def properties(header: int, values: Mapping[int, Value]) -> dict[str, bytes | Tree]:
    """Return the streams of an object: what it says of itself, and its longer values."""
    listed, streams = b"", {}
    for pid, value in values.items():
        if isinstance(value, int):
            kind, told = _NUMBER, struct.pack("<Q", value)
        elif isinstance(value, datetime):
            ticks = round((value - _SINCE).total_seconds()) * 10_000_000
            kind, told = _TIME, struct.pack("<Q", ticks)
        else:
            kind = _BINARY if isinstance(value, bytes) else _TEXT
            data = value if isinstance(value, bytes) else value.encode("utf-16-le")
            told = struct.pack("<Q", len(data))
            streams[f"__substg1.0_{pid:04X}{kind:04X}"] = data
        listed += struct.pack("<HHI", kind, pid, 6) + told
    return {"__properties_version1.0": bytes(header) + listed, **streams}


def attachment(name: str, data: bytes, method: int = 1) -> dict[str, bytes | Tree]:
    """Return an attachment by value, or told to be somewhere else."""
    return properties(8, {0x3707: name, 0x3701: data, 0x3705: method})


def forwarded(inside: Tree) -> dict[str, bytes | Tree]:
    """Return a message as the attachment of another."""
    return {**properties(8, {0x3705: 5}), "__substg1.0_3701000D": inside}


def message(
    attachments: Sequence[Tree],
    subject: str = "Tableau de bord",
    values: Mapping[int, Value] | None = None,
) -> Tree:
    """Return a message that was never sent, unless its values say so."""
    top = properties(32, {0x0037: subject, **(values or {})})
    return {**top, **{f"__attach_version1.0_#{n:08X}": a for n, a in enumerate(attachments)}}  # fmt: skip
