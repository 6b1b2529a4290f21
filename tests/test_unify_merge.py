from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from unify_facts import Books, told, values

from consolidate.model.facts import Facts, Reading
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.unify import build_lineage, build_workbooks, unify, with_codes

DATED = "project_code | name | status | progress | report_date\n"


def ids(books: Books, table: str) -> list[str]:
    records = unify(books.reading(), books.sources()).value.records
    own = records.loc[records["used"] & (records["table"] == table)]
    return sorted(own["record_id"])


def test_the_newest_report_wins_field_by_field() -> None:
    books = Books()
    books.add("a.xlsx", "projects", DATED + "P-1 | Portail | red | 0.4 | 2026-02-28")
    books.add("b.xlsx", "projects", DATED + "P-1 | Portail | green | | 2026-03-31")
    outcome = unify(books.reading(), books.sources())
    projects = outcome.value.facts["projects"]
    assert list(values(projects, "status").values()) == ["green"]
    assert list(values(projects, "progress").values()) == [0.4]
    conflicts = [f for f in outcome.findings if f.field == "status"]
    (finding,) = conflicts
    assert finding.rule == "values-conflict"
    assert finding.severity is Severity.WARNING
    assert (str(finding.ref), finding.raw) == ("b.xlsx!projects!C2", "green")
    assert finding.params == {"other": "red", "other_cell": "a.xlsx!projects!C2"}


def test_without_dates_the_workbook_with_the_details_wins() -> None:
    books = Books()
    books.add(
        "a.xlsx",
        "projects",
        "project_code | name | status | phase\nP-1 | Portail | red | x",
    )
    (home,) = books.add(
        "b.xlsx", "projects", "project_code | name | status\nP-1 | Portail | green"
    )
    books.add("b.xlsx", "risks", "code | title\nR1 | Retard", project=home)
    outcome = unify(books.reading(), books.sources())
    assert list(values(outcome.value.facts["projects"], "status").values()) == ["green"]


def test_then_the_fullest_record_wins() -> None:
    books = Books()
    books.add("a.xlsx", "projects", "project_code | name | status\nP-1 | Portail | red")
    books.add(
        "b.xlsx",
        "projects",
        "project_code | name | status | phase\nP-1 | Portail | green | build",
    )
    outcome = unify(books.reading(), books.sources())
    assert list(values(outcome.value.facts["projects"], "status").values()) == ["green"]


def test_equal_values_written_differently_are_no_conflict() -> None:
    books = Books()
    books.add(
        "a.xlsx", "projects", "project_code | name | phase\nP-1 | Portail | Build"
    )
    books.add(
        "b.xlsx", "projects", "project_code | name | phase\nP-1 | PORTAIL | build"
    )
    assert unify(books.reading(), books.sources()).findings == ()


def test_an_annual_amount_never_completes_whole_life_amounts() -> None:
    books = Books()
    head = "project_code | name | budget_initial | committed | amount_scope | report_date\n"
    books.add(
        "a.xlsx", "projects", head + "P-1 | Portail | 100 | 80 | total | 2026-02-28"
    )
    books.add("b.xlsx", "projects", head + "P-1 | Portail | 30 | | year | 2026-03-31")
    outcome = unify(books.reading(), books.sources())
    projects = outcome.value.facts["projects"]
    assert list(values(projects, "budget_initial").values()) == [30.0]
    assert values(projects, "committed") == {}
    assert ("amount-basis-differs", "a.xlsx!projects!C2") in told(outcome.findings)


def test_one_record_in_two_sheets_counts_once_and_is_completed() -> None:
    books = Books()
    (home,) = books.add("a.xlsx", "projects", "project_code | name\nP-1 | Portail")
    books.add(
        "a.xlsx",
        "milestones",
        "name | phase | end_baseline\nRecette | build | 2026-06-30",
        sheet="Planning",
        project=home,
    )
    books.add(
        "a.xlsx",
        "milestones",
        "name | owner | end_baseline\nrecette | A. Un | 2026-06-30",
        sheet="Synthèse",
        project=home,
    )
    outcome = unify(books.reading(), books.sources())
    assert len(ids(books, "milestones")) == 1
    owners = values(outcome.value.facts["milestones"], "owner")
    assert list(owners.values()) == ["A. Un"]
    assert outcome.findings == ()


def test_rows_of_one_table_with_one_name_are_two_records_and_told() -> None:
    books = Books()
    (home,) = books.add("a.xlsx", "projects", "project_code | name\nP-1 | Portail")
    books.add(
        "a.xlsx",
        "milestones",
        "name | end_baseline\nCOPIL | 2026-06-30\nCOPIL | 2026-03-31",
        project=home,
    )
    outcome = unify(books.reading(), books.sources())
    first, second = ids(books, "milestones")
    assert second == f"{first}-2"
    assert told(outcome.findings) == [("identity-ambiguous", "a.xlsx!milestones!A2")]
    assert outcome.findings[0].severity is Severity.INFO


def test_one_number_for_two_titles_is_two_records() -> None:
    books = Books()
    (home,) = books.add("a.xlsx", "projects", "project_code | name\nP-1 | Portail")
    for sheet, title in (
        ("Risques 1", "Retard éditeur"),
        ("Risques 2", "Perte de données"),
    ):
        books.add(
            "a.xlsx", "risks", f"code | title\n1 | {title}", sheet=sheet, project=home
        )
    assert len(ids(books, "risks")) == 2


def test_one_code_with_titles_alike_is_one_record() -> None:
    books = Books()
    (home,) = books.add("a.xlsx", "projects", "project_code | name\nP-1 | Portail")
    for sheet, title in (
        ("Risques", "Retard de l'éditeur"),
        ("Synthèse", "Retard éditeur"),
    ):
        books.add(
            "a.xlsx", "risks", f"code | title\nR1 | {title}", sheet=sheet, project=home
        )
    assert len(ids(books, "risks")) == 1


def test_ids_do_not_depend_on_the_month_or_the_file() -> None:
    found = []
    for name, day in (("mars/a.xlsx", "2026-03-31"), ("avril/b.xlsx", "2026-04-30")):
        books = Books()
        books.add(name, "projects", DATED + f"PRJ-1 | Portail | red | 0.4 | {day}")
        books.add(name, "risks", "project_code | code | title\nprj 1 | R1 | Retard")
        found.append(ids(books, "projects") + ids(books, "risks"))
    assert found[0] == found[1]
    assert found[0][1].startswith("risks-")


def test_criticality_is_the_product_where_it_is_not_given() -> None:
    books = Books()
    (home,) = books.add("a.xlsx", "projects", "project_code | name\nP-1 | Portail")
    books.add(
        "a.xlsx",
        "risks",
        "code | title | probability | impact | criticality\n"
        "R1 | a | 3 | 4 | \nR2 | b | 3 | 4 | 9\nR3 | c | 3 | | \nR4 | d | 7 | 4 | ",
        project=home,
    )
    risks = unify(books.reading(), books.sources()).value.facts["risks"]
    assert sorted(values(risks, "criticality").values()) == [9, 12]
    row = risks.frame.loc[risks.frame["raw"] == "3 × 4"].iloc[0]
    assert (row["method"], row["derived_from"]) == ("derived", "risks!C2;risks!D2")


def test_a_single_establishment_is_the_lead_one() -> None:
    books = Books()
    books.add(
        "a.xlsx",
        "projects",
        "project_code | name | establishments\nP-1 | Un | CH Nord\nP-2 | Deux | CH Nord;CH Sud",
    )
    projects = unify(books.reading(), books.sources()).value.facts["projects"]
    assert list(values(projects, "establishment").values()) == ["CH Nord"]


def test_every_record_used_has_a_used_code() -> None:
    books = Books()
    (home,) = books.add("a.xlsx", "projects", "name\nPortail")
    books.add("a.xlsx", "risks", "code | title\nR1 | Retard\nR2 | Perte", project=home)
    books.add("b.xlsx", "risks", "project_name | title\nPortail | Retard")
    unified = unify(books.reading(), books.sources()).value
    for table, facts in unified.facts.items():
        own = unified.records.loc[unified.records["table"] == table]
        leads = set(own.loc[own["used"], "record"])
        assert set(values(facts, "project_code")) == leads


def test_lineage_tells_cell_text_and_what_lost() -> None:
    books = Books()
    books.add("a.xlsx", "projects", DATED + "P-1 | Portail | red | 0.4 | 2026-02-28")
    books.add("b.xlsx", "projects", DATED + "P-1 | Portail | green | 1 | 2026-03-31")
    unified = unify(books.reading(), books.sources()).value
    lineage = build_lineage(unified.facts, unified.records)
    status = lineage.loc[lineage["field"] == "status", ["cell", "raw", "used"]]
    assert status.values.tolist() == [["C2", "green", True], ["C2", "red", False]]
    assert lineage["record_id"].nunique() == 1


def test_an_error_on_a_row_makes_a_workbook_partial() -> None:
    books = Books()
    books.add("a.xlsx", "projects", "project_code | name\nP-1 | Portail")
    outcome = unify(books.reading(), books.sources())
    lost = Finding("row-unread", Severity.ERROR, CellRef("a.xlsx", "projects", "A9"))
    frame = build_workbooks(books.sources(), outcome.value, [lost])
    assert frame["state"].tolist() == ["partial"]
    assert frame["project_codes"].tolist() == ["P-1"]


def test_findings_of_earlier_stages_get_their_project() -> None:
    books = Books()
    books.add("a.xlsx", "projects", "project_code | name\nP-1 | Portail\nP-2 | Pacs")
    unified = unify(books.reading(), books.sources()).value
    refs = [CellRef("a.xlsx", "projects", "B3"), CellRef("a.xlsx", "projects", "C9")]
    given = [Finding("date-unread", Severity.ERROR, r) for r in refs]
    assert [f.project_code for f in with_codes(given, unified)] == ["P-2", ""]


def _portfolio(reading: Reading, books: Books) -> list[list[object]]:
    outcome = unify(reading, books.sources())
    lineage = build_lineage(outcome.value.facts, outcome.value.records)
    return [*lineage.astype(str).values.tolist(), [f.rule for f in outcome.findings]]


def _many() -> Books:
    books = Books()
    for k in range(4):
        name = f"b{k}.xlsx"
        (home,) = books.add(
            name,
            "projects",
            DATED + f"P-{k % 3} | Portail | red | 0.{k} | 2026-0{k + 1}-01",
        )
        books.add(
            name,
            "milestones",
            "name | phase | owner\nCOPIL | | A\nCOPIL | | B\nRecette | x | C\nCOPIL | | A",
            project=home,
        )
        books.add(
            name,
            "risks",
            f"code | title\n1 | Retard {k}\n | Perte\n2 | Retard",
            project=home,
        )
    return books


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    books = _many()
    reading = books.reading()
    shuffled = random.Random(seed)
    facts = {}
    for table in shuffled.sample(sorted(reading.facts), len(reading.facts)):
        frame = reading.facts[table].frame
        order = shuffled.sample(range(len(frame)), len(frame))
        facts[table] = Facts(table, frame.iloc[order])
    numbers = shuffled.sample(range(len(reading.records)), len(reading.records))
    moved = Reading(facts, reading.records.iloc[numbers])
    assert _portfolio(moved, books) == _portfolio(reading, books)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_the_numbers_of_records_change_nothing(seed: int) -> None:
    books = _many()
    reading = books.reading()
    size = len(reading.records)
    new = random.Random(seed).sample(range(3 * size), size)
    number = dict(enumerate(new)) | {-1: -1}
    facts = {
        t: Facts(t, f.frame.assign(record=f.frame["record"].map(number)))
        for t, f in reading.facts.items()
    }
    records = reading.records.assign(
        record=reading.records["record"].map(number),
        project=reading.records["project"].map(number),
    )
    moved = Reading(facts, records)
    assert _portfolio(moved, books) == _portfolio(reading, books)


def test_time_spent_on_a_known_code_is_of_that_project() -> None:
    books = Books()
    books.add("a.xlsx", "projects", "project_code | name\nPRJ-101 | Portail")
    (team,) = books.add(
        "b.xlsx", "projects", "project_code | name\nMCO-01 | Équipe DPI"
    )
    lines = "person | activity | month\nA | PRJ-101 | 2026-03\nA | SPRINT-12 | 2026-03"
    books.add("b.xlsx", "workload", lines, project=team)
    records = unify(books.reading(), books.sources()).value.records
    spent = records.loc[records["table"] == "workload"]
    assert sorted(spent["project_code"]) == ["MCO-01", "PRJ-101"]
    assert len(records.loc[records["table"] == "projects"]) == 2


def test_what_is_named_mco_is_a_container_of_mco() -> None:
    books = Books()
    books.add(
        "a.xlsx", "projects", "project_code | name\nMCO-01 | MCO DPI\nP-2 | Portail"
    )
    projects = unify(books.reading(), books.sources()).value.facts["projects"]
    assert list(values(projects, "kind").values()) == ["mco"]
