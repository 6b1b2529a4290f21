"""What identifies a patient in a table or a text is masked; what only looks like it is not."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from stdnum.fr import nir

from consolidate.model.identifiers import MASK, masked_name, without_identifiers
from consolidate.model.workbook import Look, Sheet, Value, Workbook
from consolidate.read.privacy import mask

BODY = "1850578006084"
NUMBER = BODY + nir.calc_check_digits(BODY)
BORN = datetime(1956, 3, 12)


def shown(rows: list[list[Value]], **given: object) -> list[list[Value]]:
    sheet = Sheet("S", rows, **given)  # type: ignore[arg-type]
    return [list(r) for r in mask(Workbook("w.xlsx", "xlsx", (sheet,))).sheets[0].rows]


def test_a_list_of_patients_keeps_neither_number_nor_birth_nor_name() -> None:
    rows: list[list[Value]] = [
        ["Nom", "Prénom", "Date de naissance", "N° IPP", "Service"],
        ["Exemple", "Alix", BORN, 800123456.0, "Cardiologie"],
        ["Modèle", "Camille", "3 avril 1961", "800 123 457", "Urgences"],
    ]
    body = shown(rows)
    assert body[0] == rows[0]
    assert body[1] == [MASK, MASK, MASK, MASK, "Cardiologie"]
    assert body[2] == [MASK, MASK, MASK, MASK, "Urgences"]


def test_a_name_without_an_identifier_beside_it_stays() -> None:
    rows: list[list[Value]] = [
        ["Nom", "IPP"],
        ["Exemple", 800123456.0],
        ["Modèle", None],
    ]
    assert shown(rows) == [["Nom", "IPP"], [MASK, MASK], ["Modèle", None]]


def test_a_list_of_people_without_births_is_left_alone() -> None:
    rows: list[list[Value]] = [
        ["Nom", "Date de début"],
        ["Exemple", date(2026, 1, 5)],
    ]
    assert shown(rows) == rows


def test_a_form_has_the_number_beside_its_label() -> None:
    assert shown([["IPP :", 800123457.0]]) == [["IPP :", MASK]]


@pytest.mark.parametrize(
    "rows",
    [
        [["Projet", "IPP"], ["Budget", 150000.0], ["Engagé", 120000.0]],
        [["Lot", "INS"], ["Qualification", 125437.0]],
        [["Patients", "Actes"], [80012, 91234]],
        [["IPP", "Échéance"], ["Fusion des doublons", date(2026, 6, 30)]],
    ],
    ids=["amounts", "a project called INS", "counts", "a project called IPP"],
)
def test_projects_about_patients_are_no_patients(rows: list[list[Value]]) -> None:
    assert shown(rows) == rows


def test_an_amount_is_told_by_its_format() -> None:
    rows: list[list[Value]] = [["IPP"], [125437.0]]
    looks = {(1, 0): Look(format='#,##0 "€"')}
    assert shown(rows, looks=looks) == rows


def test_another_table_below_keeps_its_dates() -> None:
    rows: list[list[Value]] = [
        ["Patient", "Date de naissance"],
        ["Exemple", BORN],
        [],
        ["Jalon", "Échéance"],
        ["Recette", date(2026, 6, 30)],
    ]
    assert shown(rows)[1] == [MASK, MASK]
    assert shown(rows)[4] == rows[4]


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (f"dossier {NUMBER} en cours", f"dossier {MASK} en cours"),
        ("IPP n° 800123456 à fusionner", f"IPP n° {MASK} à fusionner"),
        ("Incident : Mme EXEMPLE Alix née le 12/03/1956, vue", f"Incident : {MASK}, vue"),
        ("patient (DDN : 12-03-56)", f"patient ({MASK})"),
        ("born on 12 March 1956", MASK),
    ],
)  # fmt: skip
def test_a_text_loses_what_identifies_and_keeps_the_rest(
    written: str, left: str
) -> None:
    assert without_identifiers(written) == left


@pytest.mark.parametrize(
    "written",
    [
        "suivi_IPP_20261031.xlsx",
        "Projet IPP : 150000 €",
        "Projet IPP 250000",
        "Recette le 12/03/2026",
        "IPP 2026",
        "Nom, prénom et date de naissance obligatoires",
    ],
)
def test_words_of_projects_are_left_alone(written: str) -> None:
    assert without_identifiers(written) == written


def test_names_that_differ_by_the_number_still_differ() -> None:
    other = "2" + BODY[1:]
    other += nir.calc_check_digits(other)
    names = [masked_name(f"suivi {n}.xlsx") for n in (NUMBER, other)]
    assert names[0] != names[1]
    assert all(MASK in n and n.endswith(".xlsx") for n in names)
    assert masked_name(names[0]) == names[0]
