"""Small workbooks made by hand, part by part, for what no program would write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def sheet(cells: str, *, before: str = "", after: str = "") -> str:
    """Return the XML of a sheet from its rows."""
    return f'{DECLARATION}<worksheet xmlns="{_MAIN}">{before}<sheetData>{cells}</sheetData>{after}</worksheet>'


def strings(*texts: str, unique: int | None = None) -> str:
    """Return shared strings, as many as they are or as they say."""
    count = len(texts) if unique is None else unique
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return f'{DECLARATION}<sst xmlns="{_MAIN}" count="{count}" uniqueCount="{count}">{items}</sst>'


def parts(
    *sheets: str,
    names: tuple[str, ...] = (),
    states: tuple[str, ...] = (),
    **given: str,
) -> dict[str, str]:
    """Return the parts of a workbook of these sheets, called S1, S2 ...

    Args:
        sheets: Their XML.
        names: What they are called instead.
        states: ``hidden`` and the like.
        given: ``styles``, ``sharedStrings``, ``theme`` parts; ``properties`` of the workbook.
    """
    names = names or tuple(f"S{i}" for i in range(1, len(sheets) + 1))
    states = states or ("visible",) * len(sheets)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{i}" state="{state}" r:id="rId{i}"/>'
        for i, (name, state) in enumerate(zip(names, states, strict=True), 1)
    )
    properties = given.pop("properties", "")
    others = {f"xl/{kind}.xml": xml for kind, xml in given.items()}
    relations = "".join(
        f'<Relationship Id="rId{i}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    ) + "".join(
        f'<Relationship Id="x{kind}" Type="{_RELATIONS}/{kind}" Target="{kind}.xml"/>'
        for kind in given
    )
    return {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{DECLARATION}<Relationships xmlns="{_PACKAGE}"><Relationship Id="r" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">{properties}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{DECLARATION}<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>',
        **{f"xl/worksheets/sheet{i}.xml": xml for i, xml in enumerate(sheets, 1)},
        **others,
    }


def zipped(
    content: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return a zip of parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def parts_of(data: bytes) -> dict[str, str]:
    """Return the parts of a zip as text."""
    return {name: part.decode() for name, part in parts_of_bytes(data).items()}


def parts_of_bytes(data: bytes) -> dict[str, bytes]:
    """Return the parts of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def xlsx(*sheets: str, **given: str) -> bytes:
    """Return a workbook of these sheets, as ``parts`` makes it."""
    return zipped(parts(*sheets, **given))


_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = (
    "".join(
        f' xmlns:{prefix}="{_ODF}:{name}:1.0"'
        for prefix, name in {
            "office": "office",
            "table": "table",
            "text": "text",
            "style": "style",
            "draw": "drawing",
            "fo": "xsl-fo-compatible",
            "number": "datastyle",
        }.items()
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods(*tables: str, styles: str = "") -> bytes:
    """Return an OpenDocument workbook of these tables.

    Args:
        tables: Their XML, ``table:table`` included.
        styles: Of cells and tables, those of numbers included.
    """
    content = (
        f"{DECLARATION}<office:document-content{_SPACES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{''.join(tables)}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content})


def ole(
    *streams: str, first: bytes = b"", header: Mapping[int, int] | None = None
) -> bytes:
    """Return an OLE file with streams of these names, all starting at the third sector.

    Args:
        streams: Their names.
        first: What that sector holds.
        header: 32-bit values to write into the header, by offset.
    """
    head = bytearray(b"\xff" * 512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = b"\x09\x00"
    for at, value in {44: 1, 48: 1, 64: 0, 72: 0, 76: 0, **(header or {})}.items():
        head[at : at + 4] = value.to_bytes(4, "little")
    directory = b"".join(_entry(name) for name in ("Root Entry", *streams))
    table = b"\xfd\xff\xff\xff" + b"\xfe\xff\xff\xff" * 127
    return bytes(head) + table + directory.ljust(512, b"\0") + first.ljust(512, b"\0")


def _entry(name: str) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    kind = 5 if name == "Root Entry" else 2
    return (
        raw.ljust(64, b"\0")
        + len(raw).to_bytes(2, "little")
        + bytes([kind])
        + bytes(49)
        + (2).to_bytes(4, "little")
        + (4096).to_bytes(8, "little")
    )
