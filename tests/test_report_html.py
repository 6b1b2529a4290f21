"""The HTML report: self-contained, safe, honest about what is missing, bilingual."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import html as markup
import json
import re
import string
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd
import pytest
from build_html_portfolio import (
    AS_OF,
    HOSTILE,
    build_portfolio,
    changed_text,
    frame,
    project,
    schemas,
)

from consolidate.model.portfolio import Portfolio
from consolidate.report import html_chart
from consolidate.report.html import render_index, write_html
from consolidate.report.html_words import seen
from consolidate.resources import shipped
from consolidate.wording import catalogue

NBSP = "\u00a0"


def page(portfolio: Portfolio) -> str:
    """The report without its pictures, which take half of the time."""
    with mock.patch.object(html_chart, "charts", return_value={}):
        return render_index(portfolio, schemas())


class Structure(HTMLParser):
    """Which elements a page has, and which attributes each."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.elements: set[tuple[str, ...]] = set()
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Rows bear as many data attributes as there are filters: not compared.
        names = {n for n, _ in attrs if tag != "tr" or not n.startswith("data-")}
        self.elements.add((tag, *sorted(names)))


def with_projects(*rows: dict[str, Any], count: int = 0) -> Portfolio:
    """A portfolio of just these projects."""
    base = build_portfolio(count)
    where = {"workbook": "a.xlsx", "sheet": "Fiche", "row": 2, "period": base.period}
    own = [
        {**where, "record_id": f"r{n}", "project_code": f"P-{n}", **row}
        for n, row in enumerate(rows)
    ]
    projects = frame(schemas().tables["projects"], own)
    return dataclasses.replace(base, tables={**base.tables, "projects": projects})


def text_of(section: str) -> str:
    bare = re.sub(r"<[^>]+>", " ", section)
    return re.sub(r"[ \n]+", " ", markup.unescape(bare))


def section(document: str, name: str) -> str:
    start = document.index(f'<section id="{name}"')
    return document[start : document.index("</section>", start)]


@pytest.fixture(scope="module")
def french() -> str:
    return render_index(build_portfolio(12), schemas())


@pytest.fixture(scope="module")
def english() -> str:
    return render_index(build_portfolio(12, "en"), schemas())


def test_no_style_attribute_and_no_event_handler(french: str) -> None:
    names = {name for _, *own in Structure(french).elements for name in own}
    assert not [n for n in names if n == "style" or n.startswith("on")]
    body = re.sub(r"<(script|style)\b.*?</\1>", "", french, flags=re.S)
    own = r'(?!data:|#|projects/[A-Za-z0-9_-]+\.html")'
    assert not re.search(rf'(src|href)="{own}', body)


def test_the_policy_allows_the_pages_own_style_and_script_alone(french: str) -> None:
    policy = markup.unescape(
        re.search(r'Content-Security-Policy" content="([^"]*)"', french)[1]  # type: ignore[index]
    )
    style = re.search(r"<style>(.*?)</style>", french, re.S)[1]  # type: ignore[index]
    script = re.search(r"<script>(.*?)</script>", french, re.S)[1]  # type: ignore[index]

    def hashed(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{hashed(style)}'",
        f"script-src 'sha256-{hashed(script)}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_hostile_texts_add_no_element_and_no_attribute(french: str) -> None:
    hostile = "".join(HOSTILE)
    dirty = page(changed_text(build_portfolio(12), lambda text: text + hostile))
    assert Structure(dirty).elements <= Structure(french).elements
    assert dirty.count("<script") == 2
    assert dirty.count(markup.escape(seen(HOSTILE[0])).replace("&#x27;", "&#39;")) > 100


def test_unseen_characters_are_shown_by_their_number() -> None:
    assert seen("a\u202eb") == "a⟨U+202E⟩b"
    assert seen("a\x07\u200b\ud800") == "a⟨U+0007⟩⟨U+200B⟩⟨U+D800⟩"
    assert seen("été 1 000 € 👩‍⚕️\n") == "été 1 000 € 👩‍⚕️\n"
    dirty = page(changed_text(build_portfolio(2), lambda text: text + "\u202e\x07"))
    assert "⟨U+202E⟩" in dirty
    assert not set("\u202e\x07\u2066") & set(dirty)


def test_embedded_data_cannot_leave_its_element() -> None:
    dirty = page(
        changed_text(build_portfolio(2), lambda text: text + "</script>&\u2028")
    )
    data = re.search(r'id="data">(.*?)</script>', dirty, re.S)[1]  # type: ignore[index]
    assert not set("<>&\u2028\u2029") & set(data)
    assert json.loads(data)["t"]


def test_the_same_portfolio_gives_the_same_bytes(tmp_path: Path, french: str) -> None:
    write_html(build_portfolio(12), schemas(), tmp_path)
    assert (tmp_path / "index.html").read_bytes() == french.encode()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_empty_portfolio_says_so(lang: str) -> None:
    document = page(build_portfolio(0, lang))
    words = {"fr": "Aucun projet n’a été lu", "en": "No project was read"}
    assert words[lang] in document
    assert "<img" not in document


def test_every_word_is_there_in_both_languages() -> None:
    path = shipped("schemas") / "wording" / "report_html.toml"
    keys = set(re.findall(r"^(html-[\w-]+)\.", path.read_text("utf-8"), re.M))
    labels = catalogue()["labels"]
    for key in keys:
        assert labels[key].keys() == {"fr", "en"}, key
        names = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in labels[key].values()
        ]
        assert names[0] == names[1], key
        assert not re.search(r"(?<!\u00a0)[;:!»%]", labels[key]["fr"]), key


def test_no_language_in_the_other(french: str, english: str) -> None:
    shown = {"fr": text_of(french), "en": text_of(english)}
    labels = catalogue()["labels"]
    for key in (k for k in labels if k.startswith("html-")):
        for lang, other in (("fr", "en"), ("en", "fr")):
            for part in re.split(r"\{\w+\}", labels[key][other]):
                strange = len(part.strip()) > 9 and part not in labels[key][lang]
                if strange and not any(
                    part in text[lang] for k, text in labels.items() if "html" in k
                ):
                    assert part not in shown[lang], key


def test_missing_is_shown_as_missing_and_never_green() -> None:
    document = page(with_projects({"name": "Sans nouvelle", "state": "active"}))
    row = section(document, "projects")
    row = row[row.index("<tbody>") : row.index("</tbody>")]
    assert row.count('class="missing"') >= 10
    assert row.count('class="rag missing"') == 5
    assert "rag good" not in row


def test_mco_containers_are_in_no_count_of_projects(french: str) -> None:
    assert f"11{NBSP}projets".replace(NBSP, " ") in text_of(section(french, "overview"))
    assert "PRJ-112" not in section(french, "projects")
    assert "PRJ-112" in section(french, "services")


def test_amounts_of_different_scopes_are_not_added_up() -> None:
    amounts = {"budget_initial": 100_000.0, "state": "active", "kind": "project"}
    document = page(
        with_projects(
            {**amounts, "amount_scope": "total"},
            {**amounts, "amount_scope": "total"},
            {**amounts, "amount_scope": "year", "amount_year": 2026},
            {**amounts, "amount_scope": "unknown"},
        )
    )
    told = text_of(section(document, "budgets"))
    assert "durée de vie 2 200\u00a0k€ 2 sur 4" in told
    assert "année 2026 1 100\u00a0k€ 1 sur 4" in told
    assert "400\u00a0k€" not in told
    assert "300\u00a0k€" not in told
    assert "1 projet donne des montants sans préciser" in told


def test_a_gap_is_not_computed_on_amounts_of_unknown_scope() -> None:
    over = {"budget_initial": 100.0e3, "forecast_cost": 200.0e3, "state": "active"}
    document = page(with_projects({**over, "amount_scope": "unknown"}))
    assert "Aucun montant comparable" in text_of(section(document, "budgets"))
    assert "au-dessus de son budget" not in text_of(section(document, "overview"))


def test_budget_lines_with_and_without_tax_stay_apart() -> None:
    base = build_portfolio(0)
    line = {"workbook": "a.xlsx", "sheet": "B", "row": 1, "amount_scope": "total"}
    rows = [
        {**line, "record_id": str(n), "committed": 5000.0, "tax_basis": tax}
        for n, tax in enumerate(("excl_vat", "incl_vat", None))
    ]
    lines = frame(schemas().tables["budget_lines"], rows)
    document = page(
        dataclasses.replace(base, tables={**base.tables, "budget_lines": lines})
    )
    told = text_of(section(document, "budgets"))
    assert told.count("5\u00a0k€ 1 sur 1") == 3
    assert "HT ou TTC non précisé" in told


def test_a_figure_has_the_cell_it_was_read_in(french: str) -> None:
    data = json.loads(re.search(r'id="data">(.*?)</script>', french, re.S)[1])  # type: ignore[index]
    table = section(french, "projects")
    number = int(re.search(r'data-s="0\.13"><button data-p="(\d+)"', table)[1])  # type: ignore[index]
    label, place, cell, raw = data["p"][number]
    book, sheet, _, how, sure, _ = data["w"][place]
    assert data["t"][label] == "Avancement"
    assert data["t"][book] == "Équipe 2/PRJ-102_suivi.xlsx"
    assert data["t"][sheet] == "Fiche projet"
    assert re.fullmatch("[A-Z]4", cell)
    assert data["t"][raw] == "0.13"
    assert data["t"][how] == "le libellé voisin"
    assert 0 <= sure <= 100


def test_a_derived_figure_gives_its_formula_and_inputs(french: str) -> None:
    data = json.loads(re.search(r'id="data">(.*?)</script>', french, re.S)[1])  # type: ignore[index]
    table = section(french, "projects")
    number = int(re.search(r'data-p="(\d+)">\+34', table)[1])  # type: ignore[index]
    formula, inputs = data["p"][number]
    assert " − " in data["t"][formula]
    assert len(inputs) == 2
    assert all(len(data["p"][i]) >= 4 for i in inputs)


def test_a_value_that_lost_is_told_with_the_one_that_won() -> None:
    base = build_portfolio(1)
    at = (base.lineage["field"] == "name") & (base.lineage["table"] == "projects")
    lost = base.lineage[at].assign(workbook="autre.xlsx", raw="Ancien nom", used=False)
    lineage = pd.concat([base.lineage, lost], ignore_index=True)
    document = page(dataclasses.replace(base, lineage=lineage))
    data = json.loads(re.search(r'id="data">(.*?)</script>', document, re.S)[1])  # type: ignore[index]
    told = [e for e in data["p"] if len(e) == 5]
    assert [data["t"][data["w"][e[4][0][0]][0]] for e in told] == ["autre.xlsx"]


def test_findings_are_grouped_by_manager_in_the_order_of_names(french: str) -> None:
    names = re.findall(r'<span class="who">(.*?)</span>', french)
    assert names[-1].startswith("Sans chef de projet")
    assert names[:-1] == sorted(names[:-1])
    claire = section(french, "quality").split("</details>")[0]
    assert "PRJ-106_suivi.xlsx" in claire
    assert "<code>D7</code> <q>bientôt</q>" in claire
    assert "À faire" in claire


def test_findings_of_one_kind_are_told_once_with_their_cells() -> None:
    base = build_portfolio(4)
    one = base.findings[base.findings["severity"] == "error"].iloc[[0]]
    many = pd.concat([one.assign(cell=f"D{n}") for n in range(30)], ignore_index=True)
    document = page(dataclasses.replace(base, findings=many))
    told = section(document, "quality")
    assert told.count('<li class="error">') == 1
    assert "et 22 autres cellules" in text_of(told)


def test_late_is_told_with_its_denominator() -> None:
    day = AS_OF
    document = page(
        with_projects(
            {"state": "active", "end_baseline": day.replace(month=9, day=30)},
            {"state": "active", "end_baseline": day},
            {"state": "active"},
            {"state": "completed", "end_baseline": day.replace(month=1)},
        )
    )
    told = text_of(section(document, "overview"))
    assert "Projets en retard 1 sur 2 projets dont la fin est connue" in told


def test_workload_names_teams_and_no_person(french: str) -> None:
    assert "Biomédical" in section(french, "load")
    assert "Agent Exemple" not in french


def test_requests_wait_the_oldest_first(french: str) -> None:
    ages = re.findall(r">(\d+)\u00a0j</button>", section(french, "requests"))
    assert ages
    assert [int(a) for a in ages] == sorted(map(int, ages), reverse=True)


def test_130_projects_stay_within_a_mail_attachment() -> None:
    assert len(page(build_portfolio(130)).encode()) < 1_500_000


def test_a_users_template_replaces_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    own = (shipped("templates") / "html" / "index.css").read_text("utf-8")
    (tmp_path / "html" / "index.css").write_text(own + ".ch {}", "utf-8")
    document = render_index(build_portfolio(0), schemas(), tmp_path)
    assert ".ch {}</style>" in document


def test_odd_codes_are_shown_as_they_are() -> None:
    odd = project(1, status="violet", state="en sommeil", phase="99", priority="9")
    told = text_of(section(page(with_projects(odd)), "projects"))
    assert "violet" in told
    assert "en sommeil" in told


def test_who_asks_for_a_decision_is_told_in_their_words() -> None:
    document = page(
        with_projects(
            {"state": "active", "decisions": "Choisir l’hébergeur", "priority": "2"},
            {"state": "active", "assistance_requested": True, "priority": "1"},
            {"state": "completed", "decisions": "Clore"},
            {"state": "active", "assistance_requested": False},
        )
    )
    told = text_of(section(document, "decisions"))
    assert told.index("Aide du PMO demandée") < told.index("Choisir l’hébergeur")
    assert "Clore" not in told
    assert "2 projets demandent une décision" in text_of(section(document, "overview"))


def test_very_long_cells_are_cut() -> None:
    long = changed_text(build_portfolio(3), lambda text: text + "é" * 40_000)
    document = page(dataclasses.replace(long, workbooks=build_portfolio(3).workbooks))
    assert "é" * 700 not in document
    assert len(document) < 500_000


def test_charts_are_whole_pictures_with_words(french: str) -> None:
    pictures = re.findall(r'<img src="([^"]*)" alt="([^"]*)"', french)
    assert len(pictures) == 4
    for address, alt in pictures:
        kind, _, content = address.partition(",")
        assert kind == "data:image/svg+xml;base64"
        assert base64.b64decode(content).decode().rstrip().endswith("</svg>")
        assert len(alt) > 40
