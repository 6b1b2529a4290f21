"""Kill -9, a full disk, a broken disk, a refusal: at any step of the real program."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest
from crash_world import (
    ERRORS,
    HAND,
    KILL,
    WATCH,
    Place,
    Scenario,
    Step,
    steps_of,
    troubles,
)

SOAK = int(os.environ.get("CONSOLIDATE_SOAK", "0"))
"""Every how many steps something goes wrong; 0 for the few of a quick run."""


def can_trace() -> bool:
    """Return whether system calls can be traced here; containers may forbid it."""
    strace = shutil.which("strace")
    command = [strace or "", "-o", os.devnull, "true"]
    return strace is not None and subprocess.run(command, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not can_trace(), reason="strace is absent or forbidden")


def chosen(steps: Sequence[Step], scenario: Scenario) -> list[tuple[Step, str]]:
    """Return the steps where something goes wrong, and what.

    In a quick run: a kill in the midst of the swap; by hand, one as the seal of the store
    is written too, and a disk that is full as the store commits.
    """
    if SOAK:
        return [*product(steps, (KILL, *ERRORS))][::SOAK]
    swap = [s for s in steps if s.call == "rename" and '"out"' in s.about]
    commit = [s for s in steps if s.call == "pwrite64" and "portfolio.db>" in s.about]
    seal = [s for s in steps if s.call == "rename" and ".sha256" in s.about]
    every = [(swap[1], KILL), (seal[-1], KILL), (commit[0], ERRORS[0])]
    return every[:1] if scenario.is_emptied else every


@pytest.mark.parametrize("scenario", [HAND, WATCH], ids=["by hand", "watch"])
def test_whatever_goes_wrong_nothing_is_lost_and_the_next_run_ends_the_same(
    tmp_path: Path, scenario: Scenario
) -> None:
    first = Place(tmp_path / "first", scenario, None)
    first.drop("old.xlsx")
    assert first.go().code == 0
    old = first.published()
    first.drop("old.xlsx", "new.xlsx")
    peace = Place(tmp_path / "peace", scenario, first.folder)
    steps = steps_of(peace)
    new = peace.published()
    assert peace.unsound() == []
    assert old != new

    def tried(case: tuple[int, tuple[Step, str]]) -> list[str]:
        number, (step, happens) = case
        place = Place(tmp_path / str(number), scenario, first.folder)
        found = troubles(place, step, happens, (old, new))
        if place.stands() != peace.stands():
            found.append(f"{happens} at {step}: stands {place.stands()}")
        shutil.rmtree(place.folder)
        return found

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [
            t
            for each in pool.map(tried, enumerate(chosen(steps, scenario)))
            for t in each
        ]
    assert found == []
