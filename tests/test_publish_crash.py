"""Whatever step of publishing a kill cuts, OUT is whole, and the next run puts it right."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from test_publish import alone, content, published

from consolidate.publish import building

STEPS = {
    *("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod"),
    *("os.listdir", "os.scandir", "shutil.rmtree"),
}
KILLED = 137

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs fork")


def in_a_child(does: Callable[[], object], last: int) -> bool:
    """Do something in a process that is killed at its n-th step; tell whether it was."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
    left = [last]

    def step(event: str, _: object) -> None:
        if event in STEPS:
            left[0] -= 1
            if left[0] == 0:
                os._exit(KILLED)

    try:
        sys.addaudithook(step)
        does()
    finally:
        os._exit(0)


@pytest.mark.parametrize("before", [None, "old"])
def test_a_kill_at_any_step_leaves_the_old_the_new_or_the_way_to_it(
    tmp_path: Path, before: str | None
) -> None:
    last = 0
    was_killed = True
    while was_killed:
        last += 1
        out = tmp_path / str(last) / "out"
        out.parent.mkdir()
        if before:
            published(out, before)
        was_killed = in_a_child(lambda out=out: published(out, "new"), last)  # type: ignore[misc]
        there = content(out) if out.exists() else None
        assert there in {before, "new", None}, last
        with building(out):
            pass  # whoever comes next puts right what was left
        assert (content(out) if out.exists() else None) in {before, "new"}, last
        published(out, "next")
        assert content(out) == "next", last
        assert alone(out), last
    assert last > 40
    assert there == "new"
