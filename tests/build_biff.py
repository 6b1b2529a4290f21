"""Old and binary workbooks made by hand, record by record."""

from __future__ import annotations

import struct

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def record(kind: int, data: bytes = b"") -> bytes:
    """Return one record of an .xls."""
    return struct.pack("<HH", kind, len(data)) + data


def text8(text: str, size: str = "H") -> bytes:
    return struct.pack(f"<{size}B", len(text), 1) + text.encode("utf-16-le")


def xls(*sheets: bytes, date_1904: bool = False, hidden: int = -1) -> bytes:
    """Return a BIFF8 workbook of sheets of these records, called S1, S2 ...

    Cell formats: 0 General, 1 ``dd/mm/yyyy``, 2 ``[h]:mm``, 3 red fill, 4 struck and bold.
    """
    font = struct.pack("<5H4B", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + text8(
        "Arial", "B"
    )
    bold = struct.pack("<5H4B", 200, 8, 10, 700, 0, 0, 0, 0, 0) + text8("Arial", "B")
    formats = [(0, 0, 0), (0, 14, 0), (0, 46, 0), (0, 0, 1), (5, 0, 0)]
    start = (
        record(0x809, struct.pack("<4H2I", 0x600, 5, 0, 0, 0, 0))
        + record(0x22, struct.pack("<H", date_1904))
        + record(0x31, font) * 4
        + record(0x31, bold)
        + b"".join(
            record(
                0xE0,
                struct.pack(
                    "<3H4B2IH", f, n, 1, 0, 0, 0, 0, 0, fill << 26, 10 | 65 << 7
                ),
            )
            for f, n, fill in formats
        )
    )
    names = [f"S{i}" for i in range(1, len(sheets) + 1)]
    size = (
        len(start) + sum(len(record(0x85, bytes(6) + text8(n, "B"))) for n in names) + 4
    )
    listed, bodies = b"", b""
    for i, (name, cells) in enumerate(zip(names, sheets, strict=True)):
        place = struct.pack("<IBB", size + len(bodies), i == hidden, 0)
        listed += record(0x85, place + text8(name, "B"))
        bodies += (
            record(0x809, struct.pack("<4H2I", 0x600, 16, 0, 0, 0, 0))
            + cells
            + record(0x0A)
        )
    return start + listed + record(0x0A) + bodies


def number(row: int, col: int, value: float, style: int = 0) -> bytes:
    return record(0x203, struct.pack("<3Hd", row, col, style, value))


def label(row: int, col: int, text: str, style: int = 0) -> bytes:
    return record(0x204, struct.pack("<3H", row, col, style) + text8(text))


def truth(row: int, col: int, value: int, *, error: bool = False) -> bytes:
    return record(0x205, struct.pack("<3H2B", row, col, 0, value, error))
