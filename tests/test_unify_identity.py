from __future__ import annotations

from unify_facts import Books, told, values

from consolidate.model.finding import Severity
from consolidate.unify import unify


def codes(books: Books) -> list[str]:
    unified = unify(books.reading(), books.sources()).value
    own = unified.records.loc[
        unified.records["used"] & (unified.records["table"] == "projects")
    ]
    return sorted(own["project_code"])


def test_one_code_written_four_ways_is_one_project() -> None:
    books = Books()
    for k, code in enumerate(["PRJ-012", "PRJ012", "prj 012", "PRJ-O12"]):
        books.add(
            f"b{k}/w{k}.xlsx", "projects", f"project_code | name\n{code} | Portail"
        )
    outcome = unify(books.reading(), books.sources())
    assert codes(books) == ["PRJ-012"]
    assert [r for r, _ in told(outcome.findings)] == ["code-respelled"]


def test_a_project_known_by_name_only_joins_its_code() -> None:
    books = Books()
    books.add("a.xlsx", "projects", "project_code | name\nPRJ-1 | Portail patient")
    books.add("b.xlsx", "projects", "name | status\nPORTAIL  PATIENT | red")
    outcome = unify(books.reading(), books.sources())
    assert codes(books) == ["PRJ-1"]
    assert told(outcome.findings) == []
    assert list(values(outcome.value.facts["projects"], "status").values()) == ["red"]


def test_a_name_of_two_codes_is_told_and_not_merged() -> None:
    books = Books()
    books.add(
        "a.xlsx", "projects", "project_code | name\nPRJ-1 | Portail\nPRJ-2 | Portail"
    )
    books.add("b.xlsx", "projects", "name\nPortail")
    outcome = unify(books.reading(), books.sources())
    assert len(codes(books)) == 3
    assert ("identity-ambiguous", "b.xlsx!projects!A2") in told(outcome.findings)


def test_leading_zeros_are_told_and_not_merged() -> None:
    books = Books()
    books.add("a.xlsx", "projects", "project_code | name\nPRJ-12 | Portail")
    books.add("b.xlsx", "projects", "project_code | name\nPRJ-012 | Archivage")
    outcome = unify(books.reading(), books.sources())
    assert codes(books) == ["PRJ-012", "PRJ-12"]
    assert [r for r, _ in told(outcome.findings)] == ["identity-ambiguous"]


def test_a_letter_for_a_digit_under_another_name_is_not_merged() -> None:
    books = Books()
    books.add("a.xlsx", "projects", "project_code | name\nPRJ-012 | Portail patient")
    books.add("b.xlsx", "projects", "project_code | name\nPRJ-O12 | Archivage court")
    outcome = unify(books.reading(), books.sources())
    assert len(codes(books)) == 2
    assert [r for r, _ in told(outcome.findings)] == ["identity-ambiguous"]


def test_one_code_under_two_names_is_one_project_and_told() -> None:
    books = Books()
    books.add("a.xlsx", "projects", "project_code | name\nPRJ-1 | Portail patient")
    books.add("b.xlsx", "projects", "project_code | name\nPRJ-1 | Archivage court")
    outcome = unify(books.reading(), books.sources())
    assert codes(books) == ["PRJ-1"]
    (finding,) = outcome.findings
    assert finding.rule == "project-names-differ"
    assert finding.severity is Severity.WARNING
    cells = {str(finding.ref), finding.params["other_cell"]}
    assert cells == {"a.xlsx!projects!B2", "b.xlsx!projects!B2"}


def test_a_charge_code_of_several_rows_names_none_of_them() -> None:
    books = Books()
    books.add(
        "a.xlsx",
        "projects",
        "project_code | name\nDSI-99 | Portail\nDSI-99 | Archivage\nPRJ-3 | Dictée",
    )
    outcome = unify(books.reading(), books.sources())
    found = codes(books)
    assert len(found) == 3
    assert "PRJ-3" in found
    assert all(c.startswith("DSI-99-") for c in found if c != "PRJ-3")
    assert told(outcome.findings) == [
        ("code-not-unique", "a.xlsx!projects!A2"),
        ("code-not-unique", "a.xlsx!projects!A3"),
    ]


def test_near_names_are_told_with_both_cells_and_not_merged() -> None:
    books = Books()
    books.add("a.xlsx", "projects", "project_code | name\nPRJ-1 | Dématérialisation RH")
    books.add("b.xlsx", "projects", "project_code | name\nPRJ-2 | Dématérialisaton RH")
    outcome = unify(books.reading(), books.sources())
    assert codes(books) == ["PRJ-1", "PRJ-2"]
    (finding,) = outcome.findings
    assert finding.rule == "identity-ambiguous"
    assert "Dématérialisaton RH" in finding.params["other"]


def test_numbered_names_are_a_series_and_not_told() -> None:
    books = Books()
    books.add(
        "a.xlsx",
        "projects",
        "project_code | name\nP-1 | Déploiement lot 1\nP-2 | Déploiement lot 2",
    )
    assert unify(books.reading(), books.sources()).findings == ()


def test_a_project_without_code_gets_one_and_is_told_at_its_name() -> None:
    books = Books()
    books.add("a.xlsx", "projects", "status | name\ngreen | Portail")
    outcome = unify(books.reading(), books.sources())
    (code,) = codes(books)
    assert code.startswith("X-")
    assert told(outcome.findings) == [("project-code-missing", "a.xlsx!projects!B2")]
    frame = outcome.value.facts["projects"].frame
    row = frame.loc[frame["field"] == "project_code"].iloc[0]
    assert (row["value"], row["method"], row["raw"]) == (code, "derived", "Portail")
    assert row["derived_from"] == "projects!B2"


def test_equal_file_names_of_two_folders_are_two_projects() -> None:
    books = Books()
    for folder in ("nord", "sud"):
        name = f"{folder}/Tableau de bord.xlsx"
        books.add(name, "projects", "name\nTableau de bord", method="file_name")
    assert len(codes(books)) == 2


def test_a_detail_names_its_project_by_code_name_or_both() -> None:
    books = Books()
    books.add(
        "a.xlsx", "projects", "project_code | name\nPRJ-1 | Portail\nPRJ-2 | Pacs"
    )
    books.add(
        "b.xlsx",
        "risks",
        "project_code | project_name | code | title\n"
        "prj1 | | R1 | a\n | pacs | R2 | b\n | PRJ-2 - Pacs | R3 | c\nPortail | | R4 | d",
    )
    outcome = unify(books.reading(), books.sources())
    records = outcome.value.records
    risks = records.loc[records["table"] == "risks"]
    assert risks["project_code"].tolist() == ["PRJ-1", "PRJ-2", "PRJ-2", "PRJ-1"]
    assert outcome.findings == ()


def test_a_detail_without_project_takes_that_of_its_sheet() -> None:
    books = Books()
    (home,) = books.add("a.xlsx", "projects", "project_code | name\nPRJ-1 | Portail")
    books.add("a.xlsx", "risks", "code | title\nR1 | Retard", project=home)
    unified = unify(books.reading(), books.sources()).value
    frame = unified.facts["risks"].frame
    row = frame.loc[frame["field"] == "project_code"].iloc[0]
    assert (row["value"], row["sheet"], row["row"], row["col"]) == (
        "PRJ-1",
        "projects",
        2,
        1,
    )
    assert (row["method"], row["used"]) == ("derived", True)


def test_a_project_known_from_details_only_is_made_and_told() -> None:
    books = Books()
    books.add("a.xlsx", "projects", "project_code | name\nPRJ-1 | Portail")
    books.add("b.xlsx", "risks", "project_name | title\nArchivage | x\narchivage | y")
    outcome = unify(books.reading(), books.sources())
    assert len(codes(books)) == 2
    assert told(outcome.findings) == [("project-only-in-detail", "b.xlsx!risks!A2")]
    assert "Archivage" in values(outcome.value.facts["projects"], "name").values()


def test_what_time_was_spent_on_is_not_a_project() -> None:
    books = Books()
    (home,) = books.add(
        "a.xlsx", "projects", "project_code | name\nMCO-1 | Exploitation"
    )
    books.add(
        "a.xlsx",
        "workload",
        "person | project_name | category | effort_spent\nA | Support | run | 2",
        project=home,
    )
    outcome = unify(books.reading(), books.sources())
    assert codes(books) == ["MCO-1"]
    assert outcome.findings == ()


def test_details_give_its_code_to_a_project_listed_without() -> None:
    books = Books()
    books.add("a.xlsx", "projects", "name\nPortail")
    books.add(
        "b.xlsx", "risks", "project_code | project_name | title\nPRJ-1 | Portail | x"
    )
    outcome = unify(books.reading(), books.sources())
    assert codes(books) == ["PRJ-1"]
    assert outcome.findings == ()


def test_a_record_of_no_project_is_kept_and_told_unless_it_is_a_request() -> None:
    books = Books()
    books.add("a.xlsx", "projects", "project_code | name\nPRJ-1 | Portail")
    books.add("b.xlsx", "requests", "code | title\nD1 | Besoin")
    books.add("b.xlsx", "risks", "code | title\nR1 | Retard")
    outcome = unify(books.reading(), books.sources())
    assert told(outcome.findings) == [("project-unknown", "b.xlsx!risks!A2")]
    records = outcome.value.records
    assert records.loc[records["table"] != "projects", "used"].all()


def test_a_code_of_several_projects_needs_the_name_beside_it() -> None:
    books = Books()
    books.add(
        "a.xlsx", "projects", "project_code | name\nD-9 | Portail\nD-9 | Archivage"
    )
    books.add(
        "b.xlsx",
        "risks",
        "project_code | project_name | title\nD-9 | Portail | x\nD-9 | | y",
    )
    outcome = unify(books.reading(), books.sources())
    records = outcome.value.records
    risks = records.loc[records["table"] == "risks", "project_code"].tolist()
    assert risks[0].startswith("D-9-")
    assert risks[1] == ""
    assert ("identity-ambiguous", "b.xlsx!risks!A3") in told(outcome.findings)


def _tasks(second: str) -> int:
    """How many tasks are kept of two lists that stand on one sheet."""
    books = Books()
    for names in ("Cadrage\nÉcran\nRevue", second):
        books.add("a.xlsx", "milestones", f"name\n{names}", sheet="Plan")
    records = unify(books.reading(), books.sources()).value.records
    return int((records["used"] & (records["table"] == "milestones")).sum())


def test_a_title_in_two_parts_of_a_list_is_of_two_records() -> None:
    assert _tasks("Base\nTests\nRevue") == 6


def test_a_list_shown_again_on_its_sheet_is_counted_once() -> None:
    assert _tasks("Cadrage\nÉcran\nRevue\nRecette") == 4
