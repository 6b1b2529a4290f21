"""What was understood of workbooks that did not change: not read again.

A result is found by what it depends on: the workbook's bytes and name, and all that
decides how workbooks are understood. An entry that is not what was written is as good as
none. What is unpacked may be made of the model's values and nothing else: the state home
is the PMO's own, and still no file in it is to run as a program.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import pickle
from contextlib import suppress
from pathlib import Path
from typing import Any

from consolidate.collector import paused
from consolidate.model import disk
from consolidate.model.delivery import Delivery
from consolidate.model.workbook import Extract

logger = logging.getLogger(__name__)

MOST_BYTES = 512 << 20
_DIGEST = hashlib.sha256().digest_size
_VALUES = frozenset(
    {
        *(("consolidate.model.workbook", n) for n in ("Cells", "Column", "Region")),
        *(("consolidate.model.finding", n) for n in ("CellRef", "Finding", "Severity")),
        ("consolidate.model.address", "Box"),
        ("consolidate.model.coded", "Coded"),
        ("consolidate.worker.packing", "_rebuilt"),
        *(("datetime", n) for n in ("date", "datetime", "time", "timedelta")),
        *(("array", n) for n in ("array", "_array_reconstructor")),
    }
)
"""What an extract is made of, by module and name; the recipes among them only make it."""


class Cache:
    """Packed extracts in a folder.

    Attributes:
        folder: Where; made with the first entry, and may be removed at any time.
        hits: How many workbooks were found.
    """

    def __init__(self, folder: Path, depends: str, most: int = MOST_BYTES) -> None:
        """Open a cache.

        Args:
            folder: Where it is.
            depends: Hash of all that decides how workbooks are understood.
            most: Bytes that ``tidy`` leaves.
        """
        self.folder = folder
        self.hits = 0
        self._depends = depends
        self._most = most

    def find(self, delivery: Delivery) -> Extract | None:
        """Return what was understood of a workbook; None when it has to be read."""
        path = self._path(delivery)
        try:
            entry = path.read_bytes()
        except OSError:
            return None
        digest, packed = entry[:_DIGEST], entry[_DIGEST:]
        if hashlib.sha256(packed).digest() != digest:
            logger.debug("an entry of the cache is spoiled")
            return None
        try:
            with paused():
                found = _Unpacker(io.BytesIO(packed)).load()
        except Exception:
            return None
        if not isinstance(found, Extract) or found.workbook != delivery.name:
            return None
        with suppress(OSError):
            os.utime(path)  # used: among the last to go
        self.hits += 1
        return found

    def keep(self, delivery: Delivery, packed: bytes) -> None:
        """Keep what was understood of a workbook; a disk that refuses costs nothing else."""
        entry = hashlib.sha256(packed).digest() + packed
        with suppress(OSError):
            disk.save(self._path(delivery), entry, is_kept=False)

    def tidy(self) -> None:
        """Remove the entries that were not used for longest, down to the size allowed."""
        found = []
        for path in self.folder.glob("*/*"):
            with suppress(OSError):
                state = path.stat()
                found.append((state.st_mtime, state.st_size, path))
        left = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if left <= self._most:
                return
            with suppress(OSError):
                disk.unlink(path)
            left -= size

    def _path(self, delivery: Delivery) -> Path:
        told = "\0".join((self._depends, delivery.sha256, delivery.name))
        key = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / key[:2] / key


class _Unpacker(pickle.Unpickler):
    """Unpacks values of the model."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class or recipe that an extract may be made of.

        Raises:
            pickle.UnpicklingError: It may not.
        """
        if (module, name) not in _VALUES:
            raise pickle.UnpicklingError("no value of the model")
        return super().find_class(module, name)
