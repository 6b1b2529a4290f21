from __future__ import annotations

import pytest
from stdnum.fr import nir

from consolidate.model.workbook import Sheet, Value, Workbook
from consolidate.read.privacy import MASK, mask

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
    "written",
    [
        f"{BODY} / {NUMBER[13:]}",
        f"{BODY} clé {NUMBER[13:]}",
        f"{BODY}\n{NUMBER[13:]}",
        " ".join(NUMBER),
        " ".join(NUMBER[i : i + 3] for i in range(0, 15, 3)),
        f"{NUMBER[0]}–{NUMBER[1:5]}.{NUMBER[5:]}",
    ],
    ids=["slash", "key named", "line break", "digit by digit", "by three", "dashes"],
)
def test_separators_hide_no_number(written: str) -> None:
    assert masked(rows=[[written]]).sheets[0].value(0, 0) == MASK


@pytest.mark.parametrize(
    "written",
    [
        "01 40 25 80 80 - 01 40 25 80 81",
        "2024-05-12 2024-06-30",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "732 829 320 00074",
        "FR76 3000 4000 0312 3456 7890 143",
    ],
    ids=["phones", "dates", "months", "SIRET", "IBAN"],
)
def test_other_runs_of_digits_are_left_alone(written: str) -> None:
    assert masked(rows=[[written]]).sheets[0].value(0, 0) == written


def test_a_month_that_no_registry_gives_is_no_identifier() -> None:
    body = "1854578006084"
    number = body + nir.calc_check_digits(body)
    assert masked(rows=[[number]]).sheets[0].value(0, 0) == number
