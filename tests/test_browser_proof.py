"""Where a figure comes from: one step away, for whoever has a mouse or only keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from conftest import Report, Visit
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
WORDS = {
    "fr": ("Classeur", "Feuille", "Cellule", "Texte écrit", "Compris par", "Sûreté"),
    "en": ("Workbook", "Sheet", "Cell", "Text written", "Understood from", "Certainty"),
}
NOTHING = {"fr": "Rien ne répond à ceci", "en": "Nothing answers to this"}
CALCULATED = {"fr": "Calcul", "en": "Formula"}
# Every figure of the page pressed in turn: what it says it is, and what is told of it.
EVERY_PROOF = """() => [...document.querySelectorAll("main [data-p], header [data-p]")].map((figure) => {
    figure.click();
    const told = ["proof-what", "proof-body"].map((id) => document.getElementById(id).innerText);
    document.getElementById("proof-close").click();
    return [...told, document.getElementById("proof").open];
})"""


# Numbers of tables that tell no cell; what was read of a workbook is drawn on its page.
UNPROVED = """() => [...document.querySelectorAll("main section:not(#workbooks) td.n")]
    .filter((cell) => /\\d/.test(cell.innerText) && !cell.querySelector("[data-p], .missing"))
    .map((cell) => `${cell.closest("section")?.id}: ${cell.innerText}`)"""


def opened(page: Page) -> str:
    """What the panel tells."""
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible()
    return panel.inner_text()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("file", ["index.html", "projects/PRJ-103.html"])
def test_every_figure_of_a_page_tells_its_cells(
    visit: Visit, report: Report, lang: str, file: str
) -> None:
    page = visit(report(lang) / file)
    told = page.evaluate(EVERY_PROOF)
    assert len(told) > 30
    for what, proof, still_open in told:
        assert what.strip()
        lines = proof.split("\n")
        cells = all(w in lines for w in (*WORDS[lang][:3], *WORDS[lang][4:]))
        counted = CALCULATED[lang] in lines and (
            ".xlsx ! " in proof or NOTHING[lang] in proof
        )
        assert cells or counted, (what, proof)
        assert not still_open
    assert any(CALCULATED[lang] in proof.split("\n") for _, proof, _ in told)
    assert any(WORDS[lang][3] in proof.split("\n") for _, proof, _ in told)


@pytest.mark.parametrize("file", ["index.html", "projects/PRJ-103.html"])
def test_no_figure_of_a_table_is_without_its_proof(
    visit: Visit, report: Report, file: str
) -> None:
    page = visit(report() / file)
    assert page.evaluate(UNPROVED) == []


def test_a_sum_of_what_a_filter_leaves_tells_its_cells(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "index.html")
    page.locator("#filters [name=q]").fill("PRJ-10")
    page.locator("#portfolio tfoot [data-p]").first.click()
    told = opened(page)
    assert "lignes affichées" in told
    assert "PRJ-10" in told
    assert "PRJ-11" not in told


def test_a_panel_names_the_figure_its_project_and_its_column(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "index.html")
    row = page.locator("#portfolio tbody tr", has_text="PRJ-102")
    row.locator("td.n [data-p]").first.click()
    told = opened(page)
    assert re.search(r"13.%\s+Remplacement de l’IRM de Montclair · Avancement", told)
    assert "Équipe 2/PRJ-102_suivi.xlsx" in told
    assert "Fiche projet" in told


def test_a_derived_figure_tells_its_formula_and_its_inputs(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "index.html")
    column = page.locator("#portfolio .sort", has_text="Écart").get_attribute(
        "data-sort"
    )
    page.locator(
        f"#portfolio td:nth-child({int(column or 0) + 1}) [data-p]"
    ).first.click()
    told = opened(page)
    assert "jours" in told
    assert told.count("Cellule") == 2


def test_keys_alone_open_the_panel_and_focus_returns(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "index.html")
    figure = page.locator("#portfolio tbody td [data-p]").first
    figure.focus()
    for key, close in (("Enter", "Escape"), ("Space", "Escape"), ("Enter", "Enter")):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page.locator("#proof-close")).to_be_focused()
        page.keyboard.press(close)
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(figure).to_be_focused()


def test_the_panel_keeps_the_focus_while_it_is_open(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "index.html")
    page.locator("#portfolio tbody td [data-p]").first.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
        outside = "document.activeElement.closest('main, nav, header')"
        assert page.evaluate(f"{outside} === null")


def test_a_click_beside_the_panel_closes_it(visit: Visit, report: Report) -> None:
    page = visit(report() / "index.html")
    page.locator("#portfolio tbody td [data-p]").first.click()
    opened(page)
    page.mouse.click(5, 5)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_selection_of_text_does_not_keep_keys_from_the_panel(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "index.html")
    page.locator("h1").select_text()
    page.locator("#portfolio tbody td [data-p]").first.press("Enter")
    opened(page)


def test_the_figures_of_a_table_are_one_stop_and_arrows_move(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "index.html")
    stops = page.locator("#portfolio tbody [data-p]:not([tabindex='-1'])")
    expect(stops).to_have_count(1)
    stops.focus()
    start = "document.activeElement.closest('tr').rowIndex"
    row = page.evaluate(start)
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    assert page.evaluate(start) == row + 1
    expect(stops).to_have_count(1)
    expect(stops).to_be_focused()


def test_the_figures_a_filter_leaves_can_still_be_reached_by_keys(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "index.html")
    page.locator("#filters [name=q]").fill("PRJ-107")
    stops = page.locator("#portfolio tbody [data-p]:not([tabindex='-1'])")
    expect(stops).to_have_count(1)
    expect(stops).to_be_visible()
    page.locator("#portfolio tbody tr:not([hidden]) a.page").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "PRJ-107_suivi.xlsx" in opened(page)
