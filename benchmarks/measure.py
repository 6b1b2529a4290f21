"""Measure a process and all that it starts: CPU, wall time, memory."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.05
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process tree cost.

    Attributes:
        cpu: User and system seconds of the process and all its descendants.
        wall: Seconds.
        rss: MiB: the parent's peak until then plus what its live workers hold, at the
            worst moment; pages they share are counted in each.
        pss: MiB: the most the tree held at once, a shared page counted once.
        status: Exit status.
        output: Its standard output.
    """

    cpu: float
    wall: float
    rss: float
    pss: float
    status: int
    output: str


def adopt_orphans() -> None:
    """Have this process inherit its descendants' orphans, so that their CPU counts.

    A fork server or a spawned helper may outlive the process that started it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def measure(command: Sequence[str], env: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end, and return what it cost."""
    before = _children_cpu()
    start = time.perf_counter()
    environ = {**os.environ, **(env or {})}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environ
    ) as process:
        sampler = _Sampler(process.pid)
        sampler.start()
        output, _ = process.communicate()
        wall = time.perf_counter() - start
        sampler.stop()
    _reap()
    cpu = _children_cpu() - before
    return Cost(cpu, wall, sampler.rss, sampler.pss, process.returncode, output)


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _reap() -> None:
    """Wait for adopted processes, which are on their way out."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


class _Sampler(threading.Thread):
    """Watch the memory of a process tree until told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._done = threading.Event()
        self.rss = self.pss = 0.0

    def run(self) -> None:
        """Sample; proportional sizes are dearer to read, so once in four times."""
        turn = 0
        while not self._done.wait(_EVERY):
            tree = _descendants(self._pid)
            workers = sum(_status(p, "VmRSS") for p in tree)
            self.rss = max(self.rss, _status(self._pid, "VmHWM") + workers)
            if turn % 4 == 0:
                self.pss = max(self.pss, sum(map(_pss, (self._pid, *tree))))
            turn += 1

    def stop(self) -> None:
        """Stop, and wait for the last sample."""
        self._done.set()
        self.join()


def _descendants(pid: int) -> list[int]:
    found = []
    with contextlib.suppress(OSError, ValueError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *_descendants(child)]
    return found


def _status(pid: int, key: str) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(key):
                return int(line.split()[1]) / 1024
    return 0.0


def _pss(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
