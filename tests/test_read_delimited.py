from __future__ import annotations

import pytest

from consolidate.read import read_workbook

TEXT = 'Projet;État;Météo\nDéploiement;réalisé à côté;"vert\nfoncé"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_survive_every_usual_encoding(encoding: str) -> None:
    book = read_workbook("suivi.csv", TEXT.encode(encoding))
    assert book.kind == "csv"
    assert [list(row) for row in book.sheets[0].rows] == [
        ["Projet", "État", "Météo"],
        ["Déploiement", "réalisé à côté", "vert\nfoncé"],
    ]


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_a_table(mark: str) -> None:
    text = f"Projet{mark}Budget\nDPI{mark}12 500\nPACS{mark}\n"
    rows = read_workbook("suivi.xls", text.encode()).sheets[0].rows
    assert [list(row) for row in rows] == [
        ["Projet", "Budget"],
        ["DPI", "12 500"],
        ["PACS", None],
    ]


def test_a_page_with_a_table_named_xls_is_read() -> None:
    page = "<html><table><tr><th colspan=2>Jalons</th></tr><tr><td>Recette</td><td>a&eacute;<br>b</td></tr></table></html>"
    book = read_workbook("export.xls", page.encode())
    assert book.kind == "html"
    assert book.sheets[0].value(1, 1) == "aé\nb"
    assert book.sheets[0].merges[0].a1 == "A1:B1"
