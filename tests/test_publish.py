from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from intake_inbox import fill, private

from consolidate import publish
from consolidate.model.error import OutputError
from consolidate.model.output import marked, side_name
from consolidate.publish import building, spooling

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")


def results(stage: Path, text: str) -> None:
    """Write what a run would, told apart by a text."""
    run = json.dumps(marked({"version": text}))
    fill(stage, {"run.json": run, "index.html": text, "data/risks.csv": text})


def published(out: Path, text: str) -> None:
    with building(out, "en") as made:
        results(made.stage, text)
        made.seal()
        made.publish()


def failing(out: Path, text: str, error: Callable[[Path], BaseException]) -> None:
    """Build results, then fail with an error made for the stage's path."""
    with building(out, "en") as made:
        results(made.stage, text)
        made.seal()
        raise error(made.stage)


def content(out: Path) -> str:
    """Return the text of the results, the same in all their files."""
    texts = {
        json.loads((out / "run.json").read_text())["version"],
        (out / "index.html").read_text(),
        (out / "data" / "risks.csv").read_text(),
    }
    assert len(texts) == 1
    return texts.pop()


def alone(out: Path) -> bool:
    """Return whether nothing but OUT is left where it stands."""
    return [p.name for p in out.parent.iterdir()] == [out.name]


def test_results_are_published_and_replaced(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "er" / "out"
    published(out, "one")
    assert content(out) == "one"
    published(out, "two")
    assert content(out) == "two"
    assert alone(out)


def test_nobody_but_the_owner_may_read_results(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        published(tmp_path / "out", "one")
    finally:
        os.umask(before)
    made = [tmp_path / "out", *(tmp_path / "out").rglob("*")]
    assert all(map(private, made))


def test_an_empty_folder_may_be_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    published(tmp_path / "out", "one")
    assert content(tmp_path / "out") == "one"


@pytest.mark.parametrize("name", ["notes.txt", "run.json", "portfolio.xlsx"])
def test_a_folder_of_somebody_else_is_never_replaced(tmp_path: Path, name: str) -> None:
    fill(tmp_path / "out", {name: "{}"})
    with (
        pytest.raises(OutputError, match="not made by consolidate"),
        building(tmp_path / "out", "en"),
    ):
        pass
    assert (tmp_path / "out" / name).read_text() == "{}"
    assert alone(tmp_path / "out")


def test_a_file_in_its_place_is_never_replaced(tmp_path: Path) -> None:
    fill(tmp_path, {"out": "mine"})
    with (
        pytest.raises(OutputError, match="is a file"),
        building(tmp_path / "out", "en"),
    ):
        pass
    with (
        pytest.raises(OutputError, match="folder is needed"),
        building(tmp_path / "out/in", "en"),
    ):
        pass
    assert (tmp_path / "out").read_text() == "mine"


def test_what_somebody_put_among_the_results_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "out"
    published(out, "one")
    fill(out, {"notes.txt": "mine", "~$portfolio.xlsx": "lock", "slides/a.txt": "mine"})
    published(out, "two")
    assert content(out) == "two"
    assert (out / "notes.txt").read_text() == "mine"
    assert (out / "slides" / "a.txt").read_text() == "mine"
    assert not (out / "~$portfolio.xlsx").exists()


def test_what_is_not_published_is_gone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    published(out, "one")
    with pytest.raises(KeyboardInterrupt):
        failing(out, "two", lambda stage: KeyboardInterrupt())
    assert content(out) == "one"
    assert alone(out)


def test_results_without_their_mark_are_a_bug(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match=r"run\.json"),
        building(tmp_path / "out", "en") as made,
    ):
        made.publish()
    assert not (tmp_path / "out").exists()


@posix
def test_a_link_to_out_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("true")
    published(tmp_path / "link", "one")
    assert (tmp_path / "link").is_symlink()
    assert content(tmp_path / "true") == "one"


class Crash(BaseException):
    """The machine stops here: nothing is tidied up."""


def crash_at(monkeypatch: pytest.MonkeyPatch, out: Path, step: int, text: str) -> None:
    """Publish, stopping before the given rename, and leave all as it then was."""
    renames = [0]
    rename = Path.rename

    def counted(path: Path, target: Path) -> Path:
        renames[0] += 1
        if renames[0] >= step:
            raise Crash
        return rename(path, target)

    with monkeypatch.context() as crashing:
        crashing.setattr(Path, "rename", counted)
        crashing.setattr(publish, "_clear", lambda side: None)
        crashing.setattr(publish, "_tidy", lambda *given: None)
        crashing.setattr(publish.Building, "_put_back", lambda self: None)
        with suppress(Crash):
            published(out, text)


@pytest.mark.parametrize(("step", "seen"), [(1, "one"), (2, None), (3, "two")])
def test_the_next_run_repairs_a_swap_that_a_crash_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, seen: str | None
) -> None:
    out = tmp_path / "out"
    published(out, "one")
    fill(out, {"notes.txt": "mine"})
    crash_at(monkeypatch, out, step, "two")
    assert out.exists() == (seen is not None)
    with building(out, "en"):
        pass
    assert content(out) == ("one" if step == 1 else "two")
    assert (out / "notes.txt").read_text() == "mine"
    assert alone(out)


def test_the_old_results_come_back_when_the_new_were_not_complete(
    tmp_path: Path,
) -> None:
    out, side = tmp_path / "out", tmp_path / side_name("out")
    results(side / "old", "one")
    fill(side / "new", {"index.html": "half"})
    with building(out, "en"):
        pass
    assert content(out) == "one"
    assert alone(out)


def test_a_failed_swap_puts_the_old_results_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    published(out, "one")
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise PermissionError(errno.EACCES, "Access is denied", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError, match="permission denied"):
        published(out, "two")
    assert content(out) == "one"
    assert alone(out)


def test_an_interrupt_within_the_swap_leaves_the_old_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    published(out, "one")
    rename = Path.rename

    def interrupt(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", interrupt)
    with pytest.raises(KeyboardInterrupt):
        published(out, "two")
    assert content(out) == "one"


def test_a_file_held_open_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    published(out, "one")
    monkeypatch.setattr(publish, "_held_open", lambda out: iter(["portfolio.xlsx"]))
    with pytest.raises(
        OutputError, match=r"portfolio\.xlsx is open in another program"
    ):
        published(out, "two")
    assert content(out) == "one"


class WrapperError(Exception):
    """A writer's own error, around the system's."""


def wrapped(err: OSError) -> Exception:
    return WrapperError(err)


def plain(err: OSError) -> Exception:
    return err


@pytest.mark.parametrize("wrap", [plain, wrapped])
@pytest.mark.parametrize(
    ("code", "named", "words"),
    [
        (errno.ENOSPC, False, "no space left"),
        (errno.ENOSPC, True, "no space left"),
        (errno.EROFS, True, "read-only"),
        (errno.EACCES, True, "permission denied"),
        (errno.EIO, False, "device fails"),
    ],
)
def test_trouble_while_building_is_one_line_and_publishes_nothing(
    tmp_path: Path,
    code: int,
    named: bool,
    words: str,
    wrap: Callable[[OSError], Exception],
) -> None:
    out = tmp_path / "out"
    published(out, "one")

    def error(stage: Path) -> Exception:
        where = (str(stage / "portfolio.xlsx"),) if named else ()
        return wrap(OSError(code, os.strerror(code), *where))

    with pytest.raises(OutputError, match=words) as caught:
        failing(out, "two", error)
    assert "\n" not in str(caught.value)
    assert str(out) in str(caught.value)
    assert content(out) == "one"
    assert alone(out)


def test_errors_about_other_things_go_through(tmp_path: Path) -> None:
    for err in (OSError(errno.EACCES, "denied", "/inbox/p.xlsx"), ValueError("bug")):
        with pytest.raises(type(err)), building(tmp_path / "out", "en"):
            raise err


@posix
def test_a_full_disk_while_sealing_publishes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    published(out, "one")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as sealing:
        sealing.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="no space"):
            published(out, "two")
    assert content(out) == "one"
    assert alone(out)


@posix
@pytest.mark.skipif(
    os.geteuid() != 0 if hasattr(os, "geteuid") else True, reason="needs root to mount"
)
def test_a_truly_full_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        published(disk / "out", "one")
        with (
            pytest.raises(OutputError, match="no space left"),
            building(disk / "out", "en") as more,
        ):
            (more.stage / "portfolio.xlsx").write_bytes(bytes(1 << 20))
        assert content(disk / "out") == "one"
        assert alone(disk / "out")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_an_unwritable_place_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *given: object, **more: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with (
        pytest.raises(OutputError, match="permission denied"),
        building(tmp_path / "out", "en"),
    ):
        pass


@posix
def test_a_mounted_folder_cannot_be_swapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    published(out, "one")

    def busy(path: Path, target: Path) -> Path:
        raise OSError(errno.EBUSY, "Device or resource busy", str(path))

    monkeypatch.setattr(Path, "rename", busy)
    with pytest.raises(OutputError, match="name a folder inside it"):
        published(out, "two")
    assert content(out) == "one"


def test_a_second_run_to_the_same_place_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with building(out, "en") as first:
        with (
            pytest.raises(OutputError, match="another run is publishing"),
            building(out, "en"),
        ):
            pass
        results(first.stage, "one")
        first.publish()
    assert content(out) == "one"
    assert alone(out)


def test_runs_read_side_by_side_and_clear_what_a_crash_left(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with spooling(out) as first:
        (first / "000001").write_bytes(b"a member of a parcel")
        left = first.with_name("consolidate-of-a-crash")
        fill(left, {"lock": "1", "000001": "a member of a parcel"})
        with spooling(out), building(out, "en"):
            assert (first / "000001").exists()
            assert not left.exists()
    assert list(tmp_path.iterdir()) == []
