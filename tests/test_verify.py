"""``consolidate verify``: any byte that changed is named, with what to do."""

from __future__ import annotations

import json
import random
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from build_portfolio import make_portfolio
from click.testing import CliRunner

from consolidate import store
from consolidate.cli import main
from consolidate.intake.archive import Archive
from consolidate.intake.journal import Journal
from consolidate.publish import building

AT = "2026-11-03T08:15:00Z"
SUMS = ("SHA256SUMS", "portfolio.db.sha256")
RUN = '{"generator": "consolidate"}'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A state home and what was published from it."""
    home = tmp_path / "home"
    store.save(f"sqlite:///{(home / 'portfolio.db').as_posix()}", make_portfolio(2))
    journal = Journal(home / "journal.jsonl")
    for content in (b"one workbook", b"another"):
        kept = Archive(home / "archive").keep(BytesIO(content))
        given = {"place": kept.sha256, "name": "a.xlsx", "sha256": kept.sha256}
        journal.append(AT, "received", **given)
    with building(tmp_path / "out") as results:
        (results.stage / "run.json").write_text(RUN, encoding="utf-8")
        (results.stage / "data").mkdir()
        (results.stage / "data" / "projects.csv").write_bytes(b"code\r\nPRJ-1\r\n")
        results.publish()
    return tmp_path


def verify(place: Path) -> tuple[int, dict[str, Any]]:
    home, out = str(place / "home"), str(place / "out")
    asked = ["verify", out, "--home", home, "--lang", "en", "--json"]
    found = CliRunner().invoke(main, asked)
    return found.exit_code, json.loads(found.output)


def test_what_was_written_is_well(place: Path) -> None:
    status, told = verify(place)
    assert (status, told["faults"]) == (0, [])
    assert told["compared"] == {"journal": 1, "archive": 2, "store": 1, "output": 2}


def test_what_a_parcel_held_is_in_the_parcel(place: Path) -> None:
    journal = Journal(place / "home" / "journal.jsonl")
    inside = {"name": "b.xlsx", "sha256": "0" * 64}
    journal.append(AT, "opened", id="1", members=[inside])
    assert verify(place)[1]["faults"] == []


def kept(place: Path) -> list[Path]:
    every = sorted(p for p in place.rglob("*") if p.is_file())
    return [p for p in every if p.suffix != ".lock"]


def test_any_flipped_bit_is_named_by_its_file(place: Path) -> None:
    rng = random.Random(11)
    for path in kept(place):
        whole = path.read_bytes()
        for _ in range(4):
            spoiled = bytearray(whole)
            spoiled[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
            path.chmod(0o600)
            path.write_bytes(spoiled)
            status, told = verify(place)
            named = {Path(f["path"]).name for f in told["faults"]}
            assert status == 1, path
            # A sum that changed is told by what it is the sum of.
            assert path.name in named or path.name in SUMS
        path.write_bytes(whole)
    assert verify(place)[0] == 0


def test_what_is_gone_is_told_but_for_what_was_purged(place: Path) -> None:
    archive = Archive(place / "home" / "archive")
    first, second = archive.hashes()
    archive.remove(first)
    (place / "out" / "run.json").unlink()
    status, told = verify(place)
    assert status == 1
    assert {Path(f["path"]).name for f in told["faults"]} == {first, "run.json"}
    Journal(place / "home" / "journal.jsonl").append(AT, "purged", sha256=first)
    assert {Path(f["path"]).name for f in verify(place)[1]["faults"]} == {"run.json"}
    assert archive.has(second)


def test_a_store_whose_run_stopped_is_told_apart_from_a_changed_one(
    place: Path,
) -> None:
    (place / "home" / "portfolio.db.sha256").unlink()
    status, told = verify(place)
    assert status == 0
    (fault,) = told["faults"]
    assert "no seal" in fault["told"]
    assert not fault["is_grave"]
