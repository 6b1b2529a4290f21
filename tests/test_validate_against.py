from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from unify_facts import SCHEMAS, Books, told

from consolidate.model.facts import Facts, Reading
from consolidate.model.finding import Finding, Severity
from consolidate.unify import unify
from consolidate.validate import Checked, ValidateOptions, validate
from consolidate.validate.compile import build_schema

OPTIONS = ValidateOptions("2026-03", date(2026, 3, 31))


def run(books: Books, reading: Reading | None = None) -> tuple[Checked, list[Finding]]:
    unified = unify(reading or books.reading(), books.sources()).value
    outcome = validate(unified.facts, unified.records, SCHEMAS, OPTIONS)
    return outcome.value, list(outcome.findings)


def home(text: str = "project_code | name\nP-1 | Portail") -> tuple[Books, int]:
    books = Books()
    return books, books.add("a.xlsx", "projects", text)[0]


def test_all_tables_are_there_in_the_columns_of_the_contract() -> None:
    books, _ = home()
    checked, _ = run(books)
    assert list(checked.tables) == list(SCHEMAS.tables)
    for name, frame in checked.tables.items():
        fields = [f for f in SCHEMAS.tables[name].field_names if f != "project_code"]
        head = ["record_id", "period", "project_code"]
        assert frame.columns.tolist() == [*head, *fields, "workbook", "sheet", "row"]


def test_columns_are_typed_and_unknown_is_none() -> None:
    books, project = home("project_code | name | progress\nP-1 | Portail | 0.4")
    books.add(
        "a.xlsx",
        "risks",
        "code | title | probability | raised_on\nR1 | Retard | 3 | 2026-01-05\nR2 | x | | ",
        project=project,
    )
    checked, _ = run(books)
    risks = checked.tables["risks"]
    assert risks["probability"].dtype == "Int64"
    assert risks["raised_on"].tolist() == [date(2026, 1, 5), None]
    assert risks["comment"].tolist() == [None, None]
    assert checked.tables["projects"]["progress"].dtype == np.float64
    assert risks["row"].tolist() == [2, 3]


def test_a_bad_optional_value_goes_and_its_record_stays() -> None:
    books, project = home()
    books.add(
        "a.xlsx",
        "milestones",
        "name | progress\nRecette | 0.4\nBascule | 1.5\nPrépa | -0.1",
        project=project,
    )
    checked, findings = run(books)
    milestones = checked.tables["milestones"]
    assert milestones["name"].tolist() == ["Recette", "Bascule", "Prépa"]
    assert milestones["progress"].isna().tolist() == [False, True, True]
    assert told(findings) == [
        ("too-high", "a.xlsx!milestones!B3"),
        ("too-low", "a.xlsx!milestones!B4"),
    ]
    assert {f.severity for f in findings} == {Severity.ERROR}
    assert (findings[0].raw, findings[0].params["max"]) == ("1.5", "100 %")
    assert findings[0].project_code == "P-1"
    frame = checked.facts["milestones"].frame
    assert frame.loc[frame["field"] == "progress", "used"].tolist() == [
        True,
        False,
        False,
    ]


def test_an_unknown_code_goes_where_the_list_is_closed() -> None:
    books, _ = home(
        "project_code | name | status | phase\nP-1 | Portail | mauve | maison"
    )
    checked, findings = run(books)
    assert checked.tables["projects"]["status"].tolist() == [None]
    assert checked.tables["projects"]["phase"].tolist() == ["maison"]
    assert told(findings) == [("unknown-code", "a.xlsx!projects!C2")]


def test_a_record_without_its_name_goes_and_is_told() -> None:
    books, project = home()
    books.add(
        "a.xlsx",
        "milestones",
        "name | owner\nRetard | A. Un\n | B. Deux",
        project=project,
    )
    checked, findings = run(books)
    assert checked.tables["milestones"]["name"].tolist() == ["Retard"]
    assert told(findings) == [("missing-name", "a.xlsx!milestones!A3")]
    frame = checked.facts["milestones"].frame
    assert not frame.loc[frame["value"] == "B. Deux", "used"].any()


def test_a_project_keeps_its_place_without_a_name() -> None:
    books, _ = home("project_code | status\nP-1 | green")
    checked, findings = run(books)
    assert checked.tables["projects"]["project_code"].tolist() == ["P-1"]
    assert told(findings) == [("project-name-missing", "a.xlsx!projects!A2")]
    assert findings[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("value", "rule"), [("bientôt", "wrong-type"), (True, None), (12, None)]
)
def test_a_value_of_another_nature_is_not_kept(value: object, rule: str | None) -> None:
    books, _ = home("project_code | name | committed\nP-1 | Portail | 5")
    reading = books.reading()
    frame = reading.facts["projects"].frame
    values = [*frame["value"].tolist()[:-1], value]
    changed = frame.assign(value=pd.Series(values, dtype=object))
    moved = Reading({"projects": Facts("projects", changed)}, reading.records)
    checked, findings = run(books, moved)
    assert [f.rule for f in findings] == ([rule] if rule else [])
    assert checked.tables["projects"]["committed"].isna().tolist() == [rule is not None]


def test_half_a_count_is_not_kept() -> None:
    books, project = home()
    books.add("a.xlsx", "services", "name | incidents\nDPI | 3", project=project)
    reading = books.reading()
    frame = reading.facts["services"].frame
    half = frame.assign(value=pd.Series(["DPI", 2.5], dtype=object))
    moved = Reading(
        {**reading.facts, "services": Facts("services", half)}, reading.records
    )
    checked, findings = run(books, moved)
    assert told(findings) == [("not-whole", "a.xlsx!services!B2")]
    assert checked.tables["services"]["incidents"].isna().all()


def test_validating_again_finds_nothing_more() -> None:
    books, project = home()
    books.add("a.xlsx", "milestones", "name | progress\nBascule | 1.5", project=project)
    unified = unify(books.reading(), books.sources()).value
    first = validate(unified.facts, unified.records, SCHEMAS, OPTIONS).value
    assert validate(first.facts, unified.records, SCHEMAS, OPTIONS).findings == ()


def test_nothing_read_gives_empty_tables() -> None:
    checked, findings = run(Books())
    assert all(frame.empty for frame in checked.tables.values())
    assert findings == []


def test_the_schema_names_the_rule_of_each_failure() -> None:
    spec = SCHEMAS.tables["milestones"]
    schema = build_schema(spec, SCHEMAS.vocabularies, ["name", "progress", "state"])
    errors = [c.error for column in schema.columns.values() for c in column.checks]
    assert errors == ["too-low", "too-high", "unknown-code"]
    assert not schema.columns["name"].nullable
