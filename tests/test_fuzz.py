"""Every attack, and mutants, through the real command: it ends, and each file is told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from attacks import books, mails, texts
from fuzz import wrong
from mutants import mutants

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names of POSIX")


def damaged() -> Mapping[str | bytes, bytes]:
    return dict(mutants(seed=0, count=120))


@pytest.mark.parametrize("files", [books, mails, texts, damaged])
def test_the_run_ends_and_every_file_is_in_one_state(
    tmp_path: Path, files: Callable[[], Mapping[str | bytes, bytes]]
) -> None:
    assert wrong(tmp_path, files()) == []
    assert not Path("/tmp/evil.xlsx").exists()
