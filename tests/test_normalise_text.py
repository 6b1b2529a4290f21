from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from normalise_extract import read, schemas

from consolidate.model.text import fold
from consolidate.normalise.text import as_shown, parse_person, parse_text, raw_text


@pytest.mark.parametrize(
    ("raw", "fmt", "text"),
    [
        (12.0, "", "12"),
        (12, "", "12"),
        (0.1 + 0.2, "", "0.3"),
        (1e20, "", "100000000000000000000"),
        (540000123.0, "000000000", "540000123"),
        (42.0, "00000", "00042"),
        (0.4, "0%", "40 %"),
        (datetime(2026, 4, 3), "", "2026-04-03"),
        (datetime(2026, 4, 3, 14, 30), "", "2026-04-03 14:30"),
        (date(2026, 4, 3), "", "2026-04-03"),
        (time(14, 30), "", "14:30"),
        (timedelta(hours=26, minutes=5), "", "26:05"),
        (True, "", "TRUE"),
        (" P-1 \n", "", "P-1"),
        (None, "", ""),
    ],
)
def test_a_typed_value_reads_as_excel_shows_it(
    raw: object, fmt: str, text: str
) -> None:
    assert as_shown(raw, fmt) == text  # type: ignore[arg-type]


def test_french_booleans_are_french() -> None:
    assert as_shown(True, language="fr") == "VRAI"
    assert as_shown(False, language="fr") == "FAUX"


def test_text_is_kept_exactly_as_read() -> None:
    text = "Ligne 1\n  - point  2 ; =SOMME(A1)"
    assert read("projects", "comment", [f"  {text} "])[0] == [text]


def test_nothing_to_report_is_an_answer_in_a_text() -> None:
    assert read("projects", "comment", ["RAS", "Aucun", "-", "n/a", "TBD"])[0] == [
        "RAS",
        "Aucun",
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("DUPONT Jean", "DUPONT Jean"),
        ("M. Dupont", "Dupont"),
        ("Mme  MARTIN  Anne", "MARTIN Anne"),
        ("Dr P. Petit", "P. Petit"),
        ("J. DUPONT", "J. DUPONT"),
        ("M. X\nMme Y", "X / Y"),
        ("DUPONT/MARTIN", "DUPONT/MARTIN"),
        ("a.b@exemple.fr", "a.b@exemple.fr"),
        ("Mrozek Paul", "Mrozek Paul"),
        ("Drouet Anne", "Drouet Anne"),
        ("Équipe réseau", "Équipe réseau"),
        ("à définir", None),
        (1234.0, "1234"),
    ],
)
def test_a_name_loses_its_title_and_nothing_else(raw: object, name: str | None) -> None:
    assert read("projects", "project_manager", [raw])[0] == [name]


def test_a_list_is_joined_by_semicolons() -> None:
    assert read(
        "projects", "establishments", ["CHRU, CH A / CH B", "A\nB+C", "Tous", "A;A;?"]
    )[0] == [
        "CHRU;CH A;CH B",
        "A;B;C",
        "Tous",
        "A",
    ]


def test_a_comma_stays_in_a_name_when_semicolons_separate() -> None:
    values, _ = read(
        "meetings", "participants", ["DUPONT, Jean ; MARTIN, Anne", "Dupont, Martin"]
    )
    assert values == ["DUPONT, Jean;MARTIN, Anne", "Dupont;Martin"]


@given(st.text())
def test_never_raises_on_any_text(text: str) -> None:
    missing = schemas().missing
    assert parse_text(text, "", "", missing).value in {text.strip(), None}
    parse_person(text, "", "", missing)


def test_the_same_text_twice_is_the_same() -> None:
    assert read("projects", "comment", ["A", "A", None, "B"])[0] == ["A", "A", "B"]


def test_an_empty_list_is_no_value() -> None:
    assert read("projects", "establishments", ["  ", "?", ";"])[0] == [None, None, None]


def test_a_number_too_large_for_excel_is_still_text() -> None:
    assert as_shown(1e308) == "1e+308"
    assert as_shown(float("inf")) == "inf"


def test_letters_once_read_in_another_alphabet_are_compared_as_they_were_meant() -> (
    None
):
    assert fold("DurÃ©e (min)") == fold("Durée (min)")
    assert fold("TerminÃ©") == fold("Terminé")
    assert fold("São Paulo") == "sao paulo"


def test_what_was_written_is_kept_as_text_as_the_contract_says() -> None:
    written = [12.0, 0.5, True, date(2026, 3, 31), datetime(2026, 3, 31), None, "x"]
    texts = ["12", "0.5", "true", "2026-03-31", "2026-03-31", "", "x"]
    assert [raw_text(value) for value in written] == texts
    assert raw_text(datetime(2026, 3, 31, 9, 30)) == "2026-03-31 09:30:00"
    assert raw_text(timedelta(hours=30, minutes=15)) == "30:15"
