"""Ways a manager lays a table out, each understood as the plain one."""

from __future__ import annotations

import pytest
from build_sheet import records, understood

BUDGETS = [
    ("PRJ-101", 100000.0, 120000.0, 80000.0),
    ("PRJ-102", 50000.0, 50000.0, 10000.0),
]


@pytest.mark.parametrize(
    "text",
    [
        """
        Code    | Projet          | Météo | Budget initial | Budget révisé | Consommé
        PRJ-101 | Dossier patient | Vert  | 100000         | 120000        | 80000
        PRJ-102 | Téléphonie      | Rouge | 50000          | 50000         | 10000
        """,
        """
        Code    | Projet          | Météo | Budget  |        |
                |                 |       | Initial | Révisé | Consommé
        PRJ-101 | Dossier patient | Vert  | 100000  | 120000 | 80000
        PRJ-102 | Téléphonie      | Rouge | 50000   | 50000  | 10000
        """,
        """
        Code    | Projet          | Budget  |        |          | Météo
                |                 | Initial | Révisé | Consommé |
        PRJ-101 | Dossier patient | 100000  | 120000 | 80000    | Vert
        PRJ-102 | Téléphonie      | 50000   | 50000  | 10000    | Rouge
        """,
    ],
    ids=["one row", "two rows, group at the end", "two rows, group inside"],
)
def test_a_header_of_two_rows_needs_no_merge(text: str) -> None:
    fields = ("project_code", "budget_initial", "budget_revised", "spent")
    found = records(understood(text), "projects")
    assert [tuple(r.get(f) for f in fields) for r in found] == BUDGETS


def test_projects_side_by_side_need_no_label_for_their_names() -> None:
    text = """
                   | Projet A   | Projet B   | Projet C
    Chef de projet | A. Martin  | B. Petit   | C. Roux
    Budget         | 100000     | 50000      | 25000
    Date de fin    | 2026-12-31 | 2026-06-30 | 2027-03-31
    Météo          | Vert       | Orange     | Rouge
    """
    found = records(understood(text), "projects")
    assert [(r["name"], r["project_manager"]) for r in found] == [
        ("Projet A", "A. Martin"),
        ("Projet B", "B. Petit"),
        ("Projet C", "C. Roux"),
    ]


def test_figures_of_one_project_are_not_records() -> None:
    text = """
                  | Prévu      | Réel       | Écart
    Budget        | 100000     | 80000      | 20000
    Charge        | 120        | 90         | 30
    Date de début | 2026-01-05 | 2026-01-12 | 7
    Date de fin   | 2026-12-31 | 2027-02-28 | 59
    """
    extract = understood(text)
    assert {r.table for r in extract.records} <= {"projects"}
    assert "region-unused" in {f.rule for f in extract.findings}


def test_a_passing_mention_of_a_project_makes_none() -> None:
    text = """
    Nom       | Fonction | Service  | Rôle dans le projet | Influence
    A. Martin | Cadre    | Urgences | Référent métier     | Forte
    """
    found = records(understood(text), "stakeholders")
    assert ["project_name" in r for r in found] == [False]


def test_an_operation_with_its_credits_is_a_budget_line() -> None:
    text = """
    Opération | Titre   | Budget initial | Budget modifié | Engagé | Mandaté
    Licences  | Titre 3 | 120000         | 130000         | 100000 | 75000
    Serveurs  | Titre 2 | 80000          | 80000          | 0      | 0
    """
    found = records(understood(text), "budget_lines")
    assert [(r["label"], r["budget_revised"]) for r in found] == [
        ("Licences", 130000.0),
        ("Serveurs", 80000.0),
    ]
