"""The page of a project: self-contained, safe, honest about what is missing, small."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import html as markup
import json
import re
import string
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from build_html_portfolio import (
    AS_OF,
    HOSTILE,
    build_portfolio,
    changed_text,
    frame,
    schemas,
)
from test_report_html import Structure, text_of

from consolidate.model.portfolio import ALERT_COLUMNS, STATUS_COLUMNS, Portfolio
from consolidate.report.html import make_context, write_html
from consolidate.report.html_words import seen
from consolidate.report.page_project import render_projects
from consolidate.resources import shipped
from consolidate.wording import catalogue

NBSP = "\u00a0"


def pages(portfolio: Portfolio) -> Mapping[str, str]:
    """The page of each project, by code."""
    context = make_context(portfolio, schemas())
    return dict(
        zip(context.pages, (p for _, p in render_projects(context)), strict=True)
    )


def one(fields: Mapping[str, Any], lang: str = "fr", **tables: Any) -> str:
    """The page of one project with these fields and these rows of other tables."""
    base = build_portfolio(0, lang)
    at = {"workbook": "a.xlsx", "sheet": "S", "period": base.period}
    at = {**at, "project_code": "P-1"}
    rows = {"projects": [fields], **tables}
    made = {
        name: frame(
            schemas().tables[name],
            [
                {**at, "record_id": f"{name}{n}", "row": n + 2, **row}
                for n, row in enumerate(own)
            ],
        )
        for name, own in rows.items()
    }
    return pages(dataclasses.replace(base, tables={**base.tables, **made}))["P-1"]


def body(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def section(page: str, name: str) -> str:
    start = page.index(f'aria-labelledby="h-{name}"')
    return page[start : page.index("</section>", start)]


def told(page: str) -> str:
    return text_of(body(page))


@pytest.fixture(scope="module")
def french() -> Mapping[str, str]:
    return pages(build_portfolio(12))


@pytest.fixture(scope="module")
def english() -> Mapping[str, str]:
    return pages(build_portfolio(12, "en"))


def test_every_project_and_container_has_its_page_linked_from_the_index(
    tmp_path: Path,
) -> None:
    write_html(build_portfolio(12), schemas(), tmp_path)
    index = (tmp_path / "index.html").read_text("utf-8")
    linked = set(re.findall(r'href="(projects/[^"#]*)"', index))
    written = {f"projects/{p.name}" for p in (tmp_path / "projects").iterdir()}
    assert len(written) == 12
    assert linked == written
    assert "PRJ-112.html" in {Path(p).name for p in written}


def test_a_page_leads_back_and_to_its_neighbours(french: Mapping[str, str]) -> None:
    links = re.findall(r'<a href="([^"]*)"[^>]*data-keep', french["PRJ-105"])
    assert links == ["../index.html#projects", "PRJ-104.html", "PRJ-106.html"]
    assert 'rel="prev"' not in french["PRJ-101"]
    assert 'rel="next"' not in french["PRJ-112"]


def test_a_page_holds_all_it_needs(french: Mapping[str, str]) -> None:
    page = french["PRJ-103"]
    assert not re.search(r"<(?:link|img|iframe|object|embed)\b", page)
    assert not re.search(r'\bsrc="|https?://|@import|url\(', page)
    names = {name for _, *own in Structure(page).elements for name in own}
    assert not [n for n in names if n == "style" or n.startswith("on")]


def test_the_policy_allows_the_pages_own_style_and_script_alone(
    french: Mapping[str, str],
) -> None:
    page = french["PRJ-103"]
    policy = markup.unescape(re.search(r'Policy" content="([^"]*)"', page)[1])  # type: ignore[index]
    for kind in ("style", "script"):
        own = re.search(rf"<{kind}>(.*?)</{kind}>", page, re.S)[1]  # type: ignore[index]
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")


def test_a_usual_page_is_small(french: Mapping[str, str]) -> None:
    assert max(len(page.encode()) for page in french.values()) < 60_000


def test_hostile_texts_add_no_element_and_no_attribute(
    french: Mapping[str, str],
) -> None:
    hostile = "".join(HOSTILE)
    dirty = pages(changed_text(build_portfolio(12), lambda text: text + hostile))
    usual = set[tuple[str, ...]]().union(
        *(Structure(page).elements for page in french.values())
    )
    for page in dirty.values():
        # A state that no vocabulary knows is in no list of the ended ones.
        assert Structure(page).elements <= usual
        assert page.count("<script") == 2
        assert str(markup.escape(seen(HOSTILE[0]))).replace("&#x27;", "&#39;") in page
        assert not set("\u202e\x07\u2066") & set(page)


def test_a_file_name_is_never_a_path_nor_one_that_windows_keeps(
    tmp_path: Path,
) -> None:
    codes = ["../../x", "a/b\\c", "CON", "nul", "P.1", " ", "..", "P-1", "p-1"]
    codes += ["é" * 300, "com1.x", "p:1", "P?*", "\u202eP", "\ud800", "LPT9"]
    base = build_portfolio(0)
    rows = [
        {
            "project_code": c,
            "record_id": f"r{n}",
            "workbook": "a",
            "sheet": "S",
            "row": n,
        }
        for n, c in enumerate(codes)
    ]
    projects = frame(schemas().tables["projects"], rows)
    odd = dataclasses.replace(base, tables={**base.tables, "projects": projects})
    write_html(odd, schemas(), tmp_path)
    names = [p.name for p in (tmp_path / "projects").iterdir()]
    assert len({n.lower() for n in names}) == len(codes)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,70}\.html", n) for n in names)
    stems = {n.partition(".")[0].upper() for n in names}
    assert not stems & {"CON", "NUL", "LPT9", ""}
    assert "P-1.html" in names


def test_the_same_portfolio_gives_the_same_bytes(french: Mapping[str, str]) -> None:
    assert pages(build_portfolio(12)) == french


def test_what_was_not_communicated_is_one_line_and_nothing_is_green() -> None:
    page = one({"name": "Sans nouvelle", "state": "active"})
    assert "rag good" not in page
    assert page.count('class="rag missing"') == 5
    quiet = re.search(r'class="quiet">(.*?)</p>', page)[1]  # type: ignore[index]
    for word in ("Statut", "Avancement", "Coûts", "Délais", "Jalons", "risques"):
        assert word in quiet
    assert "<table" not in body(page)


def test_a_derived_amount_is_only_computed_when_its_inputs_compare() -> None:
    amounts = {"budget_initial": 100e3, "committed": 50e3, "forecast_cost": 130e3}
    page = one({**amounts, "amount_scope": "unknown"})
    assert "Engagé / budget" not in told(page)
    assert "Écart d’atterrissage" not in told(page)
    page = one({**amounts, "amount_scope": "total"})
    assert f"Engagé / budget 50{NBSP}%" in told(page)
    assert f"+30{NBSP}k€ (+30{NBSP}%)" in told(page)


def test_a_derived_figure_gives_its_formula_and_inputs(
    french: Mapping[str, str],
) -> None:
    page = french["PRJ-102"]
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    number = int(re.search(r'Temps écoulé</span> <b><button data-p="(\d+)"', page)[1])  # type: ignore[index]
    formula, inputs = data["p"][number]
    assert data["t"][formula].startswith("(31/10/2026 − ")
    assert [data["t"][data["p"][i][0]] for i in inputs] == [
        "Début prévu",
        "Fin de référence",
    ]


def test_a_count_says_what_was_counted_and_where() -> None:
    rows = [
        {"title": f"Risque {n}", "state": "open", "criticality": 16.0} for n in range(3)
    ]
    page = one({"name": "A"}, risks=[*rows, {"title": "Clos", "state": "closed"}])
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    assert "Risques qui ne sont pas clos. a.xlsx ! S 2–4" in data["t"]
    assert "Risques critiques 3 sur 3" in told(page)
    assert "Exposition 48" in told(page)


def test_milestones_are_in_the_order_of_their_dates_with_their_slip() -> None:
    day = timedelta(days=1)
    rows = [
        {"name": "Bascule", "end_baseline": AS_OF, "end_forecast": AS_OF + 40 * day},
        {
            "name": "Cadrage",
            "end_baseline": AS_OF - 90 * day,
            "end_actual": AS_OF - 80 * day,
        },
        {"name": "Recette", "end_baseline": AS_OF - 9 * day},
    ]
    own = text_of(section(one({"name": "A"}, milestones=rows), "milestones"))
    assert [own.index(n) for n in ("Cadrage", "Recette", "Bascule")] == sorted(
        own.index(n) for n in ("Cadrage", "Recette", "Bascule")
    )
    assert f"+10{NBSP}j" in own
    assert f"+40{NBSP}j" in own


def test_a_long_plan_shows_some_late_some_coming_and_some_achieved() -> None:
    def at(days: int, **more: Any) -> dict[str, Any]:
        return {"end_baseline": AS_OF + timedelta(days=days), **more}

    late = [at(-n, name=f"Tard {n}") for n in range(1, 40)]
    coming = [at(n, name=f"Bientôt {n}") for n in range(1, 40)]
    done = [at(-n, name=f"Fait {n}", state="completed") for n in range(1, 40)]
    own = text_of(
        section(one({"name": "A"}, milestones=[*late, *coming, *done]), "milestones")
    )
    assert [own.count(n) for n in ("Tard", "Bientôt", "Fait")] == [4, 4, 4]
    assert "Bientôt 1 " in own
    assert "Fait 1 " in own
    assert "105 autres dans portfolio.xlsx" in own


def test_dates_far_away_do_not_flatten_the_chart() -> None:
    rows = [
        {"name": "Proche", "end_baseline": AS_OF - timedelta(days=60)},
        {"name": "Suite", "end_baseline": AS_OF + timedelta(days=60)},
        {"name": "Un jour", "end_baseline": date(2999, 12, 31)},
    ]
    drawn = re.findall(
        r'class="base[^"]*" d="m([\d.]+) 4 ', one({"name": "A"}, milestones=rows)
    )
    first, second = map(float, drawn)
    assert second - first > 100


def test_actions_are_the_open_ones_the_most_overdue_first() -> None:
    rows = [
        {"title": "Plus tard", "due_date": AS_OF + timedelta(days=9), "state": "open"},
        {"title": "Sans date", "state": "open"},
        {"title": "En retard", "due_date": AS_OF - timedelta(days=9), "state": "open"},
        {"title": "Close", "due_date": AS_OF, "state": "closed"},
        {"title": "Finie", "due_date": AS_OF, "closed_on": AS_OF},
    ]
    own = section(one({"name": "A"}, actions=rows), "actions")
    assert re.findall(r'<th scope="row">(?:<button[^>]*>)?([^<]*)', own) == [
        "En retard",
        "Plus tard",
        "Sans date",
    ]
    assert own.count('class="poor"') == 1


def test_workload_is_summed_by_month_without_absence_and_without_names() -> None:
    row = {"month": "2026-10", "person": "Agent Exemple", "effort_spent": 2.5}
    page = one(
        {"name": "A"},
        workload=[
            {**row, "category": "run"},
            {**row, "category": "build"},
            {**row, "category": "absence"},
        ],
    )
    assert "oct. 26 5 2,5" in text_of(section(page, "workload")).replace(NBSP, " ")
    assert "Agent Exemple" not in page


def test_an_alert_says_what_and_shows_the_cells_it_comes_from() -> None:
    base = build_portfolio(3)
    alert = {
        "project_code": "PRJ-102",
        "code": "D02",
        "rule": "forecast-delay",
        "severity": "major",
        "message": "Fin prévue 34 jours après la référence.",
        "inputs": "projects:p0001:end_forecast;projects:p0001:end_baseline",
        "acknowledged_until": date(2026, 12, 31),
    }
    rows = pd.DataFrame([alert], columns=ALERT_COLUMNS, dtype="object")
    page = pages(dataclasses.replace(base, alerts=rows))["PRJ-102"]
    own = section(page, "alerts")
    assert "Fin prévue 34 jours après la référence." in own
    assert "connue du PMO jusqu’au 31/12/2026" in own
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    _, inputs = data["p"][int(re.search(r'data-p="(\d+)"', own)[1])]  # type: ignore[index]
    labels = [data["t"][data["p"][i][0]] for i in inputs]
    assert labels == ["Fin estimée", "Fin de référence"]


def test_of_many_alerts_the_gravest_are_told_and_the_others_counted() -> None:
    row = {"project_code": "PRJ-101", "severity": "major", "table": "projects"}
    many = [{**row, "message": f"Alerte {n}."} for n in range(11)]
    rows = pd.DataFrame(many, columns=ALERT_COLUMNS, dtype="object")
    page = pages(dataclasses.replace(build_portfolio(1), alerts=rows))["PRJ-101"]
    own = text_of(section(page, "alerts"))
    assert own.count("Alerte ") == 8
    assert "3 autres dans portfolio.xlsx" in own


def test_the_status_by_the_figures_stands_beside_the_declared_one() -> None:
    base = build_portfolio(1)
    row = {"project_code": "PRJ-101", "overall": "red"}
    statuses = pd.DataFrame([row], columns=STATUS_COLUMNS, dtype="object")
    project = base.tables["projects"].assign(status="green", kind="project")
    tables = {**base.tables, "projects": project}
    page = pages(dataclasses.replace(base, tables=tables, statuses=statuses))
    told = text_of(page["PRJ-101"].partition("<main")[0])
    assert "Statut global vert D’après les chiffres rouge" in told


def test_findings_of_the_project_name_their_cells(french: Mapping[str, str]) -> None:
    own = section(french["PRJ-106"], "findings")
    assert "PRJ-106_suivi.xlsx" in own
    assert "<code>D7</code> <q>bientôt</q>" in own
    assert "PRJ-105_suivi.xlsx" not in own


def test_every_word_is_there_in_both_languages() -> None:
    path = shipped("schemas") / "wording" / "report_project.toml"
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


def test_no_language_in_the_other(
    french: Mapping[str, str], english: Mapping[str, str]
) -> None:
    labels = catalogue()["labels"]
    shown = {
        "fr": " ".join(map(text_of, french.values())),
        "en": " ".join(map(text_of, english.values())),
    }
    for key in (k for k in labels if k.startswith("html-page-")):
        for lang, other in (("fr", "en"), ("en", "fr")):
            for part in re.split(r"\{\w+\}", labels[key][other]):
                if len(part.strip()) > 9 and part not in labels[key][lang]:
                    assert part not in shown[lang], key


def test_a_container_is_called_one_and_shows_its_services(
    french: Mapping[str, str],
) -> None:
    assert "Contenant MCO" in text_of(french["PRJ-112"])
    assert "Contenant MCO" not in text_of(french["PRJ-111"])
    month = {"month": "2026-10", "availability_actual": 0.9971}
    page = one(
        {"name": "MCO", "kind": "mco"}, services=[{"name": "Dossier patient", **month}]
    )
    assert f"99,71{NBSP}%" in text_of(section(page, "services"))


def test_an_empty_portfolio_has_no_pages(tmp_path: Path) -> None:
    write_html(build_portfolio(0), schemas(), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["index.html"]
