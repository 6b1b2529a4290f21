"""The "what I understood" pages: a sheet as its manager sees it, and how it was read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest
from build_portfolio import make_portfolio
from build_sheet import schemas
from samples_truth import FROM_ELSEWHERE, MONTHS, SAMPLES, read_truth
from stdnum.fr import nir

from consolidate.draw import MOST_COLS, MOST_ROWS, draw
from consolidate.model.address import a1, box
from consolidate.model.delivery import Delivery
from consolidate.model.drawing import unpacked
from consolidate.model.portfolio import Portfolio
from consolidate.model.workbook import Extract, Look, Sheet, Value, Workbook
from consolidate.read.privacy import mask
from consolidate.report.html import make_context
from consolidate.report.understood import render_understood
from consolidate.report.view_workbooks import understood_page
from consolidate.understand import understand
from consolidate.worker.reading import Settings, read_delivery

HEAD: list[Value] = ["Jalon", "Échéance", "Zzyx", "Statut"]
DAY = datetime(2026, 11, 30)
ROWS: list[list[Value]] = [
    ["Jalons du projet", None, None, None],
    [],
    HEAD,
    ["Recette", DAY, "a", "Atteint"],
    ["Bascule", datetime(2026, 12, 15), "b", "À venir"],
]


def book(*sheets: Sheet) -> Workbook:
    return Workbook("p1.xlsx", "xlsx", sheets or (Sheet("Jalons", ROWS),))


def understood(workbook: Workbook) -> Extract:
    return understand(workbook, schemas())


def drawn(workbook: Workbook) -> tuple[dict[str, object], int]:
    drawing, left = draw(workbook, understood(workbook))
    return unpacked(drawing)["sheets"][0], left


def kinds(workbook: Workbook) -> dict[str, str]:
    """The kind of each cell, by its text."""
    cells = drawn(workbook)[0]["cells"]
    assert isinstance(cells, list)
    return {text: kind for _, _, text, _, _, kind, _ in cells}


def page(workbook: Workbook, lang: str = "fr") -> str:
    """The page of a workbook, of a portfolio that knows nothing else of it."""
    made = make_portfolio(1)
    row = {"workbook": workbook.name, "state": "consolidated", "cells_read": 15}
    books = made.workbooks.iloc[:1].assign(**row, cells_left=3)
    portfolio: Portfolio = replace(made, workbooks=books, lang=lang)
    drawing, _ = draw(workbook, understood(workbook))
    context = make_context(portfolio, schemas(), frozenset({workbook.name}))
    return dict(render_understood(context, {workbook.name: drawing}))[workbook.name]


def test_every_cell_is_drawn_as_what_it_was_taken_for() -> None:
    found = kinds(book())
    assert {k: found[k] for k in ("Jalon", "Recette", "Zzyx", "a")} == {
        "Jalon": "H",
        "Recette": "v",
        "Zzyx": "X",
        "a": "x",
    }
    assert found["Jalons du projet"] == "n"


def test_cells_left_out_are_counted_headers_and_totals_are_not() -> None:
    _, left = drawn(book())
    assert left == 4  # the title, and a column of three


def test_values_are_drawn_as_the_sheet_shows_them() -> None:
    looks = {
        (1, 1): Look(format="0%"),
        (1, 2): Look(format="# ##0.00 €"),
        (1, 3): Look(format="mmm-yy"),
    }
    rows: list[list[Value]] = [
        ["Projet", "Avancement", "Budget", "Fin prévue"],
        ["Dossier", 0.5, 1850000.0, DAY],
    ]
    texts = kinds(book(Sheet("Projets", rows, looks=looks)))
    assert {"50\u00a0%", "1\u202f850\u202f000,00\u00a0€", "11/2026"} <= set(texts)


def test_a_long_sheet_is_drawn_by_the_rows_that_show_how_it_is_read() -> None:
    rows = [HEAD, *([f"Jalon {k}", DAY, "a", "Atteint"] for k in range(500))]
    sheet, _ = drawn(book(Sheet("Jalons", rows)))
    assert isinstance(sheet["rows"], list)
    assert len(sheet["rows"]) == MOST_ROWS
    assert sheet["rows"][:3] == [0, 1, 2]
    assert sheet["rows"][-1] == 500
    assert sheet["more_rows"] == 501 - MOST_ROWS


def test_a_wide_sheet_is_cut_and_says_so() -> None:
    rows: list[list[Value]] = [[f"C{k}" for k in range(100)]]
    sheet, _ = drawn(book(Sheet("Large", rows)))
    assert isinstance(sheet["cols"], list)
    assert len(sheet["cols"]) == MOST_COLS
    assert sheet["more_cols"] == 100 - MOST_COLS


def test_merged_cells_are_one_cell_of_the_page() -> None:
    sheet = Sheet("Jalons", ROWS, merges=(box("A1:D1"),))
    assert 'rowspan="1" colspan="4"' in page(book(sheet))


def test_a_header_says_which_field_it_gives() -> None:
    told = page(book())
    assert re.search(r"Jalon<small>→.Jalon</small>", told)
    assert re.search(r"Zzyx<small>✕.non repris</small>", told)


@pytest.mark.parametrize(("lang", "word"), [("fr", "non repris"), ("en", "not used")])
def test_the_page_is_of_one_language(lang: str, word: str) -> None:
    told = page(book(), lang)
    assert word in told
    assert f'<html lang="{lang}">' in told


def test_texts_of_the_workbook_stay_texts() -> None:
    attack = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    rows: list[list[Value]] = [
        [attack, *HEAD],
        [attack, "Recette", DAY, attack, attack],
    ]
    name = f"{attack}.xlsx"
    told = page(Workbook(name, "xlsx", (Sheet(attack, rows),)))
    assert "<img src=x" not in told
    assert "<script>alert" not in told


def test_a_page_has_a_name_of_its_own_and_no_path() -> None:
    names = [
        understood_page(n) for n in ("a/b.xlsx", "a_b.xlsx", "../b.xlsx", "A/B.xlsx")
    ]
    assert len({n.lower() for n in names}) == 4
    assert all(re.fullmatch(r"understood/[\w-]+\.html", n) for n in names)


def test_the_same_workbook_gives_the_same_page() -> None:
    assert page(book()) == page(book())


def test_months_across_are_columns_that_are_used() -> None:
    rows: list[list[Value]] = [
        ["Agent", "Activité", "janv. 2026", "févr. 2026", "mars 2026"],
        ["Agent A", "MCO", 4.0, 3.0, None],
        ["Agent B", "Projet", 10.0, 2.0, None],
    ]
    workbook = book(Sheet("Plan de charge", rows))
    found = kinds(workbook)
    assert {found[h] for h in ("janv. 2026", "mars 2026")} == {"M"}
    assert "Colonnes et libellés repris\u00a0: 5 sur 5" in page(workbook)


def test_rows_that_are_no_record_say_what_they_are() -> None:
    rows: list[list[Value]] = [
        ["Poste", "Budget initial", "Engagé"],
        ["Licences", 100.0, 50.0],
        ["Serveurs", 200.0, 80.0],
        ["Total", 300.0, 130.0],
    ]
    told = page(book(Sheet("Budget", rows)))
    assert '<th scope="row">4<small>total</small></th>' in told


def test_a_calendar_drawn_in_colours_is_nothing_left_out() -> None:
    looks = {(3, 4): Look(fill="4472c4"), (4, 5): Look(fill="4472c4")}
    rows = [
        [*HEAD[:2], "Statut", "S40", "S41", "S42"],
        ["Recette", DAY, "Atteint", None, None, None],
        ["Bascule", DAY, "À venir", None, None, None],
    ]
    workbook = book(Sheet("Jalons", rows, looks=looks))
    assert "X" not in kinds(workbook).values()
    assert drawn(workbook)[1] == 0


def test_a_block_left_out_says_why() -> None:
    rows: list[list[Value]] = [["Aliment", "Couleur"], ["Pomme", "Rouge"]] * 3
    workbook = book(Sheet("Divers", rows))
    extract = understood(workbook)
    told = [f.ref.cell for f in extract.findings if f.rule.startswith("region-")]
    assert told == [r.box.a1 for r in extract.regions] != []


def test_what_is_masked_when_read_is_masked_when_drawn() -> None:
    number = "1850578006084"
    number += nir.calc_check_digits(number)
    rows: list[list[Value]] = [HEAD, [f"Dossier {number}", DAY, "a", "Atteint"]]
    masked = mask(book(Sheet("Jalons", rows)))
    assert number not in repr(drawn(masked))
    assert number not in page(masked)


@pytest.mark.parametrize("month", MONTHS)
def test_every_cell_of_the_samples_is_drawn_as_its_field(month: str) -> None:
    seen: dict[str, dict[tuple[str, str], tuple[str, str]]] = {}
    wrong = []
    compared = 0
    for record in read_truth(month).records:
        for value in record.values:
            for place in value.places:
                if value.derived or value.field in FROM_ELSEWHERE:
                    continue
                cells = seen.setdefault(place.workbook, {})
                if not cells:
                    cells.update(sample(month, place.workbook))
                marked = cells.get((place.sheet, place.cell))
                compared += marked is not None
                if marked and marked != (record.table, value.field):
                    wrong.append((place, marked, record.table, value.field))
    assert compared > 500
    assert wrong == []


def sample(month: str, name: str) -> dict[tuple[str, str], tuple[str, str]]:
    """The table and field of each cell that is drawn of a sample, by sheet and address."""
    data = (SAMPLES / month / name).read_bytes()
    content = unpacked(read_delivery(Delivery(name), data, Settings()).sheets)
    return {
        (sheet["name"], a1(row, col)): tuple(sheet["fields"][field])
        for sheet in content["sheets"]
        for row, col, *_, field in sheet["cells"]
        if field >= 0
    }
