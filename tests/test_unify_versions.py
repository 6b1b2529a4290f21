from __future__ import annotations

import pytest
from unify_facts import Books, told, values

from consolidate.unify import build_workbooks, unify
from consolidate.unify.versions import read_marks

FORM = "project_code | name | project_manager | report_date\n"


@pytest.mark.parametrize(
    "name",
    [
        "Suivi 2026-03-31",
        "Suivi_20260331",
        "Suivi 31.03.2026",
        "Suivi mars 2026",
        "Suivi 12 mars 2026",
        "Suivi_v2",
        "Suivi V1.2 final",
        "Suivi (1)",
        "Copie de Suivi",
        "Suivi - Copie",
        "Suivi envoi2",
        "SUIVI vdef",
    ],
)
def test_marks_of_date_and_version_leave_one_family(name: str) -> None:
    assert read_marks(f"CH/{name}.xlsx").family == read_marks("CH/suivi.xlsx").family


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PRJ-12 mars 2026", "PRJ-13 mars 2026"),
        ("Budget 2025", "Budget 2026"),
        ("PRJ-2026-012", "PRJ-2026-013"),
        ("001_Suivi", "002_Suivi"),
        ("Marseille", "Mars"),
    ],
)
def test_what_is_no_mark_keeps_workbooks_apart(one: str, other: str) -> None:
    assert read_marks(f"{one}.xlsx").family != read_marks(f"{other}.xlsx").family


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("Suivi.xlsx", "Suivi v2.xlsx"),
        ("Suivi v2.xlsx", "Suivi v10.xlsx"),
        ("Suivi v2.xlsx", "Suivi final.xlsx"),
        ("Suivi.xlsx", "Suivi envoi2.xlsx"),
        ("Suivi 2026-03.xlsx", "Suivi 2026-04.xlsx"),
        ("Suivi mars 2026 v3.xlsx", "Suivi avril 2026.xlsx"),
    ],
)
def test_a_newer_version_replaces_an_older(older: str, newer: str) -> None:
    books = Books()
    for name, status in ((older, "red"), (newer, "green")):
        books.add(
            name, "projects", f"project_code | name | status\nP-1 | Portail | {status}"
        )
    outcome = unify(books.reading(), books.sources())
    assert outcome.value.superseded == {older: newer}
    assert told(outcome.findings) == [("workbook-superseded", older)]
    assert list(values(outcome.value.facts["projects"], "status").values()) == ["green"]
    frame = build_workbooks(books.sources(), outcome.value, outcome.findings)
    states = dict(zip(frame["workbook"], frame["state"], strict=True))
    assert states == {older: "superseded", newer: "consolidated"}


def test_versions_of_different_projects_are_two_workbooks() -> None:
    books = Books()
    books.add("Suivi.xlsx", "projects", "project_code | name\nP-1 | Portail")
    books.add("Suivi (1).xlsx", "projects", "project_code | name\nP-2 | Archivage")
    outcome = unify(books.reading(), books.sources())
    assert outcome.value.superseded == {}
    assert outcome.findings == ()


def test_the_same_name_in_two_folders_is_two_workbooks() -> None:
    books = Books()
    for folder in ("nord", "sud"):
        name = f"{folder}/Suivi v2.xlsx"
        books.add(name, "projects", "project_code | name\nP-1 | Portail")
    assert unify(books.reading(), books.sources()).value.superseded == {}


def test_the_same_projects_by_the_same_manager_at_a_later_date_replace() -> None:
    books = Books()
    books.add("a.xlsx", "projects", FORM + "P-1 | Portail | A. Un | 2026-02-28")
    books.add("b.xlsx", "projects", FORM + "P-1 | Portail | a. un | 2026-03-31")
    outcome = unify(books.reading(), books.sources())
    assert outcome.value.superseded == {"a.xlsx": "b.xlsx"}


def test_a_later_report_without_the_details_does_not_replace() -> None:
    books = Books()
    (home,) = books.add(
        "a.xlsx", "projects", FORM + "P-1 | Portail | A. Un | 2026-02-28"
    )
    books.add("a.xlsx", "risks", "code | title\nR1 | Retard", project=home)
    books.add("b.xlsx", "projects", FORM + "P-1 | Portail | A. Un | 2026-03-31")
    outcome = unify(books.reading(), books.sources())
    assert outcome.value.superseded == {}
    assert ("version-undecided", "a.xlsx!projects!D2") in told(outcome.findings)


def test_versions_without_order_both_stay_and_are_told() -> None:
    books = Books()
    books.add("Suivi.xlsx", "projects", "project_code | name\nP-1 | Portail")
    books.add("Suivi - Copie.xlsx", "projects", "project_code | name\nP-1 | Portail")
    outcome = unify(books.reading(), books.sources())
    assert outcome.value.superseded == {}
    assert [r for r, _ in told(outcome.findings)] == ["version-undecided"]


def test_a_name_that_contradicts_the_report_dates_decides_nothing() -> None:
    books = Books()
    books.add("Suivi v2.xlsx", "projects", FORM + "P-1 | Portail | | 2026-02-28")
    books.add("Suivi v1.xlsx", "projects", FORM + "P-1 | Portail | | 2026-03-31")
    outcome = unify(books.reading(), books.sources())
    assert outcome.value.superseded == {}
    assert "version-undecided" in {f.rule for f in outcome.findings}


def test_a_project_that_only_the_old_version_has_is_told() -> None:
    books = Books()
    books.add(
        "Suivi.xlsx", "projects", "project_code | name\nP-1 | Portail\nP-2 | Pacs"
    )
    books.add("Suivi v2.xlsx", "projects", "project_code | name\nP-1 | Portail")
    outcome = unify(books.reading(), books.sources())
    assert ("project-not-in-newer", "Suivi.xlsx!projects!A3") in told(outcome.findings)
    used = outcome.value.records.loc[outcome.value.records["used"], "project_code"]
    assert used.tolist() == ["P-1"]


def test_a_workbook_of_which_only_the_name_was_read_is_ignored() -> None:
    books = Books()
    books.add("Notes.xlsx", "projects", "name\nNotes", method="file_name", region=-1)
    outcome = unify(books.reading(), books.sources())
    assert outcome.value.ignored == {"Notes.xlsx"}
    assert outcome.value.records.empty
    frame = build_workbooks(books.sources(), outcome.value, outcome.findings)
    assert frame["state"].tolist() == ["ignored"]
