"""Notice that something stirs in a folder: told by the system, or by looking again.

watchdog is used here alone, and for a hint alone: what is in the folder is always found by
looking. So an event that gets lost, or a share that tells none, costs time and no file.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from consolidate.model.mounts import is_share

_STIR = frozenset({"created", "modified", "moved", "closed", "deleted"})
"""Events that tell of a change; files that are opened and read are no news."""

_TICK = 0.5


class Notices(FileSystemEventHandler):
    """Waits for a folder to stir, for as long as the ``with`` lasts."""

    def __init__(self, folder: Path, *, native: bool | None = None) -> None:
        """Prepare to wait.

        Args:
            folder: It may go away and come back.
            native: Whether the system is asked to tell; when None, it is where the folder
                is on no network share.
        """
        self._folder = folder
        self._native = not is_share(folder) if native is None else native
        self._stirred = threading.Event()
        self._observer: object | None = None
        self._number: int | None = None

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._listen()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        self._stop()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note that something stirred; called from another thread."""
        if event.event_type in _STIR and not event.is_directory:
            self._stirred.set()

    def wait(self, seconds: float) -> bool:
        """Wait for a time, or until something stirs; return whether it did."""
        self._listen()
        left = seconds
        while left > 0:
            # A short wait, for Windows hears no Ctrl-C in a long one.
            if self._stirred.wait(min(left, _TICK)):
                break
            left -= _TICK
            self._listen()
        did_stir = self._stirred.is_set()
        self._stirred.clear()
        return did_stir

    def _listen(self) -> None:
        """Listen to the folder that bears the name now: it may be another one."""
        number = _number(self._folder)
        if number == self._number:
            return
        self._stop()
        if number and self._native:
            observer = Observer()
            with suppress(OSError):  # too many watches here: looking again will do
                observer.schedule(self, str(self._folder), recursive=True)
                observer.start()
                self._observer = observer
        if number and self._number is not None:
            self._stirred.set()  # it came back, and may hold something already
        self._number = number

    def _stop(self) -> None:
        observer, self._observer = self._observer, None
        if isinstance(observer, threading.Thread):
            observer.stop()  # type: ignore[attr-defined]
            observer.join()


def _number(folder: Path) -> int:
    try:
        return folder.stat().st_ino or 1
    except OSError:
        return 0
