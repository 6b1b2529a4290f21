"""What a page may do: nothing but show. `visit` holds every page of every test to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from build_html_portfolio import HOSTILE, build_portfolio, changed_text, schemas
from conftest import PAGES, Report, Visit, drawings

from consolidate.report.html import write_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
# What the page would have to run if a text of a cell became markup, and what stopped it.
BROUGHT_IN = """async () => {
    const told = [];
    document.addEventListener("securitypolicyviolation", (e) => told.push(e.violatedDirective));
    const make = (tag, key, value) => {
        const node = document.createElement(tag);
        node[key] = value;
        document.body.append(node);
    };
    make("script", "textContent", "window.owned = 1");
    make("style", "textContent", "body { display: none }");
    make("div", "innerHTML", "<b onclick='owned = 1' style='color: red'>x</b>");
    make("iframe", "src", "data:text/html,x");
    make("img", "src", "http://example.invalid/x.png");
    document.querySelector("b[onclick]").click();
    while (told.length < 6) await new Promise(requestAnimationFrame);
    return [...told, `owned: ${window.owned}`];
}"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report whose every text of every field, name and sheet is an attack."""
    folder = tmp_path_factory.mktemp("hostile")
    attack = "".join(HOSTILE)

    def attacked(text: str) -> str:
        return text + attack

    portfolio = changed_text(build_portfolio(3), attacked)
    write_html(portfolio, schemas(), folder, drawings=drawings(attacked))
    return folder


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_pages_of_each_kind_are_quiet(visit: Visit, report: Report, lang: str) -> None:
    folder = report(lang)
    for file in PAGES:
        page = visit(folder / file)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        assert page.title()
        assert page.locator("html").get_attribute("lang") == lang


@pytest.mark.parametrize("file", PAGES)
def test_the_policy_stops_what_a_cell_could_bring(
    chromium: Browser, report: Report, file: str
) -> None:
    page = chromium.new_page()
    page.goto(next(report().glob(file)).as_uri())
    stopped = page.evaluate(BROUGHT_IN)
    page.close()
    for directive in ("script-src-elem", "script-src-attr", "style-src-elem"):
        assert directive in stopped
    assert {"style-src-attr", "frame-src", "img-src"} <= set(stopped)
    assert stopped[-1] == "owned: undefined"


def test_texts_of_workbooks_stay_texts(visit: Visit, hostile: Path) -> None:
    found = pages(hostile)
    assert len(found) >= 5
    for file in found:
        page = visit(file)
        assert page.evaluate("document.scripts.length") == 2
        assert page.locator("img:not(.chart img)").count() == 0
        assert page.locator("style").count() == 1
        for attribute in ("onmouseover", "onerror", "onclick", "style"):
            assert page.locator(f"[{attribute}]").count() == 0
        outside = "a:not([href^='#']):not([href^='../']):not([href$='.html'])"
        assert page.locator(outside).count() == 0
        assert HOSTILE[0] in page.locator("main").inner_text()


def test_a_panel_shows_a_hostile_cell_as_it_was_written(
    visit: Visit, hostile: Path
) -> None:
    page = visit(hostile / "index.html")
    page.locator("#portfolio tbody td.s [data-p]").first.click()
    told = page.get_by_role("dialog")
    assert HOSTILE[0] in told.inner_text()
    assert told.locator("img, script, style, a").count() == 0
