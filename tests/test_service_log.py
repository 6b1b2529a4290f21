"""Availability and incidents out of exports: hours counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from consolidate.analyse.history import ordinal
from consolidate.analyse.service_log import (
    availability,
    incidents,
    spanned,
    unplanned,
)
from consolidate.analyse.service_times import (
    Hours,
    owed_hours,
    parse_hours,
    parse_times,
)

OCTOBER = ordinal("2026-10")
NO_HOLIDAY = np.array([], dtype="datetime64[D]")
OFFICE = Hours("1111100", 8, 18)


def outages(*lines: tuple[str, str] | tuple[str, str, bool]) -> pd.DataFrame:
    rows = [(*line, False)[:3] for line in lines]
    made = pd.DataFrame(rows, columns=["start", "end", "planned"])
    times = {c: pd.to_datetime("2026-10-" + made[c]).astype("datetime64[s]") for c in ("start", "end")}  # fmt: skip
    return made.assign(service="Labo", **times)


ALWAYS = Hours()


def october(frame: pd.DataFrame, hours: Hours = ALWAYS) -> pd.Series:
    found = availability(unplanned(frame), [("Labo", OCTOBER)], {"Labo": hours}, NO_HOLIDAY)  # fmt: skip
    return found.iloc[0]


def test_an_outage_counts_for_its_hours_over_those_of_the_month() -> None:
    found = october(outages(("12 10:00", "12 13:00")))
    assert (found["down_h"], found["owed_h"], found["outages"]) == (3, 744, 1)
    assert found["availability"] == pytest.approx(1 - 3 / 744)


def test_outages_that_overlap_or_touch_are_one() -> None:
    found = october(outages(("12 10:00", "12 13:00"), ("12 12:00", "12 14:00"), ("12 14:00", "12 15:00")))  # fmt: skip
    assert (found["down_h"], found["outages"], found["longest_h"]) == (5, 1, 5)


def test_planned_time_is_taken_out_of_what_overlaps_it() -> None:
    found = october(outages(("12 10:00", "12 20:00"), ("12 12:00", "12 14:00", True)))
    assert (found["down_h"], found["outages"], found["longest_h"]) == (8, 2, 6)
    assert october(outages(("12 10:00", "12 20:00", True)))["availability"] == 1


def test_only_owed_hours_count_for_a_service_of_working_days() -> None:
    # Friday 9th 17:00 to Monday 12th 09:00: an hour on Friday, one on Monday.
    found = october(outages(("09 17:00", "12 09:00")), OFFICE)
    assert found["down_h"] == 2
    assert found["owed_h"] == 22 * 10
    assert found["longest_h"] == 64


def test_a_holiday_is_not_owed_on_working_days_and_is_around_the_clock() -> None:
    times = pd.Series(pd.to_datetime(["2026-11-11 00:00", "2026-11-12 00:00"]))
    armistice = np.array(["2026-11-11"], dtype="datetime64[D]")
    start, end = times[[0]], pd.Series([times[1]], index=[0])
    assert owed_hours(start, end, OFFICE, armistice).tolist() == [0]
    assert owed_hours(start, end, Hours(), armistice).tolist() == [24]


def test_an_outage_over_a_months_end_counts_in_each_and_is_long_in_the_first() -> None:
    frame = outages(("31 22:00", "31 23:00")).assign(end=pd.to_datetime("2026-11-01 04:00"))  # fmt: skip
    found = availability(unplanned(frame), [("Labo", OCTOBER), ("Labo", OCTOBER + 1)], {}, NO_HOLIDAY)  # fmt: skip
    assert found["down_h"].tolist() == [2, 4]
    assert found["longest_h"].fillna(0).tolist() == [6, 0]


def test_a_month_no_file_speaks_of_is_not_known() -> None:
    first = outages(("12 10:00", "12 13:00")).assign(workbook="a.csv")
    other = outages(("20 10:00", "20 13:00")).assign(workbook="b.csv", service="RIS")
    later = other.assign(start=other["start"] + pd.Timedelta(days=60))
    found = spanned(pd.concat([first, other, later]), "start", OCTOBER + 1)
    assert found == {("Labo", OCTOBER), ("RIS", OCTOBER), ("RIS", OCTOBER + 1)}


def tickets(*lines: tuple[str, str | None, bool | None]) -> pd.DataFrame:
    made = pd.DataFrame(lines, columns=["opened", "resolved", "major"]).astype({"major": "object"})  # fmt: skip
    times = {c: pd.to_datetime("2026-10-" + made[c]).astype("datetime64[s]") for c in ("opened", "resolved")}  # fmt: skip
    return made.assign(service="Labo", **times)


def test_incidents_count_in_the_month_they_open_and_restore_within_owed_hours() -> None:
    rows = tickets(("09 17:00", "12 09:00", True), ("13 08:00", "13 14:00", False), ("14 08:00", None, False))  # fmt: skip
    found = incidents(rows, [("Labo", OCTOBER)], {"Labo": OFFICE}, {"Labo": 4.0}, NO_HOLIDAY).iloc[0]  # fmt: skip
    assert found[["incidents", "incidents_major", "restored"]].tolist() == [3, 1, 2]
    assert found["restore_h"] == pytest.approx((2 + 6) / 2)
    assert found["compliance"] == pytest.approx(1 / 2)


def test_a_priority_not_understood_makes_the_major_ones_unknown() -> None:
    rows = tickets(("09 17:00", None, True), ("10 17:00", None, None))
    found = incidents(rows, [("Labo", OCTOBER)], {}, {}, NO_HOLIDAY).iloc[0]
    assert found["incidents"] == 2
    assert pd.isna(found["incidents_major"])
    assert pd.isna(found["compliance"])


def test_a_covered_month_without_a_line_has_no_incident() -> None:
    rows = tickets(("09 17:00", None, False))
    found = incidents(rows, [("Labo", OCTOBER), ("Labo", OCTOBER - 1)], {}, {}, NO_HOLIDAY)  # fmt: skip
    assert found["incidents"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("24/7", Hours()),
        ("24h/24 7j/7", Hours()),
        ("5j/7 8h-18h", OFFICE),
        ("8h-18h", OFFICE),
        ("Lundi au samedi, 7h30 à 20h", Hours("1111110", 7.5, 20)),
        ("7j/7 6h-22h", Hours("1111111", 6, 22)),
        ("20h-8h", None),
        ("HO", None),
        ("", None),
    ],
)
def test_hours_of_service_as_people_write_them(text: str, hours: Hours | None) -> None:
    assert parse_hours(text) == hours


def parsed(*texts: str, french: bool = True) -> list[str | None]:
    (found,) = parse_times([pd.Series(texts, dtype="object")], french=french)
    return [None if pd.isna(v) else str(v) for v in found]


def test_times_as_tools_write_them() -> None:
    assert parsed("2026-10-03 08:15:00", "2026-10-03T08:15:07", "03/10/2026 08:15", "03-10-2026 8:15", "03.10.26 08:15:07") == [
        "2026-10-03 08:15:00", "2026-10-03 08:15:07", "2026-10-03 08:15:00", "2026-10-03 08:15:00", "2026-10-03 08:15:07",
    ]  # fmt: skip


def test_a_time_of_another_zone_becomes_that_of_paris() -> None:
    assert parsed("2026-07-01T10:00:00Z", "2026-12-01T10:00:00+0000") == ["2026-07-01 12:00:00", "2026-12-01 11:00:00"]  # fmt: skip


def test_the_order_of_day_and_month_is_proved_by_another_date_else_by_the_language() -> None:  # fmt: skip
    assert parsed("03/04/2026 08:00", "04/25/2026 08:00 PM") == ["2026-03-04 08:00:00", "2026-04-25 20:00:00"]  # fmt: skip
    assert parsed("03/04/2026 08:00") == ["2026-04-03 08:00:00"]
    assert parsed("03/04/2026 08:00", french=False) == [None]
    assert parsed("25/04/2026 08:00", "04/25/2026 08:00") == [None, None]


def test_what_is_no_time_is_missing() -> None:
    assert parsed("bientôt", "", "31/02/2026 10:00", "2026-13-01 10:00", "12/10/2026 25:00") == [None] * 5  # fmt: skip
