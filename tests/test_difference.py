"""What differs between two portfolios."""

from __future__ import annotations

from datetime import date

import pandas as pd

from consolidate.analyse.difference import differences


def projects(*rows: tuple[str, float | None, date | None]) -> dict[str, pd.DataFrame]:
    frame = pd.DataFrame(rows, columns=["project_code", "progress", "end_forecast"])
    places = {"record_id": frame["project_code"] + "-id", "row": range(len(frame))}
    return {"projects": frame.assign(**places)}


def told(
    before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame]
) -> list[tuple[object, ...]]:
    columns = ["project_code", "change", "field", "before", "after"]
    return list(differences(before, after)[columns].itertuples(index=False, name=None))


def test_a_record_appears_or_leaves_whole() -> None:
    was, now = projects(("A", 0.1, None)), projects(("B", 0.1, None))
    assert told(was, now) == [
        ("A", "left", "", None, None),
        ("B", "appeared", "", None, None),
    ]


def test_a_field_changes_gets_known_or_is_no_longer_given() -> None:
    may, june = date(2026, 5, 1), date(2026, 6, 1)
    was = projects(("A", 0.1, may), ("B", None, None), ("C", 0.5, june))
    now = projects(("A", 0.1, june), ("B", 0.2, None), ("C", None, june))
    assert told(was, now) == [
        ("A", "changed", "end_forecast", may, june),
        ("B", "changed", "progress", None, 0.2),
        ("C", "changed", "progress", 0.5, None),
    ]


def test_where_a_record_was_read_is_no_difference() -> None:
    was, now = projects(("A", 0.1, None)), projects(("A", 0.1, None))
    now["projects"]["row"] = 9
    assert told(was, now) == []


def test_a_field_that_was_unknown_to_the_earlier_version_is_compared() -> None:
    was = {"projects": projects(("A", 0.1, None))["projects"].drop(columns="progress")}
    assert told(was, projects(("A", 0.1, None))) == [
        ("A", "changed", "progress", None, 0.1)
    ]
