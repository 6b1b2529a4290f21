"""Binary workbooks: nothing of what they hold is passed over."""

from __future__ import annotations

import struct
from datetime import date, datetime, time, timedelta

import pytest
from build_biff import cell12, record12, row12, text12, xlsb
from build_read import parts_of_bytes, zipped

from consolidate.model.address import Box
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.workbook import Sheet, Value, Workbook
from consolidate.read import read_workbook

SHEET = "xl/worksheets/sheet1.bin"


def read(data: bytes) -> Workbook:
    return read_workbook("w.xlsb", data)


def first(cells: bytes, **given: object) -> Sheet:
    return read(xlsb(row12(0, cells), **given)).sheets[0]  # type: ignore[arg-type]


def real(col: int, value: float, style: int = 0) -> bytes:
    return cell12(5, col, struct.pack("<d", value), style)


def rk(value: int) -> bytes:
    return cell12(2, 0, struct.pack("<i", value))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (real(0, 0.5), 0.5),
        (rk(7 << 2 | 2), 7.0),
        (rk(-7 << 2 | 2), -7.0),
        (rk(1250 << 2 | 3), 12.5),
        (rk(0x3FF00000), 1.0),
        (cell12(4, 0, b"\1"), True),
        (cell12(6, 0, text12("été")), "été"),
        (cell12(62, 0, b"\0" + text12("riche")), "riche"),
        (cell12(7, 0, struct.pack("<I", 1)), "dit"),
        (cell12(7, 0, struct.pack("<I", 9)), None),
        (cell12(9, 0, struct.pack("<d", 3) + bytes(8)), 3.0),
        (cell12(8, 0, text12("formule") + bytes(8)), "formule"),
        (cell12(1, 0), None),
    ],
)  # fmt: skip
def test_a_value_is_read_whatever_its_record(cell: bytes, value: Value) -> None:
    sheet = first(cell + real(1, 9), texts=("", "dit"))
    assert sheet.rows == [[value, 9.0]]


def test_a_short_record_stands_after_the_one_before() -> None:
    short = record12(16, struct.pack("<Id", 0, 2.0))
    assert first(real(3, 1) + short).rows == [[None, None, None, 1.0, 2.0]]


def test_error_cells_are_errors_and_no_values() -> None:
    formula = cell12(11, 1, b"\x17" + bytes(8))
    sheet = first(cell12(3, 0, b"\7") + formula + real(2, 1))
    assert sheet.errors == {(0, 0): "#DIV/0!", (0, 1): "#REF!"}
    assert (sheet.rows, sheet.formulas) == ([[None, None, 1.0]], {(0, 1)})


@pytest.mark.parametrize(
    ("serial", "shown", "value"),
    [
        (46112.0, "dd/mm/yyyy", date(2026, 3, 31)),
        (46112.5, "dd/mm/yyyy hh:mm", datetime(2026, 3, 31, 12)),
        (0.25, "hh:mm", time(6)),
        (1.25, "[h]:mm", timedelta(hours=30)),
        (0.5, "0%", 0.5),
        (12.0, '0 "jours"', 12.0),
        (1e9, "dd/mm/yyyy", 1e9),
    ],
)
def test_a_number_is_what_its_format_shows(
    serial: float, shown: str, value: Value
) -> None:
    sheet = first(real(0, serial, 1), shown=shown)
    assert (sheet.value(0, 0), sheet.look(0, 0).format) == (value, shown)


def test_days_count_from_1904_when_the_workbook_says_so() -> None:
    sheet = first(real(0, 46112, 1), shown="dd/mm/yyyy", date_1904=True)
    assert sheet.value(0, 0) == date(2030, 4, 1)


def test_merged_ranges_and_hidden_parts_are_known() -> None:
    data = xlsb(
        row12(0, real(0, 1) + real(1, 2)) + row12(1, real(0, 3), hidden=True),
        row12(0, real(0, 4)),
        before=record12(60, struct.pack("<4IH", 1, 1, 0, 0, 1)),
        after=record12(176, struct.pack("<4I", 0, 0, 0, 1)),
        hidden=1,
    )
    book = read(data)
    sheet = book.sheets[0]
    assert (sheet.rows, sheet.merges) == ([[1.0, None], [3.0]], (Box(0, 0, 0, 1),))
    assert (sheet.hidden_rows, sheet.hidden_cols) == ({1}, {1})
    assert [s.visible for s in book.sheets] == [True, False]
    assert [f.rule for f in book.findings][:2] == ["look-not-read", "cells-covered"]


def test_a_sheet_that_is_missing_or_breaks_off_is_told_and_the_others_are_read() -> (
    None
):
    parts = parts_of_bytes(
        xlsb(row12(0, real(0, 1) + real(1, 2)), row12(0, real(0, 3)))
    )
    cut = {**parts, SHEET: parts[SHEET][:-15]}
    book = read(zipped(cut))
    assert [s.rows for s in book.sheets] == [[[1.0]], [[3.0]]]
    assert [f.rule for f in book.findings] == ["look-not-read", "sheet-damaged"]
    del parts[SHEET]
    assert [f.rule for f in read(zipped(parts)).findings] == [
        "look-not-read",
        "sheet-not-read",
    ]


def test_a_cell_beyond_the_grid_is_damage() -> None:
    with pytest.raises(UnreadableWorkbookError, match="damaged"):
        first(real(20_000, 1))


def test_far_cells_are_told() -> None:
    rows = row12(0, real(0, 1)) + row12(1_000_000, real(900, 2))
    book = read(xlsb(rows))
    assert book.sheets[0].rows == [[1.0]]
    assert [f.rule for f in book.findings] == ["look-not-read", "sheet-sparse"]
