from __future__ import annotations

import pytest

from consolidate.model.error import UnreadableWorkbookError
from consolidate.read import read_workbook
from consolidate.read.delimited import read_csv, read_html

TEXT = 'Projet;État;Météo\nDéploiement;réalisé à côté;"vert\nfoncé"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_survive_every_usual_encoding(encoding: str) -> None:
    book = read_workbook("suivi.csv", TEXT.encode(encoding))
    assert book.kind == "csv"
    assert [list(row) for row in book.sheets[0].rows] == [
        ["Projet", "État", "Météo"],
        ["Déploiement", "réalisé à côté", "vert\nfoncé"],
    ]


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_a_table(mark: str) -> None:
    text = f"Projet{mark}Budget\nDPI{mark}12 500\nPACS{mark}\n"
    rows = read_workbook("suivi.xls", text.encode()).sheets[0].rows
    assert [list(row) for row in rows] == [
        ["Projet", "Budget"],
        ["DPI", "12 500"],
        ["PACS", None],
    ]


def test_a_page_with_a_table_named_xls_is_read() -> None:
    page = "<html><table><tr><th colspan=2>Jalons</th></tr><tr><td>Recette</td><td>a&eacute;<br>b</td></tr></table></html>"
    book = read_workbook("export.xls", page.encode())
    assert book.kind == "html"
    assert book.sheets[0].value(1, 1) == "aé\nb"
    assert book.sheets[0].merges[0].a1 == "A1:B1"


def grid(page: str) -> list[list[object]]:
    sheet = read_html("export.xls", page.encode()).sheets[0]
    return [list(row) for row in sheet.rows]


def test_text_of_an_old_mac_is_recognised() -> None:
    text = "été;à\nç;é\n"
    rows = read_csv("suivi.csv", text.encode("mac-roman")).sheets[0].rows
    assert [list(row) for row in rows] == [["été", "à"], ["ç", "é"]]


def test_cells_stay_as_written_and_what_no_file_should_hold_is_shown() -> None:
    rows = read_csv("a.csv", b"a ; b\0\n 007;1,50\n").sheets[0].rows
    assert [list(row) for row in rows] == [["a ", " b\ufffd"], [" 007", "1,50"]]


def test_the_sheet_bears_the_name_of_the_file() -> None:
    assert read_csv("mars/suivi.v2.csv", b"a;b\nc;d\n").sheets[0].name == "suivi.v2"


def test_a_very_long_cell_is_read_whole() -> None:
    rows = read_csv("a.csv", b"a;b\n" + b"x" * 200_000 + b";c\n").sheets[0].rows
    assert len(str(rows[1][0])) == 200_000


def test_a_cell_that_spans_rows_pushes_those_below_aside() -> None:
    page = "<table><tr><td rowspan=2>A<td>B<tr><td>C</table>"
    assert grid(page) == [["A", "B"], [None, "C"]]


@pytest.mark.parametrize("span", ["²", "x", "", "0"])
def test_a_span_that_is_no_number_is_one(span: str) -> None:
    page = f'<table><tr><td colspan="{span}">a</td><td>b</td></tr></table>'
    assert grid(page) == [["a", "b"]]


def test_a_table_inside_a_table_loses_no_text_around_it() -> None:
    inner = "<table><tr><td>in</td></tr></table>"
    page = f"<table><tr><td>A{inner}B</td><td>C</td></tr></table>"
    sheets = read_html("export.xls", page.encode()).sheets
    assert [[list(row) for row in s.rows] for s in sheets] == [[["AB", "C"]], [["in"]]]


def test_a_table_that_only_lays_out_the_page_is_no_sheet() -> None:
    inner = "<table><tr><td>in</td></tr></table>"
    page = f"<table><tr><td>{inner}</td></tr></table>"
    assert [s.name for s in read_html("a.xls", page.encode()).sheets] == ["Table 2"]


def test_scripts_and_styles_are_no_text() -> None:
    page = "<table><tr><td>a<script>x</script><style>y</style>b</table>"
    assert grid(page) == [["ab"]]


def test_spans_that_multiply_are_too_large() -> None:
    page = "<table>" + "<tr><td colspan=1000 rowspan=1000>x" * 400 + "</table>"
    with pytest.raises(UnreadableWorkbookError, match="too-large"):
        read_html("a.xls", page.encode())


def test_markup_that_cannot_be_read_is_damage() -> None:
    with pytest.raises(UnreadableWorkbookError, match="damaged"):
        read_html("a.xls", b"<table><tr><td>x<![foo[ z</td></tr></table>")


def test_characters_that_cannot_be_read_are_told_once() -> None:
    book = read_csv("a.csv", b"a;b\nc;d\0\ne;f\0\n")
    assert [(f.rule, f.ref.cell, f.params["count"]) for f in book.findings] == [
        ("text-cleaned", "B2", "2")
    ]
