"""Assistance cases: opened by a run, lived through by people, closed by them alone."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from alert_cases import run as run_of
from build_alerts import only, schemas
from build_portfolio import make_portfolio
from click.testing import CliRunner

from consolidate import store
from consolidate.alerts import shown_with
from consolidate.analyse.analysis import analyse, wanted
from consolidate.analyse.cases import case_news, openings, with_news
from consolidate.analyse.history import History
from consolidate.cli import main
from consolidate.model.case import CaseStep, days_to_action
from consolidate.model.error import StoreError
from consolidate.model.portfolio import ALERT_COLUMNS, Portfolio
from consolidate.model.schema import TABLES

ALERT: dict[str, Any] = {
    **dict.fromkeys(ALERT_COLUMNS),
    "project_code": "PRJ-001",
    "rule": "budget-forecast-overrun",
    "severity": "critical",
    "since": "2026-10",
    "message": "15 % au-dessus du budget.",
}
PROJECT: dict[str, Any] = {
    "project_code": "PRJ-001",
    "period": "2026-10",
    "name": "Dossier patient",
    "state": "active",
    "assistance_requested": None,
    "attention_points": None,
}


def alerts(*rows: dict[str, Any]) -> pd.DataFrame:
    filled = [{**ALERT, **row} for row in rows]
    return pd.DataFrame(filled, columns=ALERT_COLUMNS, dtype="object")


def projects(*rows: dict[str, Any]) -> pd.DataFrame:
    filled = [{**PROJECT, **row} for row in rows]
    return pd.DataFrame(filled, columns=list(PROJECT), dtype="object")


@pytest.mark.parametrize(
    ("alert", "count"),
    [
        ({}, 1),
        ({"severity": "major"}, 0),
        ({"acknowledged_until": date(2026, 12, 31)}, 0),
    ],
)
def test_a_critical_alert_that_nobody_acknowledged_opens_a_case(
    alert: dict[str, Any], count: int
) -> None:
    assert len(openings(alerts(alert), projects({}))) == count


@pytest.mark.parametrize(
    ("project", "count"),
    [
        ({"assistance_requested": True}, 1),
        ({"assistance_requested": True, "state": "completed"}, 0),
        ({"assistance_requested": False}, 0),
    ],
)
def test_a_manager_s_request_opens_a_case_even_when_its_rule_is_off(
    project: dict[str, Any], count: int
) -> None:
    assert len(openings(alerts(), projects(project))) == count


def test_one_project_and_rule_is_one_case_however_many_objects() -> None:
    two = alerts({"object": "Recette"}, {"object": "Bascule"}, {"rule": "other"})
    assert openings(two, projects({}))["key"].tolist() == [
        "budget-forecast-overrun PRJ-001",
        "other PRJ-001",
    ]


def test_without_a_project_a_case_is_of_its_object() -> None:
    of_team = {"project_code": None, "object": "Réseau"}
    assert openings(alerts(of_team), projects({}))["key"].tolist() == [
        "budget-forecast-overrun Réseau"
    ]


@cache
def built() -> Portfolio:
    return make_portfolio(1, rows=dict.fromkeys(TABLES, 0))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/portfolio.db"


def run(url: str, period: str, *rows: dict[str, Any], version: str = "1") -> None:
    """A run of a month that raises these alerts of PRJ-001."""
    as_of = pd.Period(period, "M").end_time.date()
    made = built()
    told = {**made.run, "version": version}
    month = dataclasses.replace(made, period=period, as_of=as_of, run=told)
    store.save(url, month, case_news(alerts(*rows), projects({})))


def standing(url: str) -> list[tuple[str, str, str]]:
    found = store.cases(url)
    return list(zip(found["id"], found["opened_in"], found["news"], strict=True))


def test_a_run_raises_its_case_at_the_cut_off_and_again_nothing(url: str) -> None:
    for _ in range(2):
        run(url, "2026-10", {})
    run(url, "2026-10", {}, version="2")
    assert standing(url) == [("AST-0001", "2026-10", "there")]
    case = store.cases(url).iloc[0]
    assert case["opened_on"] == date(2026, 10, 31)
    assert case["cause"] == "15 % au-dessus du budget."


def test_an_alert_that_is_gone_says_so_and_closes_nothing(url: str) -> None:
    run(url, "2026-10", {})
    run(url, "2026-11")
    assert standing(url) == [("AST-0001", "2026-10", "gone")]
    run(url, "2026-12", {"severity": "minor"})
    assert standing(url) == [("AST-0001", "2026-10", "there")]


def test_a_project_without_a_return_is_without_news(url: str) -> None:
    run(url, "2026-10", {})
    made = dataclasses.replace(built(), period="2026-11", as_of=date(2026, 11, 30))
    store.save(url, made, case_news(alerts(), projects()))
    assert standing(url) == [("AST-0001", "2026-10", "no_news")]


def test_a_month_of_the_past_opens_no_case(url: str) -> None:
    run(url, "2026-10")
    run(url, "2026-09", {})
    assert standing(url) == []


def test_a_closed_case_opens_again_only_when_its_alert_begins_again(url: str) -> None:
    run(url, "2026-10", {})
    end = CaseStep("AST-0001", "close", date(2026, 11, 5), "PMO", "fini", "solved")
    store.note_steps(url, [end])
    run(url, "2026-11", {"since": "2026-10"})  # the same alert goes on
    assert len(store.cases(url)) == 1
    run(url, "2027-01", {"since": "2027-01"})
    assert store.cases(url)["id"].tolist() == ["AST-0001", "AST-0002"]


def test_steps_say_who_sees_to_it_and_how_it_ended(url: str) -> None:
    run(url, "2026-10", {})
    day = date(2026, 11, 4)
    store.note_steps(
        url,
        [
            CaseStep("AST-0001", "take", day, "PMO", "Alix Exemple"),
            CaseStep("AST-0001", "act", date(2026, 11, 6), "PMO", "Réunion"),
            CaseStep("AST-0001", "close", date(2026, 12, 1), "PMO", "Accord", "arbitrated"),
        ],
    )  # fmt: skip
    case = store.cases(url).iloc[0]
    told = ["owner", "last_action", "first_on", "outcome", "closed_on"]
    assert case[told].tolist() == [
        "Alix Exemple",
        "Réunion",
        day,
        "arbitrated",
        date(2026, 12, 1),
    ]


def test_a_step_read_twice_is_one_step(url: str) -> None:
    run(url, "2026-10", {})
    act = CaseStep("AST-0001", "act", date(2026, 11, 6), "review.xlsx", "Réunion")
    take = CaseStep("AST-0001", "take", None, "review.xlsx", "Alix Exemple")
    later = CaseStep("AST-0001", "take", None, "PMO", "Sacha Modèle")
    for _ in range(2):
        store.keep_steps(url, [take, act])
    store.keep_steps(url, [later])
    store.keep_steps(url, [take, act])  # the old sheet is still there
    assert store.cases(url)["owner"].tolist() == ["Sacha Modèle"]


def test_a_case_can_be_told_as_it_stood_before_later_steps(url: str) -> None:
    run(url, "2026-10", {})
    store.note_steps(url, [CaseStep("AST-0001", "take", None, "PMO", "Alix Exemple")])
    assert store.cases(url)["owner"].tolist() == ["Alix Exemple"]
    before = store.cases(url, known_at="2000-01-01T00:00:00Z")
    assert before["owner"].isna().all()


def test_a_closed_or_unknown_case_is_not_changed(url: str) -> None:
    run(url, "2026-10", {})
    end = CaseStep("AST-0001", "close", date(2026, 11, 5), "PMO", "fini", "solved")
    store.note_steps(url, [end])
    for case in ("AST-0001", "AST-0009"):
        with pytest.raises(StoreError, match=case):
            store.note_steps(url, [CaseStep(case, "act", None, "PMO", "x")])


def test_days_to_action_are_the_median_of_the_cases_acted_on() -> None:
    opened = date(2026, 10, 31)
    first = [date(2026, 11, 2), date(2026, 11, 10), date(2026, 10, 20), None]
    found = pd.DataFrame({"opened_on": [opened] * 4, "first_on": first}, dtype="object")
    # 2, 10 and 0 (before the cut-off took no day): the median is 2, of 3 of 4.
    assert days_to_action(found) == (2.0, 3)
    assert days_to_action(found.iloc[3:]) == (None, 0)
    assert days_to_action(None) == (None, 0)


def test_the_review_reads_the_news_of_its_own_month(url: str) -> None:
    run(url, "2026-10", {})
    found = with_news(store.cases(url), alerts(), projects({}))
    assert found[["project", "news"]].to_numpy().tolist() == [
        ["Dossier patient", "gone"]
    ]
    silent = with_news(store.cases(url), alerts(), projects())
    assert silent["news"].tolist() == ["no_news"]


def call(url: str, *words: str, lang: str = "fr") -> str:
    options = ["--store", url, "--lang", lang]
    result = CliRunner().invoke(main, ["cases", *words, *options])
    return result.output


def test_the_command_takes_acts_and_closes(url: str) -> None:
    run(url, "2026-10", {})
    call(url, "take", "ast-0001", "--by", "Alix Exemple", "--on", "2026-11-03")
    call(url, "act", "AST-0001", "--reason", "Réunion", "--on", "2026-11-05")
    told = call(url, "list")
    assert "AST-0001" in told
    assert "Alix Exemple" in told
    assert "3 (médiane, sur 1 cas suivi d’une action, de 1)" in told  # 31/10 to 3/11
    call(url, "close", "AST-0001", "--outcome", "solved", "--reason", "Accord")
    assert call(url, "list").strip() == "Aucun cas d’assistance ouvert."
    every = json.loads(call(url, "list", "--all", "--json"))
    assert [c["outcome"] for c in every] == ["solved"]


def test_the_command_refuses_a_case_that_is_not_there(url: str) -> None:
    run(url, "2026-10")
    assert "AST-0007" in call(url, "act", "AST-0007", "--reason", "x", lang="en")


@pytest.mark.parametrize(
    ("kind", "review", "project", "told"),
    [
        ("re_baseline", "2026-09", "P1", 0),
        ("re_baseline", "2026-10", "P1", 0),
        ("re_baseline", "2026-08", "P1", 1),  # decided before the return before
        ("re_baseline", "2026-10", "P2", 1),
        ("action", "2026-10", "P1", 1),
    ],
)
def test_a_baseline_that_a_review_decided_raises_no_alert(
    kind: str, review: str, project: str, told: int
) -> None:
    moved = run_of({"end_baseline": "2026-12-31"}, {"end_baseline": "2027-03-31"})
    chosen = only("baseline-moved-undecided")
    history = History(
        moved, schemas(), wanted(chosen), reviewed=frozenset({(kind, review, project)})
    )
    assert len(analyse(history, chosen, "en", shown_with(schemas())).alerts) == told
