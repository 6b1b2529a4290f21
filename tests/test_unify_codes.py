from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consolidate.unify.codes import (
    code_in,
    code_key,
    loose_key,
    number_key,
    provisional_code,
    suffixed_code,
)


@pytest.mark.parametrize(
    "written", ["PRJ-012", "PRJ012", "PRJ 012", "prj-0l2", "PRJ-O12", " Prj.012 "]
)
def test_spellings_of_one_code_have_one_key(written: str) -> None:
    assert code_key(written) == "PRJ012"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PRJ-12", "PRJ-012"),
        ("PRJ-12L", "PRJ-121"),
        ("2024-12", "202-412"),
        ("BIO-12", "BI-012"),
        ("PRJ-II", "PRJ-11"),
    ],
)
def test_different_codes_have_different_keys(one: str, other: str) -> None:
    assert code_key(one) != code_key(other)


def test_leading_zeros_are_the_only_difference() -> None:
    assert number_key(code_key("PRJ-12")) == number_key(code_key("PRJ-012"))


def test_an_o_that_touches_digits_may_be_a_zero() -> None:
    assert loose_key(code_key("PRJO12")) == code_key("PRJ-012")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PRJ-012 - Portail patient", ("PRJ-012", "Portail patient")),
        ("PRJ 012 : Portail", ("PRJ 012", "Portail")),
        ("Portail patient (PRJ-012)", ("PRJ-012", "Portail patient")),
        ("Portail patient", None),
        ("Migration du parc", None),
    ],
)
def test_code_and_name_of_one_cell(text: str, expected: tuple[str, str] | None) -> None:
    assert code_in(text) == expected


def test_a_provisional_code_depends_on_the_folded_name_alone() -> None:
    assert provisional_code("Portail  Patient") == provisional_code("portail patient")
    assert provisional_code("Portail") != provisional_code("Portails")
    assert provisional_code("Portail").startswith("X-")


def test_a_shared_code_is_told_apart_by_name() -> None:
    assert suffixed_code("DSI-9", "Portail") != suffixed_code("DSI-9", "Pacs")


@given(st.text(max_size=30))
def test_never_raises_on_any_text(text: str) -> None:
    assert code_key(text) == code_key(text.strip())
    code_in(text)
    provisional_code(text)
