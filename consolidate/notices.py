"""Notice that something stirs in a folder: told by the system, or by looking again.

watchdog is used here alone, and for a hint alone: what is in the folder is always found by
looking. So an event that gets lost, or a share that tells none, costs time and no file.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

_STIR = frozenset({"created", "modified", "moved", "closed", "deleted"})
"""Events that tell of a change; files that are opened and read are no news."""

_TICK = 0.5
_SHARES = frozenset(
    {*("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ncpfs")}
)


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


def is_share(folder: Path, mounts: str = "/proc/self/mounts") -> bool:
    """Return whether a folder is on a network share, which tells of no change by others.

    Args:
        folder: Any path.
        mounts: What is mounted where, as Linux tells it.
    """
    text = os.fspath(folder)
    if os.name == "nt":
        return text.startswith("\\\\") or _is_remote_drive(text)
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    place = os.path.realpath(folder)
    found = [line.split(" ")[1:3] for line in lines if line.count(" ") >= 2]
    inside = [
        (at, kind) for at, kind in found if _holds(at.replace("\\040", " "), place)
    ]
    return bool(inside) and max(inside, key=lambda m: len(m[0]))[1] in _SHARES


def _holds(mount: str, place: str) -> bool:
    return place == mount or place.startswith(mount.rstrip("/") + "/")


def _is_remote_drive(text: str) -> bool:
    """Return whether a Windows drive letter stands for a share."""
    import ctypes  # noqa: PLC0415 (Windows only)

    remote = 4
    kind = ctypes.windll.kernel32.GetDriveTypeW  # type: ignore[attr-defined,unused-ignore]
    return bool(kind(Path(text).resolve().drive + "\\") == remote)
