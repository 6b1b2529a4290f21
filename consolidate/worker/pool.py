"""A pool of worker processes that outlives whatever its tasks do to them."""

from __future__ import annotations

import logging
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as TaskTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

from pebble import ProcessExpired, ProcessPool

from consolidate.model.delivery import Failure
from consolidate.model.error import ConsolidateError
from consolidate.worker.confine import EXIT_MEMORY
from consolidate.worker.launch import Launcher
from consolidate.worker.packing import unpack
from consolidate.worker.task import Budget, Reply, confined

logger = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")
Progress: TypeAlias = Callable[[int, int, str], None]
"""Called with how many are done, of how many, and the name of the last."""

_KILLED = -getattr(signal, "SIGKILL", 9)
_OUT_OF_TIME = -getattr(signal, "SIGXCPU", 24)
_TICK = 0.5
_MOST_RESTARTS = 4
_PATIENCE = 30.0
"""Longest silence of the pool beyond the time of one task before it is started over."""


class Pool:
    """Worker processes, started in the background and stopped at once.

    Attributes:
        cpu_seconds: Processor time the workers spent on tasks.
    """

    def __init__(
        self,
        jobs: int,
        launcher: Launcher,
        initializer: Callable[..., None],
        given: tuple[Any, ...],
    ) -> None:
        """Prepare the pool; ``initializer`` makes a process a worker, with ``given``."""
        self.cpu_seconds = 0.0
        self._jobs = jobs
        self._launcher = launcher
        self._initializer = initializer
        self._given = given
        self._processes: ProcessPool | None = None
        self._waking: threading.Thread | None = None
        self._restarts = 0

    def start(self) -> None:
        """Start the workers; the caller goes on meanwhile."""
        self._launcher.open()
        self._processes = ProcessPool(
            max_workers=self._jobs,
            initializer=self._initializer,
            initargs=self._given,
            context=self._launcher,
        )
        if self._launcher.method != "fork":
            given = (self._processes,)
            self._waking = threading.Thread(target=_wake, args=given, daemon=True)
            self._waking.start()

    def stop(self) -> None:
        """End the workers, whatever they do."""
        processes, self._processes = self._processes, None
        if self._waking is not None:
            self._waking.join()
            self._waking = None
        if processes is not None:
            processes.stop()  # type: ignore[no-untyped-call]
            processes.join()
        self._launcher.close()

    def restart(self) -> None:
        """Start over with new workers, the old ones ended.

        Raises:
            ConsolidateError: Workers do not live here, whatever they read.
        """
        self._restarts += 1
        if self._restarts > _MOST_RESTARTS:
            raise ConsolidateError(
                "The processes that read workbooks end as soon as they start: "
                "check the installation and the free memory."
            )
        logger.debug("starting the workers over (%d)", self._restarts)
        self.stop()
        self.start()

    def submit(self, job: partial[Reply], seconds: float) -> Future[Reply]:
        """Hand a job to the next free worker.

        Raises:
            BrokenProcessPool: The pool has to be restarted.
        """
        assert self._processes is not None
        try:
            future: Future[Reply] = self._processes.schedule(job, timeout=seconds)
        except RuntimeError as err:
            raise BrokenProcessPool(str(err)) from err
        return future


class Run(Generic[T, R]):
    """One pass over items: sent to the pool, settled as they end, given in order."""

    def __init__(
        self,
        pool: Pool,
        function: Callable[[T], R],
        items: Sequence[T],
        budget: Budget,
        progress: Progress | None,
        packed: Callable[[T, bytes], None] = lambda *_: None,
    ) -> None:
        """Prepare a pass.

        Args:
            pool: Where items are handed to.
            function: What is done with each.
            items: Its arguments.
            budget: What one may cost.
            progress: Told of each item that ends.
            packed: Told of each result as it came, packed, before it is given.
        """
        self._packed = packed
        self._items = items
        self._pool = pool
        self._jobs = [partial(confined, function, item, budget) for item in items]
        self._names = [str(getattr(item, "name", "")) for item in items]
        self._seconds = budget.seconds
        self._progress = progress
        self._round = 0
        self._retried: set[int] = set()
        self._waiting: dict[int, Future[Reply]] = {}
        self._settled: dict[int, bytes | Failure] = {}
        self._ended: queue.SimpleQueue[tuple[int, int]] = queue.SimpleQueue()

    def __iter__(self) -> Iterator[R | Failure]:
        """Yield each result in the order of the items, as soon as its turn has come."""
        self._submit(range(len(self._jobs)))
        for index in range(len(self._jobs)):
            while index not in self._settled:
                self._wait()
            settled = self._settled.pop(index)
            if isinstance(settled, Failure):
                yield settled
                continue
            try:
                made: R | Failure = unpack(settled)
            except Exception:  # not what our own code packs
                logger.debug("%s: no values came back", self._names[index])
                made = Failure("damaged", "no values")
            else:
                self._packed(self._items[index], settled)
            yield made

    def _submit(self, indices: Iterable[int]) -> None:
        wanted = list(indices)
        try:
            for index in wanted:
                future = self._pool.submit(self._jobs[index], self._seconds)
                self._waiting[index] = future
                future.add_done_callback(partial(self._end, self._round, index))
        except BrokenProcessPool:
            self._start_over(wanted)

    def _end(self, of_round: int, index: int, _: Future[Reply]) -> None:
        self._ended.put((of_round, index))

    def _wait(self) -> None:
        """Wait for one more to end; a pool that gives nothing for long is started over."""
        patience = time.monotonic() + self._seconds + _PATIENCE
        while True:
            try:
                # A short wait, for Windows hears no Ctrl-C in a long one.
                of_round, index = self._ended.get(timeout=_TICK)
            except queue.Empty:
                if time.monotonic() < patience:
                    continue
                self._start_over(self._waiting)
                return
            if of_round == self._round:
                self._settle(index, self._waiting.pop(index))
                return

    def _settle(self, index: int, future: Future[Reply]) -> None:
        name = self._names[index]
        try:
            reply = future.result()
        except (BrokenProcessPool, CancelledError):
            self._start_over([index, *self._waiting])
            return
        except ProcessExpired as err:
            if err.exitcode == _KILLED and index not in self._retried:
                # Somebody short of memory ended it; another file may have been the cause.
                self._retried.add(index)
                self._submit([index])
                return
            settled: bytes | Failure = _expired(err.exitcode)
        except TaskTimeoutError:
            settled = Failure("too-slow")
        else:
            settled = reply.body
            self._pool.cpu_seconds += reply.cpu_seconds
        if isinstance(settled, Failure):
            logger.debug("%s: %s %s", name, settled.reason, settled.detail)
        self._settled[index] = settled
        if self._progress is not None:
            done = len(self._jobs) - len(self._waiting)
            self._progress(done, len(self._jobs), name)

    def _start_over(self, indices: Iterable[int]) -> None:
        wanted = sorted({*indices, *self._waiting})
        self._waiting.clear()
        self._round += 1
        self._pool.restart()
        self._submit(wanted)


def _expired(exitcode: int) -> Failure:
    """Return what the death of a worker says of the file it was reading."""
    detail = f"exit status {exitcode}"
    if exitcode in {EXIT_MEMORY, _KILLED}:
        return Failure("too-large", detail)
    if exitcode == _OUT_OF_TIME:
        return Failure("too-slow", detail)
    return Failure("damaged", detail)


def _wake(pool: ProcessPool) -> None:
    """Start the workers while the caller gets ready; a failure shows at the first task."""
    with suppress(Exception):
        _ = pool.active
