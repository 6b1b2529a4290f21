"""Alerts of the copy that leaves the PMO name nobody but sponsors and project managers."""

from __future__ import annotations

import dataclasses

from build_alerts import analysed, month, only, project, schemas
from build_portfolio import make_portfolio

from consolidate.share import shared

CANARY = "Zélie Canarival"


def test_alerts_about_one_person_stay_with_the_pmo() -> None:
    months = [
        month(
            "2026-10",
            projects=project(name=f"Reprise de {CANARY}", assistance_requested=True),
            workload={"person": CANARY, "team": "Infra", "month": "2026-10", "effort_planned": 30.0, "capacity": 20.0},
            risks={"title": "Supplier", "criticality": 16.0, "owner": CANARY, "state": "open"},
        )
    ]  # fmt: skip
    chosen = only("assistance-requested", "person-overload", "critical-risk-untreated")
    found = analysed(months, chosen).alerts
    assert len(found) == 3
    made = make_portfolio(1)
    people = made.tables["actions"].assign(owner=CANARY)
    own = dataclasses.replace(
        made, tables={**made.tables, "actions": people}, alerts=found
    )
    told = shared(own, schemas()).alerts
    assert sorted(told["rule"]) == ["assistance-requested", "critical-risk-untreated"]
    assert "Canarival" not in " ".join(map(str, told.to_numpy().ravel()))
    assert "owner" not in " ".join(told["inputs"])
    assert "criticality" in " ".join(told["inputs"])
