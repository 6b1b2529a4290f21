"""The monthly commitment review: what it holds, in both languages, and what it never says."""

from __future__ import annotations

import dataclasses
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
import pytest
from build_portfolio import make_portfolio, schemas

from consolidate.analyse.rules import Rules, load_rules
from consolidate.model.pack import Figure, Figures, Pack, Section, Table, Text
from consolidate.model.portfolio import ALERT_COLUMNS, PRIORITY_COLUMNS, Portfolio
from consolidate.packs.data import PackData
from consolidate.packs.review import packs
from consolidate.register.specs import review_specs
from consolidate.resources import shipped

LANGS = ("fr", "en")
ALERT: dict[str, Any] = {
    **dict.fromkeys(ALERT_COLUMNS),
    "period": "2026-10",
    "project_code": "PRJ-001",
    "code": "B01",
    "rule": "budget-forecast-overrun",
    "group": "budget",
    "severity": "critical",
    "table": "projects",
    "since": "2026-10",
    "message": "Atterrissage au-dessus du budget.",
}


@cache
def rules() -> Rules:
    return load_rules((shipped("schemas"),))


def portfolio(lang: str, period: str = "2026-10") -> Portfolio:
    made = make_portfolio(4, lang)
    tables = {n: f.assign(period=period) for n, f in made.tables.items()}
    as_of = date(2026, 10, 31) if period == "2026-10" else date(2026, 9, 30)
    other = ALERT | {"project_code": "PRJ-002", "severity": "major"}
    alerts = pd.DataFrame([ALERT, other], columns=ALERT_COLUMNS, dtype="object")
    ranked = [
        ("PRJ-001", 16.0, "immediate", 1, ALERT["rule"]),
        ("PRJ-002", 3.0, "watch", 1, ALERT["rule"]),
    ]
    columns = ["project_code", "score", "level", "alerts", "gravest"]
    priorities = pd.DataFrame(ranked, columns=columns)[PRIORITY_COLUMNS]
    return dataclasses.replace(
        made, period=period, as_of=as_of, tables=tables, alerts=alerts, priorities=priorities
    )  # fmt: skip


@cache
def review(lang: str = "fr", *, closed: bool = True) -> Pack:
    last = portfolio(lang, "2026-09") if closed else None
    data = PackData(portfolio(lang), schemas(), rules(), last)
    (pack,) = packs(data)
    return pack


def section(name: str, lang: str = "fr", *, closed: bool = True) -> Section:
    found = review(lang, closed=closed).sections
    return next(s for s in found if s.id == name)


def table(name: str, lang: str = "fr") -> Table:
    return next(t for _, t in review(lang).tables() if t.id == name)


@pytest.mark.parametrize("lang", LANGS)
def test_every_column_that_is_shown_is_there_and_called_once(lang: str) -> None:
    for part, found in review(lang).tables():
        labels = [c.label for c in found.columns]
        assert len(labels) == len(set(labels)), (part.id, found.id)
        assert {c.name for c in found.columns} <= set(found.frame.columns), found.id
        tones = {c.tone for c in found.columns if c.tone}
        assert tones <= set(found.frame.columns), found.id


@pytest.mark.parametrize("lang", LANGS)
def test_every_section_says_in_a_sentence_what_it_says_and_fits_a_tab(
    lang: str,
) -> None:
    for part in review(lang).sections:
        assert part.lead, part.id
        assert 0 < len(part.title) <= 31, part.title
    ids = [part.id for part in review(lang).sections]
    assert len(ids) == len(set(ids))
    tables = [t.id for _, t in review(lang).tables()]
    assert sorted(t for t in set(tables) if tables.count(t) > 1) in ([], ["money"])


def figures(lang: str = "fr") -> list[Figure]:
    blocks = [b for s in review(lang).sections for b in s.blocks]
    return [f for b in blocks if isinstance(b, Figures) for f in b.figures]


@pytest.mark.parametrize("lang", LANGS)
def test_every_figure_says_of_how_many_it_is(lang: str) -> None:
    assert [f.label for f in figures(lang) if not f.note] == []


def test_headlines_lead_to_cells_and_to_the_last_review() -> None:
    found = next(b for b in section("headline").blocks if isinstance(b, Figures))
    running = found.figures[0]
    assert running.before == running.value  # the same portfolio, a month before
    assert running.how
    assert all(" ! " in cell for cell in running.cells)
    assert running.cells


def test_without_a_closed_month_no_commitment_is_judged_and_the_page_says_so() -> None:
    first = section("commitments", closed=False).blocks[0]
    assert isinstance(first, Text)
    assert "octobre\u00a02026" in first.paragraphs[0]
    (told,) = section("changes", closed=False).blocks
    assert isinstance(told, Text)


def test_the_most_urgent_project_comes_first_with_its_cause_and_an_action() -> None:
    rows = table("assistance").frame
    assert rows["project_code"].tolist() == ["PRJ-001", "PRJ-002"]
    assert rows["severity"].tolist() == ["critical", "major"]
    assert rows["proposed"].str.len().gt(0).all()
    assert rows["causes"].str.len().gt(0).all()


def test_an_acknowledged_alert_asks_for_no_help() -> None:
    here = portfolio("fr")
    known = here.alerts.assign(acknowledged_until=date(2026, 12, 31))
    data = PackData(dataclasses.replace(here, alerts=known), schemas(), rules())
    found = next(t for _, t in packs(data)[0].tables() if t.id == "assistance")
    assert len(found.frame) == 0
    assert found.empty


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["decisions", "cases-sheet"])
def test_a_sheet_that_is_read_back_bears_the_names_it_is_read_by(
    name: str, lang: str
) -> None:
    spec = next(s for s in review_specs() if s.name == name.removesuffix("-sheet"))
    found = table(name, lang)
    assert [spec.column(c.label) for c in found.columns] == [
        c.name for c in spec.columns
    ]
    holder = next(s for s, t in review(lang).tables() if t.id == name)
    assert spec.is_called(holder.title)


def test_every_matter_of_the_agenda_has_its_row_to_fill_and_blank_ones_follow() -> None:
    agenda, sheet = table("agenda"), table("decisions")
    assert sheet.frame["id"].tolist() == agenda.frame["id"].tolist()
    assert agenda.frame["id"].is_unique
    assert sheet.blank > 0
    assert {c.name for c in sheet.columns if c.fill} >= {"decision", "owner", "due"}


def test_the_reference_of_a_matter_is_the_same_at_every_run_and_in_every_language() -> (
    None
):
    one, other = (table("decisions", lang).frame for lang in LANGS)
    assert one["id"].tolist() == other["id"].tolist()


def test_money_of_unlike_scopes_is_counted_and_not_summed() -> None:
    rows = table("money").frame
    unknown = rows[rows["scope"].str.startswith("Portée non dite")]
    assert unknown[["reference", "committed", "spent", "forecast_cost"]].isna().all(axis=None)  # fmt: skip


def test_nobody_s_time_is_told_by_name() -> None:
    people = set(portfolio("fr").tables["workload"]["person"].dropna())
    told = [b.frame.to_csv() for b in section("workload").blocks if isinstance(b, Table)]  # fmt: skip
    assert [p for p in people if any(p in text for text in told)] == []


def test_a_month_with_nothing_at_all_still_makes_a_review() -> None:
    data = PackData(make_portfolio(0, "fr"), schemas(), rules(), make_portfolio(0))
    (pack,) = packs(data)
    assert len(pack.sections) == len(review().sections)
    for _, found in pack.tables():
        assert len(found.frame) or found.empty or found.blank, found.id
