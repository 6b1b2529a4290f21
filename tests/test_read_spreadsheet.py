from __future__ import annotations

from datetime import date

import pytest
from build_read import DECLARATION, parts, sheet, xlsx, zipped

from consolidate.model.workbook import Sheet
from consolidate.read import read_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def first(data: bytes) -> Sheet:
    return read_workbook("w.xlsx", data).sheets[0]


def styles(*xfs: str, fills: str = "", dxfs: str = "") -> str:
    return (
        f'{DECLARATION}<styleSheet xmlns="{MAIN}"><fills>{fills}</fills>'
        f"<cellXfs>{''.join(xfs)}</cellXfs><dxfs>{dxfs}</dxfs></styleSheet>"
    )


def solid(colour: str) -> str:
    return f'<fill><patternFill patternType="solid"><fgColor {colour}/></patternFill></fill>'


def test_strict_workbooks_have_their_cells() -> None:
    purl = "http://purl.oclc.org/ooxml"
    strict = {
        name: xml.replace(MAIN, f"{purl}/spreadsheetml/main").replace(
            OFFICE, f"{purl}/officeDocument/relationships"
        )
        for name, xml in parts(sheet(ONE)).items()
    }
    assert first(zipped(strict)).value(0, 0) == 1


def test_a_part_in_latin_1_keeps_its_accents() -> None:
    xml = sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>été</t></is></c></row>')
    part = xml.replace("UTF-8", "ISO-8859-1").encode("latin-1")
    data = zipped({**parts(sheet(ONE)), "xl/worksheets/sheet1.xml": part})
    assert first(data).value(0, 0) == "été"


def test_a_part_in_utf_16_gives_cells_or_is_told() -> None:
    part = sheet(ONE).replace("UTF-8", "UTF-16").encode("utf-16")
    data = zipped({**parts(sheet(ONE)), "xl/worksheets/sheet1.xml": part})
    book = read_workbook("w.xlsx", data)
    assert book.sheets[0].value(0, 0) == 1 or book.findings


def test_sheets_of_one_name_are_not_one_sheet() -> None:
    each = [sheet(ONE.replace("<v>1", f"<v>{n}")) for n in (1, 2, 3)]
    book = read_workbook("w.xlsx", xlsx(*each, names=("A", "A", "B")))
    assert [s.value(0, 0) for s in book.sheets] == [1, 2, 3]


def test_hidden_sheets_are_read_and_marked() -> None:
    data = xlsx(sheet(ONE), sheet(ONE), states=("visible", "veryHidden"))
    assert [s.visible for s in read_workbook("w.xlsx", data).sheets] == [True, False]


def test_error_cells_are_errors_and_no_values() -> None:
    row = '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1"><v>1</v></c></row>'
    read = first(xlsx(sheet(row)))
    assert (read.value(0, 0), read.errors) == (None, {(0, 0): "#REF!"})


def test_a_formula_without_a_result_is_told_from_one_whose_result_is_empty() -> None:
    row = '<row r="1"><c r="A1"><f>1+1</f></c><c r="B1" t="str"><f>T(1)</f><v></v></c></row>'
    assert first(xlsx(sheet(row))).uncached == {(0, 0)}


def test_hidden_rows_and_columns_are_read_and_marked() -> None:
    row = '<row r="1" hidden="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    before = '<cols><col min="2" max="2" hidden="1"/></cols>'
    read = first(xlsx(sheet(row, before=before)))
    assert (read.value(0, 1), read.hidden_rows, read.hidden_cols) == (2, {0}, {1})


def test_days_count_from_1904_when_the_workbook_says_so() -> None:
    row = '<row r="1"><c r="A1" s="1"><v>1</v></c></row>'
    formats = styles('<xf numFmtId="0"/>', '<xf numFmtId="14"/>')
    data = xlsx(sheet(row), styles=formats, properties='<workbookPr date1904="1"/>')
    assert first(data).value(0, 0) == date(1904, 1, 2)


@pytest.mark.parametrize(
    ("colour", "shown"),
    [
        ('rgb="FF00B050"', "00B050"),
        ('indexed="10"', "FF0000"),
        ('theme="4"', "4F81BD"),
        ('theme="0" tint="-0.5"', "808080"),
    ],
)
def test_a_fill_is_the_colour_a_person_sees(colour: str, shown: str) -> None:
    row = '<row r="1"><c r="A1" s="1"><v>1</v></c></row>'
    formats = styles(
        '<xf fillId="0"/>', '<xf fillId="1"/>', fills="<fill/>" + solid(colour)
    )
    assert first(xlsx(sheet(row), styles=formats)).look(0, 0).fill == shown


def test_a_comparison_that_holds_colours_its_cell_by_rule() -> None:
    rows = '<row r="1"><c r="A1"><v>5</v></c><c r="B1"><v>1</v></c></row>'
    after = (
        '<conditionalFormatting sqref="A1:B1"><cfRule type="cellIs" dxfId="0" priority="1" '
        'operator="greaterThan"><formula>3</formula></cfRule></conditionalFormatting>'
    )
    red = '<dxf><fill><patternFill><bgColor rgb="FFFF0000"/></patternFill></fill></dxf>'
    read = first(xlsx(sheet(rows, after=after), styles=styles("<xf/>", dxfs=red)))
    assert (read.look(0, 0).fill, read.look(0, 0).by_rule) == ("FF0000", True)
    assert read.look(0, 1).fill == ""


def test_the_lights_of_an_icon_set_are_read() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>'
    limits = "".join(f'<cfvo type="num" val="{n}"/>' for n in (0, 2, 3))
    after = (
        '<conditionalFormatting sqref="A1:C1"><cfRule type="iconSet" priority="1">'
        f"<iconSet>{limits}</iconSet></cfRule></conditionalFormatting>"
    )
    read = first(xlsx(sheet(rows, after=after), styles=styles("<xf/>")))
    assert [read.look(0, c).icon for c in range(3)] == ["red", "amber", "green"]


def test_a_drop_down_list_offers_its_words() -> None:
    after = (
        '<dataValidations><dataValidation type="list" sqref="A1"><formula1>"Oui,Non"'
        "</formula1></dataValidation></dataValidations>"
    )
    assert first(xlsx(sheet(ONE, after=after))).choices[0][1] == ("Oui", "Non")


def test_a_text_longer_than_excel_allows_is_kept() -> None:
    row = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 40_000}</t></is></c></row>'
    assert first(xlsx(sheet(row))).value(0, 0) == "x" * 40_000
