from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from normalise_extract import OPTIONS, column, extract, read, run, told

from consolidate.model.workbook import Column
from consolidate.normalise.effort import EffortContext, parse_effort
from consolidate.normalise.formats import shown
from consolidate.normalise.money import MoneyContext, parse_money
from consolidate.normalise.numbers import (
    NumberFault,
    Quantity,
    decimal_mark,
    parse_number,
    parse_quantity,
    parse_year,
)
from consolidate.normalise.share import ShareContext, parse_share

NBSP, NARROW = "\u00a0", "\u202f"
MONEY = {
    "1 234,56 €": 1234.56,
    f"1{NBSP}234,56{NBSP}€": 1234.56,
    f"1{NARROW}234,56": 1234.56,
    "1.234,56": 1234.56,
    "1'234,56": 1234.56,
    "1,234.56": 1234.56,
    "1 234 567": 1234567,
    "1,234,567": 1234567,
    "150 k€": 150_000,
    "150k": 150_000,
    "150 K€": 150_000,
    "150 keuros": 150_000,
    "150KE": 150_000,
    "0,15 M€": 150_000,
    "1,2 M": 1_200_000,
    "1,2 MEUR": 1_200_000,
    "5 millions d'euros": 5_000_000,
    "(1 200)": -1200,
    "(1 200 €)": -1200,
    "(1 200) €": -1200,
    "-1 200": -1200,
    "– 1 200": -1200,
    "1 200-": -1200,
    "€ 500": 500,
    "15 000,00 EUR": 15000,
    "0,125": 0.125,
    "12.": 12,
}
DAYS = {
    "12 JH": 12,
    "12 j": 12,
    "12 j/h": 12,
    "12 jours": 12,
    "12 jrs": 12,
    "12 MD": 12,
    "12,5 j": 12.5,
    "84 h": 12,
    "84 heures": 12,
    "3h30": 0.5,
    "2H30": 2.5 / 7,
    "1 h 15": 1.25 / 7,
    "03:30": 0.5,
    "25m": 25 / 60 / 7,
    "30 min": 0.5 / 7,
    "2 sem": 10,
    "1,5 mois": 30,
    "0,5": 0.5,
}


@pytest.mark.parametrize(("text", "euros"), MONEY.items())
def test_an_amount_is_read_in_its_usual_spellings(text: str, euros: float) -> None:
    assert parse_money(text, "", MoneyContext()) == (euros, "", (), "")


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_any_amount_survives_french_and_english_spellings(
    whole: int, cents: int
) -> None:
    amount = float(f"{whole}.{cents:02d}")
    english = f"{whole:,}.{cents:02d}"
    french = english.replace(",", " ").replace(".", ",")
    for spelling in (
        english,
        french,
        f"{french} €",
        french.replace(" ", NARROW) + f"{NBSP}€ TTC",
        english.replace(",", "'"),
        f"€{english}",
    ):
        assert parse_money(spelling, "", MoneyContext()).value == amount, spelling
        assert parse_money(f"-{spelling}", "", MoneyContext()).value == -amount, (
            spelling
        )


@given(st.text(), st.sampled_from(["", ",", ".", "fr"]))
def test_never_raises_on_any_text(text: str, mark: str) -> None:
    assert isinstance(parse_quantity(text, mark), Quantity | NumberFault)  # type: ignore[arg-type]
    decimal_mark(text)
    parse_money(text, text, MoneyContext(mark=mark))  # type: ignore[arg-type]
    parse_share(text, text, ShareContext(mark=mark))  # type: ignore[arg-type]
    parse_effort(text, text, EffortContext(mark=mark), OPTIONS)  # type: ignore[arg-type]
    parse_number(text, text, mark, whole=True)  # type: ignore[arg-type]
    parse_year(text, text)
    shown(text)


@given(st.from_regex(r"[~<(+-]{0,2} ?[0-9 .,']{1,14} ?[a-zA-Z€%/-]{0,6}[)?-]?"))
def test_never_raises_on_what_looks_like_a_number(text: str) -> None:
    assert isinstance(parse_quantity(text), Quantity | NumberFault)


@pytest.mark.parametrize(
    "text", ["< 50", "50 max", "> 3", "50+", "moins de 50", "jusqu'à 50 k€"]
)
def test_a_bound_is_no_value(text: str) -> None:
    assert parse_money(text, "", MoneyContext()) == (None, "number-bound", (), "")


@pytest.mark.parametrize("text", ["50-60", "50 à 60", "entre 50 et 60 k€", "50 – 60 €"])
def test_a_range_is_no_value(text: str) -> None:
    assert parse_money(text, "", MoneyContext()) == (None, "number-range", (), "")


@pytest.mark.parametrize(
    "text", ["env. 50", "~50", "≈ 50", "50 ?", "environ 50", "50 (estimé)"]
)
def test_a_number_marked_about_is_kept_and_told(text: str) -> None:
    assert parse_money(text, "", MoneyContext())[:2] == (50, "value-approximate")


@pytest.mark.parametrize(
    "text", ["abc", "12 50", "1.2.3", "12 €/mois", "12 lits", "50 %", "12 jours"]
)
def test_what_is_no_amount_is_told(text: str) -> None:
    assert parse_money(text, "", MoneyContext()) == (None, "number-unread", (), "")


def test_three_digits_after_one_mark_need_the_column() -> None:
    assert parse_quantity("1,234") == NumberFault("number-ambiguous")
    assert parse_quantity("1,234", ",") == Quantity(1.234)
    assert parse_quantity("1,234", ".") == Quantity(1234)
    assert parse_quantity("1.234", "fr") == NumberFault("number-ambiguous")


def test_another_number_of_the_column_decides_the_mark() -> None:
    assert read("budget_lines", "committed", ["1.234", "5,50"])[0] == [1234.0, 5.5]
    assert read("budget_lines", "committed", ["1,234", "5.50"])[0] == [1234.0, 5.5]


def test_without_another_number_an_amount_is_left_empty_in_french_only() -> None:
    assert read("budget_lines", "committed", ["1,234"]) == (
        [None],
        [("number-ambiguous", "A2")],
    )
    assert read("budget_lines", "committed", ["1,234"], lang="en") == ([1234.0], [])


def test_the_unit_of_the_cell_comes_before_the_column_s() -> None:
    context = MoneyContext("keur")
    assert parse_money("150", "", context).value == 150_000
    assert parse_money(150.0, "#,##0", context).value == 150_000
    assert parse_money("12 000 €", "", context).value == 12_000
    assert parse_money("0,2 M€", "", context).value == 200_000


def test_a_format_may_print_the_unit() -> None:
    assert parse_money(150.0, '# ##0 "k€"', MoneyContext()).value == 150_000
    assert parse_money(1.2, '0.0 "M€"', MoneyContext()).value == 1_200_000
    assert parse_money(5.0, '#,##0.00\\ "€"', MoneyContext()).value == 5


def test_a_format_that_only_shows_thousands_hides_an_amount_in_euros() -> None:
    for unit in ("", "keur"):
        assert (
            parse_money(150_000.0, '#,##0, "k€"', MoneyContext(unit)).value == 150_000
        )
        assert parse_money(150_000.0, "#,##0,", MoneyContext(unit)).value == 150_000


def test_euros_shown_under_a_header_in_thousands_are_left_out() -> None:
    parsed = parse_money(150.0, "#,##0 €", MoneyContext("keur"))
    assert (parsed.value, parsed.rule) == (None, "money-unit-conflict")


def test_a_percentage_is_no_amount() -> None:
    assert parse_money(0.4, "0%", MoneyContext()).rule == "number-unread"


@pytest.mark.parametrize("text", ["$1,200.50", "1200.5 USD", "1 200,50 $"])
def test_another_currency_is_kept_as_written_and_told(text: str) -> None:
    parsed = parse_money(text, "", MoneyContext())
    assert (parsed.value, parsed.rule, parsed.params) == (
        1200.5,
        "currency-not-euro",
        (("currency", "USD"),),
    )


def test_a_column_in_another_currency_keeps_its_values() -> None:
    budget = Column("A1", "Budget ($)", "budget_initial", unit="usd")
    assert read("budget_lines", budget, [500.0]) == (
        [500.0],
        [("currency-not-euro", "A2")],
    )


def test_the_cell_s_own_tax_basis_is_read() -> None:
    assert parse_money("12 000 € HT", "", MoneyContext()).tax == "excl_vat"
    assert parse_money("12 000 € TTC", "", MoneyContext()).tax == "incl_vat"


@pytest.mark.parametrize(("text", "days"), DAYS.items())
def test_an_effort_is_brought_to_days(text: str, days: float) -> None:
    parsed = parse_effort(text, "", EffortContext(), OPTIONS)
    assert parsed.value == pytest.approx(days, abs=1e-6)
    assert parsed.rule == ""


@pytest.mark.parametrize(
    ("unit", "days"),
    [("hour", 1), ("minute", 1 / 60), ("week", 35), ("month", 140), ("day", 7)],
)
def test_a_bare_number_is_in_the_column_s_unit(unit: str, days: float) -> None:
    parsed = parse_effort(7.0, "", EffortContext(unit), OPTIONS)
    assert parsed.value == pytest.approx(days, abs=1e-6)


def test_times_and_elapsed_times_are_hours() -> None:
    for raw in (timedelta(hours=7), time(7), datetime(1899, 12, 30, 7)):
        assert parse_effort(raw, "", EffortContext(), OPTIONS).value == 1
    assert parse_effort(7 / 24, "[h]:mm", EffortContext(), OPTIONS).value == 1
    assert (
        parse_effort(datetime(2026, 3, 1), "", EffortContext(), OPTIONS).rule
        == "number-unread"
    )


def test_an_fte_needs_a_month_to_be_a_number_of_days() -> None:
    monthly = EffortContext(monthly=True)
    assert parse_effort("0,5 ETP", "", monthly, OPTIONS).value == 10
    assert parse_effort("50 % ETP", "", monthly, OPTIONS).value == 10
    assert (
        parse_effort("0,5 ETP", "", EffortContext(), OPTIONS).rule
        == "effort-fte-without-period"
    )
    assert parse_effort("2 ETP-mois", "", EffortContext(), OPTIONS).value == 40


def test_an_effort_column_without_unit_is_days_and_told_once() -> None:
    values, findings = read("projects", "effort_spent", [12.0, 15.0])
    assert values == [12.0, 15.0]
    assert findings == [("effort-unit-assumed", "A1")]
    timed = Column("A1", "Temps passé", "effort_spent")
    assert read("projects", timed, [12.0])[1] == [("effort-unit-doubtful", "A1")]
    stated = Column("A1", "Charge (JH)", "effort_spent", unit="day")
    assert read("projects", stated, [12.0])[1] == []
    assert read("projects", "effort_spent", ["12 JH"])[1] == []


def test_this_week_in_a_header_is_no_unit() -> None:
    spent = Column("A1", "Consommé cette semaine", "effort_spent", unit="week")
    assert read("projects", spent, [3.0])[0] == [3.0]
    weeks = Column("A1", "Durée (semaines)", "effort_spent", unit="week")
    assert read("projects", weeks, [3.0])[0] == [15.0]


def test_service_times_are_hours() -> None:
    assert read(
        "services", "response_target_hours", ["4 h", "30 min", 2.0, timedelta(hours=8)]
    ) == (
        [4.0, 0.5, 2.0, 8.0],
        [],
    )


def test_milestone_efforts_are_efforts() -> None:
    effort = Column("A1", "Charge (h)", "effort_spent", unit="hour")
    assert read("milestones", effort, [14.0])[0] == [2.0]


@pytest.mark.parametrize(
    ("values", "shares"),
    [
        ([50.0, 100.0, 5.0], [0.5, 1.0, 0.05]),
        ([0.5, 1.0, 0.25], [0.5, 1.0, 0.25]),
        (["50 %", "100%", 0.5], [0.5, 1.0, 0.5]),
        (["3/4", "50"], [0.75, 0.5]),
        ([99.9, 0.5, 12.5], [0.999, 0.005, 0.125]),
        ([150.0, 20.0], [1.5, 0.2]),
    ],
)
def test_a_share_s_scale_is_its_column_s(
    values: list[object], shares: list[float]
) -> None:
    found, findings = read("milestones", "progress", values)
    assert found == pytest.approx(shares)
    assert findings == []


def test_a_percent_format_is_a_fraction() -> None:
    found, _ = read(
        "milestones", "progress", [0.5, 1.0, 1.5], formats={"progress": "0%"}
    )
    assert found == [0.5, 1.0, 1.5]
    assert parse_share(50.0, '0"%"', ShareContext()).value == 0.5


def test_only_noughts_and_ones_are_told_once() -> None:
    assert read("milestones", "progress", [0.0, 1.0, 1.0]) == (
        [0.0, 1.0, 1.0],
        [("share-scale-assumed", "A1")],
    )
    assert read("milestones", "progress", [0.0, 0.0])[1] == []


def test_a_fraction_among_percentages_is_left_empty() -> None:
    found, findings = read("milestones", "progress", [0.5, 50.0, 80.0])
    assert found == [None, 0.5, 0.8]
    assert findings == [("share-scale-mixed", "A2")]


def test_a_share_out_of_a_stated_scale() -> None:
    progress = Column("A1", "Avancement (/10)", "progress", scale=10)
    assert read("milestones", progress, [5.0, 10.0])[0] == [0.5, 1.0]


def test_a_range_of_shares_is_left_empty() -> None:
    assert read("milestones", "progress", ["60-70 %"]) == (
        [None],
        [("number-range", "A2")],
    )


def test_a_whole_number_is_whole() -> None:
    assert parse_number(12.0, "", "", whole=True).value == 12
    assert parse_number("1 200", "", "", whole=True).value == 1200
    assert parse_number(12.5, "", "", whole=True).rule == "number-not-whole"


def test_a_number_followed_by_words_is_kept_and_told() -> None:
    parsed = parse_number("20 postes", "", "", whole=False)
    assert (parsed.value, parsed.rule) == (20, "number-with-words")
    assert parse_number("40 %", "", "", whole=False).value == 0.4


@pytest.mark.parametrize(
    "raw", [2026.0, "2026", "Exercice 2026", "Budget 2026 (prév.)"]
)
def test_a_year_is_found_in_its_text(raw: object) -> None:
    assert parse_year(raw, "").value == 2026  # type: ignore[arg-type]


def test_two_years_are_none() -> None:
    assert parse_year("2026-2027", "").rule == "number-range"
    assert parse_year(datetime(2026, 1, 1), "yyyy").value == 2026
    assert parse_year(datetime(2026, 1, 1), "dd/mm/yyyy").rule == "number-unread"


@pytest.mark.parametrize(
    ("fmt", "grain"),
    [
        ("mmm-yy", "month"),
        ("mmmm", "month"),
        ("d-mmm", "day"),
        ("h:mm", "day"),
        ("yyyy", "year"),
    ],
)
def test_a_date_format_shows_a_grain(fmt: str, grain: str) -> None:
    assert shown(fmt).grain == grain


def test_amounts_of_a_year_carry_it() -> None:
    budget = Column(
        "A1",
        "Budget 2026 (k€ HT)",
        "budget_initial",
        unit="keur",
        tax="excl_vat",
        year=2026,
    )
    outcome = run(extract("budget_lines", [budget], [[150.0]]))
    frame = outcome.value.facts["budget_lines"].frame
    derived = frame[frame["method"] == "derived"].set_index("field")
    assert derived["value"].to_dict() == {
        "amount_scope": "year",
        "year": 2026,
        "tax_basis": "excl_vat",
    }
    assert set(derived["derived_from"]) == {"A2"}
    assert derived["used"].all()


def test_amounts_of_no_stated_year_have_an_unknown_scope() -> None:
    outcome = run(extract("projects", ["budget_initial"], [[150.0]]))
    frame = outcome.value.facts["projects"].frame
    assert frame.loc[frame["field"] == "amount_scope", "value"].tolist() == ["unknown"]
    assert outcome.findings == ()


def test_the_year_of_a_line_makes_its_amounts_annual() -> None:
    outcome = run(extract("budget_lines", ["year", "committed"], [[2026.0, 5.0]]))
    frame = outcome.value.facts["budget_lines"].frame
    scope = frame[frame["field"] == "amount_scope"]
    assert (scope["value"].tolist(), scope["derived_from"].tolist()) == (
        ["year"],
        ["A2"],
    )


def test_amounts_of_two_scopes_on_a_row_are_told_once() -> None:
    budget = Column("A1", "Budget 2026", "budget_initial", year=2026)
    outcome = run(extract("projects", [budget, "committed"], [[1.0, 2.0], [3.0, 4.0]]))
    frame = outcome.value.facts["projects"].frame
    assert set(frame.loc[frame["field"] == "amount_scope", "value"]) == {"unknown"}
    assert told(outcome) == [("amount-scope-mixed", "A2")]


def test_a_row_with_and_without_vat_has_no_tax_basis() -> None:
    outcome = run(
        extract(
            "budget_lines", ["budget_initial", "committed"], [["5 € HT", "6 € TTC"]]
        )
    )
    assert "tax_basis" not in set(outcome.value.facts["budget_lines"].frame["field"])
    assert told(outcome) == [("tax-basis-mixed", "A2")]


def test_a_stated_tax_basis_is_not_derived_again() -> None:
    outcome = run(
        extract("budget_lines", ["tax_basis", "committed"], [["TTC", "6 € HT"]])
    )
    assert column(outcome, "budget_lines", "tax_basis") == ["incl_vat"]
    frame = outcome.value.facts["budget_lines"].frame
    assert (frame["field"] == "tax_basis").sum() == 1


@pytest.mark.parametrize("raw", [True, datetime(2026, 3, 1), time(9)])
def test_booleans_and_dates_are_no_numbers(raw: object) -> None:
    assert parse_money(raw, "", MoneyContext()).rule == "number-unread"  # type: ignore[arg-type]
    assert parse_share(raw, "", ShareContext()).rule == "number-unread"  # type: ignore[arg-type]
    assert parse_number(raw, "", "", whole=False).rule == "number-unread"  # type: ignore[arg-type]


@pytest.mark.parametrize("raw", [None, "", float("nan"), float("inf")])
def test_an_empty_cell_is_no_number_and_no_finding(raw: object) -> None:
    for parsed in (
        parse_money(raw, "", MoneyContext()),  # type: ignore[arg-type]
        parse_share(raw, "", ShareContext()),  # type: ignore[arg-type]
        parse_number(raw, "", "", whole=False),  # type: ignore[arg-type]
        parse_effort(raw, "", EffortContext(), OPTIONS),  # type: ignore[arg-type]
        parse_year(raw, ""),  # type: ignore[arg-type]
    ):
        assert parsed == (None, "", (), "")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("1 234,5", ","),
        ("1.234,56", ","),
        ("1,234,567", "."),
        ("1.234.567", ","),
        ("1,234", ""),
        ("0,125", ","),
        ("12", ""),
        ("1.2.3", ""),
        ("abc", ""),
        ("9" * 99, ""),
    ],
)
def test_a_number_may_prove_its_decimal_mark(text: str, mark: str) -> None:
    assert decimal_mark(text) == mark


def test_a_column_that_shows_both_marks_decides_nothing() -> None:
    values, findings = read("budget_lines", "committed", ["1,234", "5,50", "5.50"])
    assert values == [None, 5.5, 5.5]
    assert findings == [("number-ambiguous", "A2")]


def test_an_exponent_and_a_multiple_are_read() -> None:
    assert parse_quantity("1e5") == Quantity(100_000)
    assert parse_number("12k", "", "", whole=False).value == 12_000
    assert parse_number(40.0, '0"%"', "", whole=False).value == 0.4
    assert parse_number("12 €/m2 x", "", "", whole=False).rule == "number-unread"


def test_a_format_may_print_another_currency() -> None:
    parsed = parse_money(500.0, "[$$-409]#,##0", MoneyContext())
    assert (parsed.value, parsed.rule) == (500, "currency-not-euro")


def test_a_percentage_or_an_amount_is_no_effort() -> None:
    assert parse_effort(0.5, "0%", EffortContext(), OPTIONS).rule == "number-unread"
    assert (
        parse_effort(0.5, "0%", EffortContext("fte", monthly=True), OPTIONS).value == 10
    )
    assert (
        parse_effort(500.0, "#,##0 €", EffortContext(), OPTIONS).rule == "number-unread"
    )
    assert parse_effort("12 k€", "", EffortContext(), OPTIONS).rule == "number-unread"


def test_an_effort_or_a_share_marked_about_is_kept_and_told() -> None:
    assert parse_effort("~12 j", "", EffortContext(), OPTIONS)[:2] == (
        12,
        "value-approximate",
    )
    assert parse_share("~50 %", "", ShareContext())[:2] == (0.5, "value-approximate")


def test_a_unit_printed_by_the_format_is_no_assumption() -> None:
    assert read(
        "projects", "effort_spent", [14.0], formats={"effort_spent": '0" h"'}
    ) == (
        [2.0],
        [],
    )


def test_words_in_a_share_are_told() -> None:
    assert read("milestones", "progress", ["Terminé", 0.5, True, "12 j"]) == (
        [None, 0.5, None, None],
        [("number-unread", "A2"), ("number-unread", "A4"), ("number-unread", "A5")],
    )


def test_an_explicit_scope_is_not_derived() -> None:
    outcome = run(
        extract("projects", ["amount_scope", "budget_initial"], [["Annuel", 5.0]])
    )
    assert column(outcome, "projects", "amount_scope") == ["year"]
    frame = outcome.value.facts["projects"].frame
    assert (frame["field"] == "amount_scope").sum() == 1


def test_only_tables_with_a_scope_get_one() -> None:
    outcome = run(extract("requests", ["title", "estimated_cost"], [["A", 5.0]]))
    assert "amount_scope" not in set(outcome.value.facts["requests"].frame["field"])


def test_a_line_of_a_year_with_an_amount_of_another_is_told() -> None:
    budget = Column("B1", "Budget 2025", "budget_initial", year=2025)
    outcome = run(
        extract("budget_lines", ["year", budget], [[2026.0, 5.0], ["?", 6.0]])
    )
    assert told(outcome) == [("amount-scope-mixed", "B2")]
    frame = outcome.value.facts["budget_lines"].frame
    assert frame.loc[frame["field"] == "amount_scope", "value"].tolist() == [
        "unknown",
        "year",
    ]


def test_a_basis_said_by_some_amounts_is_kept_and_told() -> None:
    outcome = run(
        extract("budget_lines", ["budget_initial", "committed"], [["5 € HT", 6.0]])
    )
    assert column(outcome, "budget_lines", "committed") == [6.0]
    frame = outcome.value.facts["budget_lines"].frame
    assert frame.loc[frame["field"] == "tax_basis", "value"].tolist() == ["excl_vat"]
    assert told(outcome) == [("tax-basis-partial", "A2")]


def test_an_effort_column_without_unit_takes_the_hours_of_the_one_beside_it() -> None:
    hours = Column("A1", "Estimation (h)", "effort_planned", unit="hour")
    outcome = run(extract("milestones", [hours, "effort_spent"], [[7.0, 14.0]]))
    assert column(outcome, "milestones", "effort_spent") == [2.0]
    assert told(outcome) == [("effort-unit-from-neighbour", "B1")]
