"""Trouble with the disk is told in one line, in the reader's language, by every command."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from consolidate.cli import main
from consolidate.intake.journal import Journal
from consolidate.trouble import TROUBLE, trouble_of


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("number", TROUBLE)
def test_an_error_of_the_system_has_its_words(number: int, lang: str) -> None:
    assert trouble_of(OSError(number, "?"), lang) not in {"", "?"}


def test_a_rare_one_has_the_system_s_own_words() -> None:
    assert trouble_of(OSError(errno.ENOTCONN, "not connected"), "fr") == "not connected"


@pytest.mark.parametrize("words", [("inbox",), ("watch", "in", "--once")])
def test_a_command_that_meets_it_says_so_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Journal, "news", full)
    result = CliRunner().invoke(main, [*words, "--home", "home", "--lang", "en"])
    assert result.exit_code == 2
    assert "no space left" in result.output
    assert len(result.output.splitlines()) == 1
