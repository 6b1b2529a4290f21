"""Workbooks that no usual program writes: right values, or a finding; never silence."""

from __future__ import annotations

from datetime import date

import pytest
from build_read import DECLARATION, parts, sheet, strings, xlsx, zipped

from consolidate.model.workbook import Workbook
from consolidate.read import read_workbook
from consolidate.read.privacy import mask

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
MIXED = (
    '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="inlineStr"><is><t>été</t></is></c>'
    '<c r="C1" t="s"><v>0</v></c></row>'
)
VALUES = [[1.0, "été", "dit"]]
SHEET = "xl/worksheets/sheet1.xml"


def read(data: bytes) -> Workbook:
    return read_workbook("w.xlsx", data)


def values(book: Workbook, number: int = 0) -> list[list[object]]:
    return [list(row) for row in book.sheets[number].rows]


def told(book: Workbook) -> list[tuple[str, str, str]]:
    return [(f.rule, f.ref.sheet, f.ref.cell) for f in book.findings]


def prefixed(xml: str) -> str:
    body = xml[len(DECLARATION) :].replace("xmlns=", "xmlns:x=")
    return DECLARATION + body.replace("<", "<x:").replace("<x:/", "</x:")


def with_part(name: str, content: str | bytes) -> bytes:
    usual = parts(sheet(MIXED), sharedStrings=strings("dit"))
    return zipped({**usual, name: content})


@pytest.mark.parametrize("edit", ["missing part", "no relation", "unknown relation"])
def test_a_sheet_whose_part_is_missing_is_told_and_the_others_are_read(
    edit: str,
) -> None:
    content = parts(sheet(ONE), sheet(ONE))
    if edit == "missing part":
        del content["xl/worksheets/sheet2.xml"]
    else:
        new = "" if edit == "no relation" else ' r:id="rId9"'
        xml = content["xl/workbook.xml"].replace(' r:id="rId2"', new)
        content["xl/workbook.xml"] = xml
    book = read(zipped(content))
    assert [values(book, 0), values(book, 1)] == [[[1.0]], []]
    assert told(book) == [("sheet-not-read", "S2", "")]


def test_two_sheets_on_one_part_are_read_once() -> None:
    content = parts(sheet(ONE), sheet(ONE))
    path = "xl/_rels/workbook.xml.rels"
    content[path] = content[path].replace("sheet2.xml", "sheet1.xml")
    book = read(zipped(content))
    assert [values(book, 0), values(book, 1)] == [[[1.0]], []]
    assert told(book) == [("sheet-not-read", "S2", "")]


@pytest.mark.parametrize("part", ["", "bonjour", "<html/>"])
def test_a_part_that_is_no_sheet_is_told(part: str) -> None:
    assert told(read(with_part(SHEET, part))) == [("sheet-not-read", "S1", "")]


@pytest.mark.parametrize(
    "xml",
    [
        prefixed(sheet(MIXED)),
        sheet(MIXED).replace('"', "'"),
        sheet(MIXED).replace("</c>", "</c >").replace("</v>", "</v\n>"),
        sheet(MIXED).replace("<c ", "<c\n"),
        sheet(MIXED).replace("<row", "<!-- <c r='Z9'><v>9</v></c> --><row"),
        sheet(MIXED).replace("<v>1</v>", "<v><![CDATA[1]]></v>"),
        sheet(MIXED).replace("été", "<![CDATA[été]]>"),
        sheet(MIXED).replace('r="B1" t="inlineStr"', 't="inlineStr" r="B1"'),
        sheet(MIXED).replace('r="A1"', 'r="a1"'),
        sheet(MIXED).replace(' r="A1"', "").replace(' r="B1"', ""),
        sheet(MIXED).replace(' r="1"', ""),
        sheet(MIXED).replace(' r="1"', "").replace(' r="A1"', ""),
    ],
    ids=[
        *("prefix", "single quotes", "spaces in end tags", "line breaks"),
        *("comment", "marked number", "marked text", "type first", "small letters"),
        *("cells without a place", "row without a place", "no place at all"),
    ],
)
def test_however_the_markup_is_written_the_values_are_the_same(xml: str) -> None:
    book = read(with_part(SHEET, xml))
    assert (values(book), told(book)) == (VALUES, [])


@pytest.mark.parametrize(
    "name", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"], ids=str
)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "iso-8859-15"])
def test_whatever_the_encoding_of_a_part_the_values_are_the_same(
    name: str, encoding: str
) -> None:
    xml = parts(sheet(MIXED), sharedStrings=strings("dit"))[name]
    said = "UTF-16" if "16" in encoding else encoding
    book = read(with_part(name, xml.replace("UTF-8", said).encode(encoding)))
    assert (values(book), told(book)) == (VALUES, [])


def test_names_of_parts_differ_in_case_only() -> None:
    content = parts(sheet(MIXED), sharedStrings=strings("dit"))
    content["xl/Worksheets/SHEET1.xml"] = content.pop(SHEET)
    assert values(read(zipped(content))) == VALUES


def test_shared_strings_may_have_another_name() -> None:
    content = parts(sheet(MIXED), sharedStrings=strings("dit"))
    content["xl/texts.xml"] = content.pop("xl/sharedStrings.xml")
    path = "xl/_rels/workbook.xml.rels"
    content[path] = content[path].replace("sharedStrings.xml", "texts.xml")
    book = read(zipped(content))
    assert (values(book), told(book)) == (VALUES, [])


@pytest.mark.parametrize(
    ("xml", "kept"),
    [
        (sheet(ONE + '<row r="2"><c r="A2"><v>2</v></c></row>')[:-20], [[1.0], [2.0]]),
        (sheet(ONE + '<row r="2"><c r="A2"><v>2'), [[1.0]]),
        (sheet(ONE + '</row><row r="2"><c r="A2"><v>2</v></c></row>'), [[1.0], [2.0]]),
        (prefixed(sheet(ONE + '<row r="2"><c r="A2"><v>2'))[:-40], [[1.0]]),
    ],
    ids=["end missing", "cut in a cell", "wrong nesting", "prefix, cut"],
)
def test_a_sheet_that_breaks_off_keeps_what_precedes_and_is_told(
    xml: str, kept: list[list[object]]
) -> None:
    book = read(with_part(SHEET, xml))
    assert values(book) == kept
    assert told(book) == [("sheet-damaged", "S1", "")]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B1"></c>',
        '<c r="B1"/>',
        '<c r="B1" s="1"></c>',
        '<c r="B1"><v></v></c>',
        '<c r="B1"><v/></c>',
        '<c r="B1" t="str"><f>T(1)</f><v></v></c>',
        '<c r="B1" t="inlineStr"><is><t></t></is></c>',
        '<c r="B1" t="inlineStr"><is><t/></is></c>',
        '<c r="B1" t="inlineStr"><is></is></c>',
        '<c r="B1" t="s"><v>0</v></c>',
    ],
)
def test_an_empty_cell_is_missed_by_nobody(cell: str) -> None:
    row = f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>'
    assert told(read(xlsx(sheet(row), sharedStrings=strings("")))) == []


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B1" t="s"><v>7</v></c>',
        '<c r="B1"><v>1e400</v></c>',
        '<c r="A1"><v>2</v></c>',
    ],
    ids=["no such text", "beyond measure", "one place twice"],
)
def test_a_cell_that_cannot_be_read_is_told(cell: str) -> None:
    row = f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>'
    book = read(xlsx(sheet(row), sharedStrings=strings("")))
    assert told(book) == [("workbook-readers-differ", "S1", "")]


def test_a_day_that_makes_the_reader_panic_costs_nothing_else() -> None:
    row = '<row r="1"><c r="A1" s="1"><v>1e300</v></c><c r="B1" s="1"><v>46112</v></c></row>'
    formats = (
        f'{DECLARATION}<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    book = read(xlsx(sheet(row), styles=formats))
    assert values(book) == [[1e300, date(2026, 3, 31)]]


def test_an_empty_cell_before_a_filled_one_does_not_take_its_value() -> None:
    row = '<row r="1"><c r="A1" s="1"/><c r="B1"><v>2</v></c></row>'
    far = '<row r="1048576"><c r="XFD1048576"><v>3</v></c></row>'
    assert values(read(xlsx(sheet(row + far)))) == [[None, 2.0]]


@pytest.mark.parametrize(
    "text", ["a\x01b", "a_x0001_b", "a\ufffdb"], ids=["raw", "escaped", "lost before"]
)
@pytest.mark.parametrize("shared", [True, False])
def test_a_character_that_no_text_holds_is_shown_and_told(
    text: str, shared: bool
) -> None:
    cell = '<c r="B1" t="s"><v>0</v></c>'
    if not shared:
        cell = f'<c r="B1" t="inlineStr"><is><t>{text}</t></is></c>'
    book = read(xlsx(sheet(f'<row r="1">{cell}</row>'), sharedStrings=strings(text)))
    assert values(book) == [[None, "a\ufffdb"]]
    assert told(book) == [("text-cleaned", "S1", "B1")]


FAR = '<row r="1048576"><c r="XFD1048576"><v>3</v></c></row>'


@pytest.mark.parametrize("beyond", ["", FAR], ids=["calamine", "our own"])
@pytest.mark.parametrize("shared", [True, False])
def test_both_readers_read_the_characters_that_xml_cannot_hold(
    beyond: str, shared: bool
) -> None:
    cell = '<c r="A1" t="s"><v>0</v></c>'
    if not shared:
        cell = '<c r="A1" t="inlineStr"><is><t>a_x000D_&amp;</t></is></c>'
    row = f'<row r="1">{cell}</row>'
    book = read(xlsx(sheet(row + beyond), sharedStrings=strings("a_x000D_&amp;")))
    assert values(book) == [["a\r&"]]


def test_a_long_text_shown_in_thousands_of_cells_is_held_once() -> None:
    cells = "".join(
        f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 10_001)
    )
    book = read(xlsx(sheet(cells), sharedStrings=strings("x" * 32_767)))
    texts = {id(row[0]) for row in book.sheets[0].rows}
    assert (len(texts), len(book.sheets[0].rows)) == (1, 10_000)


MERGED = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'


def test_a_value_under_a_merged_range_is_seen_by_nobody_and_told() -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>'
    book = read(xlsx(sheet(row, after=MERGED)))
    assert values(book) == [[1.0, None, 3.0]]
    assert told(book) == [("cells-covered", "S1", "B1")]
    assert (book.findings[0].raw, book.findings[0].params) == ("2.0", {"count": "1"})


@pytest.mark.parametrize("covered", ["", '<c r="B1"><v>1</v></c>'])
def test_a_merged_range_that_hides_nothing_new_is_not_worth_a_word(
    covered: str,
) -> None:
    row = ONE.replace("</row>", f"{covered}</row>")
    book = read(xlsx(sheet(row, after=MERGED)))
    assert [row[0] for row in values(book)] == [1.0]
    assert book.sheets[0].value(0, 1) is None
    assert told(book) == []


def test_what_a_merged_range_hides_is_masked_like_the_rest() -> None:
    cell = '<c r="B1" t="inlineStr"><is><t>arrêt maladie</t></is></c>'
    row = f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>'
    book = mask(read(xlsx(sheet(row, after=MERGED))))
    assert "maladie" not in repr(book)
