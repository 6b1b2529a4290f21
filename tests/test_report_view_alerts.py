"""The projects in alert of the index: the most urgent first, each with its gravest alerts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from build_html_portfolio import build_portfolio, schemas

from consolidate.model.portfolio import ALERT_COLUMNS, PRIORITY_COLUMNS, Portfolio
from consolidate.report.html import make_context, render_index
from consolidate.report.view_alerts import MOST, MOST_EACH, Help, help_first


def alert(code: str, message: str, **fields: Any) -> dict[str, Any]:
    known = {"project_code": code, "severity": "major", "message": message}
    told = {"table": "projects", "since": "2026-09", "code": "D01", "rule": "late"}
    return {**dict.fromkeys(ALERT_COLUMNS), **known, **told, **fields}


def priority(code: str, level: str, alerts: int = 1) -> dict[str, Any]:
    told = {"score": 1.0, "level": level, "alerts": alerts, "gravest": "late"}
    return {"project_code": code, **told}


def judged(alerts: list[dict[str, Any]], ranks: list[dict[str, Any]]) -> Portfolio:
    return replace(
        build_portfolio(3),
        alerts=pd.DataFrame(alerts, columns=ALERT_COLUMNS, dtype="object"),
        priorities=pd.DataFrame(ranks, columns=PRIORITY_COLUMNS),
    )


def seen(portfolio: Portfolio) -> Help:
    return help_first(make_context(portfolio, schemas()))


def test_projects_stand_in_the_order_of_who_needs_help_first() -> None:
    found = seen(
        judged(
            [alert("PRJ-101", "a"), alert("PRJ-102", "b")],
            [priority("PRJ-102", "immediate"), priority("PRJ-101", "watch")],
        )
    )
    assert [h.code for h in found.listed] == ["PRJ-102", "PRJ-101"]
    assert [h.level for h in found.listed] == ["aussitôt", "à suivre"]


def test_only_the_gravest_alerts_of_a_project_are_told_and_the_others_counted() -> None:
    many = [alert("PRJ-101", f"alerte {k}") for k in range(MOST_EACH + 2)]
    (one,) = seen(judged(many, [priority("PRJ-101", "watch", len(many))])).listed
    assert [a.figure.text for a in one.alerts] == ["alerte 0", "alerte 1", "alerte 2"]
    assert one.more == 2


def test_an_alert_tells_since_when_it_lasts() -> None:
    rows = [alert("PRJ-101", "a"), alert("PRJ-101", "b", since="2026-07")]
    (one,) = seen(judged(rows, [priority("PRJ-101", "watch", 2)])).listed
    assert one.since == "juil.\N{NO-BREAK SPACE}26"


def test_projects_that_are_not_listed_are_counted() -> None:
    ranks = [priority("PRJ-101", "watch", 2)] * (MOST + 4)
    found = seen(judged([], ranks))
    assert (len(found.listed), found.count, found.alerts) == (MOST, MOST + 4, 68)


def test_a_month_without_alerts_has_no_such_section() -> None:
    assert 'id="alerts"' not in render_index(build_portfolio(1), schemas())
