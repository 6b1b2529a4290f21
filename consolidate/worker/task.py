"""One task of a worker: run it within its budget and reply, whatever it raises."""

from __future__ import annotations

import gc
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from consolidate.model.delivery import Failure
from consolidate.model.error import UnreadableWorkbookError
from consolidate.worker.confine import begin
from consolidate.worker.packing import pack

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Budget:
    """What one task may cost.

    Attributes:
        seconds: Time, on the clock and of the processor.
        file_bytes: Largest file it may write.
        result_bytes: Largest result it may send back.
    """

    seconds: float
    file_bytes: int
    result_bytes: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What crosses the pipe: the result, pickled in the worker, or the failure."""

    body: bytes | Failure
    cpu_seconds: float


def confined(function: Callable[[T], object], item: T, budget: Budget) -> Reply:
    """Run a function on an item, in a worker, and reply."""
    started = time.process_time()
    begin(budget.seconds, budget.file_bytes)
    gc.disable()  # thousands of cells live until the end: looking them over is for nothing
    body: bytes | Failure
    try:
        packed = pack(function(item))
        body = packed
        if len(packed) > budget.result_bytes:
            body = Failure("too-large", f"result of {len(packed)} bytes")
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as err:  # a reader's panic is no Exception
        body = _failure(err)
    gc.enable()
    gc.collect()
    gc.freeze()  # what is left are caches that stay: not to be looked over again
    return Reply(body, time.process_time() - started)


def _failure(err: BaseException) -> Failure:
    """Return why an error costs the file; its text stays here, it may quote a cell."""
    if isinstance(err, UnreadableWorkbookError):
        return Failure(err.reason, err.detail)
    if isinstance(err, MemoryError):
        return Failure("too-large", "memory")
    if isinstance(err, RecursionError) or not isinstance(err, Exception):
        return Failure("damaged", type(err).__name__)
    frames = "".join(traceback.format_tb(err.__traceback__))
    return Failure("internal-error", f"{type(err).__name__}\n{frames}")
