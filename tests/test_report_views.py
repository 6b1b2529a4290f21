"""The views of deadlines, life cycle, capacity and amounts of untold scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from build_html_portfolio import build_portfolio, frame, project, schemas

from consolidate.report.html import make_context
from consolidate.report.html_context import Context
from consolidate.report.view_budgets import budgets
from consolidate.report.view_capacity import capacity
from consolidate.report.view_lifecycle import lifecycle
from consolidate.report.view_risks import TOP, risks
from consolidate.report.view_timeline import timeline

PLACE = {"workbook": "a.xlsx", "sheet": "S", "row": 2}


def context(**tables: list[dict[str, Any]]) -> Context:
    """A portfolio as of 31 October 2026, with these rows and no others."""
    made = build_portfolio(1)
    own = {
        name: frame(
            schemas().tables[name], [{**PLACE, **row} for row in tables.get(name, [])]
        )
        for name in made.tables
    }
    known = replace(made, tables=own, as_of=date(2026, 10, 31), period="2026-10")
    return make_context(known, schemas())


def milestone(code: str, name: str, **fields: Any) -> dict[str, Any]:
    return {
        "record_id": f"m-{code}-{name}",
        "project_code": code,
        "name": name,
        **fields,
    }


def one(n: int, **fields: Any) -> dict[str, Any]:
    known = {"project_code": code(n), "record_id": f"p{n}", "state": "active"}
    return {**project(n), **known, **fields}


def code(n: int) -> str:
    return f"PRJ-{n}"


def test_late_projects_come_first_in_the_timeline() -> None:
    found = timeline(
        context(
            projects=[one(1), one(2)],
            milestones=[
                milestone(code(1), "A", end_baseline=date(2026, 12, 1)),
                milestone(code(2), "B", end_baseline=date(2026, 9, 1)),
            ],
        )
    )
    assert [(s.code, s.late.sort) for s in found.strips] == [(code(2), 1), (code(1), 0)]
    assert [m.kind for s in found.strips for m in s.marks] == ["late", "due"]


def test_the_timeline_shows_six_quarters_and_what_was_late_before_them() -> None:
    found = timeline(
        context(
            projects=[one(1)],
            milestones=[
                milestone(code(1), "old", end_baseline=date(2025, 1, 1)),
                milestone(code(1), "done", end_actual=date(2025, 1, 1)),
                milestone(code(1), "far", end_baseline=date(2029, 1, 1)),
            ],
        )
    )
    assert [label for _, label in found.quarters][:2] == ["T3 2026", "T4 2026"]
    (strip,) = found.strips
    assert [m.title.partition(" ")[0] for m in strip.marks] == ["old"]
    assert strip.marks[0].x == found.quarters[0][0]


def test_a_milestone_that_moved_shows_where_it_was_meant_to_be() -> None:
    moved = milestone(
        code(1), "A", end_baseline=date(2026, 11, 1), end_forecast=date(2027, 2, 1)
    )
    (strip,) = timeline(context(projects=[one(1)], milestones=[moved])).strips
    (mark,) = strip.marks
    assert mark.baseline is not None
    assert mark.baseline < mark.x


def risk(n: int, **fields: Any) -> dict[str, Any]:
    known = {"record_id": f"r{n:03}", "project_code": code(1), "title": f"R{n}"}
    return {**known, "probability": 4, "impact": 4, "criticality": 16, **fields}


def test_each_cell_of_the_matrix_lists_its_gravest_risks() -> None:
    common = [risk(n) for n in range(30)]
    rare = risk(90, probability=1, impact=1, criticality=1)
    found = risks(context(projects=[one(1)], risks=[*common, rare]))
    assert found.judged == 31
    assert [r.cell for r in found.listed] == ["4-4"] * TOP + ["1-1"]


def test_critical_risks_without_owner_are_counted_where_owners_are_told() -> None:
    own = [risk(1, owner="Alix Exemple"), risk(2)]
    found = risks(context(projects=[one(1)], risks=own))
    assert (found.owned, found.unowned) == (True, 1)
    assert not risks(context(projects=[one(1)], risks=[risk(2)])).owned


def test_a_project_without_open_milestones_has_no_strip() -> None:
    done = milestone(code(1), "A", end_actual=date(2026, 10, 1))
    assert timeline(context(projects=[one(1)], milestones=[done])).strips == ()


def test_projects_are_counted_by_phase_in_the_order_of_phases() -> None:
    rows = [
        one(1, phase="build", status="green"),
        one(2, phase="framing", status="red"),
        one(3, phase="build", status="red"),
        one(4, phase=None),
        one(5, phase="build", state="completed"),
    ]
    found = lifecycle(context(projects=rows))
    assert [s.count.sort for s in found.steps if s.count.sort] == [1, 2]
    assert [s.code for s in found.stages] == [code(2), code(3), code(1)]
    assert found.unknown == 1


def test_deliverables_are_counted_there_and_late() -> None:
    own = {"project_code": code(1), "name": "PV"}
    found = lifecycle(
        context(
            projects=[one(1, phase="build")],
            deliverables=[
                {**own, "record_id": "d1", "state": "validated"},
                {**own, "record_id": "d2", "due_date": date(2026, 10, 1)},
                {**own, "record_id": "d3", "due_date": date(2026, 12, 1)},
            ],
        )
    )
    assert found.deliverables == (3, 1, 1)
    assert found.stages[0].delivered.text == "1 sur 3"


def work(
    team: str, person: str, month: str, planned: float, room: float
) -> dict[str, Any]:
    known = {"team": team, "person": person, "month": month}
    return {**known, "effort_planned": planned, "capacity": room}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([work("A", "x", "2026-11", 25, 20)], [("A", "125\u00a0%")]),
        ([work("A", "x", "2026-11", 20, 20)], []),
        # A person's capacity is repeated beside each activity, and counts once.
        ([work("A", "x", "2026-11", 12, 20)] * 2, [("A", "120\u00a0%")]),
        ([work("A", "x", "2026-11", 15, 20), work("A", "y", "2026-11", 15, 20)], []),
    ],
)
def test_a_team_over_its_capacity_is_told(
    rows: list[dict[str, Any]], expected: list[tuple[str, str]]
) -> None:
    numbered = [{**row, "record_id": f"w{k}"} for k, row in enumerate(rows)]
    found = capacity(context(workload=numbered))
    assert [(o.team, o.share.text) for o in found.over] == expected
    assert found.known == 1


def test_amounts_of_untold_scope_are_read_in_their_row_and_never_summed() -> None:
    rows = [
        one(
            1,
            amount_scope="unknown",
            budget_initial=100.0,
            budget_revised=None,
            committed=120.0,
        ),
        one(
            2,
            amount_scope="unknown",
            budget_initial=50.0,
            budget_revised=None,
            committed=5.0,
        ),
    ]
    blank = {"spent": None, "forecast_cost": None}
    found = budgets(context(projects=[{**r, **blank} for r in rows]))
    assert [(u.code, u.share.text) for u in found.untold] == [
        (code(1), "120\u00a0%"),
        (code(2), "10\u00a0%"),
    ]
    assert found.sums == ()
    assert pd.notna(found.untold[0].share.proof)
