"""The reader: a warm pool of confined workers, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self, TypeVar

from consolidate.model.delivery import Delivery, Failure
from consolidate.model.workbook import Extract
from consolidate.worker.cache import Cache
from consolidate.worker.confine import Limits
from consolidate.worker.launch import Launcher
from consolidate.worker.pool import Pool, Progress, Run
from consolidate.worker.reading import Settings, Task, prepare, read_delivery, read_one
from consolidate.worker.task import Budget

T = TypeVar("T")
R = TypeVar("R")


class Reader:
    """A pool of confined worker processes, warm for as long as the ``with`` lasts.

    Example::

        with Reader(jobs=4) as reader:
            for delivery, extract in reader.read_all(deliveries):
                ...
    """

    def __init__(
        self,
        *,
        jobs: int,
        limits: Limits | None = None,
        context: str | None = None,
        settings: Settings | None = None,
        task: Task = read_delivery,
        cache: Cache | None = None,
    ) -> None:
        """Prepare the pool.

        Args:
            jobs: Workbooks read at the same time.
            limits: What one file may cost.
            context: ``forkserver``, ``spawn`` or ``fork``; the platform's best if None.
            settings: What every reading needs to know.
            task: What is done with each workbook, found again by its module and name.
            cache: Extracts of workbooks that were read before; they are not read again.
        """
        self._cache = cache
        self.limits = limits or Limits()
        given = (self.limits, task, settings or Settings())
        self._pool = Pool(jobs, Launcher(context), prepare, given)

    def __enter__(self) -> Self:
        """Start the workers in the background."""
        self._pool.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the workers at once, whatever they do."""
        self._pool.stop()

    @property
    def cpu_seconds(self) -> float:
        """Processor time the workers spent on what they were asked."""
        return self._pool.cpu_seconds

    def read_all(
        self, deliveries: Iterable[Delivery], progress: Progress | None = None
    ) -> Iterator[tuple[Delivery, Extract | Failure]]:
        """Yield each delivery with its extract, or with why there is none, in order.

        Args:
            deliveries: Workbooks to read; those with a ``state`` are passed over.
            progress: Told of each workbook done, in the order they finish.
        """
        waiting = [d for d in deliveries if not d.state]
        known = self._known(waiting)
        unread = [d for d in waiting if d.name not in known]
        budget = Budget(self.limits.seconds, 0, self.limits.result_bytes)
        keep = self._cache.keep if self._cache else _forget
        results = iter(Run(self._pool, read_one, unread, budget, progress, keep))
        for delivery in waiting:
            found = known.pop(delivery.name, None)
            yield delivery, next(results) if found is None else found

    def _known(self, waiting: Iterable[Delivery]) -> dict[str, Extract]:
        """Return what is known of workbooks that were read before, by their names."""
        cache = self._cache
        if cache is None:
            return {}
        found = ((d.name, cache.find(d)) for d in waiting)
        return {name: extract for name, extract in found if extract is not None}

    def map(
        self, function: Callable[[T], R], items: Sequence[T]
    ) -> Iterator[R | Failure]:
        """Yield what a function gives for each item in a worker, in order.

        Args:
            function: Found again by its module and name; it may write files.
            items: Its arguments.
        """
        limits = self.limits
        budget = Budget(limits.parcel_seconds, limits.file_bytes, limits.result_bytes)
        return iter(Run(self._pool, function, items, budget, None))


def _forget(delivery: Delivery, packed: bytes) -> None:
    """Keep nothing of a workbook that was read."""
