from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from normalise_extract import column, extract, read, run, told

from consolidate.model.span import DateSpan
from consolidate.normalise.dates import DateFault, day_order, parse_date
from consolidate.normalise.when import DateContext, is_end, parse_day, parse_month

EXACT = {
    "03/04/2026": date(2026, 4, 3),
    "3/4/26": date(2026, 4, 3),
    "03.04.2026": date(2026, 4, 3),
    "03-04-26": date(2026, 4, 3),
    "2026-04-03": date(2026, 4, 3),
    "20260403": date(2026, 4, 3),
    "3 avril 2026": date(2026, 4, 3),
    "3 avr. 26": date(2026, 4, 3),
    "3 AVRIL 2026": date(2026, 4, 3),
    "1er mai 2026": date(2026, 5, 1),
    "lundi 3 avril 2026": date(2026, 4, 3),
    "mar. 3 mars 2026": date(2026, 3, 3),
    "Monday, April 3, 2026": date(2026, 4, 3),
    "April 3, 2026": date(2026, 4, 3),
    "3-Apr-26": date(2026, 4, 3),
    "3rd April 2026": date(2026, 4, 3),
    "2019-03-12 (Sunday)": date(2019, 3, 12),
    "12/03/2026 14:30": date(2026, 3, 12),
    "12/03/26 10h30": date(2026, 3, 12),
    "2026-04-03T10:00:00Z": date(2026, 4, 3),
    "le 3 avril 2026": date(2026, 4, 3),
    "25/13/2026".replace("13", "12"): date(2026, 12, 25),
    "12/25/2026": date(2026, 12, 25),
}
SPANS = {
    "mars 2026": (date(2026, 3, 1), date(2026, 3, 31)),
    "avr-26": (date(2026, 4, 1), date(2026, 4, 30)),
    "Apr-26": (date(2026, 4, 1), date(2026, 4, 30)),
    "avr 26": (date(2026, 4, 1), date(2026, 4, 30)),
    "déc. 2026": (date(2026, 12, 1), date(2026, 12, 31)),
    "juil. 2026": (date(2026, 7, 1), date(2026, 7, 31)),
    "04/2026": (date(2026, 4, 1), date(2026, 4, 30)),
    "2026-04": (date(2026, 4, 1), date(2026, 4, 30)),
    "mar. 2026": (date(2026, 3, 1), date(2026, 3, 31)),
    "T1 2026": (date(2026, 1, 1), date(2026, 3, 31)),
    "1T26": (date(2026, 1, 1), date(2026, 3, 31)),
    "T1-26": (date(2026, 1, 1), date(2026, 3, 31)),
    "1er trimestre 2026": (date(2026, 1, 1), date(2026, 3, 31)),
    "Q4 2026": (date(2026, 10, 1), date(2026, 12, 31)),
    "2026 T2": (date(2026, 4, 1), date(2026, 6, 30)),
    "S12-26": (date(2026, 3, 16), date(2026, 3, 20)),
    "2026-W12": (date(2026, 3, 16), date(2026, 3, 20)),
    "semaine 12 2026": (date(2026, 3, 16), date(2026, 3, 20)),
    "fin mars 2026": (date(2026, 3, 21), date(2026, 3, 31)),
    "end of March 2026": (date(2026, 3, 21), date(2026, 3, 31)),
    "fin T2 2026": (date(2026, 6, 1), date(2026, 6, 30)),
    "fin 2026": (date(2026, 12, 1), date(2026, 12, 31)),
    "début avril 2026": (date(2026, 4, 1), date(2026, 4, 10)),
    "mi-avril 2026": (date(2026, 4, 15), date(2026, 4, 15)),
    "mid-April 2026": (date(2026, 4, 15), date(2026, 4, 15)),
}
FAULTS = {
    "date-without-year": [
        "15/03",
        "3 avril",
        "mars",
        "fin mars",
        "T1",
        "S12",
        "26-avr",
    ],
    "date-range": [
        "15/03 → 30/04",
        "15/03/26 puis 30/04/26",
        "du 15/03/2026 au 30/04/2026",
        "avril-mai 2026",
        "T1-T2 2026",
        "2026-2027",
        "15-20 avril 2026",
    ],
    "date-vague": [
        "été 2026",
        "S1 2026",
        "sem 1 2026",
        "1er semestre 2026",
        "rentrée 2026",
        "avant l'été",
        "courant mai 2026",
        "d'ici juin",
        "2026",
        "mi 2026",
        "au plus tard le 31/12/2026",
    ],
    "date-impossible": ["31/02/2026", "31/04/26", "45/13/2026", "S60 2026"],
    "date-unread": [
        "martin 2026",
        "décision 2026",
        "jui 2026",
        "en cours",
        "Sprint 12 2026",
        "WP2 2026",
        "dès que possible",
        "x" * 500,
        "",
    ],
}


@pytest.mark.parametrize(("text", "day"), EXACT.items())
def test_a_day_is_read_in_its_usual_spellings(text: str, day: date) -> None:
    assert parse_date(text) == DateSpan(day, day)


@pytest.mark.parametrize(("text", "ends"), SPANS.items())
def test_an_imprecise_date_is_the_days_it_can_mean(
    text: str, ends: tuple[date, date]
) -> None:
    span = parse_date(text)
    assert isinstance(span, DateSpan)
    assert (span.first, span.last) == ends
    assert not span.is_exact


@pytest.mark.parametrize(
    ("text", "rule"), [(text, rule) for rule, texts in FAULTS.items() for text in texts]
)
def test_what_is_no_single_date_says_why(text: str, rule: str) -> None:
    assert parse_date(text) == DateFault(rule)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_any_day_survives_the_usual_spellings(day: date) -> None:
    for spelling in (
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%y}",
        f"{day:%d.%m.%Y}",
        f"{day:%Y%m%d}",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
        day.isoformat(),
    ):
        assert parse_date(spelling) == DateSpan(day, day), spelling


@given(st.text(), st.sampled_from(["", "dmy", "mdy"]))
def test_never_raises_on_any_text(text: str, order: str) -> None:
    span = parse_date(text, order)  # type: ignore[arg-type]
    assert isinstance(span, DateFault) or span.first <= span.last


@given(
    st.from_regex(
        r"(fin |mi-|~|le )?[0-9]{1,2}[/. -][a-z0-9]{1,5}[/. -]?[0-9]{0,4} ?\??"
    )
)
def test_never_raises_on_what_looks_like_a_date(text: str) -> None:
    assert isinstance(parse_date(text), DateSpan | DateFault)


@pytest.mark.parametrize(
    "text", ["~mars 2026", "12/2025 ?", "12/2025?", "mars 2026 (à confirmer)"]
)
def test_a_doubted_date_is_kept_and_marked(text: str) -> None:
    span = parse_date(text)
    assert isinstance(span, DateSpan)
    assert span.approximate


def test_two_numbers_up_to_twelve_need_an_order() -> None:
    assert parse_date("03/04/2026", "") == DateFault("date-ambiguous")
    assert parse_date("04/04/2026", "") == DateSpan(date(2026, 4, 4), date(2026, 4, 4))
    assert parse_date("03/04/2026", "mdy") == DateSpan(
        date(2026, 3, 4), date(2026, 3, 4)
    )


def test_a_day_above_twelve_proves_the_order() -> None:
    assert day_order("25/04/2026") == "dmy"
    assert day_order("04/25/2026") == "mdy"
    assert day_order("04/05/2026") == ""
    assert day_order("31/02/2026") == ""


def test_an_english_month_and_two_digits_may_be_a_day() -> None:
    assert parse_date("Apr 26", "") == DateFault("date-ambiguous")
    assert parse_date("Apr 26", "mdy") == DateFault("date-without-year")


def test_the_order_comes_from_the_column_then_the_sheet() -> None:
    dates = ["03/04/2026", "04/25/2026"]
    assert read("milestones", "end_baseline", dates, lang="fr")[0][0] == date(
        2026, 3, 4
    )
    outcome = run(
        extract(
            "milestones",
            ["end_baseline", "end_forecast"],
            [["03/04/2026", "25/04/2026"]],
            lang="en",
        )
    )
    assert column(outcome, "milestones", "end_baseline") == [date(2026, 4, 3)]


def test_a_french_sheet_puts_the_day_first_and_an_english_one_proves_nothing() -> None:
    assert read("milestones", "end_baseline", ["03/04/2026"])[0] == [date(2026, 4, 3)]
    assert read("milestones", "end_baseline", ["03/04/2026"], lang="en") == (
        [None],
        [("date-ambiguous", "A2")],
    )


def test_a_column_that_shows_both_orders_decides_nothing() -> None:
    dates = ["03/04/2026", "04/25/2026", "25/04/2026"]
    values, findings = read("milestones", "end_baseline", dates)
    assert values[0] is None
    assert findings == [("date-ambiguous", "A2")]


def test_a_typed_date_shown_day_first_is_evidence() -> None:
    values, _ = read(
        "milestones",
        "end_baseline",
        ["03/04/2026", datetime(2026, 4, 25)],
        lang="en",
        formats={"end_baseline": "dd/mm/yyyy"},
    )
    assert values == [date(2026, 4, 3), date(2026, 4, 25)]


def test_the_built_in_short_date_is_no_evidence() -> None:
    values, _ = read(
        "milestones",
        "end_baseline",
        ["03/04/2026", datetime(2026, 4, 25)],
        lang="en",
        formats={"end_baseline": "mm-dd-yy"},
    )
    assert values[0] is None


def test_an_imprecise_date_is_the_last_day_of_an_end_and_the_first_of_a_start() -> None:
    outcome = run(
        extract("milestones", ["start_planned", "end_baseline"], [["mars 2026"] * 2])
    )
    assert column(outcome, "milestones", "start_planned") == [date(2026, 3, 1)]
    assert column(outcome, "milestones", "end_baseline") == [date(2026, 3, 31)]
    assert told(outcome) == [("date-imprecise", "A2"), ("date-imprecise", "B2")]


def test_a_week_is_its_friday_or_its_monday() -> None:
    assert parse_day("S12 2026", "", DateContext("dmy", end=True)).value == date(
        2026, 3, 20
    )
    assert parse_day("S12 2026", "", DateContext("dmy", end=False)).value == date(
        2026, 3, 16
    )


@pytest.mark.parametrize(
    "fmt", ["mmm-yy", "mmmm\\ yyyy", "[$-40C]mmm\\-yy;@", "mm/yyyy"]
)
def test_a_cell_that_shows_only_a_month_is_a_month(fmt: str) -> None:
    parsed = parse_day(datetime(2026, 3, 12), fmt, DateContext())
    assert (parsed.value, parsed.rule) == (date(2026, 3, 31), "date-imprecise")


def test_a_cell_that_shows_a_day_is_that_day() -> None:
    for fmt in ("dd/mm/yyyy", "d mmm yy", "yyyy-mm-dd hh:mm", "", "General"):
        assert parse_day(datetime(2026, 3, 12, 14), fmt, DateContext()).value == date(
            2026, 3, 12
        )


def test_a_cell_that_shows_only_a_year_is_too_vague() -> None:
    assert parse_day(datetime(2026, 3, 12), "yyyy", DateContext()).rule == "date-vague"


def test_a_bare_day_number_is_kept_with_a_warning() -> None:
    for raw in (45000.0, 45000, "45000"):
        parsed = parse_day(raw, "", DateContext())
        assert (parsed.value, parsed.rule) == (date(2023, 3, 15), "date-from-serial")


@pytest.mark.parametrize("raw", [12.5, 7, -3, time(9, 30), True, 1e15])
def test_other_numbers_and_times_are_no_dates(raw: object) -> None:
    assert parse_day(raw, "", DateContext()).rule == "date-unread"  # type: ignore[arg-type]


def test_excel_s_day_zero_is_no_value() -> None:
    assert parse_day(datetime(1899, 12, 31), "", DateContext()) == (None, "", (), "")
    assert parse_day(0.0, "", DateContext()).rule == ""


def test_a_far_date_is_kept_and_told() -> None:
    parsed = parse_day("15/03/2062", "", DateContext("dmy"))
    assert (parsed.value, parsed.rule) == (date(2062, 3, 15), "date-far")


def test_ends_are_every_date_but_those_that_begin_something() -> None:
    assert is_end("due_date")
    assert is_end("legal_deadline")
    assert not any(
        map(is_end, ("start_planned", "raised_on", "received_on", "start_date"))
    )


def test_missing_words_are_no_date_and_no_finding() -> None:
    words = ["à définir", "TBD", "-", "N/A", "?", "  ", "RAS", "00/00/0000"]
    assert read("milestones", "end_baseline", words) == ([None] * 8, [])


@pytest.mark.parametrize(
    ("raw", "month"),
    [
        ("janv-26", "2026-01"),
        ("janvier 2026", "2026-01"),
        ("2026-01", "2026-01"),
        ("01/2026", "2026-01"),
        ("202601", "2026-01"),
        (202601.0, "2026-01"),
        (datetime(2026, 1, 15), "2026-01"),
        ("15/01/2026", "2026-01"),
        ("S12 2026", "2026-03"),
    ],
)
def test_a_month_is_read_in_its_usual_spellings(raw: object, month: str) -> None:
    parsed = parse_month(raw, "", DateContext("dmy"))  # type: ignore[arg-type]
    assert (parsed.value, parsed.rule) == (month, "")


def test_a_month_takes_the_year_of_its_header_and_no_other() -> None:
    assert parse_month("mars", "", DateContext(year=2026)).value == "2026-03"
    assert parse_month(3.0, "", DateContext(year=2026)).value == "2026-03"
    assert parse_month("mars", "", DateContext()).rule == "date-without-year"


def test_a_quarter_is_no_month() -> None:
    assert parse_month("T1 2026", "", DateContext()).rule == "month-unread"
    assert parse_month("S14 2026", "", DateContext()).rule == "month-unread"


@given(st.text(st.characters(categories=["Nd", "No", "Nl"]), max_size=8))
def test_never_raises_on_the_digits_of_other_scripts(text: str) -> None:
    for fmt in ("", "mmm-yy"):
        parse_day(text, fmt, DateContext())
        parse_month(text, fmt, DateContext(year=2026))


@given(st.floats())
def test_never_raises_on_any_number(number: float) -> None:
    parse_day(number, "", DateContext())
    parse_month(number, "", DateContext(year=2026))


def test_a_remark_in_brackets_makes_a_date_doubtful() -> None:
    parsed = parse_day("31/12/2026 (report)", "", DateContext("dmy"))
    assert (parsed.value, parsed.rule) == (date(2026, 12, 31), "value-approximate")


def test_a_month_out_of_twelve_is_impossible() -> None:
    assert parse_date("13/2026") == DateFault("date-impossible")
    assert parse_date("31/02/2026 → 15/03/2026") == DateFault("date-range")
    assert parse_date("S60 2026 → mars 2026") == DateFault("date-range")


def test_a_column_of_typed_dates_asks_for_no_order() -> None:
    assert read("milestones", "end_baseline", [datetime(2026, 4, 3)], lang="en") == (
        [date(2026, 4, 3)],
        [],
    )


def test_a_year_alone_is_too_vague() -> None:
    assert parse_day(2026.0, "", DateContext()).rule == "date-vague"


def test_what_is_no_month_is_told_or_missing() -> None:
    context = DateContext(year=2026)
    assert parse_month("", "", context).rule == ""
    assert parse_month(0.0, "", context) == (None, "", (), "")
    assert parse_month("13", "", context).rule == "month-unread"
    assert parse_month(202613.0, "", context).rule == "month-unread"
    assert parse_month(datetime(2026, 1, 1), "yyyy", context).rule == "month-unread"


def test_a_zero_shown_as_a_date_is_no_date() -> None:
    zeros = [datetime(1899, 12, 30), datetime(1900, 1, 1), "1900-01-01"]
    values, findings = read("milestones", "end_baseline", zeros)
    assert values == [None, None, None]
    assert findings == [("date-zero", "A4")]
