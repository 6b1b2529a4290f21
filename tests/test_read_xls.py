"""Workbooks of Excel 97: error cells, dates, merged ranges, looks, hidden parts."""

from __future__ import annotations

import struct
from datetime import date, time, timedelta

import pytest
from build_biff import label, number, record, truth, xls

from consolidate.model.address import Box
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.workbook import Sheet
from consolidate.read import read_workbook


def first(cells: bytes, **given: bool) -> Sheet:
    return read_workbook("w.xls", xls(cells, **given)).sheets[0]


def test_values_are_read_by_kind() -> None:
    cells = number(0, 0, 0.5) + label(0, 1, "été\n2") + truth(0, 2, 1)
    assert first(cells).rows == [[0.5, "été\n2", True]]


def test_error_cells_are_errors_and_no_values() -> None:
    sheet = first(number(0, 0, 1) + truth(0, 1, 7, error=True))
    assert (sheet.value(0, 1), sheet.errors) == (None, {(0, 1): "#DIV/0!"})


@pytest.mark.parametrize(
    ("date_1904", "day"), [(False, date(2026, 3, 31)), (True, date(2030, 4, 1))]
)
def test_days_count_from_where_the_workbook_says(date_1904: bool, day: date) -> None:
    assert first(number(0, 0, 46112, 1), date_1904=date_1904).value(0, 0) == day


def test_times_and_durations_are_what_they_are_shown_as() -> None:
    sheet = first(number(0, 0, 0.25, 1) + number(0, 1, 1.25, 2))
    assert sheet.rows == [[time(6), timedelta(hours=30)]]


def test_a_day_that_no_calendar_holds_stays_a_number() -> None:
    assert first(number(0, 0, 1e9, 1)).value(0, 0) == 1e9


def test_fills_and_struck_texts_are_seen() -> None:
    empty = record(0x201, struct.pack("<3H", 0, 2, 3))
    sheet = first(label(0, 0, "a", 3) + label(0, 1, "b", 4) + empty)
    assert [sheet.look(0, c).fill for c in range(3)] == ["FF0000", "", "FF0000"]
    assert (sheet.look(0, 1).bold, sheet.look(0, 1).ink) == (True, "FF0000")
    assert sheet.struck == {(0, 1)}


def test_merged_ranges_are_known_and_hide_what_they_cover() -> None:
    merged = record(0xE5, struct.pack("<5H", 1, 0, 0, 0, 1))
    book = read_workbook("w.xls", xls(number(0, 0, 1) + number(0, 1, 2) + merged))
    assert book.sheets[0].merges == (Box(0, 0, 0, 1),)
    assert book.sheets[0].rows == [[1.0, None]]
    assert [f.rule for f in book.findings] == ["cells-covered"]


def test_hidden_sheets_rows_and_columns_are_marked() -> None:
    row = record(0x208, struct.pack("<6HI", 0, 0, 2, 300, 0, 0, 0x20))
    col = record(0x7D, struct.pack("<6H", 1, 1, 2000, 0, 1, 0))
    cells = col + row + number(0, 0, 1) + number(0, 1, 2)
    book = read_workbook("w.xls", xls(cells, number(0, 0, 3), hidden=1))
    assert (book.sheets[0].hidden_rows, book.sheets[0].hidden_cols) == ({0}, {1})
    assert [s.visible for s in book.sheets] == [True, False]


def test_a_character_that_no_text_holds_is_told() -> None:
    book = read_workbook("w.xls", xls(label(0, 0, "a\x01b")))
    assert [(f.rule, f.ref.cell) for f in book.findings] == [("text-cleaned", "A1")]


def test_a_workbook_that_names_a_format_it_does_not_have_is_damaged() -> None:
    with pytest.raises(UnreadableWorkbookError, match="damaged"):
        read_workbook("w.xls", xls(number(0, 0, 1, 99)))
