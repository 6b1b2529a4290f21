from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from unify_facts import SCHEMAS, Books, told

from consolidate.model.error import ConfigError
from consolidate.model.finding import Finding, Severity
from consolidate.unify import unify
from consolidate.validate import Checks, ValidateOptions, load_checks, validate

SHIPPED = Path(__file__).parent.parent / "schemas"
OPTIONS = ValidateOptions("2026-03", date(2026, 3, 31))


def findings(books: Books) -> tuple[Finding, ...]:
    unified = unify(books.reading(), books.sources()).value
    return validate(unified.facts, unified.records, SCHEMAS, OPTIONS).findings


def of_project(fields: str, cells: str) -> list[tuple[str, str]]:
    books = Books()
    books.add(
        "a.xlsx", "projects", f"project_code | name | {fields}\nP-1 | Un | {cells}"
    )
    return told(findings(books))


def of_table(table: str, text: str) -> list[tuple[str, str]]:
    books = Books()
    (home,) = books.add("a.xlsx", "projects", "project_code | name\nP-1 | Portail")
    books.add("a.xlsx", table, text, project=home)
    return told(findings(books))


def test_an_end_before_its_start_is_told_once_and_kept() -> None:
    books = Books()
    books.add(
        "a.xlsx",
        "projects",
        "project_code | name | start_planned | start_actual | end_forecast\n"
        "P-1 | Un | 2026-02-01 | 2026-02-02 | 2026-01-01",
    )
    (finding,) = findings(books)
    assert (finding.rule, str(finding.ref)) == (
        "end-before-start",
        "a.xlsx!projects!E2",
    )
    assert finding.severity is Severity.WARNING
    assert finding.params["other_cell"] == "a.xlsx!projects!C2"


def test_an_end_on_its_start_is_fine() -> None:
    assert of_project("start_planned | end_baseline", "2026-02-01 | 2026-02-01") == []


def test_an_actual_date_after_the_cut_off_is_told() -> None:
    head = "title | closed_on\n"
    assert of_table("actions", head + "Relance | 2026-04-01") == [
        ("date-in-future", "a.xlsx!actions!B2")
    ]
    assert of_table("actions", head + "Relance | 2026-03-31") == []


def test_completed_goes_with_full_progress_both_ways() -> None:
    head = "name | state | progress\n"
    assert of_table("milestones", head + "Recette | completed | 0.8") == [
        ("completed-not-full", "a.xlsx!milestones!B2")
    ]
    assert of_table("milestones", head + "Recette | planned | 1") == [
        ("full-not-completed", "a.xlsx!milestones!C2")
    ]
    assert of_table("milestones", head + "Recette | completed | 1") == []


def test_a_missing_end_is_told_where_others_are_dated() -> None:
    head = "name | state | end_actual\n"
    dated = head + "Recette | completed | 2026-01-31\nBascule | completed | "
    assert of_table("milestones", dated) == [
        ("completed-without-date", "a.xlsx!milestones!B3")
    ]
    assert of_table("milestones", "name | state\nRecette | completed") == []


def test_criticality_is_the_product_of_its_ratings() -> None:
    head = "title | probability | impact | criticality\n"
    assert of_table("risks", head + "Retard | 3 | 4 | 9") == [
        ("criticality-differs", "a.xlsx!risks!D2")
    ]
    assert of_table("risks", head + "Retard | 3 | 4 | 12\nPerte | 3 | 4 | ") == []


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("100 | 120 | | ", ["amounts-out-of-order"]),
        ("100 | 100.5 | | ", []),
        ("100 | 90 | 95 | ", ["amounts-out-of-order"]),
        ("100 | 90 | 80 | 85", ["amounts-out-of-order"]),
        ("100 | 90 | 80 | 80", []),
        (" | 90 | | 95", []),
    ],
)
def test_amounts_follow_each_other(cells: str, expected: list[str]) -> None:
    head = "label | budget_initial | committed | invoiced | paid\n"
    found = of_table("budget_lines", f"{head}Licences | {cells}")
    assert [rule for rule, _ in found] == expected


def lines(project: str, *amounts: str) -> list[tuple[str, str]]:
    books = Books()
    head = "project_code | name | budget_initial | amount_scope | amount_year\n"
    (home,) = books.add("a.xlsx", "projects", f"{head}P-1 | Portail | {project}")
    text = "label | budget_initial | amount_scope | year\n"
    text += "\n".join(f"Poste {k} | {amount}" for k, amount in enumerate(amounts))
    books.add("a.xlsx", "budget_lines", text, project=home)
    return told(findings(books))


def test_a_project_amount_is_the_sum_of_lines_of_its_scope() -> None:
    assert lines("10000 | total | ", "4000 | total | ", "5000 | total | ") == [
        ("lines-sum-differs", "a.xlsx!projects!C2")
    ]
    assert lines("10000 | total | ", "4000 | total | ", "6050 | total | ") == []
    assert lines("10000 | year | 2026", "4000 | year | 2026") == [
        ("lines-sum-differs", "a.xlsx!projects!C2")
    ]


def test_amounts_of_different_or_unknown_scope_are_not_compared() -> None:
    assert lines("10000 | total | ", "4000 | year | 2026") == []
    assert lines("10000 | | ", "4000 | | ") == []
    assert lines("10000 | year | 2026", "4000 | year | 2025") == []
    assert lines("10000 | total | ", "4000 | total | ", " | total | ") == []


def test_a_factor_of_a_thousand_is_a_unit_and_not_a_gap() -> None:
    assert lines("10 | | ", "4000 | | ", "6000 | | ") == [
        ("unit-suspect", "a.xlsx!projects!C2")
    ]


def test_hundreds_in_a_column_of_tens_of_thousands_are_suspect() -> None:
    books = Books()
    rows = "\n".join(f"P-{k} | Projet {k} | {80000 + k}" for k in range(4))
    books.add(
        "a.xlsx",
        "projects",
        f"project_code | name | budget_initial\n{rows}\nP-9 | Neuf | 120",
    )
    assert told(findings(books)) == [("unit-suspect", "a.xlsx!projects!C6")]


def test_initial_and_revised_budget_are_of_one_unit() -> None:
    assert of_project("budget_initial | budget_revised", "120 | 125000") == [
        ("unit-suspect", "a.xlsx!projects!D2")
    ]


def test_a_report_of_another_month_is_told_and_kept() -> None:
    early = of_project("report_date", "2026-02-27")
    assert early == [("report-month-differs", "a.xlsx!projects!C2")]
    assert of_project("report_date", "2026-04-10") == []
    assert of_project("report_date", "2026-05-10") == early


def test_what_an_ongoing_project_lacks_is_told_once() -> None:
    books = Books()
    books.add(
        "a.xlsx", "projects", "project_code | name | state\nP-1 | Portail | active"
    )
    (finding,) = findings(books)
    assert (finding.rule, finding.severity) == ("field-missing", Severity.INFO)
    assert finding.params["fields"] == "project_manager, status, end_forecast"
    full = "active | A. Un | green | 2026-12-31"
    assert of_project("state | project_manager | status | end_baseline", full) == []
    assert of_project("state", "completed") == []


def test_rows_that_repeat_each_other_are_told() -> None:
    head = "person | month | activity | effort_spent\n"
    twice = head + "A. Un | 2026-03 | Tests | 2\nA. Un | 2026-03 | Tests | 2"
    assert of_table("workload", twice) == [("record-repeated", "a.xlsx!workload!A3")]
    apart = head + "A. Un | 2026-03 | Tests | 2\nA. Un | 2026-03 | Tests | 3"
    assert of_table("workload", apart) == []


def test_the_same_few_words_without_a_date_or_a_figure_are_no_repetition() -> None:
    head = "name | owner | effort_planned\n"
    words = head + "Tests | A. Un |\nTests | A. Un |"
    assert of_table("milestones", words) == []
    assert of_table("milestones", words.replace("Un |", "Un | 3")) != []


def test_shipped_thresholds_are_the_defaults() -> None:
    assert load_checks([SHIPPED]) == Checks()


def test_a_user_changes_one_threshold(tmp_path: Path) -> None:
    (tmp_path / "checks.toml").write_text(
        "[unit-suspect]\nratio = 500\n", encoding="utf-8"
    )
    assert load_checks([tmp_path, SHIPPED]) == Checks(unit_ratio=500.0)


@pytest.mark.parametrize(
    "text",
    ["[unit-suspect]\nratios = 5", "[progress]\nfull = 'x'", "[progress", "a = 1"],
)
def test_a_wrong_threshold_file_is_an_error_that_names_it(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "checks.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"checks\.toml"):
        load_checks([tmp_path, SHIPPED])
