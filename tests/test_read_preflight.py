from __future__ import annotations

import zipfile

import pytest
from build_read import DECLARATION, parts, sheet, strings, xlsx, zipped

from consolidate.model.error import UnreadableWorkbookError
from consolidate.read.preflight import preflight, sheet_extent

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableWorkbookError) as caught:
        preflight(data)
    return caught.value.reason


def with_part(name: str, content: str | bytes) -> bytes:
    return zipped({**parts(sheet(ONE)), name: content})


def test_a_usual_workbook_passes() -> None:
    preflight(xlsx(sheet(ONE), sharedStrings=strings("a", "b")))


@pytest.mark.parametrize(
    "name", ["/etc/x", "xl/../../x", "C:\\x", "xl\\workbook.xml", "XL/Workbook.xml"]
)
def test_parts_outside_or_twice_are_damage(name: str) -> None:
    assert refused(with_part(name, "x")) == "damaged"


@pytest.mark.parametrize(
    "name",
    ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "content.xml"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_part_that_is_read_may_have_a_document_type(
    name: str, encoding: str
) -> None:
    xml = f'{DECLARATION}<!DOCTYPE x [<!ENTITY a "b">]><x/>'
    assert refused(with_part(name, xml.encode(encoding))) == "damaged"


def test_a_document_type_of_a_part_that_is_not_read_harms_nobody() -> None:
    preflight(with_part("xl/drawings/drawing1.xml", "<!DOCTYPE x><x/>"))


@pytest.mark.parametrize("quote", ['"', "'"])
def test_more_texts_than_the_part_has_bytes_is_damage(quote: str) -> None:
    xml = strings("a", unique=10**9).replace('"', quote)
    assert refused(with_part("xl/sharedStrings.xml", xml)) == "damaged"


def test_one_text_may_be_shown_in_many_cells() -> None:
    xml = strings("X").replace(' count="1"', ' count="5000"')
    preflight(with_part("xl/sharedStrings.xml", xml))


def test_too_many_parts_are_too_large() -> None:
    assert refused(zipped({str(i): "" for i in range(10_001)})) == "too-large"


@pytest.mark.parametrize(
    ("offset", "size", "reason"),
    [(24, 600 << 20, "too-large"), (24, 33 << 20, "too-large")],
    ids=["part", "ratio"],
)
def test_the_stated_size_is_enough_to_refuse(
    offset: int, size: int, reason: str
) -> None:
    data = bytearray(xlsx(sheet(ONE)))
    at = data.find(b"PK\x01\x02") + offset
    data[at : at + 4] = size.to_bytes(4, "little")
    assert refused(bytes(data)) == reason


def test_an_encrypted_part_is_a_password() -> None:
    data = bytearray(xlsx(sheet(ONE)))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(data)) == "encrypted"


def test_other_ways_to_pack_are_damage() -> None:
    assert refused(zipped(parts(sheet(ONE)), method=zipfile.ZIP_LZMA)) == "damaged"


@pytest.mark.parametrize(
    ("xml", "extent"),
    [
        (sheet(ONE), (1, 1, 1)),
        (
            sheet('<row r="9"><c r="B9"/></row><row r="2"><c r="AA2"/></row>'),
            (9, 27, 2),
        ),
        (sheet('<c r="A1"/><c r="XFD1048576"/>'), (1_048_576, 16_384, 2)),
        ("<x:row spans='1' r='7'><x:c s='1' r='AA7'/></x:row>", (7, 27, 1)),
        ('<row\nr="7"><c\nr="B7"/></row>', (7, 2, 1)),
        (sheet(ONE, before='<dimension ref="A1:XFD1048576"/>'), (1, 1, 1)),
        (sheet('<c r="A1"><is><t>see c r="ZZZZ9"</t></is></c>'), (1, 1, 1)),
        ("", (0, 0, 0)),
    ],
    ids=[
        *("one cell", "any order", "corners", "prefix and quotes", "line breaks"),
        *("a dimension that lies", "text that looks like it", "nothing"),
    ],
)
def test_the_extent_is_what_the_references_say(
    xml: str, extent: tuple[int, int, int]
) -> None:
    assert sheet_extent(xml.encode()) == extent


@pytest.mark.parametrize(
    "ref", ["XFE1", "A1048577", "ZZZZZZZZZZ1", "A4294967295", "A" + "9" * 5000]
)
@pytest.mark.parametrize("tag", ["<c r=", "<c s='1' r="])
def test_a_reference_outside_the_grid_is_damage(ref: str, tag: str) -> None:
    with pytest.raises(UnreadableWorkbookError, match="damaged"):
        sheet_extent(sheet(f'<row r="1">{tag}"{ref}"/></row>').encode())
