from __future__ import annotations

import pytest
from build_sheet import records, understood

from consolidate.mapping.context import project_code_in
from consolidate.model.lexicon import hints, title_unit
from consolidate.model.workbook import Extract

_YEARS = """
Budget du projet (k€)

Poste        | Nature | 2025  |         | 2026  |         | 2026  | Total | Total
             |        | Prévu | Réalisé | Prévu | Réalisé | Écart | Prévu | Réalisé
Licences     | Inv.   | 120   | 118     | 80    | 40      | 40    | 200   | 158
Prestations  | Inv.   | 250   | 240     | 300   | 150     | 150   | 550   | 390
Formation    | Fonct. |       |         | 45    | 12      | 33    | 45    | 12
"""


def _units(extract: Extract) -> set[str]:
    (table,) = [r for r in extract.regions if r.table]
    return {c.unit for c in table.columns if c.method == "across"}


def test_amounts_under_years_are_what_stands_beside_the_year_says() -> None:
    lines = records(understood(_YEARS), "budget_lines")
    assert [(r["label"], r.get("budget_initial"), r.get("spent")) for r in lines] == [
        ("Licences", 120, 118),
        ("Licences", 80, 40),
        ("Prestations", 250, 240),
        ("Prestations", 300, 150),
        ("Formation", 45, 12),
    ]


def test_a_total_beside_years_is_no_amount_of_a_year_and_is_told() -> None:
    told = {
        (f.rule, f.ref.cell)
        for f in understood(_YEARS).findings
        if f.ref.cell in {"G4", "H4", "I4"}
    }
    assert told == {
        ("column-unused", "G4"),
        ("column-whole", "H4"),
        ("column-whole", "I4"),
    }


def test_a_title_gives_its_unit_to_amounts_under_years() -> None:
    assert _units(understood(_YEARS)) == {"keur"}


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Budget (k€)", "keur"),
        ("Plan de charge (en jours)", "day"),
        ("Coûts en milliers d'euros", "keur"),
        ("Économie attendue de 3 M€", ""),
        ("Planning (3 semaines)", ""),
    ],
)
def test_a_title_states_a_unit_in_brackets_or_after_en(title: str, unit: str) -> None:
    assert title_unit(title) == unit


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Budget 2026", 2026),
        ("Budget 2026 (maj 10/2026)", 2026),
        ("Portefeuille – revue d'octobre 2026", 0),
        ("Consommé au 31/12/2025", 0),
        ("Situation 2026-10", 0),
        ("T3 2026", 0),
        ("Budget 2026-2027", 0),
    ],
)
def test_the_year_of_a_date_is_not_that_of_the_amounts(text: str, year: int) -> None:
    assert hints(text).year == year


@pytest.mark.parametrize(
    ("name", "code"),
    [("Suivi DPI-024", "DPI-024"), ("Tableau MCO 2026", ""), ("SI-2025", "")],
)
def test_a_word_and_a_year_are_no_project_code(name: str, code: str) -> None:
    assert project_code_in(name) == code


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Désignation | Prix | Fournisseur", ["label", "budget_initial", "supplier"]),
        ("Désignation | Quantité | Prix", ["label", "quantity", "unit_price"]),
        (
            "Désignation | Price | Quantité | Price / U",
            ["label", "budget_initial", "quantity", "unit_price"],
        ),
        (
            "Désignation | Prix HT | Prix TTC | Quantité",
            ["label", "unit_price", "", "quantity"],
        ),
        (
            "Désignation | Quantité | Prix unitaire | Prix total",
            ["label", "quantity", "unit_price", "budget_initial"],
        ),
    ],
)
def test_a_price_is_of_one_beside_a_quantity_and_never_the_amount_of_a_line(
    header: str, fields: list[str]
) -> None:
    values = {"Désignation": "Serveur", "Fournisseur": "Alpha"}
    row = " | ".join(values.get(h.strip(), "12.5") for h in header.split("|"))
    region = understood(f"{header}\n{row}\n{row}").regions[0]
    assert [c.field for c in region.columns] == fields


def test_a_name_with_two_years_is_one_amount_from_year_to_year() -> None:
    text = """
    Poste       | Budget 2025 (k€) | Réalisé 2025 (k€) | Budget 2026 (k€) | Écart 2026
    Licences    | 120              | 118               | 80               | 40
    Prestations | 250              | 240               | 300              | 60
    """
    extract = understood(text)
    lines = records(extract, "budget_lines")
    assert [(r["label"], r.get("budget_initial"), r.get("spent")) for r in lines] == [
        ("Licences", 120, 118),
        ("Licences", 80, None),
        ("Prestations", 250, 240),
        ("Prestations", 300, None),
    ]
    assert _units(extract) == {"keur"}
