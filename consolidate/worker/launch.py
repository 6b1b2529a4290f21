"""Start worker processes lightly: from a warm server where there is one.

Python starts a process of the ``spawn`` and ``forkserver`` kinds by importing the main
program into it. A worker needs none of that, and a script without the customary
``if __name__ == "__main__"`` would start itself over: workers are started as if the main
program were empty.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.context as contexts
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.synchronize import RLock
from pathlib import Path
from types import ModuleType
from typing import Any

from consolidate.worker.believed import guarded

PRELOADED = ["consolidate.worker.warm"]

_main = threading.Lock()


class _Spawned(contexts.SpawnProcess):
    """A process of the ``spawn`` kind that does not import the main program."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 (named by multiprocessing)
        with _no_main_program(), _muted():
            return contexts.SpawnProcess._Popen(process_obj)  # noqa: SLF001


if sys.platform != "win32":

    class _Served(contexts.ForkServerProcess):
        """A process forked from the warm server, without the main program."""

        @staticmethod
        def _Popen(process_obj: Any) -> Any:  # noqa: N802
            with _no_main_program():
                return contexts.ForkServerProcess._Popen(process_obj)  # noqa: SLF001


class Launcher:
    """The part of a multiprocessing context that a pool needs.

    Attributes:
        method: ``forkserver``, ``spawn`` or ``fork``.
    """

    def __init__(self, method: str | None = None) -> None:
        """Choose the start method: given, of the environment, else the platform's best."""
        known = multiprocessing.get_all_start_methods()
        best = "forkserver" if "forkserver" in known else "spawn"
        self.method = method or os.environ.get("CONSOLIDATE_START_METHOD") or best
        self._context = multiprocessing.get_context(self.method)
        self._serves = False

    def Process(self, **given: Any) -> Any:  # noqa: N802
        """Return a process, not yet started."""
        if self.method == "spawn":
            return _Spawned(**given)
        if sys.platform != "win32" and self.method == "forkserver":
            return _Served(**given)
        return self._context.Process(**given)  # type: ignore[attr-defined]

    def Pipe(self, duplex: bool = True) -> tuple[Connection, Connection]:  # noqa: N802
        """Return the two ends of a pipe; values alone come out of the first, here."""
        reader, writer = self._context.Pipe(duplex)
        return guarded(reader), writer  # type: ignore[arg-type,return-value,unused-ignore]

    def RLock(self) -> RLock:  # noqa: N802
        """Return a lock that processes share."""
        return self._context.RLock()

    def get_start_method(self) -> str:
        """Return the start method."""
        return self.method

    def open(self) -> None:
        """Have the server load what workers need before the first is forked."""
        if self.method == "forkserver" and _server_pid() is None:
            multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
            self._serves = True

    def close(self) -> None:
        """End the server, if it was started for us and no worker lives.

        Waiting for it gives its memory back and its processor time, with that of the
        workers, to this process's account of its children.
        """
        if self._serves:
            self._serves = False
            _stop_server()


@contextmanager
def _no_main_program() -> Iterator[None]:
    with _main:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


@contextmanager
def _muted() -> Iterator[None]:
    """Give what is started meanwhile no error stream.

    An interpreter that is interrupted while it loads prints where it was.
    """
    try:
        kept = os.dup(2)
    except OSError:  # there is none to give
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _server_pid() -> int | None:
    server = _server()
    pid = getattr(server, "_forkserver_pid", None)
    return pid if isinstance(pid, int) else None


def _stop_server() -> None:
    # Not a public name, but the only way; without it the server ends with this process.
    stop = getattr(_server(), "_stop", None)
    if stop is not None:
        stop()


def _server() -> object:
    from multiprocessing import forkserver  # noqa: PLC0415 (POSIX only)

    return getattr(forkserver, "_forkserver", None)
