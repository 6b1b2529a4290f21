"""Measure `consolidate watch`: 1,000 workbooks within a minute, and 10,000 deliveries.

    python -m benchmarks.intake                1,000 dense workbooks dropped within 60 s
    python -m benchmarks.intake --deliveries   10,000 small ones in waves: is memory flat?

Pin it with ``taskset -c 0,1`` to measure what two cores give.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import xlsxwriter

from benchmarks.make_corpus import make_corpus

_LOOK = 0.2
_WAIT = 1200.0


class Watch:
    """A watch of a folder, as a user starts it, and what can be seen of it from outside."""

    def __init__(self, folder: Path, after: int) -> None:
        self.inbox, self.home, self.out = (folder / n for n in ("in", "home", "out"))
        self.inbox.mkdir()
        self.home.mkdir()
        words = ["watch", "in", "-o", "out", "--remove", "--after", str(after)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "consolidate", *words],
            cwd=folder,
            env={**os.environ, "CONSOLIDATE_HOME": str(self.home)},
            stderr=(folder / "log").open("w"),
        )

    def received(self) -> int:
        """Return how many deliveries are in the journal."""
        return _count(self.home / "journal.jsonl", b'"event":"received"')

    def published(self) -> int:
        """Return how many workbooks the published month was made of."""
        try:
            run = json.loads((self.out / "run.json").read_bytes())
        except (OSError, ValueError):
            return 0
        return int(run["counts"]["workbooks"].get("consolidated", 0))

    def memory(self, field: str) -> int:
        """Return what the process holds now (``VmRSS``) or held at most (``VmHWM``), MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        (line,) = (text for text in status.splitlines() if text.startswith(field))
        return int(line.split()[1]) // 1024

    def until(self, is_so: Callable[[], bool]) -> float:
        """Wait, and return for how many seconds."""
        start = time.monotonic()
        while not is_so():
            if self.process.poll() is not None or time.monotonic() - start > _WAIT:
                raise SystemExit("the watch ended, or does not get there")
            time.sleep(_LOOK)
        return time.monotonic() - start


def _count(path: Path, what: bytes) -> int:
    try:
        return path.read_bytes().count(what)
    except OSError:
        return 0


@contextmanager
def watching(after: int) -> Iterator[Watch]:
    """Watch a folder for as long as the ``with`` lasts."""
    folder = Path(tempfile.mkdtemp(prefix="intake-"))
    watch = Watch(folder, after)
    try:
        yield watch
    finally:
        watch.process.terminate()
        watch.process.wait()
        shutil.rmtree(folder)


def load(count: int, seconds: float) -> None:
    """Drop workbooks at an even pace, and tell how long after the last all is done."""
    with tempfile.TemporaryDirectory() as made, watching(after=30) as watch:
        files = make_corpus(Path(made), count)
        start = time.monotonic()
        for number, path in enumerate(files, start=1):
            shutil.copyfile(path, watch.inbox / path.name)
            time.sleep(max(0, start + seconds * number / count - time.monotonic()))
        archived = watch.until(lambda: watch.received() >= count)
        done = archived + watch.until(lambda: watch.published() >= count)
        print(f"{count} workbooks dropped in {seconds:.0f} s")
        print(f"all archived           {archived:6.1f} s after the last")
        print(f"all published          {done:6.1f} s after the last")
        print(f"most memory, parent    {watch.memory('VmHWM'):6d} MiB")


def deliveries(count: int, managers: int, waves: int) -> None:
    """Deliver new versions of the same small workbooks, and tell the memory after each part."""
    each = count // waves
    with watching(after=2) as watch:
        for wave in range(waves):
            for number in range(each):
                path = watch.inbox / f"TdB_PRJ-{number % managers:03}_2026-09.xlsx"
                while path.exists():
                    time.sleep(_LOOK)
                _write(path, f"PRJ-{number % managers:03}", f"Lot {wave}-{number}")
            watch.until(lambda goal=(wave + 1) * each: watch.received() >= goal)  # type: ignore[misc]
            watch.until(lambda: watch.published() >= managers and not any(watch.inbox.iterdir()))  # fmt: skip
            print(f"{(wave + 1) * each:6d} deliveries {watch.memory('VmRSS'):5d} MiB", flush=True)  # fmt: skip


def _write(path: Path, project: str, milestone: str) -> None:
    """Write a small workbook beside, and move it in whole."""
    beside = path.parent.parent / path.name
    with xlsxwriter.Workbook(beside) as book:
        page = book.add_worksheet("Jalons")
        page.write_row(0, 0, ("Projet", "Jalon", "Échéance"))
        page.write_row(1, 0, (project, milestone, "31/12/2026"))
    beside.rename(path)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-n", "--number", type=int, help="workbooks, or deliveries")
    parser.add_argument("--deliveries", action="store_true", help="memory over many")
    asked = parser.parse_args()
    if asked.deliveries:
        deliveries(asked.number or 10_000, managers=50, waves=10)
    else:
        load(asked.number or 1000, seconds=60)


if __name__ == "__main__":
    main()
