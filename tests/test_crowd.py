"""Cron, a watch and two members of the PMO at once, one of them killed: one history."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from crash_world import FILES, HAND, Ended, Place, ended

ROUNDS = int(os.environ.get("CONSOLIDATE_ROUNDS", "1"))
CROWD = (
    ("watch", "in", "-o", "out", "--after", "1"),
    ("watch", "in", "-o", "out", "--once"),
    *(("run", "in", "-o", "out", "--period", "2026-10", "-q"),) * 2,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")


def one_round(place: Place, chance: random.Random) -> list[Ended]:
    """Start them all, kill one at some moment, let the others end; tell how they ended."""
    crowd = [place.start(words) for words in CROWD]
    victim = chance.choice(crowd)
    with suppress(subprocess.TimeoutExpired):
        victim.wait(chance.uniform(0.2, 6))
    victim.kill()
    others = [ended(process) for process in crowd[1:]]
    crowd[0].terminate()  # it watches until it is asked to end
    return [*others, ended(crowd[0])]


def test_they_share_one_history_and_end_with_the_same_results(tmp_path: Path) -> None:
    chance = random.Random(1)
    peace = Place(tmp_path / "peace", HAND, None)
    peace.drop(*FILES)
    assert peace.go().code == 0
    place = Place(tmp_path / "crowd", HAND, None)
    place.drop(*FILES)
    for number in range(ROUNDS):
        ends = one_round(place, chance)
        assert [t for each in ends for t in each.troubles()] == [], number
        assert {each.code for each in ends} <= {0, -signal.SIGKILL}, (number, ends)
        stands = place.stands()
        assert len(stands) == len({name for name, *_ in stands}) <= len(FILES), number
    place.age()
    assert place.go().code == 0
    assert place.published() == peace.published()
    assert place.stands() == peace.stands()
    assert place.unsound() == []
    assert place.litter() == []
