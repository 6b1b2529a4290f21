"""What is believed of a worker: values, and nothing that runs.

A reader's flaw may let a file run code in its worker. What the worker sends is unpacked
here by names: dates, arrays, and the data classes, tuples and enums of this program;
anything else ends the pool, and not this process's safety.
"""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Callable
from dataclasses import is_dataclass
from enum import Enum
from multiprocessing.connection import Connection
from typing import Any

_OURS = frozenset({"consolidate", "pebble"})
_PLAIN = frozenset(
    {
        *(("datetime", n) for n in ("date", "datetime", "time", "timedelta", "timezone")),
        *(("array", n) for n in ("array", "_array_reconstructor")),
        *(("pathlib", n) for n in ("PosixPath", "WindowsPath", "PurePosixPath", "Path")),
        ("pathlib._local", "PosixPath"),
        ("pathlib._local", "WindowsPath"),
        ("decimal", "Decimal"),
        ("consolidate.worker.packing", "_rebuilt"),
        ("pebble.common.types", "RemoteException.rebuild_exception"),
    }
)  # fmt: skip
"""Classes and recipes, by module and name; the recipes only make values."""


def loads(data: bytes | memoryview) -> Any:
    """Return the values that a worker packed.

    Raises:
        pickle.PicklingError: Something else than values is in it.
    """
    return _Values(io.BytesIO(data)).load()


class _Values(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Return a class or recipe that values may be made of.

        Raises:
            pickle.PicklingError: It may not.
        """
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if (module, name) == ("builtins", "getattr"):
            return _member
        root = module.partition(".")[0]
        if root in _OURS or module == "builtins":
            found = super().find_class(module, name)
            if (
                isinstance(found, type)
                and found.__module__ == module
                and _is_value(found)
            ):
                return found
        raise pickle.PicklingError(f"no value: {module}.{name}")


def _member(kind: object, name: str) -> Enum:
    """Return a member of an enum: some versions of Python pack them as an attribute."""
    if isinstance(kind, type) and issubclass(kind, Enum) and name in kind.__members__:
        return kind[name]
    raise pickle.PicklingError(f"no member: {name}")


def _is_value(kind: type) -> bool:
    """Whether making one of a class does nothing but hold what it is given."""
    if kind.__module__ == "builtins":
        return issubclass(kind, BaseException)
    return is_dataclass(kind) or issubclass(kind, Enum | tuple)


def guarded(reader: Connection) -> Connection:
    """Return the end of a pipe, that believes values alone in this very process.

    A worker that inherits it, or is handed it, reads its tasks as ever.
    """
    here, plain = os.getpid(), reader.recv

    def recv() -> Any:
        return loads(reader.recv_bytes()) if os.getpid() == here else plain()

    given: Callable[[], Any] = recv
    reader.recv = given  # type: ignore[method-assign]
    return reader
