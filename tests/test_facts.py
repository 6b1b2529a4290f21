from __future__ import annotations

import numpy as np

from consolidate.model.facts import (
    FACT_COLUMNS,
    FACT_TEXTS,
    RECORD_COLUMNS,
    addresses,
    changed,
    facts_frame,
    joined,
    records_frame,
    texts,
)


def test_empty_frames_have_their_columns_and_types() -> None:
    assert facts_frame().columns.tolist() == FACT_COLUMNS
    assert records_frame().columns.tolist() == RECORD_COLUMNS
    assert facts_frame()["used"].dtype == "bool"
    assert records_frame()["project"].dtype == "int64"


def test_texts_of_facts_are_categories_of_plain_texts() -> None:
    frame = facts_frame({name: ["a", "b", "a"] for name in FACT_TEXTS} | _numbers(3))
    for name in FACT_TEXTS:
        assert frame[name].tolist() == ["a", "b", "a"]
        assert frame[name].cat.categories.dtype == object


def test_facts_are_joined_whatever_their_texts() -> None:
    one = facts_frame({name: ["a", "b"] for name in FACT_TEXTS} | _numbers(2))
    other = facts_frame({name: ["c", "b"] for name in FACT_TEXTS} | _numbers(2))
    whole = joined([one.take([1]), facts_frame(), other])
    assert whole["sheet"].tolist() == ["b", "c", "b"]
    assert whole["sheet"].cat.categories.dtype == object
    assert whole["record"].tolist() == [1, 0, 1]
    assert whole.index.tolist() == [0, 1, 2]


def test_a_changed_column_is_matched_by_place() -> None:
    one = facts_frame({name: ["a", "b"] for name in FACT_TEXTS} | _numbers(2))
    frame = changed(one.take([1, 0]), field=texts(["x", "y"]), value=[None, "z"])
    assert frame["field"].tolist() == ["x", "y"]
    assert frame["sheet"].tolist() == ["b", "a"]
    assert frame["value"].tolist() == [None, "z"]


def test_addresses_are_of_rows_and_columns_from_one() -> None:
    cells = addresses(np.array([1, 20, 0, 1]), np.array([1, 28, 3, 1]))
    assert cells.tolist() == ["A1", "AB20", "", "A1"]


def _numbers(count: int) -> dict[str, object]:
    numbers = range(count)
    return {
        **dict.fromkeys(("record", "row", "col"), numbers),
        "value": [None] * count,
        "confidence": [1.0] * count,
        "used": [True] * count,
    }
