"""How people lay tables out: gaps, series, prefilled rows, sums, calendars."""

from __future__ import annotations

from build_sheet import records, understood

from consolidate.model.workbook import Look


def names(text: str, table: str = "milestones", field: str = "name") -> list[object]:
    return [r.get(field) for r in records(understood(text), table)]


_GAP = """
Tâche          | Responsable | Statut   | Charge (JH)
Cadrage        | A. Martin   | Terminé  | 3
Base           | B. Petit    | En cours | 4
{gap}
Écran d'accueil | A. Martin  | À faire  | 6
Tests          |             | À faire  | 2
"""


def test_a_table_goes_on_after_rows_left_blank_when_the_rows_below_are_like_its_own() -> (
    None
):
    found = names(_GAP.format(gap="|||\n" * 6))
    assert found == ["Cadrage", "Base", "Écran d'accueil", "Tests"]


def test_what_stands_far_below_a_table_in_another_shape_is_not_of_it() -> None:
    text = _GAP.format(
        gap="|||\n" * 6 + "Statuts possibles\nÀ faire\nTerminé\n" + "|||\n" * 6
    )
    assert names(text) == ["Cadrage", "Base"]


def test_no_figure_is_taken_from_a_series_of_columns_told_apart_by_a_number() -> None:
    days = " | ".join(f"Jour {i} reste à faire" for i in range(1, 6))
    text = f"""
    Tâche   | Responsable | Statut   | Estimation (h) | {days}
    Cadrage | A. Martin   | Terminé  | 8              | 8 | 6 | 4 | 2 | 0
    Base    | B. Petit    | En cours | 4              | 4 | 4 | 4 | 3 | 1
    """
    found = understood(text)
    assert [r.get("effort_remaining") for r in records(found, "milestones")] == [
        None
    ] * 2
    told = [f.ref.cell for f in found.findings if f.rule == "column-ambiguous"]
    assert told == ["E1", "F1", "G1", "H1", "I1"]


def test_rows_prepared_with_the_same_figures_wait_for_a_record() -> None:
    text = """
    Désignation | Quantité | Prix unitaire | Fournisseur
    Serveur     | 2        | 900           | Alpha
    Licence     | 10       | 40            | Beta
    """ + "\n".join(["            | 1        | 5             |"] * 3)
    found = understood(text)
    assert len(records(found, "budget_lines")) == 2
    assert not [f for f in found.findings if f.rule == "row-without-name"]


_SUM = """
Tâche             | Responsable | Charge prévue (JH) | Charge consommée (JH)
Cadrage           | A. Martin   | 3                  | 2
Base              | B. Petit    | 4                  | 4
Écran             | A. Martin   | 5                  | 1
                  |             |                    |
{name} |  | {planned} | 7
"""


def test_the_sum_of_the_rows_above_is_no_record_whatever_its_name() -> None:
    assert names(_SUM.format(name="Charge de l'équipe", planned=12)) == [
        "Cadrage",
        "Base",
        "Écran",
    ]
    assert "Recette" in names(_SUM.format(name="Recette", planned=13))


_PLAN = """
{head} | Semaine 1 | Semaine 2 | Semaine 3 | Semaine 4
Cadrage du besoin  | x | | |
Écriture du code   | | x | x |
Tests de recette   | | | | x
"""


def test_a_plan_drawn_under_weeks_holds_its_tasks_and_no_date() -> None:
    found = understood(_PLAN.format(head="Tâches"))
    assert records(found, "milestones") == [
        {"name": "Cadrage du besoin"},
        {"name": "Écriture du code"},
        {"name": "Tests de recette"},
    ]
    assert "region-calendar" in {f.rule for f in found.findings}


def test_a_plan_without_the_word_task_is_one_where_the_sheet_says_planning() -> None:
    text = "Notes\n" + _PLAN.format(head="")
    for title in ("Planning", "PlanningPrévisionnel"):
        assert len(records(understood(text, title=title), "milestones")) == 3
    assert not records(understood(text, title="Feuil1"), "milestones")


def test_people_under_weeks_are_no_tasks() -> None:
    text = _PLAN.format(head="Agent").replace("Cadrage du besoin", "A. Martin")
    assert not records(understood(text, title="Planning"), "milestones")


def test_a_surname_beside_a_first_name_names_a_person_and_no_task() -> None:
    text = """
    Nom    | Prénom | Début      | Fin        | Avancement
    Martin | Anne   | 2026-01-05 | 2026-02-06 | 0.5
    Petit  | Bruno  | 2026-02-02 | 2026-03-06 | 0.2
    """
    assert not records(understood(text, title="Planning"), "milestones")
    phases = text.replace("Prénom", "Phase")
    assert records(understood(phases, title="Planning"), "milestones")


def test_numbers_of_weeks_are_no_months() -> None:
    text = """
    Date       | Sem | Activité          | Heures
    2026-01-05 | 2   | Analyse du besoin | 3
    2026-04-06 | 15  | Tests de recette  | 4
    """
    found = understood(text)
    assert [c.field for c in found.regions[0].columns] == [
        "date",
        "",
        "activity",
        "effort_spent",
    ]


def test_a_sheet_named_for_what_it_lists_names_no_project() -> None:
    text = "Tâche | Responsable | Fin\nCadrage | A. Martin | 2026-01-05"
    for title in ("ListeDesTâches", "Planning prévisionnel", "Project Planner"):
        found = records(
            understood(text, title=title, name="Dossier patient.xlsx"), "projects"
        )
        assert [r["name"] for r in found] == ["Dossier patient"]


def test_a_time_is_no_name_of_a_project() -> None:
    text = """
    Projet          | 12:30
    Chef de projet  | A. Martin
    Date de rapport | 2026-01-05
    """
    found = records(understood(text, name="Dossier patient.xlsx"), "projects")
    assert [r["name"] for r in found] == ["Dossier patient"]


def test_references_are_no_sentences() -> None:
    text = """
    Description          | Facteur de risque | Impact | Probabilité
    Attaque informatique | R1                | 3      | 2
    Perte de sauvegarde  | R2                | 4      | 1
    """
    found = records(understood(text), "risks")
    assert [(r["code"], r.get("cause")) for r in found] == [("R1", None), ("R2", None)]
    causes = text.replace("R1", "Mots de passe").replace("R2", "Disques vieillis")
    assert {r.get("cause") for r in records(understood(causes), "risks")} == {
        "Mots de passe",
        "Disques vieillis",
    }


def test_work_of_nobody_at_no_time_is_that_of_tasks() -> None:
    text = """
    Activité         | Charge prévue (JH) | Consommé (JH) | {whose}
    Cadrage du lot   | 3                  | 2             | {first}
    Recette du lot   | 5                  | 1             | {first}
    """
    tasks = understood(text.format(whose="Code", first="T1"))
    load = understood(text.format(whose="Agent", first="A. Martin"))
    assert [r.table for r in tasks.regions] == ["milestones"]
    assert [r.table for r in load.regions] == ["workload"]


def test_a_lone_name_set_apart_titles_the_rows_of_a_narrow_table() -> None:
    text = """
    Tâche            | Charge (JH)
    Cadrage          |
    Note de cadrage  | 3
    Planning initial | 2
    Réalisation      |
    Écran d'accueil  | 5
    """
    fills = {(row, 0): Look(fill="DDEBF7") for row in (1, 4)}
    found = records(understood(text, looks=fills), "milestones")
    assert [(r["phase"], r["name"]) for r in found] == [
        ("Cadrage", "Note de cadrage"),
        ("Cadrage", "Planning initial"),
        ("Réalisation", "Écran d'accueil"),
    ]
    plain = records(understood(text), "milestones")
    assert len(plain) == 5
