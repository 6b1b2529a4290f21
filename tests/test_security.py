"""Rules of safety that no other test file has: modes, secrets, the end of the journal."""

from __future__ import annotations

import io
import os
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from consolidate.cli import main
from consolidate.intake.journal import Journal
from consolidate.model.delivery import Failure
from consolidate.model.finding import Severity
from consolidate.worker import Limits, Reader
from consolidate.worker.believed import loads
from consolidate.worker.launch import Launcher
from consolidate.worker.task import Reply

AT = "2026-11-03T08:15:00Z"
posix = pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")


def book() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        form = made.add_worksheet("Projet")
        for r, row in enumerate([("Code projet", "PRJ-101"), ("Chef de projet", "Alix Exemple")]):  # fmt: skip
            form.write_row(r, 0, row)
        page = made.add_worksheet("Jalons")
        for r, row in enumerate([("Code projet", "Jalon", "Échéance"), ("PRJ-101", "Recette", "bientôt")]):  # fmt: skip
            for c, text in enumerate(row):
                page.write_string(r, c, text)
    return buffer.getvalue()


def command(place: Path, *args: str) -> Result:
    return CliRunner().invoke(main, [*args, "--home", str(place / "home"), "--lang", "en"])  # fmt: skip


@pytest.fixture
def careless() -> Iterator[None]:
    """A umask that hides nothing."""
    before = os.umask(0)
    yield
    os.umask(before)


@posix
@pytest.mark.usefixtures("careless")
def test_nobody_else_may_read_or_write_what_is_made_whatever_the_umask(
    tmp_path: Path,
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(book())
    out, packs = tmp_path / "made" / "out", tmp_path / "made" / "packs"
    asked = [
        ("run", str(tmp_path / "in"), "-o", str(out), "--period", "2026-10", "--replies", "--jobs", "1"),
        ("pack", "deadlines", "-o", str(packs)),
        ("dossier", "PRJ-101", "-o", str(packs)),
        ("template", "--all", "-o", str(tmp_path / "made" / "templates")),
        ("outbox", "fill", str(out)),
        ("month", "close", "2026-10", "-o", str(out)),
        ("backup", str(tmp_path / "made" / "b.zip")),
        ("registers", str(tmp_path / "made" / "registers.xlsx")),
        ("forget", "Zelie Dupontel", "--confirm", "--list", str(tmp_path / "made" / "l.xlsx")),
        ("purge", "--list", str(tmp_path / "made" / "purge.xlsx")),
    ]  # fmt: skip
    for args in asked:
        result = command(tmp_path, *args)
        assert result.exit_code in (0, 1), result.output
    every = [p for place in ("home", "made") for p in (tmp_path / place).rglob("*")]
    assert len(every) > 20
    assert [p for p in every if p.stat().st_mode & 0o077] == []


@posix
def test_a_state_home_that_anybody_may_write_into_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(book())
    (tmp_path / "home").mkdir()
    (tmp_path / "home").chmod(0o777)
    found = command(tmp_path, "run", str(tmp_path / "in"), "-o", str(tmp_path / "out"))
    assert found.exit_code == 2
    assert "chmod 700" in found.output
    assert not (tmp_path / "out").exists()


def variables(_: str) -> list[str]:
    return sorted(os.environ)


def privileges(_: str) -> str:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(line for line in lines if line.startswith("NoNewPrivs")).split()[1]


@pytest.mark.parametrize("context", [None, "spawn"])
def test_a_worker_holds_no_password(
    monkeypatch: pytest.MonkeyPatch, context: str | None
) -> None:
    monkeypatch.setenv("CONSOLIDATE_STORE", "postgresql://u:secret@server/x")
    monkeypatch.setenv("AWS_SECRET", "secret")
    with Reader(jobs=1, limits=Limits(), context=context) as reader:
        (found,) = reader.map(variables, ["x"])
    assert isinstance(found, list)
    assert not {"CONSOLIDATE_STORE", "AWS_SECRET"} & set(found)


class Evil:
    """What a worker would send that a file has taken over."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (self.path,)


def taken_over(path: str) -> Evil:
    return Evil(path)


def test_what_a_worker_sends_is_believed_as_far_as_it_is_values(tmp_path: Path) -> None:
    made = tmp_path / "made"
    with Reader(jobs=1, limits=Limits()) as reader:
        bad, good = reader.map(taken_over, [str(made)]), reader.map(variables, ["x"])
        found = [*bad, *good]
    assert isinstance(found[0], Failure)
    assert isinstance(found[1], list)
    assert not made.exists()


def test_nor_does_its_pipe_give_anything_else(tmp_path: Path) -> None:
    reader, writer = Launcher("spawn").Pipe(duplex=False)
    writer.send(Reply(b"", 1.0))
    assert reader.recv() == Reply(b"", 1.0)
    for sent in (Evil(str(tmp_path / "made")), os.system, Journal, io.BytesIO):
        writer.send(sent)
        with pytest.raises(pickle.PicklingError):
            reader.recv()
    assert not (tmp_path / "made").exists()
    reader.close()
    writer.close()


class Attribute:
    """How some versions of Python pack the member of an enum."""

    def __init__(self, owner: object, name: str) -> None:
        self.given = owner, name

    def __reduce__(self) -> tuple[object, ...]:
        return getattr, self.given


def test_of_attributes_the_members_of_enums_alone_are_values() -> None:
    packed = pickle.dumps(Attribute(Severity, "ERROR"))
    assert loads(packed) is Severity.ERROR
    for owner, name in ((Severity, "mro"), (Severity, "__subclasses__"), (str, "join")):
        with pytest.raises(pickle.PicklingError):
            loads(pickle.dumps(Attribute(owner, name)))


def test_a_severity_is_packed_by_its_value_whatever_the_version() -> None:
    assert b"getattr" not in pickle.dumps(Severity.ERROR)


@pytest.mark.skipif(sys.platform != "linux", reason="a promise of Linux")
def test_a_worker_starts_nothing_that_gains_rights() -> None:
    with Reader(jobs=1, limits=Limits()) as reader:
        (found,) = reader.map(privileges, ["x"])
    assert found == "1"


def test_a_journal_that_lost_its_end_is_told_by_its_head(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "home" / "journal.jsonl")
    for number in range(3):
        journal.append(AT, "settled", id=str(number))
    (*_, last) = journal.entries()
    noted = last.hash[:16]
    assert noted in command(tmp_path, "verify").output
    assert command(tmp_path, "verify", "--head", noted).exit_code == 0
    lines = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(b"".join(lines[:-1]))
    assert command(tmp_path, "verify").exit_code == 0  # a chain alone does not show it
    found = command(tmp_path, "verify", "--head", noted)
    assert found.exit_code == 1
    assert noted in found.output
