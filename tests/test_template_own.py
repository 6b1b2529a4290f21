"""A manager's own workbook handed back: only its month is moved on, or it is not handed back."""

from __future__ import annotations

import io
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from openpyxl.drawing.image import Image
from openpyxl.workbook import Workbook
from PIL import Image as Picture

from consolidate.exchange.own_order import Move, OwnOrder
from consolidate.intake.archive import Archive
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.month_text import moved_on
from consolidate.own_workbooks import Originals, build, same_day
from consolidate.read import read_workbook


def dashboard() -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = "Fiche"
    sheet["A1"] = "Point d’avancement · OCTOBRE 2026"
    sheet["A3"], sheet["B3"] = "Date du point", date(2026, 10, 31)
    sheet["A4"], sheet["B4"] = "Objectif", "Basculer en octobre 2026"
    sheet["A5"], sheet["B5"] = "Recette le", "27 octobre 2026"
    sheet["A6"], sheet["B6"] = "Reste", "=1+1"
    return book


def handed(book: Workbook, folder: Path, *moves: Move) -> tuple[bytes, tuple[str, ...], str]:  # fmt: skip
    path = folder / "b.xlsx"
    book.save(path)
    data = path.read_bytes()
    read = frozenset({("Fiche", "B4")})
    order = OwnOrder(path, len(data), sha256(data).hexdigest(), moves, read, "2026-10", "2026-11", datetime(2026, 11, 1), folder)  # fmt: skip
    made = build(order)
    return made.data, made.moved, made.why


def test_the_month_of_a_title_and_the_report_date_move_on(tmp_path: Path) -> None:
    move = Move("Fiche", "B3", date(2026, 10, 31), date(2026, 11, 30))
    data, moved, _ = handed(dashboard(), tmp_path, move)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Fiche"]
    assert moved == ("Fiche!B3", "Fiche!A1")
    assert sheet["A1"].value == "Point d’avancement · NOVEMBRE 2026"
    assert sheet["B3"].value == datetime(2026, 11, 30)
    assert sheet["B4"].value == "Basculer en octobre 2026"
    assert sheet["B5"].value == "27 octobre 2026"
    assert sheet["B6"].value == "=1+1"


def test_a_date_that_is_no_longer_what_was_read_stays(tmp_path: Path) -> None:
    move = Move("Fiche", "B3", date(2026, 10, 30), date(2026, 11, 30))
    data, moved, _ = handed(dashboard(), tmp_path, move)
    assert "Fiche!B3" not in moved
    assert openpyxl.load_workbook(io.BytesIO(data))["Fiche"]["B3"].value.day == 31


def test_it_is_known_when_it_comes_back_untouched(tmp_path: Path) -> None:
    data, _, _ = handed(dashboard(), tmp_path)
    with pytest.raises(UnreadableWorkbookError, match="template-unchanged"):
        read_workbook("b.xlsx", data)


def test_a_workbook_with_a_picture_is_not_handed_back(tmp_path: Path) -> None:
    book, picture = dashboard(), io.BytesIO()
    Picture.new("RGB", (2, 2)).save(picture, "png")
    book["Fiche"].add_image(Image(picture), "D1")
    assert handed(book, tmp_path)[2] == "unfit"


def test_the_original_is_found_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "autre nom.xlsx").write_bytes(b"the bytes")
    (tmp_path / "b.xlsx").write_bytes(b"not these")
    originals = Originals(Archive(tmp_path / "archive"), tmp_path)
    wanted = sha256(b"the bytes").hexdigest()
    assert originals.path(wanted, 9) == tmp_path / "autre nom.xlsx"
    assert originals.path("0" * 64, 9) is None


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("Suivi - Octobre 2026", "Suivi - Novembre 2026"),
        ("octobre 2026", "novembre 2026"),
        ("Status, October 2026", "Status, November 2026"),
        ("TdB_2026-10", "TdB_2026-10"),
        ("TdB 2026-10", "TdB 2026-11"),
        ("10/2026", "11/2026"),
        ("27/10/2026", "27/10/2026"),
        ("1er octobre 2026", "1er octobre 2026"),
        ("septembre 2026", "septembre 2026"),
        ("octobre 2026 et novembre 2026", "octobre 2026 et novembre 2026"),
        ("lot 2026", "lot 2026"),
    ],
)
def test_a_month_moves_on_only_where_it_is_one(text: str, moved: str) -> None:
    assert moved_on(text, "2026-10", "2026-11") == moved


def test_the_end_of_a_month_becomes_the_end_of_the_next() -> None:
    assert same_day(date(2026, 11, 30), "2026-12") == date(2026, 12, 31)
    assert same_day(date(2026, 1, 30), "2026-02") == date(2026, 2, 28)
    assert same_day(date(2026, 10, 27), "2026-11") == date(2026, 11, 27)
