"""Nobody replaces another's project by mail."""

from __future__ import annotations

import pytest

from consolidate.model.register import Entry
from consolidate.roster import NOT_OWN_PROJECT, UNKNOWN_SENDER, Claim, Roster


def entry(register: str, **values: str) -> Entry:
    return Entry(register, values, {}, "registers.toml", register, -1, {})


ENTRIES = (
    entry("people", name="Ada Rivière", email="ada@ghs.example; a.r@ghs.example", aliases="A. Rivière", deputy="Bo Colline"),
    entry("people", name="Bo Colline", email="bo@ghs.example"),
    entry("projects", code="PRJ-101", name="Dossier patient", aliases="DPI", manager="Rivière Ada"),
)  # fmt: skip
ROSTER = Roster(ENTRIES, {"PRJ-102": "Bo Colline", "PRJ-101": "Bo Colline"})


def claim(code: str = "", name: str = "", manager: str = "") -> Claim:
    return Claim(code, name, manager)


@pytest.mark.parametrize(
    ("sender", "claimed", "why"),
    [
        ("Ada <ada@ghs.example>", claim("PRJ-101"), ""),
        ("A.R@GHS.example", claim("prj 101"), ""),
        ("ada@ghs.example", claim(name="Dossier Patient"), ""),
        ("bo@ghs.example", claim(name="DPI"), ""),
        ("bo@ghs.example", claim("PRJ-102"), ""),
        ("ada@ghs.example", claim("PRJ-102"), NOT_OWN_PROJECT),
        ("ada@ghs.example", claim("PRJ-999", manager="A. Rivière"), ""),
        ("ada@ghs.example", claim("PRJ-999", manager="Bo Colline"), NOT_OWN_PROJECT),
        ("ada@ghs.example", claim("PRJ-999"), ""),
        ("eve@elsewhere.example", claim("PRJ-101"), UNKNOWN_SENDER),
        ('"ada@ghs.example" <eve@elsewhere.example>', claim("PRJ-101"), UNKNOWN_SENDER),
        ("", claim("PRJ-101"), ""),
        ("not an address", claim("PRJ-101"), UNKNOWN_SENDER),
    ],
)
def test_a_mail_is_let_in_from_a_project_s_manager_or_deputy_alone(
    sender: str, claimed: Claim, why: str
) -> None:
    assert ROSTER.objection(sender, [claimed]) == why


def test_one_project_of_somebody_else_holds_the_whole_workbook() -> None:
    claims = [claim("PRJ-101"), claim("PRJ-102")]
    assert ROSTER.objection("ada@ghs.example", claims) == NOT_OWN_PROJECT


@pytest.mark.parametrize("entries", [(), ENTRIES[2:], (entry("people", name="Ada"),)])
def test_without_an_address_in_the_register_nothing_is_held(
    entries: tuple[Entry, ...],
) -> None:
    assert not Roster(entries)
    assert Roster(entries).objection("eve@elsewhere.example", [claim("PRJ-101")]) == ""
