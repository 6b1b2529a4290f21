"""A table means the same wherever it stands and in whatever order its columns are."""

from __future__ import annotations

import pytest
from build_sheet import cell, records, schemas
from hypothesis import given, settings
from hypothesis import strategies as st

from consolidate.model.workbook import Sheet, Value, Workbook
from consolidate.understand import understand

Grid = list[list[Value]]

TABLES = {
    "milestones": """
        Jalon   | Échéance   | Responsable | Avancement | Statut   | Commentaire
        Cadrage | 2026-03-31 | A. Martin   | 1          | Terminé  | Validé en comité
        Recette | 2026-09-30 | B. Petit    | 0.4        | En cours | Deux anomalies restent
        Bascule | 2026-12-31 | C. Roux     | 0          | À venir  | Dépend de la recette
    """,
    "risks": """
        Risk ID | Risk title      | Probability | Impact | Mitigation         | Owner   | Status
        R1      | Vendor is late  | 3           | 4      | Penalties          | Ann Lee | Open
        R2      | Expert leaves   | 2           | 5      | Train a second one | Bob Ray | Closed
    """,
    "budget_lines": """
        Poste       | Exercice | Budget initial | Engagé | Réalisé | Fournisseur
        Licences    | 2026     | 12000          | 9000   | 4000    | Éditeur A
        Prestations | 2026     | 50000          | 20000  | 10000   | Société B
    """,
    "projects": """
        Code    | Projet          | Chef de projet | Météo  | Avancement | Budget initial | Fin prévue
        PRJ-101 | Dossier patient | A. Martin      | Orange | 0.5        | 250000         | 2027-02-28
        PRJ-102 | Téléphonie      | B. Petit       | Vert   | 0.8        | 90000          | 2026-11-30
    """,
    "actions": """
        N° | Action               | Responsable | Échéance   | Clôturée le | Priorité | État
        1  | Relancer l'éditeur   | A. Martin   | 2026-10-30 |             | Haute    | En cours
        2  | Commander le serveur | B. Petit    | 2026-09-15 | 2026-09-12  | Moyenne  | Clos
    """,
}


def grid(name: str) -> Grid:
    lines = TABLES[name].strip().splitlines()
    return [[cell(c) for c in line.split("|")] for line in lines]


def found(rows: Grid, table: str) -> list[dict[str, Value]]:
    sheet = Sheet("Feuil1", rows)
    extract = understand(Workbook("p1.xlsx", "xlsx", (sheet,)), schemas())
    named = [r for r in records(extract, table) if r.keys() - {"name"}]
    return sorted(named, key=lambda r: sorted(map(str, r.items())))


def moved(rows: Grid, down: int, right: int) -> Grid:
    blank: list[Value] = [None] * right
    width = right + len(rows[0])
    return [*([[None] * width] * down), *([*blank, *row] for row in rows)]


PLAIN = {name: found(grid(name), name) for name in TABLES}


@pytest.mark.parametrize("name", TABLES)
def test_a_plain_table_is_read_whole(name: str) -> None:
    rows = grid(name)
    assert len(PLAIN[name]) == len(rows) - 1
    filled = sum(v is not None for row in rows[1:] for v in row)
    assert sum(len(r) for r in PLAIN[name]) >= filled


@pytest.mark.parametrize("name", TABLES)
@given(down=st.integers(0, 12), right=st.integers(0, 9))
@settings(max_examples=15, deadline=None)
def test_its_place_on_the_sheet_changes_nothing(
    name: str, down: int, right: int
) -> None:
    assert found(moved(grid(name), down, right), name) == PLAIN[name]


@pytest.mark.parametrize("name", TABLES)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_the_order_of_its_rows_changes_nothing(name: str, data: st.DataObject) -> None:
    head, *body = grid(name)
    shuffled = data.draw(st.permutations(body))
    assert found([head, *shuffled], name) == PLAIN[name]


@pytest.mark.parametrize("name", TABLES)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_the_order_of_its_columns_changes_nothing(
    name: str, data: st.DataObject
) -> None:
    rows = grid(name)
    order = data.draw(st.permutations(range(len(rows[0]))))
    assert found([[row[i] for i in order] for row in rows], name) == PLAIN[name]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("gap", [1, 2])
def test_a_title_above_changes_nothing(name: str, gap: int) -> None:
    rows = grid(name)
    title: Grid = [["Revue mensuelle", *[None] * (len(rows[0]) - 1)]]
    blank: Grid = [[None] * len(rows[0]) for _ in range(gap)]
    assert found([*title, *blank, *rows], name) == PLAIN[name]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("other", TABLES)
def test_another_table_below_changes_nothing(name: str, other: str) -> None:
    if other in {name, "projects"} or name == "projects":
        return  # a list of projects gives them to the tables of its sheet
    first, second = grid(name), grid(other)
    width = max(len(first[0]), len(second[0]))
    rows = [*first, [], [], *second]
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    assert found(padded, name) == PLAIN[name]
    assert found(padded, other) == PLAIN[other]


@pytest.mark.parametrize("name", TABLES)
def test_blank_rows_among_the_records_change_nothing(name: str) -> None:
    head, *body = grid(name)
    blank: list[Value] = [None] * len(head)
    spaced = [row for record in body for row in (record, blank)]
    assert found([head, blank, *spaced], name) == PLAIN[name]
