"""Old and binary workbooks made by hand, record by record."""

from __future__ import annotations

import struct

from build_read import DECLARATION, zipped

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


def record12(kind: int, data: bytes = b"") -> bytes:
    """Return one record of a part of an .xlsb."""
    name = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    size = len(data)
    length = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
    return name + length + data


def text12(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell12(kind: int, col: int, value: bytes = b"", style: int = 0) -> bytes:
    return record12(kind, struct.pack("<II", col, style) + value)


def row12(row: int, cells: bytes, *, hidden: bool = False) -> bytes:
    head = struct.pack("<IIHBBB", row, 0, 300, 0, hidden << 4, 0) + bytes(4)
    return record12(0, head) + cells


def xlsb(
    *sheets: bytes,
    before: bytes = b"",
    after: bytes = b"",
    date_1904: bool = False,
    texts: tuple[str, ...] = (),
    hidden: int = -1,
    shown: str = "dd/mm/yyyy",
) -> bytes:
    """Return a binary workbook of sheets of these rows, called S1, S2 ...

    Args:
        sheets: Their rows.
        before: Records of each sheet before its rows, such as columns.
        after: Records after them, such as merged ranges.
        date_1904: Whether day 0 is in 1904.
        texts: Shared strings.
        hidden: Number of the sheet that is hidden.
        shown: Number format of the cell format 1; 0 is General.
    """
    numbers = range(1, len(sheets) + 1)
    listed = b"".join(
        record12(
            156,
            struct.pack("<II", i == hidden + 1, i)
            + text12(f"rId{i}")
            + text12(f"S{i}"),
        )
        for i in numbers
    )
    book = (
        record12(131)
        + record12(153, struct.pack("<III", date_1904, 0, 0))
        + record12(143)
        + listed
        + record12(144)
        + record12(132)
    )
    formats = b"".join(
        record12(47, struct.pack("<HHHHHHI", 0, n, 0, 0, 0, 0, 0)) for n in (0, 200)
    )
    relations = (
        "".join(
            f'<Relationship Id="rId{i}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{i}.bin"/>'
            for i in numbers
        )
        + f'<Relationship Id="s" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.bin"/>'
    )
    items = b"".join(record12(19, b"\0" + text12(text)) for text in texts)
    size = record12(148, struct.pack("<4I", 0, 99, 0, 9))
    sst = (
        record12(159, struct.pack("<II", len(texts), len(texts)))
        + items
        + record12(160)
    )
    return zipped(
        {
            "_rels/.rels": f'{DECLARATION}<Relationships xmlns="{_PACKAGE}"><Relationship Id="r" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
            "xl/_rels/workbook.bin.rels": f'{DECLARATION}<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>',
            "xl/workbook.bin": book,
            "xl/sharedStrings.bin": sst,
            "xl/styles.bin": record12(278)
            + record12(44, struct.pack("<H", 200) + text12(shown))
            + record12(617, struct.pack("<I", 2))
            + formats
            + record12(618)
            + record12(279),
            **{
                f"xl/worksheets/sheet{i}.bin": record12(129)
                + size
                + before
                + record12(145)
                + rows
                + record12(146)
                + after
                + record12(130)
                for i, rows in zip(numbers, sheets, strict=True)
            },
        }
    )
