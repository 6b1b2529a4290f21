"""A world in which the real program is killed, or refused, at any step that reaches the disk.

``strace`` lets a system call fail, or kills the process as it makes it. A scenario is run
once in peace to learn its steps; then once for each step that shall go wrong.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from test_hostile_run import milestones

from consolidate.intake import Mailroom
from consolidate.verify import Checked, verify

CALLS = (
    *("write", "pwrite64", "ftruncate", "fsync", "fdatasync", "flock"),
    *("rename", "unlink", "unlinkat", "mkdir", "rmdir", "chmod", "link"),
)
"""System calls that change what is on the disk, or say that it is there."""

KILL = "signal=KILL"
ERRORS = ("error=ENOSPC", "error=EIO", "error=EACCES")
_LINE = re.compile(r"^(\w+)\((.*)")
_WAIT = 120


@dataclass(frozen=True)
class Step:
    """One system call: the n-th of its name in the whole run, and what it is about."""

    call: str
    number: int
    about: str


@dataclass(frozen=True)
class Scenario:
    """What is done, after which the last month is published and the inbox is safe.

    Attributes:
        words: Of the command.
        is_emptied: Whether it takes the files out of the inbox.
    """

    words: Sequence[str]
    is_emptied: bool = False


HAND = Scenario(("run", "in", "-o", "out", "--period", "2026-10", "-q"))
WATCH = Scenario(("watch", "in", "-o", "out", "--once", "--remove"), is_emptied=True)
FILES: Mapping[str, bytes] = {
    "old.xlsx": milestones("Recette"),
    "new.xlsx": milestones("Bascule", "Formation"),
}


@dataclass(frozen=True)
class Ended:
    """How a process ended, and what it told; whether it or its workers had to be ended."""

    code: int
    told: str
    is_stuck: bool

    def troubles(self) -> list[str]:
        """Return what a user should never see; who is killed has nothing to say."""
        said = self.told if self.code != -signal.SIGKILL else ""
        bad = self.is_stuck or "Traceback" in said or "unforeseen" in said
        return [f"ended with {self.code}: {self.told[-2000:]}"] if bad else []


def ended(process: subprocess.Popen[str]) -> Ended:
    """Wait for a process and for its workers, which hold its standard error as well."""
    try:
        _, told = process.communicate(timeout=_WAIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        _, told = process.communicate()
        return Ended(process.returncode, told, is_stuck=True)
    return Ended(process.returncode, told, is_stuck=False)


class Place:
    """A folder with an inbox, a state home and results, as the scenario finds them."""

    def __init__(self, folder: Path, scenario: Scenario, start: Path | None) -> None:
        self.folder = folder
        self.scenario = scenario
        self.inbox, self.home, self.out = (folder / n for n in ("in", "home", "out"))
        if start is not None:
            shutil.copytree(start, folder, symlinks=True)
            return
        self.inbox.mkdir(parents=True)
        self.home.mkdir()

    def drop(self, *names: str) -> None:
        """Put files into the inbox; they have lain there for an hour."""
        for name in names:
            path = self.inbox / name
            path.write_bytes(FILES[name])
            os.utime(path, (1_790_000_000, 1_790_000_000))

    def go(self, *before: str) -> Ended:
        """Run the scenario's command."""
        return ended(self.start(self.scenario.words, *before))

    def start(self, words: Sequence[str], *before: str) -> subprocess.Popen[str]:
        """Start a command of the program in this place."""
        env = {**os.environ, "CONSOLIDATE_HOME": str(self.home)}
        return subprocess.Popen(
            [*before, sys.executable, "-m", "consolidate", *words],
            cwd=self.folder,
            env=env | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def published(self) -> dict[str, bytes]:
        """Return the published files and their bytes."""
        paths = (p for p in self.out.rglob("*") if p.is_file())
        return {p.relative_to(self.out).as_posix(): p.read_bytes() for p in paths}

    def kept(self) -> set[str]:
        """Return the names of the files that are in the inbox or in the archive."""
        archived = {p.name for p in self.home.glob("archive/??/*")}
        hashes = {n: hashlib.sha256(data).hexdigest() for n, data in FILES.items()}
        there = {p.name for p in self.inbox.iterdir()}
        return {n for n, sha in hashes.items() if sha in archived or n in there}

    def stands(self) -> list[tuple[str, str, str]]:
        """Return the name, state and reason of every delivery."""
        items = Mailroom(self.home).ledger()
        return sorted((i.name, i.state, i.reason) for i in items)

    def unsound(self) -> list[str]:
        """Return what of the journal, the archive, the store or OUT is not as written."""
        store = self.home / "portfolio.db"
        found = verify(self.home, store, [self.out], "en", Checked())
        return [fault.told for fault in found if fault.is_grave]

    def age(self) -> None:
        """Let two hours go by for what was left half-written."""
        for path in self.home.rglob(".*.tmp"):
            os.utime(path, (time.time() - 7200,) * 2)

    def litter(self) -> list[str]:
        """Return what no run should leave behind.

        The place beside OUT is cleared by whoever publishes next: a watch that found
        everything published did not.
        """
        found = [p.name for p in self.home.rglob("*") if _is_litter(p.name)]
        if not self.scenario.is_emptied:
            found += [p.name for p in self.folder.glob(".*")]
        return found


def _is_litter(name: str) -> bool:
    return name.endswith((".tmp", "-journal"))


def steps_of(place: Place) -> list[Step]:
    """Run the scenario in peace and return its steps inside the place, in their order."""
    trace = place.folder / "trace"
    calls = ",".join(CALLS)
    done = place.go("strace", "-qq", "-y", "-o", str(trace), "-e", f"trace={calls}")
    assert (done.code, done.troubles()) == (0, [])
    seen: Counter[str] = Counter()
    steps = []
    for line in trace.read_text(errors="replace").splitlines():
        if match := _LINE.match(line):
            call, about = match.groups()
            seen[call] += 1
            if str(place.folder) in about:
                told = about.replace(f"{place.folder}/", "")[:120]
                steps.append(Step(call, seen[call], told))
    trace.unlink()
    return steps


def at_step(step: Step, happens: str) -> tuple[str, ...]:
    """Return the command that lets it happen at a step of the one that follows."""
    inject = f"inject={step.call}:{happens}:when={step.number}"
    return ("strace", "-qq", "-o", os.devnull, "-e", f"trace={step.call}", "-e", inject)


def troubles(
    place: Place, step: Step, happens: str, whole: Sequence[Mapping[str, bytes]]
) -> list[str]:
    """Let it happen at a step, run the command again in peace, and return what is wrong.

    Args:
        place: As the scenario finds it.
        step: Where it happens.
        happens: What does.
        whole: What may be published in between; the last of them, in the end.
    """
    done = place.go(*at_step(step, happens))
    found = done.troubles()
    if happens != KILL and done.code < 0:
        found.append(f"killed by {-done.code}")
    if place.published() not in (*whole, {}):
        found.append("published by halves")
    if missing := set(FILES) - place.kept():
        found.append(f"lost {missing}")
    place.age()
    again = place.go()
    if again.code != 0:
        found.append(f"then ended with {again.code}: {again.told}")
    found += again.troubles()
    if place.published() != whole[-1]:
        found.append("then published otherwise")
    if left := place.litter():
        found.append(f"then left {left}")
    return [f"{happens} at {step}: {text}" for text in found + place.unsound()]
