"""Figures as people read them."""

from __future__ import annotations

from datetime import date

import pytest

from consolidate.report import format as shown

N, H = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("value", "digits", "french", "english"),
    [
        (1234.5, None, f"1{N}234,5", "1,234.5"),
        (1234567, None, f"1{N}234{N}567", "1,234,567"),
        (-12, None, "\u221212", "\u221212"),
        (-0.0001, None, "0", "0"),
        (1200, 2, f"1{N}200,00", "1,200.00"),
        (100, 0, "100", "100"),
    ],
)
def test_numbers(value: float, digits: int | None, french: str, english: str) -> None:
    assert shown.number(value, "fr", digits) == french
    assert shown.number(value, "en", digits) == english


def test_shares() -> None:
    assert shown.percent(0.12, "fr") == f"12{H}%"
    assert shown.percent(0.12, "en") == "12%"
    assert shown.percent(0.9995, "fr", 2) == f"99,95{H}%"


def test_amounts() -> None:
    assert shown.euros(1234.5, "fr") == f"1{N}234,5{H}€"
    assert shown.euros(-1234.5, "en") == "\u2212€1,234.5"
    assert shown.kilo_euros(1234500, "fr") == f"1{N}234,5{H}k€"
    assert shown.kilo_euros(1234500, "en") == "€1,234.5k"
    assert shown.kilo_euros(1234567, "fr", 0) == f"1{N}235{H}k€"


def test_days_and_months() -> None:
    assert shown.day(date(2026, 12, 31), "fr") == "31/12/2026"
    assert shown.day(date(2026, 12, 31), "en") == f"31{H}Dec{H}2026"
    assert shown.month("2026-10", "fr") == f"octobre{H}2026"
    assert shown.month("2026-10", "fr", short=True) == f"oct.{H}26"
    assert shown.month("2026-10", "en", short=True) == f"Oct{H}26"
    assert shown.month("2026-S1", "fr") == "2026-S1"
    assert shown.days(12, "fr") == f"+12{H}j"
    assert shown.days(-3, "en") == f"\u22123{H}d"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_cell_of_any_kind_has_a_number_format(lang: str) -> None:
    for kind in (
        "integer",
        "number",
        "money",
        "kilo",
        "days",
        "share",
        "date",
        "month",
    ):
        assert shown.cell_format(kind, lang)
