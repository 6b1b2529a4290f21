"""The page of general management, kept to the projects whose layouts are as asked."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import test_pack_readers as readers

from consolidate.model.proposal import SHIPPED
from consolidate.packs import PackData
from consolidate.packs.readers import Narrower
from consolidate.packs.registry import maker
from consolidate.report.pack_page import pack_shell


def asked(direction: str, **states: str) -> PackData:
    """The month of three owners, C confidential, with the states of their layouts."""
    data = readers.data()
    books = data.portfolio.workbooks
    owner = books["workbook"].str[-6]
    told = books.assign(
        layout_state=owner.map(states),
        layout=owner.map({k: SHIPPED for k, s in states.items() if s == "shipped"}),
    )
    told["layout_state"] = told["layout_state"].replace("shipped", "approved")
    month = dataclasses.replace(data.portfolio, workbooks=told)
    return dataclasses.replace(data, portfolio=month, direction=direction)


def text(data: PackData, folder: Path) -> str:
    packs = maker("direction")(data)
    shell = pack_shell()
    return "\n".join(t for p in packs for t in readers.parts_of(p, folder, shell))


def test_nothing_of_a_project_that_waits_is_told_but_that_it_waits(
    tmp_path: Path,
) -> None:
    every = text(asked("approved", A="approved", B="proposed", C="approved"), tmp_path)
    assert "Projets comptés\u00a0: 1 sur 2\u00a0; 1 attend" in every
    assert "classeur B" not in every
    assert "pas encore approuvée par le PMO" in every
    marks = {m for m in every.replace("<", " ").split() if "-Bkk" in m}
    assert {m.strip('">') for m in marks} == {readers.canary("projects", "name", "B")}


def test_a_confidential_project_does_not_even_wait(tmp_path: Path) -> None:
    every = text(asked("approved", A="approved", B="approved", C="proposed"), tmp_path)
    assert "Projets comptés\u00a0: 2 sur 2\u00a0; 0 attend" in every
    assert "PRJ-C" not in every


@pytest.mark.parametrize(
    ("direction", "state", "waits"),
    [
        ("all", "rejected", False),
        ("approved", "confirmed", False),
        ("approved", "rejected", True),
        ("confirmed", "approved", True),
        ("confirmed", "confirmed", False),
        ("confirmed", "shipped", False),
    ],
)
def test_which_states_do(direction: str, state: str, waits: bool) -> None:
    data = asked(direction, A=state, B="confirmed", C="confirmed")
    assert ("PRJ-A" in set(Narrower(data).waiting["project_code"])) == waits


def test_a_month_stored_before_layouts_were_followed_waits_and_says_why(
    tmp_path: Path,
) -> None:
    assert "lu avant que les maquettes ne soient suivies" in text(asked("approved"), tmp_path)  # fmt: skip


def test_other_readers_are_told_all_the_same() -> None:
    data = asked("approved", A="proposed", B="proposed", C="proposed")
    assert len(list(maker("project")(data))) == 2
