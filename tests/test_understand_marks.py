from __future__ import annotations

from build_sheet import records, understood

from consolidate.model.workbook import Look


def test_marks_under_known_words_give_the_value_they_stand_under() -> None:
    text = """
    Jalon   | Échéance   | Vert | Orange | Rouge
    Cadrage | 2026-03-31 | x    |        |
    Recette | 2026-09-30 |      |        | X
    Bascule | 2026-12-31 |      | ✔      |
    Bilan   | 2027-01-31 |      |        |
    """
    found = records(understood(text, title="Jalons"), "milestones")
    assert [r.get("status") for r in found] == ["Vert", "Rouge", "Orange", None]


def test_marks_under_a_group_header_list_its_columns() -> None:
    text = """
    Code    | Projet          | Chef de projet | Établissements |         |
            |                 |                | CHU Alpha      | CH Beta | CH Gamma
    PRJ-101 | Dossier patient | A. Martin      | x              | x       |
    PRJ-102 | Téléphonie      | B. Petit       |                |         | x
    """
    extract = understood(text, title="Portefeuille", merges=["D1:F1"])
    found = records(extract, "projects")
    assert [r.get("establishments") for r in found] == [
        "CHU Alpha; CH Beta",
        "CH Gamma",
    ]


def test_a_tick_of_a_symbol_font_is_a_mark() -> None:
    text = """
    Livrable | Échéance   | Livré | En cours
    Plan     | 2026-03-31 | ü     |
    Notice   | 2026-04-30 |       | ü
    """
    looks = {(1, 2): Look(font="Wingdings"), (2, 3): Look(font="Wingdings")}
    found = records(understood(text, title="Livrables", looks=looks), "deliverables")
    assert [r.get("state") for r in found] == ["Livré", "En cours"]


def test_columns_that_hold_more_than_marks_are_no_grid() -> None:
    text = """
    Jalon   | Échéance   | Vert      | Rouge
    Cadrage | 2026-03-31 | à vérifier | x
    Recette | 2026-09-30 |           | x
    """
    extract = understood(text, title="Jalons")
    assert all("status" not in r for r in records(extract, "milestones"))
    unused = [f.ref.cell for f in extract.findings if f.rule.startswith("column-")]
    assert {"C1", "D1"} <= {*unused}
