from __future__ import annotations

from build_sheet import records, understood

from consolidate.model.workbook import Look

_TASKS = """
# | Jalon  | Responsable | Début      | Fin        | Statut
1 | {name} | A. Martin   | 2026-01-05 | 2026-02-06 | En cours
2 | {name} | B. Petit    | 2026-02-09 | 2026-03-06 | À faire
3 | {name} |             |            |            | À faire
"""


def rules(text: str) -> list[tuple[str, str]]:
    return [
        (f.rule, f.ref.cell)
        for f in understood(text).findings
        if f.rule.startswith("row-")
    ]


def test_a_nameless_task_entrusted_to_someone_is_kept_under_its_number() -> None:
    text = _TASKS.format(name="")
    assert [r["name"] for r in records(understood(text), "milestones")] == ["1", "2"]
    assert rules(text) == [
        ("row-named-by-number", "A2:F2"),
        ("row-named-by-number", "A3:F3"),
        ("row-without-name", "A4:F4"),
    ]


def test_a_row_that_asks_questions_explains_the_header() -> None:
    text = """
    Risque               | Probabilité      | Impact              | Responsable
    Que peut-il arriver ? | À quelle fréquence ? | Quelle est sa gravité ? | Qui le suit ?
    Retard de livraison  | 3                | 4                   | A. Martin
    Départ d'un expert   | 2                | 5                   | B. Petit
    """
    titles = [r["title"] for r in records(understood(text), "risks")]
    assert titles == ["Retard de livraison", "Départ d'un expert"]


def test_the_colour_of_empty_cells_does_not_hide_what_a_column_holds() -> None:
    text = (
        """
    Risque               | Probabilité | Gravité | Responsable
    Retard de livraison  | 3           | 4       | A. Martin
    Départ d'un expert   | 2           | 5       | B. Petit
    """
        + "\n"
        + "|||\n" * 20
    )
    blue = Look(fill="DDEBF7")
    looks = {(r, c): blue for r in range(1, 22) for c in range(4)}
    found = records(understood(text, looks=looks), "risks")
    assert [(r["probability"], r["impact"]) for r in found] == [(3.0, 4.0), (2.0, 5.0)]
