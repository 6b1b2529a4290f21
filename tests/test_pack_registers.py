"""The pack of registers holds what it says, in both languages, and tells on nobody."""

from __future__ import annotations

import dataclasses
from datetime import date

import pandas as pd
import pytest
from build_portfolio import make_portfolio
from build_tables import pack_data, rules, schemas
from pack_whole import blocks, check_whole

from consolidate.model.pack import Text
from consolidate.model.portfolio import ALERT_COLUMNS
from consolidate.packs import registers
from consolidate.packs.alert_register import alerts
from consolidate.packs.data import PackData
from consolidate.packs.team_register import stakeholders


def alert(**told: object) -> dict[str, object]:
    return {
        "period": "2026-10", "project_code": "P1", "code": "B01", "rule": "budget-forecast-overrun",
        "group": "budget", "severity": "critical", "escalated": False, "table": "projects",
        "record_id": "projects-0", "object": "Un", "value": 0.12, "threshold": 0.1, "unit": "share",
        "since": "2026-09", "occurrences": 2, "message": "Trop cher.", **told,
    }  # fmt: skip


def with_alerts(*told: dict[str, object], lang: str = "fr") -> PackData:
    data = pack_data(lang, projects={"name": "Un"})
    frame = pd.DataFrame([*told], columns=ALERT_COLUMNS, dtype="object")
    return dataclasses.replace(
        data, portfolio=dataclasses.replace(data.portfolio, alerts=frame)
    )


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("projects", [0, 5])
def test_the_pack_is_whole_in_both_languages(lang: str, projects: int) -> None:
    data = PackData(make_portfolio(projects, lang), schemas(), rules())
    (pack,) = registers.packs(data)
    check_whole(pack)
    assert len(pack.sections) == 6


def test_what_nobody_sent_is_said_to_be_unknown() -> None:
    (pack,) = registers.packs(pack_data())
    unknown = [
        s.id
        for s in pack.sections
        if isinstance(s.blocks[0], Text) and s.blocks[0].tone == "unknown"
    ]
    assert unknown == ["objectives", "stakeholders", "change", "compliance"]


def test_neither_the_name_nor_the_attitude_of_a_stakeholder_is_shown() -> None:
    person = {"name": "Alix Exemple", "category": "medical", "influence": 5.0, "interest": 5.0, "attitude": "opponent"}  # fmt: skip
    section = stakeholders(pack_data("en", stakeholders=person))
    shown = "\n".join(b.frame.to_csv() for b in blocks(section).values())
    assert "Alix" not in shown
    assert "pponent" not in shown
    assert blocks(section)["stakeholder-unanswered"].frame["influence"].tolist() == [5]


def test_an_alert_is_a_row_with_its_value_as_people_read_it_and_its_cell() -> None:
    known = alert(acknowledged_until=date(2026, 12, 31), acknowledged_because="Arbitré")
    data = with_alerts(known, alert(code="D01", rule="deadline-passed", group="schedule", value=12.0, threshold=0.0, unit="days"))  # fmt: skip
    found = blocks(alerts(data))
    rows = found["alert-list"].frame
    assert rows["alert_code"].tolist() == ["D01", "B01"]  # known ones come last
    assert rows["reading"].tolist() == ["12\u00a0j", "12\u00a0%"]
    assert rows["read_in"].tolist() == ["a.xlsx ! S ! 2"] * 2
    assert rows["acknowledged"].tolist() == ["–", "jusqu’au 31/12/2026\u00a0: Arbitré"]
    assert found["alert-rules"].frame["cumulated"].tolist() == [0.5, 1.0]


def test_the_pareto_says_how_few_rules_make_most_alerts() -> None:
    data = with_alerts(*[alert() for _ in range(8)], alert(code="D01", rule="deadline-passed"), alert(code="D02", rule="forecast-delay"), lang="en")  # fmt: skip
    chart = blocks(alerts(data))["alert-pareto"]
    assert chart.title == "1 rule makes 80% of the alerts"
