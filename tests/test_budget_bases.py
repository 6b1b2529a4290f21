"""Money is added only to money of the same scope, year and tax basis."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from build_tables import AS_OF, rules, table

from consolidate.analyse.budgets import (
    carried_over,
    late_execution,
    project_amounts,
    reconciled,
)
from consolidate.analyse.money import share_of, sums, with_basis
from consolidate.report.html_project import basis

YEAR = {"amount_scope": "year", "amount_year": 2026}


def line(**told: object) -> dict[str, object]:
    return {"amount_scope": "year", "year": 2026, "tax_basis": "incl_vat", **told}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (line(), "year 2026 incl_vat"),
        (line(tax_basis=None), "year 2026"),
        ({"amount_scope": "total", "year": 2026}, "total"),
        ({"amount_scope": "year", "year": None}, ""),
        ({"amount_scope": "unknown", "year": 2026}, ""),
        ({}, ""),
    ],
)
def test_a_basis_is_the_scope_its_year_and_its_tax(
    told: dict[str, object], expected: str
) -> None:
    rows = with_basis(table("budget_lines", told), "year")
    assert rows["basis"].tolist() == [expected]
    assert basis(told, "year") == expected  # the report says the same


def test_the_revised_budget_is_the_reference_where_there_is_one() -> None:
    rows = with_basis(
        table("projects", {"budget_initial": 100.0}, {"budget_initial": 100.0, "budget_revised": 120.0}),
        "amount_year",
    )  # fmt: skip
    assert rows["reference"].tolist() == [100, 120]


def test_sums_say_how_many_rows_give_each_amount() -> None:
    lines = table(
        "budget_lines",
        line(budget_initial=100.0, committed=40.0),
        line(budget_initial=50.0),
        line(budget_initial=10.0, committed=10.0, tax_basis="excl_vat"),
    )
    found = sums(with_basis(lines, "year"), ["basis"]).set_index("basis")
    assert found.loc["year 2026 incl_vat", ["rows", "reference", "reference_known", "committed", "committed_known"]].tolist() == [2, 150, 2, 40, 1]  # fmt: skip
    assert found.loc["year 2026 excl_vat", "committed"] == 10
    assert math.isnan(found.loc["year 2026 incl_vat", "paid"])


def test_a_share_is_of_the_rows_that_give_both_amounts() -> None:
    lines = table("budget_lines", line(budget_initial=100.0, committed=40.0), line(budget_initial=900.0))  # fmt: skip
    found = share_of(with_basis(lines, "year"), "committed", "reference", ["basis"])
    assert (found["share"].item(), found["among"].item()) == (0.4, 1)


def test_the_lines_of_a_project_count_in_place_of_its_own_amounts() -> None:
    projects = table(
        "projects",
        {"project_code": "P1", "budget_initial": 500.0, **YEAR},
        {"project_code": "P2", "budget_initial": 70.0, **YEAR},
        {"project_code": "P3"},
    )
    lines = table("budget_lines", line(budget_initial=300.0), line(budget_initial=100.0))  # fmt: skip
    found = project_amounts(projects, lines).set_index("project_code")
    assert found["reference"].to_dict() == {"P1": 400, "P2": 70}
    assert found["origin"].to_dict() == {"P1": "lines", "P2": "project"}


def test_lines_of_another_year_leave_the_project_its_own_amounts() -> None:
    projects = table("projects", {"budget_initial": 500.0, **YEAR})
    lines = table("budget_lines", line(budget_initial=300.0, year=2027))
    found = project_amounts(projects, lines)
    assert sorted(found["basis"]) == ["year 2026", "year 2027 incl_vat"]


def test_a_project_and_its_lines_are_reconciled_within_one_percent() -> None:
    projects = table(
        "projects",
        {"project_code": "P1", "budget_initial": 1000.0, **YEAR},
        {"project_code": "P2", "budget_initial": 1000.0, **YEAR},
    )
    lines = table("budget_lines", line(budget_initial=995.0), line(project_code="P2", budget_initial=900.0))  # fmt: skip
    found = reconciled(projects, lines)
    assert found[["project_code", "gap"]].to_numpy().tolist() == [["P2", -100]]


def late(**told: object) -> pd.DataFrame:
    projects = table("projects", {"budget_initial": 1000.0, **YEAR, **told})
    amounts = project_amounts(projects, table("budget_lines"))
    return late_execution(amounts, rules(), AS_OF)


def test_commitments_are_compared_with_the_share_of_the_year_elapsed() -> None:
    found = late(committed=500.0)  # 31 October: 304 days of 365
    assert found["pace"].item() == pytest.approx(0.5 / (304 / 365))
    assert found["level"].item() == "red"  # below 70 % after September


def test_a_project_on_pace_is_not_late_and_one_without_commitments_is_not_compared() -> (
    None
):
    assert late(committed=800.0)["level"].tolist() == [""]
    assert late().empty


def test_a_line_without_commitments_leaves_its_project_uncompared() -> None:
    lines = table("budget_lines", line(budget_initial=100.0, committed=1.0), line(budget_initial=100.0))  # fmt: skip
    amounts = project_amounts(table("projects", {}), lines)
    assert late_execution(amounts, rules(), AS_OF).empty


def test_what_is_ordered_and_not_paid_is_carried_over() -> None:
    lines = table(
        "budget_lines",
        line(nature="investment", committed=100.0, paid=30.0),
        line(nature="investment", committed=50.0, paid=60.0),
        line(nature="investment", committed=10.0),
        line(nature="operating", committed=20.0, paid=20.0),
        line(nature="investment", committed=99.0, paid=0.0, year=2025),
    )
    found = carried_over(lines, 2026).set_index("nature")
    assert found.loc["investment", ["lines", "untold", "committed", "paid", "carried"]].tolist() == [2, 1, 150, 90, 70]  # fmt: skip
    assert found.loc["operating", "carried"] == 0
