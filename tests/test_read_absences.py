"""Reasons of absence of a person are masked; the same words elsewhere are left alone."""

from __future__ import annotations

from datetime import date

import pytest

from consolidate.model.workbook import Sheet, Value, Workbook
from consolidate.read.privacy import ABSENCE, mask


def masked(
    rows: list[list[Value]], sheet: str = "Feuil1", workbook: str = "w.xlsx"
) -> list[list[Value]]:
    book = mask(Workbook(workbook, "xlsx", (Sheet(sheet, rows),)))
    return [list(row) for row in book.sheets[0].rows]


@pytest.mark.parametrize(
    "text", ["Congé maladie", "ARRÊT MALADIE", "conges payes", "Sick leave", "JRTT"]
)
def test_what_can_be_nothing_else_is_masked_anywhere(text: str) -> None:
    assert masked([[text]]) == [[ABSENCE]]


@pytest.mark.parametrize(
    "text",
    ["CA", "AT", "arrêt", "grève", "Maladie", "Strike", "Maternité", "Leave", "Décès"],
)
def test_a_word_that_may_be_a_country_a_risk_or_a_ward_is_left_alone(text: str) -> None:
    rows: list[list[Value]] = [["Risque"], [text], ["x"]]
    assert masked(rows) == rows


@pytest.mark.parametrize(
    "heading",
    ["Motif d'absence", "Absences", "Type de congé", "Leave type", "Nb jours congés"],
)
@pytest.mark.parametrize("text", ["CA", "AT", "grève", "Maladie", "Leave"])
def test_under_a_heading_of_absences_every_reason_is_masked(
    heading: str, text: str
) -> None:
    assert masked([["Agent", heading], ["x", text]])[1] == ["x", ABSENCE]


@pytest.mark.parametrize(
    "heading", ["Absence de sponsor", "Risque d'absence longue du chef de projet"]
)
def test_a_risk_that_speaks_of_absence_is_no_heading(heading: str) -> None:
    rows: list[list[Value]] = [["Risque"], [heading], ["Grève"], ["Arrêt"]]
    assert masked(rows) == rows


@pytest.mark.parametrize("heading", ["Motif d'absence", "Type de congé", "Reason for absence"])  # fmt: skip
def test_whatever_answers_why_somebody_is_away_is_masked(heading: str) -> None:
    text = "opération du genou"
    rows: list[list[Value]] = [["Agent", heading, "Projet"], ["x", text, "SIH"], ["y", text, "SIH"], [None], ["z", text, "SIH"]]  # fmt: skip
    read = masked(rows)
    assert [row[1] for row in read[1:3]] == [ABSENCE, ABSENCE]
    assert read[4] == ["z", text, "SIH"]  # another table
    assert [row[2] for row in read[1:3]] == ["SIH", "SIH"]


def test_what_a_label_of_a_form_asks_is_masked_too() -> None:
    assert masked([["Motif d'absence :", "opération"], ["Projet", "SIH"]]) == [["Motif d'absence :", ABSENCE], ["Projet", "SIH"]]  # fmt: skip


def test_beside_a_label_of_absences_reasons_are_masked() -> None:
    assert masked([["Absences :", "AT", 3.0]]) == [["Absences :", ABSENCE, 3.0]]


def test_in_a_sheet_of_absences_reasons_are_masked() -> None:
    assert masked([["x", "CA"]], sheet="Absences 2026") == [["x", ABSENCE]]


@pytest.mark.parametrize(
    "days",
    [[date(2026, 3, 2), date(2026, 3, 3)], [2.0, 3.0]],
    ids=["dates", "days of a month"],
)
def test_in_a_calendar_reasons_are_masked(days: list[Value]) -> None:
    assert masked([["Agent", *days], ["x", "CA", "AT"]])[1] == ["x", ABSENCE, ABSENCE]


@pytest.mark.parametrize(
    ("sheet", "workbook"),
    [("Plan de charge", "w.xlsx"), ("Feb", "227_Timesheet.xlsx"), ("CRA mars", "w")],
)
def test_where_time_is_counted_only_plain_reasons_are_masked(
    sheet: str, workbook: str
) -> None:
    rows: list[list[Value]] = [["Maladie", "RTT", "AT", "Grève", "MCO"]]
    read = masked(rows, sheet, workbook)
    assert read == [[ABSENCE, ABSENCE, "AT", "Grève", "MCO"]]


def test_people_and_times_on_a_sheet_say_that_time_is_counted() -> None:
    rows: list[list[Value]] = [["Agent", "Activité", "Jours"], ["x", "Maladie", 2.0]]
    assert masked(rows)[1] == ["x", ABSENCE, 2.0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mme X en arrêt maladie depuis mars", "Mme X en absence depuis mars"),
        ("Chef de projet : congé  maternité", "Chef de projet : absence"),
        ("X is on sick-leave until May", "X is on absence until May"),
        ("X en arrêt de travail", "X en absence"),
        ("Absente (enfant malade)", "Absente (absence)"),
        ("X, longue maladie : absent jusqu'en mai", "X, absence : absent jusqu'en mai"),
        (
            "Gestion du projet par X, en congé parental",
            "Gestion du projet par X, en absence",
        ),
    ],
)
def test_in_a_sentence_only_the_reason_is_masked(text: str, shown: str) -> None:
    assert masked([[text]]) == [[shown]]


@pytest.mark.parametrize(
    "text",
    [
        "Arrêt du serveur le 12 mars",
        "Maladies chroniques : parcours de soins",
        "Suivi des patients en ville, longue maladie",
        "Dématérialisation de l'arrêt de travail",
        "Gestion des demandes de congé maternité",
        "Portail de déclaration d'accident du travail",
        "Prévention de l'accident du travail",
        "Hôpital de jour enfant malade",
        "Interface sick leave requests",
    ],
)
def test_a_project_about_absences_or_illness_keeps_its_words(text: str) -> None:
    assert masked([[text]]) == [[text]]
