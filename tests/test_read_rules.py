"""Rules main's read/ breaks today; they pass once the patches beside this file are applied."""

from __future__ import annotations

import io

import xlsxwriter
from stdnum.fr import nir

from consolidate.model.address import Box
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.workbook import Sheet, Workbook
from consolidate.read import read_workbook
from consolidate.read.privacy import mask

BODY = "1850578006084"
NUMBER = BODY + nir.calc_check_digits(BODY)


def test_a_number_only_in_a_sheet_name_is_masked_and_told() -> None:
    book = mask(Workbook("w", "xlsx", (Sheet(f"Patient {NUMBER}", [["x"]]),)))
    assert NUMBER not in repr(book)
    assert [f.rule for f in book.findings] == ["patient-identifier"]


def test_a_number_in_a_drop_down_list_is_masked() -> None:
    sheet = Sheet("S", [["x"]], choices=((Box(0, 0, 0, 0), (NUMBER,)),))
    assert NUMBER not in repr(mask(Workbook("w", "xlsx", (sheet,))))


def test_earlier_findings_do_not_name_it() -> None:
    told = Finding("sheet-sparse", Severity.ERROR, CellRef("w", f"P {NUMBER}"))
    book = Workbook("w", "xlsx", (Sheet(f"P {NUMBER}", [["x"]]),), (told,))
    assert NUMBER not in repr(mask(book))


def test_a_number_stuck_to_letters_is_masked() -> None:
    book = Workbook("w", "xlsx", (Sheet("S", [[f"NIR{NUMBER}"]]),))
    assert NUMBER not in repr(mask(book))


def test_masked_sheets_keep_names_of_their_own() -> None:
    one, two = f"P {NUMBER}", f"P {NUMBER[:5]} {NUMBER[5:]}"
    book = mask(Workbook("w", "xlsx", (Sheet(one, [["x"]]), Sheet(two, [["x"]]))))
    assert len({s.name for s in book.sheets}) == 2


def test_a_grid_of_check_marks_is_a_workbook() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        marks = book.add_worksheet()
        for at in range(1200):
            marks.write(at // 20, at % 20, "X")
    assert len(read_workbook("g.xlsx", file.getvalue()).sheets[0].rows) == 60
