"""OpenDocument workbooks: what a person sees in LibreOffice is what is read."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest
from build_read import ods, parts_of, zipped

from consolidate.model.address import Box
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.workbook import Sheet, Value, Workbook
from consolidate.read import read_workbook


def read(data: bytes) -> Workbook:
    return read_workbook("w.ods", data)


def table(rows: str, *, name: str = "S", more: str = "", style: str = "") -> str:
    look = f' table:style-name="{style}"' if style else ""
    return f'<table:table table:name="{name}"{look}>{more}{rows}</table:table>'


def row(cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{cells}</table:table-row>"


def cell(kind: str, value: str = "", text: str = "", more: str = "") -> str:
    held = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}
    typed = f' office:{held.get(kind, "value")}="{value}"' if value else ""
    shown = f"<text:p>{text}</text:p>" if text else ""
    return f'<table:table-cell office:value-type="{kind}"{typed}{more}>{shown}</table:table-cell>'


def first(cells: str, **given: str) -> Sheet:
    return read(ods(table(row(cells)), **given)).sheets[0]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (cell("float", "12.5", "12,50"), 12.5),
        (cell("percentage", "0.5", "50 %"), 0.5),
        (cell("currency", "1234", "1 234 €"), 1234.0),
        (cell("date", "2026-03-31", "31 mars"), date(2026, 3, 31)),
        (cell("date", "2026-03-31T14:30:00", "x"), datetime(2026, 3, 31, 14, 30)),
        (cell("date", "99999-01-01", "bientôt"), "bientôt"),
        (cell("time", "PT08H15M00S", "8:15"), time(8, 15)),
        (cell("time", "PT30H00M00S", "30:00"), timedelta(hours=30)),
        (cell("boolean", "true", "VRAI"), True),
        (cell("string", "", "a<text:s text:c='3'/>b<text:tab/>c"), "a   b\tc"),
        (cell("string", "", "a</text:p><text:p>b<text:line-break/>c"), "a\nb\nc"),
        (cell("string", "", "a <text:span>b <text:a>c</text:a></text:span>"), "a b c"),
        (cell("string", "", "<draw:frame><text:p>x</text:p></draw:frame>a"), "a"),
        ('<table:table-cell office:value-type="string" office:string-value="a"/>', "a"),
        (cell("float", "INF", ""), None),
    ],
)
def test_a_value_is_what_its_cell_is_typed_as(written: str, value: Value) -> None:
    assert first(written + cell("float", "1")).value(0, 0) == value


def test_repeated_rows_and_cells_are_as_many() -> None:
    rows = row(
        '<table:table-cell table:number-columns-repeated="2"/>'
        + cell("float", "1", more=' table:number-columns-repeated="2"'),
        ' table:number-rows-repeated="2"',
    ) + row(
        '<table:table-cell table:number-columns-repeated="16384"/>',
        ' table:number-rows-repeated="1048574"',
    )
    sheet = read(ods(table(rows))).sheets[0]
    assert [list(r) for r in sheet.rows] == [[None, None, 1.0, 1.0]] * 2


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (cell("string", "", "a<text:s text:c='2000000000'/>"), "too-large"),
        (
            cell("float", "1", more=' table:number-columns-repeated="2000000000"'),
            "damaged",
        ),
        (
            cell("float", "1", more=' table:number-columns-repeated="16384"'),
            "too-large",
        ),
    ],
    ids=["spaces", "beyond the grid", "the whole grid"],
)
def test_what_would_fill_the_memory_is_refused_with_a_reason(
    cells: str, reason: str
) -> None:
    data = ods(table(row(cells, ' table:number-rows-repeated="1000000"')))
    with pytest.raises(UnreadableWorkbookError, match=reason):
        read(data)


def test_an_endless_empty_run_is_nothing() -> None:
    empty = '<table:table-cell table:number-columns-repeated="2000000000"/>'
    assert first(cell("float", "1") + empty).rows == [[1.0]]


def test_a_cell_far_from_the_table_is_told() -> None:
    far = '<table:table-cell table:number-columns-repeated="900"/>' + cell("float", "2")
    rows = (
        row(cell("float", "1"))
        + row("<table:table-cell/>", ' table:number-rows-repeated="200000"')
        + row(far)
    )
    book = read(ods(table(rows)))
    assert book.sheets[0].rows == [[1.0]]
    assert [f.rule for f in book.findings] == ["sheet-sparse"]


def test_error_cells_are_errors_and_formulas_are_known() -> None:
    formula = ' table:formula="of:=1/0"'
    sheet = first(
        cell("string", "", "#DIV/0!", formula + ' calcext:value-type="error"')
        + cell("string", "", "Err:502", formula)
        + cell("float", "2", "2", formula)
        + f"<table:table-cell{formula}/>"
    )
    assert sheet.errors == {(0, 0): "#DIV/0!", (0, 1): "Err:502"}
    assert (sheet.value(0, 0), sheet.value(0, 2)) == (None, 2.0)
    assert (len(sheet.formulas), sheet.uncached) == (4, {(0, 3)})


def test_merged_ranges_comments_and_hidden_parts_are_read() -> None:
    note = "<office:annotation><text:p>à voir</text:p></office:annotation>"
    span = ' table:number-columns-spanned="2" table:number-rows-spanned="1"'
    merged = cell("string", "", "a", span).replace("<text:p>", note + "<text:p>", 1)
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    rows = row(merged + "<table:covered-table-cell/>") + row(
        cell("float", "1") * 2, ' table:visibility="filter"'
    )
    sheet = read(ods(table(rows, more=columns))).sheets[0]
    assert (sheet.value(0, 0), sheet.merges) == ("a", (Box(0, 0, 0, 1),))
    assert sheet.comments == {(0, 0): "à voir"}
    assert (sheet.hidden_rows, sheet.hidden_cols) == ({1}, {1})


def test_a_value_under_a_merged_range_is_told() -> None:
    span = ' table:number-columns-spanned="2" table:number-rows-spanned="1"'
    covered = cell("float", "9").replace("table:table-cell", "table:covered-table-cell")
    book = read(ods(table(row(cell("float", "1", more=span) + covered))))
    assert book.sheets[0].rows == [[1.0, None]]
    assert [f.rule for f in book.findings] == ["cells-covered"]


def test_hidden_sheets_are_marked_and_tables_within_cells_are_none() -> None:
    style = '<style:style style:name="t" style:family="table"><style:table-properties table:display="false"/></style:style>'
    inner = f"<table:table-cell>{table(row(cell('float', '9')))}</table:table-cell>"
    data = ods(
        table(row(inner + cell("float", "1"))),
        table(row(cell("float", "2")), name="T", style="t"),
        styles=style,
    )
    assert [(s.name, s.visible, s.rows) for s in read(data).sheets] == [
        ("S", True, [[None, 1.0]]),
        ("T", False, [[2.0]]),
    ]


def look(name: str, more: str = "", **properties: str) -> str:
    inside = "".join(
        f"<style:{kind}-properties {given}/>" for kind, given in properties.items()
    ).replace("cell-", "table-cell-")
    return f'<style:style style:name="{name}" style:family="table-cell"{more}>{inside}</style:style>'


def test_fills_fonts_and_struck_texts_are_seen() -> None:
    styles = (
        look("base", cell='fo:background-color="#ff0000"')
        + look(
            "a",
            ' style:parent-style-name="base"',
            text='fo:color="#00b050" fo:font-weight="bold"',
        )
        + look(
            "b",
            text='style:text-line-through-style="solid" style:font-name="Wingdings"',
        )
    )
    cells = cell("string", "", "x", ' table:style-name="a"') + cell(
        "string", "", "l", ' table:style-name="b"'
    )
    sheet = first(cells, styles=styles)
    seen = sheet.look(0, 0)
    assert (seen.fill, seen.ink, seen.bold) == ("FF0000", "00B050", True)
    assert (sheet.look(0, 1).font, sheet.struck) == ("Wingdings", {(0, 1)})


def test_a_cell_without_a_style_has_that_of_its_row_or_column() -> None:
    styles = look("r", cell='fo:background-color="#ff0000"') + look(
        "c", cell='fo:background-color="#00ff00"'
    )
    columns = '<table:table-column/><table:table-column table:default-cell-style-name="c" table:number-columns-repeated="3"/>'
    rows = row(cell("float", "1") * 2) + row(
        cell("float", "1"), ' table:default-cell-style-name="r"'
    )
    sheet = read(ods(table(rows, more=columns), styles=styles)).sheets[0]
    fills = [sheet.look(*at).fill for at in ((0, 0), (0, 1), (1, 0))]
    assert fills == ["", "00FF00", "FF0000"]


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        ("<number:percentage-style style:name='n'><number:number number:decimal-places='1'/><number:text> %</number:text></number:percentage-style>", "0.0 %"),
        ("<number:date-style style:name='n'><number:month number:textual='true'/><number:text>-</number:text><number:year/></number:date-style>", "mmm-yy"),
        ("<number:date-style style:name='n'><number:day number:style='long'/><number:text>/</number:text><number:month number:style='long'/><number:text>/</number:text><number:year number:style='long'/></number:date-style>", "dd/mm/yyyy"),
        ("<number:currency-style style:name='n'><number:number number:decimal-places='0' number:grouping='true'/><number:text> </number:text><number:currency-symbol>k€</number:currency-symbol></number:currency-style>", '#,##0 "k€"'),
        ("<number:time-style style:name='n' number:truncate-on-overflow='false'><number:hours/><number:text>:</number:text><number:minutes number:style='long'/></number:time-style>", "[h]:mm"),
        ("<number:number-style style:name='n'><number:number number:min-integer-digits='1'/></number:number-style>", ""),
        ("<number:number-style style:name='n'><number:number number:decimal-places='0' number:min-integer-digits='4'/></number:number-style>", "0000"),
    ],
    ids=["percentage", "month", "day", "money", "duration", "general", "code"],
)  # fmt: skip
def test_a_number_format_is_written_as_in_other_workbooks(
    made: str, shown: str
) -> None:
    styles = made + look("a", ' style:data-style-name="n"')
    written = cell("time", "PT02H30M00S", "x", ' table:style-name="a"')
    sheet = first(written, styles=styles)
    assert sheet.look(0, 0).format == shown
    usual: Value = timedelta(hours=2.5) if shown == "[h]:mm" else time(2, 30)
    assert sheet.value(0, 0) == usual


def test_other_prefixes_mean_the_same() -> None:
    content = parts_of(ods(table(row(cell("float", "1")))))
    xml = re.sub(r"(</?| )table:", r"\1t:", content["content.xml"])
    xml = xml.replace("xmlns:table=", "xmlns:t=")
    assert read(zipped({**content, "content.xml": xml})).sheets[0].rows == [[1.0]]


def test_a_content_that_breaks_off_keeps_what_precedes_and_is_told() -> None:
    content = parts_of(ods(table(row(cell("float", "1")) + row(cell("float", "2")))))
    xml = content["content.xml"].rpartition("<table:table-row>")[0]
    book = read(zipped({**content, "content.xml": xml}))
    assert book.sheets[0].rows == [[1.0]]
    assert [(f.rule, f.ref.sheet) for f in book.findings] == [("sheet-damaged", "S")]


@pytest.mark.parametrize("content", ["", "bonjour", "<!DOCTYPE x><x/>"])
def test_a_content_that_is_none_is_damage(content: str) -> None:
    parts = parts_of(ods(table(row(cell("float", "1")))))
    with pytest.raises(UnreadableWorkbookError, match="damaged"):
        read(zipped({**parts, "content.xml": content}))
