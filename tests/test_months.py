"""The life of a month: provisional, closed, reopened, closed again."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from consolidate.cli import main


def workbook(progress: float, name: str = "Dossier patient") -> bytes:
    """A project sheet: code, name, progress."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Projets")
        rows = [["Code projet", "Projet", "Avancement"], ["PRJ-1", name, progress]]
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    return buffer.getvalue()


def call(home: Path, *words: object) -> Result:
    return CliRunner().invoke(
        main, [*map(str, words), "--home", str(home), "--lang", "en"]
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A state home whose inbox gave a first October."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.xlsx").write_bytes(workbook(0.5))
    assert run(tmp_path).exit_code == 0
    return tmp_path


def run(home: Path) -> Result:
    words = ("--period", "2026-10", "-o", home / "out", "--quiet", "--jobs", 1)
    return call(home, "run", home / "inbox", *words)


def close(home: Path, *words: str) -> Result:
    return call(
        home, "month", "close", "2026-10", "-o", home / "out", "--by", "PMO", *words
    )


def reopen(home: Path) -> Result:
    words = ("--reason", "late invoice", "--by", "PMO")
    return call(home, "month", "reopen", "2026-10", *words)


def hashes(out: Path) -> Mapping[str, str]:
    return {
        p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in out.rglob("*")
        if p.is_file()
    }


def test_a_month_is_provisional_until_it_is_closed(home: Path) -> None:
    assert "provisional" in call(home, "month", "list").output
    assert close(home).exit_code == 0
    listed = call(home, "month", "list").output
    assert "closed" in listed
    assert "v1" in listed


def test_a_closed_month_is_published_again_byte_for_byte(home: Path) -> None:
    before = hashes(home / "out")
    close(home)
    (home / "inbox" / "a.xlsx").write_bytes(workbook(0.9))
    again = run(home)
    assert hashes(home / "out") == before
    assert "published again as it was" in again.output


def test_a_workbook_that_comes_after_the_closing_waits_for_a_decision(
    home: Path,
) -> None:
    close(home)
    (home / "inbox" / "b.xlsx").write_bytes(workbook(0.1, "Imagerie"))
    late = run(home)
    assert late.exit_code == 1
    assert "b.xlsx" in late.output
    run(home)
    assert "1 late workbook waits" in call(home, "month", "list").output


def test_a_reopened_month_takes_what_came_late_and_closes_as_its_next_version(
    home: Path,
) -> None:
    close(home)
    (home / "inbox" / "a.xlsx").write_bytes(workbook(0.9))
    run(home)
    assert reopen(home).exit_code == 0
    assert run(home).exit_code == 0
    told = close(home, "--reason", "late invoice").output
    assert "version 2" in told
    assert "since version 1" in told
    assert "projects: " in told
    (month,) = json.loads(call(home, "month", "list", "--json").output)
    assert (month["version"], month["late"]) == (2, [])


def test_only_what_was_last_run_can_be_closed(home: Path) -> None:
    run_file = home / "out" / "run.json"
    content = json.loads(run_file.read_text())
    run_file.write_text(json.dumps({**content, "version": "0"}))
    refused = close(home)
    assert refused.exit_code == 2
    assert "is not the result of the last run" in refused.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("close", "2026-10", "-o", "{home}/out"), "is closed"),
        (("reopen", "2026-09", "--reason", "x"), "no snapshot of 2026-09"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    home: Path, words: tuple[str, ...], told: str
) -> None:
    close(home)
    result = call(home, "month", *(w.format(home=home) for w in words))
    assert result.exit_code == 2
    assert told in result.output


def test_an_open_month_is_not_reopened(home: Path) -> None:
    result = reopen(home)
    assert result.exit_code == 2
    assert "is not closed" in result.output


def test_what_was_kept_and_altered_is_refused(home: Path) -> None:
    import sqlite3
    import zlib

    close(home)
    with sqlite3.connect(home / "portfolio.db") as store:
        store.execute("UPDATE month_files SET packed = ?", (zlib.compress(b"x"),))
    refused = run(home)
    assert refused.exit_code == 2
    assert "no longer what was published" in refused.output


def test_what_moved_between_two_months_names_both_cells(home: Path) -> None:
    (home / "inbox" / "a.xlsx").write_bytes(workbook(0.5))
    words = ("--period", "2026-11", "-o", home / "out", "--quiet", "--jobs", 1)
    call(home, "run", home / "inbox", *words)
    told = call(home, "diff", "2026-10", "2026-11").output
    assert "Returned exactly as in 2026-10 (1)" in told
    assert "PRJ-1  Dossier patient" in told
    assert "a.xlsx!Projets!2" in told
    (move,) = json.loads(call(home, "diff", "2026-10", "2026-11", "--json").output)
    assert (move["move"], move["project_code"]) == ("unchanged", "PRJ-1")


def test_a_closed_month_has_a_shared_copy_too(home: Path) -> None:
    close(home)
    out = home / "shared"
    words = ("--period", "2026-10", "-o", out, "--quiet", "--audience", "shared")
    assert call(home, "run", home / "inbox", *words).exit_code == 0
    run_file = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert run_file["options"]["audience"] == "shared"
    assert not (out / "understood").exists()
