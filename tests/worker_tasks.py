"""What test workers are asked to do: each a way a workbook can treat its reader."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from consolidate.intake.parcels import Parcel
from consolidate.model.delivery import Delivery
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.workbook import Extract
from consolidate.worker.reading import Settings


class Panic(BaseException):
    """Stands for the panic of a reader written in Rust: no ``Exception``."""


def behave(delivery: Delivery, data: bytes, settings: Settings) -> Extract:
    """Do what the content says; answer with the content for a name."""
    _DEEDS.get(data.decode(), _nothing)()
    if data == b"die once":
        _die_once(Path(settings.layouts[0]))
    return Extract(delivery.name, data.decode())


def still_copied(delivery: Delivery, data: bytes, settings: Settings) -> Extract:
    """Find a workbook damaged, written anew meanwhile if its content says so."""
    assert delivery.path
    if data == b"half":
        os.truncate(delivery.path, 1)
    raise UnreadableWorkbookError("damaged")


def modules(delivery: Delivery, data: bytes, settings: Settings) -> list[str]:
    """Answer with the modules a worker has loaded."""
    return sorted(sys.modules)


def streams(delivery: Delivery, data: bytes, settings: Settings) -> str:
    """Write where no worker may, and answer with what it could read."""
    os.write(1, b"on stdout")
    os.write(2, b"on stderr")
    return sys.stdin.read() if sys.stdin else ""


def probe(delivery: Delivery, data: bytes, settings: Settings) -> list[str]:
    """Try what a worker that was taken over would, and answer with what was let through."""
    assert delivery.path
    mark, target = delivery.path, delivery.path.with_suffix(".moved")
    tries: dict[str, Callable[[], object]] = {
        "reach the network": socket.socket,
        "start a program": lambda: os.execv("/bin/true", ["true"]),
        "end its parent": lambda: os.kill(os.getppid(), 0),
        "move": lambda: mark.rename(target),
        "link": lambda: target.symlink_to(mark),
        "open to others": lambda: mark.chmod(0o777),
        "write": lambda: target.write_bytes(b"x"),
    }
    through = []
    for name, does in tries.items():
        with suppress(OSError):
            does()
            through.append(name)
    return through


def unpicklable(delivery: Delivery, data: bytes, settings: Settings) -> object:
    """Answer with what cannot cross the pipe."""
    return lambda: None


def main_program(delivery: Delivery, data: bytes, settings: Settings) -> object:
    """Answer whether the main program of the tests was imported into the worker."""
    return hasattr(sys.modules["__main__"], "deliver")


def write(parcel: Parcel) -> int:
    """Write a file of the size the parcel says."""
    return (parcel.spool / "x").write_bytes(bytes(parcel.delivery.size))


def raise_code(reason: str) -> str:
    """Answer with a word, or fail for the reason it is."""
    if reason != "fine":
        raise UnreadableWorkbookError(reason, "of a test")
    return reason


def _nothing() -> None: ...


def _hang() -> None:
    while True:
        pass


def _eat() -> None:
    hoard = []
    while True:
        hoard.append(bytearray(16 << 20))


def _work() -> None:
    started = time.process_time()
    while time.process_time() < started + 0.03:
        pass


def _raise(error: BaseException) -> None:
    raise error


def _recurse() -> None:
    _recurse()


def _kill() -> None:
    signal.raise_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)


def _die_once(mark: Path) -> None:
    if not mark.exists():
        mark.touch()
        _kill()


_DEEDS = {
    "hang": _hang,
    "abort": os.abort,
    "eat": _eat,
    "kill": _kill,
    "work": _work,
    "recurse": _recurse,
    "panic": lambda: _raise(Panic("cell" + " content")),
    "bug": lambda: _raise(ValueError("cell" + " content")),
    "encrypted": lambda: _raise(UnreadableWorkbookError("encrypted", "OLE")),
    "memory": lambda: _raise(MemoryError()),
}
