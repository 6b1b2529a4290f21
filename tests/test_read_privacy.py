from __future__ import annotations

import pytest
from stdnum.fr import nir

from consolidate.model.workbook import Sheet, Value, Workbook
from consolidate.read.privacy import MASK, absence_reason, mask

BODY = "1850578006084"
NUMBER = BODY + nir.calc_check_digits(BODY)
OTHER = "2A".join(["18505", "006084"])


def masked(**given: object) -> Workbook:
    sheet = Sheet(**{"name": "S", "rows": [["x"]], **given})  # type: ignore[arg-type]
    return mask(Workbook("w.xlsx", "xlsx", (sheet,)))


@pytest.mark.parametrize(
    "written",
    [
        NUMBER,
        f"{NUMBER[0]} {NUMBER[1:3]} {NUMBER[3:5]} {NUMBER[5:7]} {NUMBER[7:10]} {NUMBER[10:13]} {NUMBER[13:]}",
    ],
    ids=["plain", "spaced"],
)
def test_a_number_with_a_right_key_is_masked_and_told(written: str) -> None:
    book = masked(rows=[[f"dossier {written} en cours"]])
    assert book.sheets[0].value(0, 0) == f"dossier {MASK} en cours"
    assert [(f.rule, f.ref.cell) for f in book.findings] == [
        ("patient-identifier", "A1")
    ]
    assert written not in repr(book)


def test_a_number_of_corsica_has_its_own_key() -> None:
    number = OTHER + nir.calc_check_digits(OTHER)
    assert masked(rows=[[number]]).sheets[0].value(0, 0) == MASK


def test_a_wrong_key_is_no_identifier() -> None:
    wrong = BODY + f"{(int(NUMBER[13:]) + 1) % 97:02}"
    assert masked(rows=[[wrong]]).sheets[0].value(0, 0) == wrong


@pytest.mark.parametrize(
    ("rows", "hidden"),
    [
        ([["Montant"], [float(NUMBER)]], False),
        ([["NIR"], [float(NUMBER)]], True),
        ([["Montant"], *[[float(NUMBER)]] * 3], True),
    ],
    ids=["alone", "announced", "three in a column"],
)
def test_a_plain_number_needs_more_than_a_key(
    rows: list[list[Value]], hidden: bool
) -> None:
    assert (masked(rows=rows).sheets[0].value(1, 0) == MASK) is hidden


def test_comments_are_masked_too() -> None:
    assert masked(comments={(0, 0): NUMBER}).sheets[0].comments == {(0, 0): MASK}


@pytest.mark.parametrize(
    "text", ["Congé maladie", "AT", "RTT", "Sick leave", "Maternité"]
)
def test_a_reason_of_absence_is_recognised(text: str) -> None:
    assert absence_reason(text)


@pytest.mark.parametrize(
    "text", ["Arrêt de production", "Lot AT 2", "Formation", "MCO"]
)
def test_other_words_are_no_reason_of_absence(text: str) -> None:
    assert not absence_reason(text)
