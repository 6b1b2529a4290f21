"""Delimited texts as exports leave them: nothing swallowed, nothing garbled in silence."""

from __future__ import annotations

import pytest

from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.workbook import Workbook
from consolidate.read import read_workbook

TEXT = "Projet;État;Chef\nDéploiement;réalisé à l'été;Zoé\nPACS;déjà prêt;Ève\n"


def read(data: bytes | str) -> Workbook:
    raw = data.encode() if isinstance(data, str) else data
    return read_workbook("suivi.csv", raw)


def rows(book: Workbook) -> list[list[object]]:
    return [list(row) for row in book.sheets[0].rows]


def told(book: Workbook) -> list[tuple[str, str]]:
    return [(f.rule, f.ref.cell) for f in book.findings]


CELLS = [line.split(";") for line in TEXT.splitlines()]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"],
)
def test_an_encoding_that_is_sure_needs_no_word(encoding: str) -> None:
    book = read(TEXT.encode(encoding))
    assert (rows(book), told(book)) == (CELLS, [])


@pytest.mark.parametrize("encoding", ["cp850", "mac-roman"])
def test_old_encodings_are_recognised_by_their_letters_and_told(encoding: str) -> None:
    book = read(TEXT.encode(encoding))
    assert (rows(book), told(book)) == (CELLS, [("text-encoding-guessed", "")])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Projet;Budget\nDPI;12 500 €\n", "cp1252"),
        ("Projet;Budget\nDPI;12 500 €\n", "mac-roman"),
        ("N° projet;Nom\n1;DPI\n", "cp850"),
        ("N° projet;Nom\n1;DPI\n", "mac-roman"),
        ("PROJET;ÉTAT\nDÉPLOIEMENT;RÉALISÉ À CÔTÉ\n", "cp1252"),
        ("PROJET;ÉTAT\nDÉPLOIEMENT;RÉALISÉ À CÔTÉ\n", "cp850"),
        ("PROJET;ÉTAT\nDÉPLOIEMENT;RÉALISÉ À CÔTÉ\n", "mac-roman"),
        ("Projet;Maître d'œuvre\nl’étude;« ça va »\n", "cp1252"),
        ("Projet;Note\nDPI;l’équipe – prête…\n", "mac-roman"),
    ],
)
def test_few_letters_are_enough(text: str, encoding: str) -> None:
    expected = [line.split(";") for line in text.splitlines()]
    assert rows(read(text.encode(encoding))) == expected


def test_a_text_in_utf_8_with_a_broken_letter_stays_in_utf_8() -> None:
    data = (TEXT * 3).encode().replace("Zoé".encode(), b"Zo\xe9", 1)
    book = read(data)
    assert rows(book)[1] == ["Déploiement", "réalisé à l'été", "Zo\ufffd"]
    assert told(book) == [("text-cleaned", "C2")]


@pytest.mark.parametrize("said", ["sep=|", "SEP=|", '"sep=|"', "sep=|\r"])
def test_a_first_line_that_names_the_delimiter_is_no_data(said: str) -> None:
    book = read(f"{said}\nProjet|Montant, HT\nDPI|a,b;c\n")
    assert rows(book) == [["Projet", "Montant, HT"], ["DPI", "a,b;c"]]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_decimal_commas_are_no_delimiters(mark: str) -> None:
    text = "P;T1;T2;T3\n" + "1,5;2,5;3,5;4,5\n" * 9
    expected = [["P", "T1", "T2", "T3"], *[["1,5", "2,5", "3,5", "4,5"]] * 9]
    assert rows(read(text.replace(";", mark))) == expected


def test_numbers_between_commas_are_cells() -> None:
    assert rows(read("a,b,c\n1,2,3\n4,5,6\n"))[1] == ["1", "2", "3"]


def test_a_quoted_line_break_is_inside_a_cell() -> None:
    book = read('a;b\n"x\ny ""z"";t";2\r\n"u";3\n')
    assert rows(book) == [["a", "b"], ['x\ny "z";t', "2"], ["u", "3"]]
    assert told(book) == []


@pytest.mark.parametrize(
    ("text", "expected", "where"),
    [
        ('a;b\n1;"x\n2;y\n3;z\n', [["1", '"x'], ["2", "y"], ["3", "z"]], "B2"),
        ('a;b\n1;"x\n2;"y"\n3;z\n', [["1", '"x'], ["2", "y"], ["3", "z"]], "B2"),
        ('a;b\n1;"x\n2;y\n3;z"\n', [["1", '"x'], ["2", "y"], ["3", 'z"']], "B2"),
        ('a;b\n"x" y;1\n2;z\n', [['"x" y', "1"], ["2", "z"]], "A2"),
        ('a;b\r\n1;"x\r\n2;y', [["1", '"x'], ["2", "y"]], "B2"),
    ],
    ids=["to the end", "to a quote", "around a row", "text after", "windows"],
)
def test_a_quote_that_is_never_closed_swallows_nothing_and_is_told(
    text: str, expected: list[list[object]], where: str
) -> None:
    book = read(text)
    assert rows(book) == [["a", "b"], *expected]
    assert told(book) == [("csv-quote-open", where)]


def test_a_quote_within_a_cell_is_a_character() -> None:
    book = read('a;b\nécran 24";1\n2;x\n')
    assert (rows(book)[1], told(book)) == (['écran 24"', "1"], [])


def test_a_loose_reading_keeps_empty_cells_and_the_last_line() -> None:
    book = read('a;b;c\n"x;;\n;;"y"   ;\n;1;')
    assert rows(book)[1:] == [
        ['"x', None, None],
        [None, None, "y", None],
        [None, "1", None],
    ]


def test_a_row_wider_than_the_others_is_told() -> None:
    book = read("a;b\n" + "1;2\n" * 8 + "3;x;y\n4\n")
    assert rows(book)[9:] == [["3", "x", "y"], ["4"]]
    assert told(book) == [("csv-rows-wide", "C10")]


def test_rows_that_end_with_empty_cells_are_not_wide() -> None:
    assert told(read("a;b\n" + "1;2\n" * 8 + "3;4;;;\n")) == []


def test_one_endless_cell_is_too_large() -> None:
    with pytest.raises(UnreadableWorkbookError, match="too-large"):
        read(b"a;b\n1;" + b"x" * (17 << 20) + b"\n")


def test_one_endless_line_is_no_workbook() -> None:
    with pytest.raises(UnreadableWorkbookError, match="not-a-workbook"):
        read(b"x;" * (1 << 20))
