from __future__ import annotations

from datetime import date

import pandas as pd
from normalise_extract import schemas

from consolidate.model.facts import (
    FACT_COLUMNS,
    RECORD_COLUMNS,
    Facts,
    facts_frame,
    records_frame,
)

MILESTONES = schemas().tables["milestones"]


def facts(*rows: tuple[object, ...]) -> Facts:
    """Rows of record, field, value, confidence, used."""
    count = len(rows)
    given = {
        "record": [r[0] for r in rows],
        "field": [r[1] for r in rows],
        "value": [r[2] for r in rows],
        "confidence": [r[3] if len(r) > 3 else 1.0 for r in rows],
        "used": [r[4] if len(r) > 4 else True for r in rows],
        **{name: [0] * count for name in ("row", "col")},
    }
    blank = {name: [""] * count for name in FACT_COLUMNS if name not in given}
    return Facts("milestones", facts_frame({**blank, **given}))


def test_wide_has_a_row_a_record_and_a_typed_column_a_field() -> None:
    wide = facts(
        (3, "name", "A"),
        (3, "end_baseline", date(2026, 3, 31)),
        (3, "progress", 0.5),
        (1, "name", "B"),
        (1, "is_critical", True),
    ).wide(MILESTONES)
    assert wide.index.tolist() == [1, 3]
    assert wide.columns.tolist() == MILESTONES.field_names
    assert wide["name"].tolist() == ["B", "A"]
    assert wide["progress"].dtype == "float64"
    assert wide.loc[3, "end_baseline"] == date(2026, 3, 31)
    assert wide.loc[1, "end_baseline"] is None
    assert wide.loc[1, "is_critical"] is True


def test_wide_leaves_out_what_is_not_used_or_not_understood() -> None:
    wide = facts(
        (1, "name", "A"), (1, "comment", "x", 1.0, False), (1, "owner", None)
    ).wide(MILESTONES)
    assert wide.loc[1, "comment"] is None
    assert wide.loc[1, "owner"] is None


def test_of_two_values_the_surer_is_shown_then_the_first() -> None:
    wide = facts(
        (1, "name", "A", 0.5), (1, "name", "B", 0.9), (1, "name", "C", 0.9)
    ).wide(MILESTONES)
    assert wide["name"].tolist() == ["B"]


def test_whole_numbers_are_whole_and_may_be_unknown() -> None:
    lines = schemas().tables["budget_lines"]
    wide = Facts(
        "budget_lines", facts((1, "year", 2026), (2, "label", "x")).frame
    ).wide(lines)
    assert str(wide["year"].dtype) == "Int64"
    assert wide["year"].tolist() == [2026, pd.NA] or wide["year"].isna().tolist() == [
        False,
        True,
    ]


def test_no_facts_is_an_empty_table() -> None:
    wide = Facts("milestones", facts_frame()).wide(MILESTONES)
    assert len(wide) == 0
    assert wide.columns.tolist() == MILESTONES.field_names


def test_conflicts_are_the_fields_of_two_values() -> None:
    both = facts(
        (1, "name", "A"),
        (1, "name", "B"),
        (2, "name", "C"),
        (2, "name", "C"),
        (3, "name", "D"),
        (3, "name", "E", 1.0, False),
    )
    assert both.conflicts()["value"].tolist() == ["A", "B"]
    assert facts((1, "name", "A")).conflicts().empty


def test_empty_frames_have_their_columns_and_types() -> None:
    assert facts_frame().columns.tolist() == FACT_COLUMNS
    assert records_frame().columns.tolist() == RECORD_COLUMNS
    assert facts_frame()["used"].dtype == "bool"
    assert records_frame()["project"].dtype == "int64"
