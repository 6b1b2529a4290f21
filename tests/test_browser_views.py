"""The other views in a browser: matrix of risks, long lists, pages of projects."""

from __future__ import annotations

import re

import pytest
from build_html_portfolio import build_portfolio
from conftest import PAGES, Report, Visit
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
RISKS = build_portfolio(24).tables["risks"].query("state == 'open'")
LISTED = "#risk-list tbody tr:not([hidden])"


def test_a_cell_of_the_matrix_lists_its_risks_and_no_other(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "index.html")
    for cell in page.locator(".matrix [data-cell]").all():
        cell.click()
        expect(cell).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".matrix [aria-pressed=true]")).to_have_count(1)
        probability, impact = re.findall(r"\d+", cell.get_attribute("data-cell") or "")
        own = RISKS.query(f"probability == {probability} and impact == {impact}")
        assert cell.inner_text() == str(len(own))
        assert page.locator(LISTED).count() == len(own)


def test_the_matrix_counts_every_rated_risk(visit: Visit, report: Report) -> None:
    page = visit(report() / "index.html")
    counts = page.locator(".matrix [data-cell]").all_inner_texts()
    assert sum(map(int, counts)) == RISKS["criticality"].notna().sum()


def test_a_cell_pressed_again_lists_all_as_before(visit: Visit, report: Report) -> None:
    page = visit(report() / "index.html")
    before = page.locator(LISTED).count()
    cell = page.locator(".matrix [data-cell]").first
    cell.press("Enter")
    assert page.locator(LISTED).count() < before
    cell.press("Space")
    expect(page.locator(LISTED)).to_have_count(before)
    expect(cell).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize(
    ("lang", "whole", "fewer"),
    [("fr", "Tout montrer", "Montrer moins"), ("en", "Show all", "Show fewer")],
)
def test_a_long_list_shows_its_first_rows_and_all_when_asked(
    visit: Visit, report: Report, lang: str, whole: str, fewer: str
) -> None:
    page = visit(report(lang) / "index.html")
    more = page.locator(".more").first
    rows = more.locator("xpath=preceding::table[1]").locator("tbody tr:visible")
    expect(more).to_contain_text(whole)
    total = int("".join(re.findall(r"\d", more.inner_text())))
    top = rows.count()
    assert top < total
    more.press("Enter")
    expect(rows).to_have_count(total)
    expect(more).to_have_text(fewer)
    expect(more).to_have_attribute("aria-expanded", "true")
    more.press("Enter")
    expect(rows).to_have_count(top)


def test_the_first_key_leads_past_the_menu(visit: Visit, report: Report) -> None:
    page = visit(report() / "index.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_every_link_leads_to_a_place_that_is_there(
    visit: Visit, report: Report
) -> None:
    folder = report()
    for file in PAGES:
        page = visit(folder / file)
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        assert links
        for address in links:
            target, _, place = address.removeprefix("file://").partition("#")
            assert target.startswith(str(folder))
            name = place.partition("?")[0]
            held = (folder / target).read_text(encoding="utf-8")
            assert not name or f'id="{name}"' in held, address


def test_a_project_opens_from_the_table_and_leads_back_to_the_same_view(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "index.html")
    page.locator("#filters [name=status]").select_option("red")
    rows = page.locator("#portfolio tbody tr:not([hidden])")
    seen = rows.count()
    code = rows.locator(".code").first.inner_text()
    rows.locator("a.page").first.click()
    page.wait_for_url(re.compile(rf"/projects/{code}\.html"))
    expect(page.locator("header")).to_contain_text(code)
    page.locator("nav a").first.click()
    page.wait_for_url(re.compile(r"/index\.html#projects\?status=red$"))
    expect(rows).to_have_count(seen)


def test_a_finding_leads_to_its_cell_even_an_empty_one(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "understood/*.html")
    page.locator(".findings a", has_text="D7").click()
    cell = page.locator("td:target")
    expect(cell).to_be_in_viewport()
    expect(cell).to_have_class(re.compile("error"))
    assert page.locator("tr", has=cell).locator("th").inner_text() == "7"


@pytest.mark.parametrize(
    ("lang", "field"), [("fr", "Jalon · "), ("en", "Milestone · ")]
)
def test_a_cell_of_a_drawn_sheet_tells_the_field_it_gave_to_mouse_and_keys_alike(
    visit: Visit, report: Report, lang: str, field: str
) -> None:
    page = visit(report(lang) / "understood/*.html")
    told = page.locator("#gives")
    cells = page.locator(".paper[data-sheet] td[data-f]")
    expect(told).to_be_hidden()
    cells.first.hover()
    expect(told).to_contain_text("Recette")
    expect(told).to_contain_text(field)
    page.mouse.move(2, 2)
    expect(told).to_be_hidden()
    stops = page.locator(".paper[data-sheet] td[tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    page.keyboard.press("ArrowDown")
    expect(told).to_contain_text("Bascule")
    page.keyboard.press("ArrowRight")
    expect(told).to_contain_text("15/12/2026")
    expect(stops).to_be_focused()
