"""How people lay tables out: gaps, series, prefilled rows, sums, calendars."""

from __future__ import annotations

from build_sheet import records, understood


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
