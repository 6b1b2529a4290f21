"""The table of projects in a browser: sort, filter, sums, address, copy."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from build_html_portfolio import build_portfolio
from conftest import Report, Visit
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
LANGUAGES = pytest.mark.parametrize("lang", ["fr", "en"])
SHOWN = "#portfolio tbody tr:not([hidden])"
# Each head pressed twice: its title, the orders told, and what each row has there.
SORTED_BY_EACH = """(rows) => [...document.querySelectorAll("#portfolio thead .sort")].flatMap((head) =>
    [1, 2].map(() => {
        head.click();
        const orders = [...document.querySelectorAll("#portfolio th[aria-sort]")];
        const cells = [...document.querySelectorAll(rows)].map((row) => row.cells[head.dataset.sort]);
        return [head.textContent, orders.map((th) => th.ariaSort),
            cells.map((cell) => [cell.dataset.s ?? cell.textContent.trim(), !!cell.querySelector(".missing")])];
    }))"""
PROJECTS = build_portfolio(24).tables["projects"].query("kind == 'project'")


def codes(page: Page) -> list[str]:
    """Codes of the projects that are shown, in order."""
    return page.locator(f"{SHOWN} th .code").all_text_contents()


def _key(text: str) -> float | list[Any]:
    try:
        return float(text)
    except ValueError:
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        plain = re.sub(r"[^\w ]", "", plain.casefold())
        return [int(t) if t.isdigit() else t for t in re.split(r"(\d+)", plain)]


def amount(text: str) -> float:
    """Euros of an amount as it is shown."""
    digits = re.sub(r"[^\d.,−-]", "", text).replace("−", "-")
    return float(
        digits.replace(",", "") if "€" in text[:2] else digits.replace(",", ".")
    )


def test_every_column_sorts_both_ways_and_what_is_missing_comes_last(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "index.html")
    turns = page.evaluate(SORTED_BY_EACH, SHOWN)
    assert len(turns) >= 2 * 15
    for number, (title, order, cells) in enumerate(turns):
        assert order == [("ascending", "descending")[number % 2]], title
        keys = [None if missing else _key(text) for text, missing in cells]
        known = [k for k in keys if k is not None]
        assert keys[len(known) :] == [None] * (len(keys) - len(known))
        assert known == sorted(known, reverse=bool(number % 2)), title


def test_a_column_sorts_from_the_keyboard(visit: Visit, report: Report) -> None:
    page = visit(report() / "index.html")
    head = page.locator("#portfolio thead .sort", has_text="Avancement")
    head.press("Enter")
    column = head.get_attribute("data-sort")
    expect(page.locator("#portfolio th[aria-sort=ascending]")).to_have_text(
        "Avancement"
    )
    shown = page.locator(
        f"{SHOWN} :nth-child({int(column or 0) + 1}) > button"
    ).all_inner_texts()
    shares = [int(re.sub(r"\D", "", text)) for text in shown]
    assert len(shares) > 12
    assert shares == sorted(shares)
    expect(head).to_be_focused()


def test_a_filter_keeps_the_projects_that_say_so(visit: Visit, report: Report) -> None:
    page = visit(report() / "index.html")
    page.locator("#filters summary").click()
    for name, field, value in (
        ("status", "status", "red"),
        ("status", "status", ""),
        ("status_cost", "status_cost", "amber"),
        ("manager", "project_manager", "Inès Fictive"),
        ("establishment", "establishment", "CH des Tilleuls"),
        ("programme", "programme", "Convergence"),
        ("domain", "domain", "Imagerie"),
    ):
        chosen = page.locator(f"#filters [name={name}]")
        chosen.select_option(value)
        rows = PROJECTS[PROJECTS[field].fillna("") == value]
        assert 0 < len(rows) < len(PROJECTS)
        assert codes(page) == sorted(rows["project_code"]), name
        chosen.select_option("*")


def test_every_choice_of_every_filter_counts_its_rows(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "index.html")
    told: dict[str, list[tuple[int, str]]] = page.evaluate(
        """(rows) => Object.fromEntries([...document.querySelectorAll("#filters select")].map((select) => {
            const told = [...select.options].slice(1).map((option) => {
                select.value = option.value;
                select.dispatchEvent(new Event("input", { bubbles: true }));
                return [document.querySelectorAll(rows).length, document.getElementById("count").textContent];
            });
            select.value = "*";
            return [select.name, told];
        }))""",
        SHOWN,
    )
    assert len(told) >= 10
    for name, choices in told.items():
        for shown, sentence in choices:
            assert 0 < shown < len(PROJECTS), name
            assert re.findall(r"\d+", sentence) == [str(shown), str(len(PROJECTS))]
        assert sum(shown for shown, _ in choices) == len(PROJECTS), name


def test_words_are_found_whatever_their_accents_and_in_any_order(
    visit: Visit, report: Report
) -> None:
    page = visit(report() / "index.html")
    page.locator("#filters [name=q]").fill("MONTCLAIR irm")
    shown = page.locator(f"{SHOWN} th").all_inner_texts()
    assert shown
    assert all("IRM de Montclair" in text for text in shown)
    page.locator("#filters [name=q]").fill("no such words")
    expect(page.locator(SHOWN)).to_have_count(0)
    page.locator("#filters [type=reset]").click()
    expect(page.locator(SHOWN)).to_have_count(len(PROJECTS))


def test_filters_add_up(visit: Visit, report: Report) -> None:
    page = visit(report() / "index.html")
    page.locator("#filters [name=late]").check()
    late = codes(page)
    page.locator("#filters [name=status]").select_option("red")
    red = PROJECTS[PROJECTS["status"] == "red"]["project_code"]
    assert codes(page) == sorted(set(late) & set(red))
    assert 0 < len(codes(page)) < len(late)


@LANGUAGES
def test_sums_are_those_of_the_rows_shown(
    visit: Visit, report: Report, lang: str
) -> None:
    page = visit(report(lang) / "index.html")
    before = page.locator("#portfolio tfoot tr:not([hidden])").all_inner_texts()
    page.locator("#filters [name=establishment]").select_option("CH de Montclair")
    after = page.locator("#portfolio tfoot tr:not([hidden])")
    assert after.count()
    assert after.all_inner_texts() != before
    rows = PROJECTS[PROJECTS["establishment"] == "CH de Montclair"]
    rows = rows[rows["amount_scope"] == "total"]
    spent = page.locator('#portfolio tfoot tr:not([hidden]) [data-k="2"]').first
    told, note = spent.inner_text().split("\n")
    assert amount(told) == pytest.approx(rows["spent"].sum() / 1000, abs=0.5)
    assert re.findall(r"\d+", note)[0] == str(rows["spent"].notna().sum())


def test_a_shared_address_opens_the_same_view(visit: Visit, report: Report) -> None:
    sender = visit(report() / "index.html")
    sender.locator("#filters [name=q]").fill("CH")
    sender.locator("#filters [name=late]").check()
    sender.locator("#filters summary").click()
    sender.locator("#filters [name=status_risk]").select_option("green")
    sender.locator("#portfolio .sort").nth(8).click()
    sender.locator("#portfolio .sort").nth(8).click()
    seen = codes(sender)
    assert len(seen) > 1
    receiver = visit(report() / "index.html", "#" + sender.url.partition("#")[2])
    assert codes(receiver) == seen
    assert receiver.locator("#filters [name=status_risk]").is_visible()
    assert receiver.locator("#filters [name=late]").is_checked()
    assert receiver.locator("#projects h2").first.is_visible()


@pytest.mark.parametrize(
    "hash_",
    [
        "#projects?sort=99&nonsense=1",
        "#projects?sort=x&status=purple",
        "#projects?q=%E0%A4%A",
        "#nowhere",
    ],
)
def test_a_broken_address_shows_the_table_all_the_same(
    visit: Visit, report: Report, hash_: str
) -> None:
    page = visit(report() / "index.html", hash_)
    page.locator("#filters [type=reset]").click()
    expect(page.locator(SHOWN)).to_have_count(len(PROJECTS))


@pytest.mark.parametrize(
    ("lang", "heads_in"),
    [("fr", ("Dépensé", "Chef de projet")), ("en", ("Spent", "Project manager"))],
)
def test_the_copy_pastes_as_columns_and_numbers_of_what_is_shown(
    visit: Visit, report: Report, lang: str, heads_in: tuple[str, str]
) -> None:
    page = visit(report(lang) / "index.html")
    page.locator("#filters [name=status]").select_option("red")
    page.locator("#copy").click()
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("textarea").focus()
    page.keyboard.press("Control+v")
    lines = page.locator("textarea").input_value().split("\n")
    heads, *cells = [line.split("\t") for line in lines]
    assert {len(row) for row in cells} == {len(heads)}
    assert [row[0] for row in cells] == codes(page)
    red = PROJECTS.set_index("project_code").loc[codes(page)]
    number = heads.index(f"{heads_in[0]} (€)")
    told = [float(row[number].replace(",", ".") or "nan") for row in cells]
    assert told == pytest.approx(red["spent"].round(2), nan_ok=True)
    assert [row[heads.index(heads_in[1])] for row in cells] == [
        managers or "" for managers in red["project_manager"]
    ]
    assert not any(re.match(r"[=+@'–?]", text) for row in cells for text in row)
