"""Ranges from the portfolio's own past: what is taken, what is not, and how often they hold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consolidate.analyse.forecast import (
    FIELDS,
    Settings,
    announced,
    backtest,
    cost_forecasts,
    earned_effort,
    end_forecasts,
    observed,
    weighted_quantiles,
)
from consolidate.analyse.history import Month, ordinal

HOW = Settings(0.2, 0.8, least_projects=3, least_in_all=3, least_months=2, band=2.0)
COLUMNS = ["project_code", *FIELDS["projects"]]


def month(period: str, *rows: dict[str, Any]) -> Month:
    frame = pd.DataFrame(
        [{"state": "active", "kind": "project", **row} for row in rows], columns=COLUMNS
    ).astype("object")
    year, number = map(int, period.split("-"))
    last = date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
    return Month(period, last, {"projects": frame.where(frame.notna(), None)})


def project(code: str, end: str, **fields: Any) -> dict[str, Any]:
    return {"project_code": code, "end_forecast": date.fromisoformat(end), **fields}


def done(code: str, actual: str) -> dict[str, Any]:
    day = date.fromisoformat(actual)
    return {"project_code": code, "state": "completed", "end_actual": day}


# Four projects announced 31 March 2026, 90 days ahead of the cut-off of 31 December 2025,
# ended 0, 9, 18 and 45 days later: slips of 0, 10, 20 and 50 % of the time to go.
PAST = month("2025-12", *(project(c, "2026-03-31") for c in "ABCD"))
ENDED = (
    done("A", "2026-03-31"),
    done("B", "2026-04-09"),
    done("C", "2026-04-18"),
    done("D", "2026-05-15"),
)
# E is announced 100 days after the cut-off of 31 May 2026.
NOW = month("2026-05", *ENDED, project("E", "2026-09-08"))
AT = ordinal("2026-05")


def test_a_range_is_what_became_of_such_announcements() -> None:
    (row,) = end_forecasts(announced([PAST, NOW]), AT, HOW).to_dict("records")
    # The least slips that 20, 50 and 80 % of four projects do not exceed: the first, the
    # second and the fourth; of 100 days: 0, 10 and 50.
    assert row["low"] == pd.Timestamp("2026-09-08")
    assert row["middle"] == pd.Timestamp("2026-09-18")
    assert row["high"] == pd.Timestamp("2026-10-28")
    assert (row["projects"], row["why_not"]) == (4, "")


def test_a_project_seen_in_many_months_counts_once() -> None:
    more = [month(p, project("D", "2026-03-31")) for p in ("2025-10", "2025-11")]
    told = observed(announced([*more, PAST, NOW]), AT)
    assert told.groupby("project_code")["weight"].sum().tolist() == [1.0] * 4


def test_too_little_history_gives_no_range_and_says_so() -> None:
    told = announced([PAST, NOW])
    few = Settings(0.2, 0.8, 3, 3, least_months=3, band=2.0)
    rows = end_forecasts(told, AT, few)
    assert rows["why_not"].tolist() == ["too-few-months"]
    assert rows["high"].isna().all()
    lonely = Settings(0.2, 0.8, 3, least_in_all=5, least_months=2, band=2.0)
    assert end_forecasts(told, AT, lonely)["why_not"].tolist() == ["too-few-projects"]


def test_a_project_without_an_end_has_no_range() -> None:
    now = month("2026-05", *ENDED, {"project_code": "E"})
    rows = end_forecasts(announced([PAST, now]), AT, HOW)
    assert rows["why_not"].tolist() == ["no-end"]


def test_nothing_after_the_month_forecast_from_is_looked_at() -> None:
    later = month("2026-08", done("E", "2027-01-01"), done("F", "2030-01-01"))
    told, more = announced([PAST, NOW]), announced([PAST, NOW, later])
    pd.testing.assert_frame_equal(
        end_forecasts(told, AT, HOW), end_forecasts(more, AT, HOW)
    )


def test_projects_of_the_same_type_are_taken_when_there_are_enough() -> None:
    past = month(
        "2025-12",
        *(project(c, "2026-03-31", project_type="software") for c in "ABC"),
        project("D", "2026-03-31", project_type="works"),
    )
    now = month("2026-05", *ENDED, project("E", "2026-09-08", project_type="software"))
    (row,) = end_forecasts(announced([past, now]), AT, HOW).to_dict("records")
    assert (row["group"], row["projects"]) == ("software", 3)
    assert row["high"] == pd.Timestamp("2026-09-28")  # 20 % of 100 days


def test_a_cost_compares_only_with_one_of_the_same_scope() -> None:
    def cost(code: str, amount: float, scope: str) -> dict[str, Any]:
        return project(code, "2026-03-31", forecast_cost=amount, amount_scope=scope)

    past = month("2025-12", *(cost(c, 100.0, "total") for c in "ABCD"))
    now = month(
        "2026-05",
        cost("A", 110.0, "total"),
        cost("B", 120.0, "total"),
        cost("C", 130.0, "total"),
        cost("D", 900.0, "year"),
        cost("E", 1000.0, "total"),
        project("F", "2026-09-08"),
    )
    rows = cost_forecasts(announced([past, now]), AT, HOW).set_index("project_code")
    assert rows.loc["E", "projects"] == 3
    assert rows.loc["E", ["low", "middle", "high"]].tolist() == pytest.approx(
        [1100.0, 1200.0, 1300.0]
    )
    assert rows.loc["F", "why_not"] == "no-cost"


def test_a_backtest_counts_ranges_whose_outcome_is_known() -> None:
    # E got 8 September to 28 October in May. It ended within; G, which had the same
    # range, is past its high end without having ended; H is not over yet.
    may = month(
        "2026-05",
        *ENDED,
        project("E", "2026-09-08"),
        project("G", "2026-09-08"),
        project("H", "2027-06-30"),
    )
    last = month(
        "2026-11",
        done("E", "2026-10-01"),
        project("G", "2026-12-31"),
        project("H", "2027-06-30"),
    )
    found = backtest(announced([PAST, may, last]), ordinal("2026-11"), HOW)
    assert (found.months, found.ranges) == (1, 2)
    assert (found.within, found.before, found.open) == (1, 1, 1)


def test_effort_at_completion_follows_what_a_day_has_earned() -> None:
    frame = pd.DataFrame(
        {
            "project_code": ["A", "B", "C"],
            "effort_planned": [100.0, 100.0, 100.0],
            "effort_spent": [50.0, 5.0, None],
            "progress": [0.4, 0.1, 0.5],
        }
    )
    (row,) = earned_effort(frame, 0.15).to_dict("records")
    # 40 days earned for 50 spent: an index of 0.8; the 60 left take 75.
    assert (row["project_code"], row["cpi"], row["at_completion"]) == ("A", 0.8, 125.0)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40),
    st.data(),
)
def test_a_wider_share_never_gives_an_earlier_end(
    values: list[float], data: st.DataObject
) -> None:
    size = len(values)
    weights = data.draw(st.lists(st.floats(0.01, 5.0), min_size=size, max_size=size))
    found = weighted_quantiles(np.array(values), np.array(weights), (0.2, 0.5, 0.8))
    assert list(found) == sorted(found)
    assert set(found) <= set(values)
