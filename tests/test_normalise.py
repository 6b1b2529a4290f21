from __future__ import annotations

import dataclasses

from normalise_extract import extract, run

from consolidate.model.facts import FACT_COLUMNS, RECORD_COLUMNS
from consolidate.model.finding import Severity
from consolidate.model.workbook import Cells, Extract, Record
from consolidate.normalise.parsed import SEVERITY
from consolidate.wording import catalogue, message, remedy


def test_nothing_in_is_nothing_out() -> None:
    outcome = run()
    assert outcome.value.facts == {}
    assert outcome.value.records.columns.tolist() == RECORD_COLUMNS
    assert outcome.findings == ()
    assert run(Extract("empty.xlsx", "xlsx")).value.facts == {}


def test_records_are_numbered_across_workbooks_and_tables() -> None:
    first = extract("projects", ["name"], [["A"], ["B"]])
    second = extract("milestones", ["name"], [["C"]], workbook="p2.xlsx")
    second = dataclasses.replace(
        second, records=(Record("milestones", 0, 1, project=0),)
    )
    reading = run(first, second).value
    assert reading.records["record"].tolist() == [0, 1, 2]
    assert reading.records["project"].tolist() == [-1, -1, 2]
    assert reading.records["row"].tolist() == [2, 3, 2]
    assert reading.facts["milestones"].frame["record"].tolist() == [2]
    assert reading.facts["milestones"].frame["workbook"].tolist() == ["p2.xlsx"]


def test_a_fact_knows_its_cell_and_what_was_written() -> None:
    frame = (
        run(extract("milestones", ["name", "end_baseline"], [["A", "mars 2026"]]))
        .value.facts["milestones"]
        .frame
    )
    assert frame.columns.tolist() == FACT_COLUMNS
    fact = frame.iloc[1]
    assert (fact["raw"], fact["row"], fact["col"], fact["sheet"]) == (
        "mars 2026",
        2,
        2,
        "F",
    )
    assert (fact["method"], fact["confidence"], fact["used"]) == ("column", 1.0, True)


def test_what_is_not_understood_stays_unused_with_one_error_at_its_cell() -> None:
    outcome = run(
        extract("milestones", ["name", "end_baseline"], [["A", "martin 2026"]])
    )
    fact = outcome.value.facts["milestones"].frame.iloc[1]
    assert (fact["value"], fact["used"]) == (None, False)
    (finding,) = outcome.findings
    assert str(finding.ref) == "p1.xlsx!F!B2"
    assert finding.severity == Severity.ERROR
    assert (finding.table, finding.field, finding.raw) == (
        "milestones",
        "end_baseline",
        "martin 2026",
    )


def test_a_doubtful_value_is_less_sure() -> None:
    frame = (
        run(extract("milestones", ["end_baseline"], [["~mars 2026"]]))
        .value.facts["milestones"]
        .frame
    )
    assert frame["confidence"].tolist() == [0.8]
    assert frame["used"].tolist() == [True]


def test_a_value_seen_elsewhere_stays_unused() -> None:
    source = extract("projects", ["name"], [["A"]])
    elsewhere = dataclasses.replace(source.cells, used=[False])
    source = dataclasses.replace(source, cells=elsewhere)
    assert run(source).value.facts["projects"].frame["used"].tolist() == [False]


def test_a_value_from_a_name_has_no_cell() -> None:
    cells = Cells(
        [0],
        ["end_baseline"],
        ["bientôt"],
        [""],
        [""],
        [-1],
        [-1],
        [-1],
        ["file_name"],
        [0.6],
        [True],
    )
    outcome = run(
        Extract("p.xlsx", "xlsx", "fr", (), (Record("projects", -1, -1),), cells)
    )
    assert str(outcome.findings[0].ref) == "p.xlsx"
    assert outcome.value.facts["projects"].frame[
        ["row", "col"]
    ].to_numpy().tolist() == [[0, 0]]


def test_a_field_no_schema_knows_is_text() -> None:
    frame = (
        run(extract("projects", ["surprise"], [[12.0]])).value.facts["projects"].frame
    )
    assert frame["value"].tolist() == ["12"]


def test_a_true_is_not_a_one() -> None:
    frame = (
        run(extract("projects", ["comment"], [[1.0], [True], [1]]))
        .value.facts["projects"]
        .frame
    )
    assert frame["value"].tolist() == ["1", "VRAI", "1"]


def test_two_runs_are_the_same() -> None:
    source = extract(
        "projects", ["status", "budget_initial"], [["Vert", "12 k€"], ["?", "x"]]
    )
    first, second = run(source), run(source)
    assert first.findings == second.findings
    assert first.value.facts["projects"].frame.equals(
        second.value.facts["projects"].frame
    )


def test_a_long_text_is_cut_in_a_finding() -> None:
    outcome = run(extract("milestones", ["end_baseline"], [["x" * 40_000]]))
    assert len(outcome.findings[0].raw) == 200


def test_every_remark_has_words_in_both_languages() -> None:
    assert set(SEVERITY) <= set(catalogue()["findings"])


def test_every_remark_can_be_worded() -> None:
    source = extract(
        "milestones",
        ["end_baseline", "progress", "state", "status", "effort_spent"],
        [
            ["mars 2026", 0.5, "Truc", 1.0, 4.0],
            ["45000", 50.0, "En cours (2)", "Bleu", "2 ETP"],
            ["S1 2026", "60-70 %", "x", "Vert / rouge", "< 5"],
        ],
    )
    outcome = run(source)
    assert len(outcome.findings) > 10
    for finding in outcome.findings:
        for lang in ("fr", "en"):
            assert message(finding, lang)
            assert remedy(finding, lang)


def test_an_empty_value_is_no_fact_to_tell() -> None:
    source = extract("milestones", ["name", "end_baseline"], [["A", "  "]])
    emptied = dataclasses.replace(source.cells, raw=["A", None])
    source = dataclasses.replace(source, cells=emptied)
    outcome = run(source)
    assert outcome.value.facts["milestones"].frame["used"].tolist() == [True, False]
    assert outcome.findings == ()


def test_a_table_without_values_has_no_facts() -> None:
    bare = Extract("p.xlsx", "xlsx", "fr", (), (Record("projects", -1, -1),), Cells())
    assert run(bare).value.facts == {}
