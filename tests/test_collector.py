from __future__ import annotations

import gc

import pytest

from consolidate.collector import paused


@paused()
def fail() -> None:
    raise ValueError("off" if not gc.isenabled() else "on")


def test_the_collector_rests_meanwhile_and_works_again_after_an_error() -> None:
    with pytest.raises(ValueError, match="off"):
        fail()
    assert gc.isenabled()


def test_a_collector_that_rested_before_still_rests_afterwards() -> None:
    with paused():
        with paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
