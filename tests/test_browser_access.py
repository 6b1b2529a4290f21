"""Whoever reads: by keys, by voice, enlarged, on a phone, in the dark, without script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from build_html_portfolio import build_portfolio
from conftest import PAGES, Report, Visit

pytestmark = pytest.mark.browser
EACH_FILE = pytest.mark.parametrize("file", PAGES)


def complaints(page: Any, **options: Any) -> list[str]:
    """What axe holds against a page, the serious and the critical."""
    told = Axe().run(page, options={"resultTypes": ["violations"], **options})
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in told.response["violations"]
        for node in rule["nodes"]
        if rule["impact"] in ("serious", "critical")
    ]


@EACH_FILE
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_axe_finds_nothing_serious(
    visit: Visit, report: Report, file: str, lang: str
) -> None:
    page = visit(report(lang, 5) / file, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert complaints(page) == []


@EACH_FILE
def test_colours_of_the_dark_contrast_as_well(
    visit: Visit, report: Report, file: str
) -> None:
    page = visit(report("fr", 5) / file, bypass_csp=True, color_scheme="dark")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != (
        "rgb(255, 255, 255)"
    )
    assert complaints(page, runOnly=["color-contrast"]) == []


@pytest.mark.parametrize("file", PAGES[:2])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_panel(
    visit: Visit, report: Report, file: str, scheme: str
) -> None:
    page = visit(report("fr", 5) / file, bypass_csp=True, color_scheme=scheme)
    page.locator("main [data-p]").first.click()
    assert complaints(page) == []


@EACH_FILE
def test_the_page_never_scrolls_sideways(
    visit: Visit, report: Report, file: str
) -> None:
    page = visit(report() / file)
    # 720 is a screen of 1440 enlarged to 200 %, 320 one of 1280 at 400 %.
    for width in (320, 390, 720, 768, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("file", PAGES[:2])
def test_the_panel_fits_a_phone(visit: Visit, report: Report, file: str) -> None:
    page = visit(report() / file, width=390)
    page.locator("main [data-p]").first.click()
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


@EACH_FILE
def test_texts_twice_as_large_are_not_cut(
    visit: Visit, report: Report, file: str
) -> None:
    page = visit(report() / file, width=1280)
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync("html { font-size: 200% !important; }");
        document.adoptedStyleSheets = [sheet]; }"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@EACH_FILE
def test_without_script_everything_but_proof_is_there(
    visit: Visit, report: Report, file: str
) -> None:
    page = visit(report() / file, java_script_enabled=False)
    assert page.locator("main table tbody tr").count() > 3
    shown = "main > section, main > section > .scroll, main > section > h2:not(.sr)"
    assert all(part.is_visible() for part in page.locator(shown).all())
    cut = page.locator("details[open] tbody tr, section > .scroll tbody tr")
    assert all(row.is_visible() for row in cut.all())
    assert not page.locator(".js:visible, #filters:visible").count()


def test_without_script_the_whole_table_is_there(visit: Visit, report: Report) -> None:
    page = visit(report() / "index.html", java_script_enabled=False)
    rows = page.locator("#portfolio tbody tr:visible")
    projects = build_portfolio(24).tables["projects"].query("kind == 'project'")
    told = rows.all_inner_texts()
    assert len(told) == len(projects)
    for text, (code, name) in zip(
        told, projects[["project_code", "name"]].itertuples(index=False), strict=True
    ):
        assert code in text
        assert name in text


@EACH_FILE
def test_nothing_moves_for_whoever_asked_for_calm(
    visit: Visit, report: Report, file: str
) -> None:
    moving = "getComputedStyle(document.documentElement).scrollBehavior"
    page = visit(report() / file, reduced_motion="reduce")
    assert page.evaluate(moving) == "auto"
    assert page.evaluate("document.getAnimations().length") == 0


def test_a_page_sent_alone_shows_all_it_says(
    visit: Visit, report: Report, tmp_path: Path
) -> None:
    alone = tmp_path / "index.html"
    alone.write_bytes((report() / "index.html").read_bytes())
    page = visit(alone)
    assert page.locator("#portfolio tbody tr").count() == 23
    pictures = page.eval_on_selector_all("img", "all => all.map(i => i.naturalWidth)")
    assert pictures
    assert all(pictures)
