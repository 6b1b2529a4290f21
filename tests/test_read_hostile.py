from __future__ import annotations

import zipfile

import pytest
from build_read import DECLARATION, ole, parts, sheet, strings, xlsx, zipped

from consolidate.model.error import UnreadableWorkbookError
from consolidate.read import read_workbook

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
FAR = '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableWorkbookError) as caught:
        read_workbook("w.xlsx", data)
    return caught.value.reason


def rules(data: bytes) -> set[str]:
    return {f.rule for f in read_workbook("w.xlsx", data).findings}


def prefixed(xml: str) -> str:
    body = xml[len(DECLARATION) :].replace("xmlns=", "xmlns:x=")
    return DECLARATION + body.replace("<", "<x:").replace("<x:/", "</x:")


@pytest.mark.parametrize(
    "far",
    [
        FAR,
        FAR.replace('"', "'"),
        FAR.replace("><v>2</v>", ' t="inlineStr"><is><t>x</t></is>'),
    ],
    ids=["number", "single quotes", "inline text"],
)
def test_a_cell_at_the_end_of_the_grid_is_told_and_stops_nothing(far: str) -> None:
    data = xlsx(sheet(ONE + far))
    assert read_workbook("w.xlsx", data).sheets[0].rows[0][0] == 1
    assert "sheet-sparse" in rules(data)


def test_the_far_cell_may_come_first_or_under_a_prefix() -> None:
    assert "sheet-sparse" in rules(xlsx(sheet(FAR + ONE)))
    assert "sheet-sparse" in rules(xlsx(prefixed(sheet(ONE + FAR))))


@pytest.mark.parametrize(
    "beyond",
    [
        '<row r="2"><c r="ZZZZZZ1"><v>2</v></c></row>',
        '<row r="2"><c\nr="ZZZZZZ1"><v>2</v></c></row>',
        '<row r="2"><x:c r="ZZZZZZ1"><v>2</v></x:c></row>',
        "<row r='2'><c r='A99999999'><v>2</v></c></row>",
        '<row r="99999999"><c><v>2</v></c></row>',
    ],
    ids=["letters", "line break", "prefix", "digits", "row"],
)
def test_a_cell_beyond_the_grid_is_refused_before_the_values_are_read(
    beyond: str,
) -> None:
    assert refused(xlsx(sheet(ONE + beyond))) == "damaged"


def test_a_list_of_texts_that_says_a_thousand_million_is_refused() -> None:
    cell = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    data = xlsx(sheet(cell), sharedStrings=strings("a", unique=10**9))
    assert refused(data) == "damaged"


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    assert refused(xlsx(sheet(" " * (64 << 20) + ONE))) == "too-large"


def test_a_part_packed_by_another_method_is_refused() -> None:
    assert refused(zipped(parts(sheet(ONE)), method=zipfile.ZIP_BZIP2)) == "damaged"


def test_a_document_type_is_refused() -> None:
    xml = sheet(ONE).replace(DECLARATION, DECLARATION + "<!DOCTYPE x>")
    assert refused(xlsx(xml)) == "damaged"


def test_two_parts_whose_names_differ_by_case_are_refused() -> None:
    twin = {"xl/worksheets/Sheet1.XML": sheet(ONE)}
    assert refused(zipped({**parts(sheet(ONE)), **twin})) == "damaged"


@pytest.mark.parametrize("share", [1, 20, 50, 90])
def test_a_workbook_cut_short_is_damaged(share: int) -> None:
    whole = xlsx(sheet(ONE))
    assert refused(whole[: len(whole) * share // 100]) == "damaged"


def test_no_bytes_are_an_empty_file() -> None:
    assert refused(b"") == "empty"


def test_another_office_document_is_no_workbook() -> None:
    assert refused(zipped({"word/document.xml": "<a/>"})) == "not-a-workbook"


def test_a_password_is_told_from_damage() -> None:
    assert refused(ole("EncryptionInfo", "EncryptedPackage")) == "encrypted"


def test_a_header_that_promises_more_sectors_than_there_are_is_damaged() -> None:
    assert refused(ole("Workbook", header={44: 0x7FFFFFFF})) == "damaged"


def test_the_xml_of_excel_2003_is_no_workbook() -> None:
    xml = b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'
    assert refused(xml) == "not-a-workbook"


def test_prose_named_xlsx_is_no_workbook() -> None:
    assert refused("Bonjour à tous.\nLe tableau suit.\n".encode()) == "not-a-workbook"
