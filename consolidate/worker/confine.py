"""Confine a worker process: memory, time, files; nothing to say, nothing to start."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from consolidate.worker.seccomp import refuse_calls

EXIT_MEMORY = 77
"""Exit status of a worker that its own watch ended for the memory it took."""

_POLL = 0.05
_PR_SET_NO_NEW_PRIVS = 38
_NEEDED = frozenset(
    {
        *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TEMP", "TMP"),
        *("SYSTEMROOT", "WINDIR", "PYTHONPATH", "PYTHONHASHSEED", "LD_LIBRARY_PATH"),
    }
)
"""Variables that a worker keeps; none of ours, which may hold passwords."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost.

    Attributes:
        memory: Bytes a worker may take on top of what it takes when idle.
        seconds: Time for one file, on the clock; the processor's time is held to it too.
        file_bytes: Largest file or member of a parcel.
        parcel_seconds: Time for opening one parcel.
        result_bytes: Largest extract accepted from a worker.
    """

    memory: int = 1 << 30
    seconds: float = 20.0
    file_bytes: int = 100 * 2**20
    parcel_seconds: float = 60.0
    result_bytes: int = 256 * 2**20


def confine(limits: Limits) -> None:
    """Confine this process, once, before it touches a received file."""
    _forget_environment()
    os.environ["RUST_BACKTRACE"] = "0"
    _silence()
    faulthandler.disable()
    # A worker stuck in a library's loop would never run a handler written in Python.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        stay_unprivileged()
        refuse_calls()
        _limit_memory(limits.memory)
    else:
        # macOS does not hold RLIMIT_AS, and Windows has none.
        ceiling = resident_bytes() + limits.memory
        threading.Thread(target=_watch, args=(ceiling,), daemon=True).start()
    if sys.platform != "win32":
        _limit_the_rest()


def begin(seconds: float, file_bytes: int) -> None:
    """Give this process the processor time and file size of its next task."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 (no such module on Windows)

    allowed = int(time.process_time() + seconds) + 2
    _soft(resource.RLIMIT_CPU, allowed)
    _soft(resource.RLIMIT_FSIZE, file_bytes)


def resident_bytes() -> int:
    """Return the memory this process holds; its peak where only that is known."""
    if sys.platform == "win32":
        size = _working_set()
    elif sys.platform == "linux":
        size = _statm(1)
    else:
        import resource  # noqa: PLC0415

        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size


def _forget_environment() -> None:
    """Leave what may hold a password to those who are not confined."""
    for name in set(os.environ) - _NEEDED:
        del os.environ[name]


def stay_unprivileged() -> None:
    """Have no program started from here gain rights by being ``setuid``."""
    import ctypes  # noqa: PLC0415

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _silence() -> None:
    """Send what libraries print in their death to nowhere: it could quote a cell."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _limit_memory(memory: int) -> None:
    import resource  # noqa: PLC0415

    size = _statm(0) + memory
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _limit_the_rest() -> None:
    import resource  # noqa: PLC0415

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, ValueError, AttributeError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _soft(kind: int, value: int) -> None:
    import resource  # noqa: PLC0415

    with suppress(OSError, ValueError):
        _, hard = resource.getrlimit(kind)
        soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (soft, hard))


def _statm(column: int) -> int:
    """Return a size of this process: 0 its address space, 1 what is in memory."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 (no pathlib here)
        return int(file.read().split()[column]) * os.sysconf("SC_PAGE_SIZE")


def _watch(ceiling: int) -> None:
    while resident_bytes() < ceiling:
        time.sleep(_POLL)
    os._exit(EXIT_MEMORY)


def _working_set() -> int:
    """Return the working set of this process, as Windows tells it."""
    import ctypes  # noqa: PLC0415
    from ctypes import wintypes  # noqa: PLC0415

    class Counters(ctypes.Structure):
        _fields_ = [
            ("cb", wintypes.DWORD),
            ("page_fault_count", wintypes.DWORD),
            ("peak_working_set", ctypes.c_size_t),
            ("working_set", ctypes.c_size_t),
            ("quota_peak_paged_pool", ctypes.c_size_t),
            ("quota_paged_pool", ctypes.c_size_t),
            ("quota_peak_nonpaged_pool", ctypes.c_size_t),
            ("quota_nonpaged_pool", ctypes.c_size_t),
            ("pagefile", ctypes.c_size_t),
            ("peak_pagefile", ctypes.c_size_t),
        ]

    counters = Counters(cb=ctypes.sizeof(Counters))
    windll = ctypes.windll  # type: ignore[attr-defined,unused-ignore]
    process = windll.kernel32.GetCurrentProcess
    process.restype = wintypes.HANDLE
    measure = windll.psapi.GetProcessMemoryInfo
    measure.argtypes = [wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD]
    if not measure(process(), ctypes.byref(counters), counters.cb):
        return 0
    # Commit, not only what is in memory: paging would hide a file that eats it all.
    return max(int(counters.working_set), int(counters.pagefile))
