from __future__ import annotations

from build_sheet import records, understood

_PLAN = """
Lot                 | Tâche      | Resp.     | Début      | Fin        | Statut
{first}             |            |           | {dates}    |
                    | Inventaire | A. Martin | 2026-01-05 | 2026-02-06 | En cours
                    | Nettoyage  | B. Petit  | 2026-01-12 | 2026-02-13 | En cours
Lot 2 - Migration   |            |           |            |            |
                    | Pilote     | A. Martin | 2026-03-02 | 2026-03-06 | À faire
                    | Vague 1    | B. Petit  | 2026-03-09 | 2026-03-20 | À faire
"""
_LOAD = """
Nom         | Projet | Type    | janv. 2026 | févr. 2026 | mars 2026
Martin Anne | DPI    | Projet  | 10         | 12         | 8
            | SIL    | MCO     | 5          | 4          | 6
Petit Bruno | DPI    | Projet  | 15         | 15         | 14
            | Divers | MCO     | 3          | 3          | 4
Capacité    |        |         | 38         | 38         | 40
"""


def _phases(text: str) -> list[tuple[object, object]]:
    found = records(understood(text), "milestones")
    return [(r["name"], r.get("phase")) for r in found]


def test_a_phase_alone_in_its_row_is_that_of_the_tasks_below() -> None:
    text = _PLAN.format(first="Lot 1 - Préparation", dates="|")
    assert _phases(text) == [
        ("Inventaire", "Lot 1 - Préparation"),
        ("Nettoyage", "Lot 1 - Préparation"),
        ("Pilote", "Lot 2 - Migration"),
        ("Vague 1", "Lot 2 - Migration"),
    ]
    rules = {f.rule for f in understood(text).findings}
    assert "column-grouped" in rules
    assert not rules & {"row-without-name", "column-empty"}


def test_a_phase_with_dates_of_its_own_is_a_record_named_by_it() -> None:
    text = _PLAN.format(first="Lot 1 - Préparation", dates="2026-01-05 | 2026-02-13")
    assert _phases(text)[0] == ("Lot 1 - Préparation", "Lot 1 - Préparation")


def test_a_name_written_on_several_rows_is_of_these_rows_only() -> None:
    text = _PLAN.format(first="Lot 2 - Migration", dates="|")
    assert "column-grouped" not in {f.rule for f in understood(text).findings}


def test_a_person_is_that_of_the_rows_below_and_a_capacity_is_nobody() -> None:
    load = understood(_LOAD)
    by_person: dict[object, float] = {}
    for row in records(load, "workload"):
        effort = row["effort_planned"]
        assert isinstance(effort, float)
        by_person[row["person"]] = by_person.get(row["person"], 0) + effort
    assert by_person == {"Martin Anne": 45, "Petit Bruno": 54}
    assert ("row-note", "A6:F6") in {(f.rule, f.ref.cell) for f in load.findings}


def test_a_numbered_title_among_others_without_a_number_is_a_record() -> None:
    text = """
    N° | Tâche                | Resp.     | Début      | Fin
       | Lancement            |           |            |
    1  | Étude                | A. Martin | 2026-01-05 | 2026-02-06
    M1 | Dossier approuvé     |           |            |
       | Réalisation          |           |            |
    2  | Développement        | B. Petit  | 2026-02-09 | 2026-03-06
    M2 | Version livrée       |           |            |
    """
    assert _phases(text) == [
        ("Étude", "Lancement"),
        ("Dossier approuvé", "Lancement"),
        ("Développement", "Réalisation"),
        ("Version livrée", "Réalisation"),
    ]


def test_figures_under_months_that_are_not_used_are_no_drawing() -> None:
    text = """
    Indicateur     | Cible | janv. 2026 | févr. 2026 | mars 2026
    Délai de prise | 4     | {a}        | {b}        | {c}
    Délai de rendu | 8     | {c}1       | {a}1       | {b}1
    """
    drawn = text.format(a=1, b=1, c=1)
    kept = text.format(a=3.5, b=4.2, c=6.0)

    def told(said: str) -> set[str]:
        rules = {f.rule for f in understood(said).findings}
        return rules & {"region-calendar", "region-periods"}

    assert told(drawn) <= {"region-calendar"}
    assert "region-calendar" not in told(kept)


def test_a_sheet_of_text_is_told_once() -> None:
    text = "\n\n".join(f"Paragraphe {i} du mode d'emploi" for i in range(6))
    assert [f.rule for f in understood(text).findings] == ["sheet-notes"]
