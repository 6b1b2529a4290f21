"""Ways a manager lays a table out, each understood as the plain one."""

from __future__ import annotations

from datetime import date

import pytest
from build_sheet import records, schemas, understood

from consolidate.model.layout import Layout, LayoutRegion
from consolidate.model.lexicon import hints
from consolidate.model.workbook import Look, Sheet, Workbook
from consolidate.normalise import NormaliseOptions, normalise
from consolidate.understand import understand

END = date(2026, 10, 31)

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


def test_names_above_the_codes_of_projects_side_by_side_are_theirs() -> None:
    text = """
                   | Robot pharmacie | Archivage  | Portail patient
    Code projet    | RP-01           | AR-03      | PP-04
    Chef de projet | A. Martin       | B. Petit   | C. Roux
    Budget         | 100000          | 50000      | 25000
    Météo          | Vert            | Orange     | Rouge
    """
    found = records(understood(text), "projects")
    assert [(r["project_code"], r["name"]) for r in found] == [
        ("RP-01", "Robot pharmacie"),
        ("AR-03", "Archivage"),
        ("PP-04", "Portail patient"),
    ]


def test_a_label_written_under_each_task_is_of_no_project() -> None:
    text = """
    Projet         | Portail patient
    Code projet    | PP-04

    Étude          |
    Chef de projet | A. Martin

    Recette        |
    Chef de projet | B. Petit

    Bascule        |
    Chef de projet | C. Roux
    """
    (project,) = records(understood(text), "projects")
    assert project == {"name": "Portail patient", "project_code": "PP-04"}


def test_the_title_of_a_document_names_no_project() -> None:
    text = """
    Document title: | Project schedule
    Report date     | 2026-10-12
    Project manager | A. Martin
    """
    (project,) = records(understood(text), "projects")
    assert project["name"] != "Project schedule"


_SHEET = """
Nom du projet  | Portail patient
Chef de projet | A. Martin

Objectifs
Réduire de moitié les appels au secrétariat

Calendrier     | Prévu      | Révisé     | Réel
Lancement      | 2026-01-15 | 2026-01-15 | 2026-01-20
Recette        | 2026-10-01 | 2026-12-15 |

Budget         | Investissement | Fonctionnement | {total}
Budget alloué  | 150000         | 40000          | 190000
Engagé         | 98000          | 12000          | 110000
"""


def test_a_project_sheet_says_its_aim_below_and_its_budget_under_total() -> None:
    extract = understood(_SHEET.format(total="Total"))
    (project,) = records(extract, "projects")
    assert project["objective"] == "Réduire de moitié les appels au secrétariat"
    assert (project["budget_initial"], project["committed"]) == (190000, 110000)
    names = [r["name"] for r in records(extract, "milestones")]
    assert names == ["Lancement", "Recette"]


def test_of_several_figures_without_a_total_none_is_the_projects() -> None:
    (project,) = records(understood(_SHEET.format(total="Part de tiers")), "projects")
    assert "budget_initial" not in project


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


def test_an_example_beside_a_filled_sheet_is_not_counted() -> None:
    header = ["N°", "Action", "Responsable", "Échéance", "État"]
    real = [header, ["1", "Écrire le plan de test", "A. Martin", "12/11/2026", "Fait"]]
    shown = [header, ["1", "Nom de votre action", "Vous", "demain", "???"]]
    sheets = (
        Sheet("Actions", real),
        Sheet("Actions - exemple", shown),
        Sheet("Guide", shown),
    )
    extract = understand(Workbook("p1.xlsx", "xlsx", sheets), schemas())
    told = [f for f in extract.findings if f.rule == "sheet-example"]
    assert [f.ref.sheet for f in told] == ["Actions - exemple", "Guide"]
    used = zip(extract.cells.sheet, extract.cells.used, strict=True)
    assert {sheet for sheet, is_used in used if is_used and sheet} == {"Actions"}
    outcome = normalise([extract], schemas(), NormaliseOptions("2026-10", END))
    assert {f.ref.sheet for f in outcome.findings} <= {"Actions"}


def test_row_numbers_of_a_list_are_no_project_codes() -> None:
    text = """
    N° | Projet          | Chef de projet | Météo
    1  | Dossier patient | A. Martin      | Vert
    2  | Télémédecine    | B. Petit       | Rouge
    """
    extract = understood(text)
    found = records(extract, "projects")
    assert ["project_code" in r for r in found] == [False, False]
    assert ("column-row-numbers", "A1") in {
        (f.rule, f.ref.cell) for f in extract.findings
    }


def test_letters_of_colours_under_plain_words_are_statuses() -> None:
    text = """
    Project | Scope | Schedule | Budget | Risk | Overall
    EHR     | G     | A        | R      | G    | A
    Wi-Fi   | G     | G        | G      | A    | G
    """
    axes = ("quality", "schedule", "cost", "risk")
    found = records(understood(text), "projects")
    assert [[r[f"status_{a}"] for a in axes] + [r["status"]] for r in found] == [
        ["G", "A", "R", "G", "A"],
        ["G", "G", "G", "A", "G"],
    ]


def test_dates_written_across_draw_a_calendar() -> None:
    text = """
    Tâche   | Début      | Fin        | 05/01/2026 | 12/01/2026 | 19/01/2026
    Cadrage | 05/01/2026 | 16/01/2026 | ■          | ■          |
    Recette | 19/01/2026 | 30/01/2026 |            |            | ■
    """
    findings = understood(text).findings
    assert ("region-calendar", "D1:F3") in {(f.rule, f.ref.cell) for f in findings}


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Consommé à ce jour", ""),
        ("Mise à jour", ""),
        ("Réalisé cette semaine", ""),
        ("Charge (jours)", "day"),
        ("Durée en semaines", "week"),
        ("Budget k€ à ce jour", "keur"),
    ],
)
def test_words_that_say_when_are_no_units(header: str, unit: str) -> None:
    assert hints(header).unit == unit


def test_roles_side_by_side_name_no_project_manager() -> None:
    text = """
    Étude | graphiste | chef de projet | développeur
    """
    assert all(
        "project_manager" not in r for r in records(understood(text), "projects")
    )


@pytest.mark.parametrize(
    ("cost", "is_effort"), [("2h", True), ("3h30", True), ("1500", False)]
)
def test_a_cost_written_in_hours_is_effort(cost: str, *, is_effort: bool) -> None:
    text = f"""
    Tâche    | Début      | Fin        | Coût
    Cadrage  | 2026-01-05 | 2026-01-09 | {cost}
    Recette  | 2026-02-02 | 2026-02-06 | {cost}
    """
    found = records(understood(text, title="Planning"), "milestones")
    assert ["effort_planned" in r for r in found] == [is_effort] * 2


def test_statuses_side_by_side_are_those_of_the_project_of_the_sheet() -> None:
    text = """
    Projet         | Dossier patient | Code    | PRJ-101
    Chef de projet | A. Martin       | Sponsor | B. Petit
    |
    Indicateurs | Qualité | Coûts | Délais | Risques
    Météo       |         |       |        |
    |
    Faits marquants
    Pilote ouvert
    """
    colours = ["00B050", "FF0000", "FFC000", "00B050"]
    looks = {(4, col): Look(fill=c) for col, c in enumerate(colours, 1)}
    found = records(understood(text, looks=looks), "projects")
    assert len(found) == 1
    axes = ("quality", "cost", "schedule", "risk")
    assert [found[0][f"status_{axis}"] for axis in axes] == colours
    assert "status" not in found[0]


def test_a_form_that_two_layouts_claim_follows_neither_and_is_told() -> None:
    said = {"Projet": "name", "Étape": "next_step", "Météo": "declared_status"}
    other = {**said, "Étape": "phase"}
    layouts = tuple(
        Layout(name, (LayoutRegion("*", "projects", fields),))
        for name, fields in (("une", said), ("autre", other))
    )
    rows = [["Projet", "Téléphonie"], ["Étape", "Recette"], ["Météo", "Vert"]]
    book = Workbook("p1.xlsx", "xlsx", (Sheet("Fiche", rows),))
    alone = understand(book, schemas(), layouts[:1])
    assert {region.layout for region in alone.regions} == {"une"}
    both = understand(book, schemas(), layouts)
    assert {region.layout for region in both.regions} == {""}
    (told,) = [f for f in both.findings if f.rule == "layout-conflict"]
    assert told.params["layouts"] == "autre, une"
