"""Publish OUT whole or not at all: built beside its place, then swapped in.

Beside ``out`` a private folder ``.out.consolidate`` holds, while runs last, what each of them
reads into (``consolidate-…``), the lock of the one that publishes, the results it builds
(``new``) and, for the instant of the swap, the last results (``old``).
A file ``ready`` in it says that ``new`` is complete and was meant to be swapped in: whoever
comes after a crash knows which of the two is to be the published one.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TypeGuard

from consolidate.model.error import OutputError
from consolidate.model.lock import LockedError, locked
from consolidate.model.output import PARTS, SUMS_FILE, is_output, side_name
from consolidate.trouble import TROUBLE, trouble_of
from consolidate.wording import tr

_SPOOL = "consolidate-"


def sums_of(folder: Path) -> bytes:
    """Return the hash and name of every file of a folder, as ``sha256sum`` writes them."""
    names = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    lines = (f"{_hash(folder / n)}  {n}\n" for n in sorted(names) if n != SUMS_FILE)
    return "".join(lines).encode()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Building:
    """Results under way: write into ``stage``, ``seal`` them, then ``publish``.

    Attributes:
        out: Where they will be.
        lang: Language of what is told.
        side: Place for what the run lays down meanwhile; the next run clears what a
            crash leaves there.
        stage: Where they are built.
    """

    def __init__(self, out: Path, side: Path, lang: str) -> None:
        """Begin with an empty stage."""
        self.out = out
        self.lang = lang
        self.side = side
        self.stage = side / "new"
        self._old = side / "old"
        self._ready = side / "ready"
        self._sealed = False
        self.stage.mkdir(mode=0o700)

    def seal(self) -> None:
        """Make what was built private and durable; to be called before the store commits.

        Raises:
            OutputError: It cannot be written to the disk, or a file of OUT is held open.
        """
        if not is_output(self.stage):
            raise ValueError(f"{self.stage} holds no marked run.json")
        with _told(self.out, self.lang):
            (self.stage / SUMS_FILE).write_bytes(sums_of(self.stage))
            for folder, _, names in os.walk(self.stage):
                for name in names:
                    _settle(Path(folder, name), 0o600)
                _settle(Path(folder), 0o700)
        self._check_free()
        self._sealed = True

    def publish(self) -> None:
        """Put what was built in the place of the last results.

        Raises:
            OutputError: The last results cannot be moved; they are still in place.
        """
        if not self._sealed:
            self.seal()
        with _told(self.out, self.lang):
            self._ready.touch(mode=0o600)
            try:
                if os.path.lexists(self.out):
                    self._move_old()
                self.stage.rename(self.out)
            except BaseException:
                self._put_back()
                raise
            _sync(self.out.parent)
        _tidy(self.out, self._old, self._ready)

    def _move_old(self) -> None:
        try:
            self.out.rename(self._old)
        except PermissionError:
            self._check_free()
            raise

    def _put_back(self) -> None:
        if self._old.exists() and not os.path.lexists(self.out):
            with suppress(OSError):
                self._old.rename(self.out)

    def _check_free(self) -> None:
        """Refuse while a program holds a file of OUT open, as Excel does on Windows."""
        for name in _held_open(self.out):
            raise OutputError(tr("publish-open", self.lang, path=self.out / name))


@contextmanager
def spooling(out: Path, lang: str = "fr") -> Iterator[Path]:
    """Give a private folder beside OUT for what a run lays down while it reads.

    Any number of runs read at the same time; what a crash leaves there, the next one clears.

    Args:
        out: Where the results will be.
        lang: Language of what is told.

    Raises:
        OutputError: OUT is not ours to replace, or nothing can be written beside it.
    """
    out = Path(os.path.realpath(out))
    side = out.parent / side_name(out.name)
    folder = side / f"{_SPOOL}{secrets.token_hex(8)}"
    with ExitStack() as held:
        with _told(out, lang):
            out.parent.mkdir(parents=True, exist_ok=True)
            _check_ours(out, lang)
            # Named before it is made: an interrupt in between finds what to remove.
            held.callback(_leave, folder)
            _make_spool(folder)
            for other in side.glob(f"{_SPOOL}*"):
                if other != folder:
                    _clear_spool(other)
            _hold(held, folder, out, lang)
        held.callback(shutil.rmtree, folder, ignore_errors=True)
        yield folder


def _hold(held: ExitStack, folder: Path, out: Path, lang: str) -> None:
    """Lock a folder that is ours alone: who says that it is held refuses locks."""
    try:
        held.enter_context(locked(folder / "lock"))
    except LockedError:
        trouble = tr("trouble-denied", lang)
        text = tr("publish-unwritable", lang, out=out, trouble=trouble)
        raise OutputError(text) from None


def _make_spool(folder: Path) -> None:
    while True:
        folder.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            folder.mkdir(mode=0o700)
        except FileNotFoundError:
            continue  # another run removed the place beside OUT in between
        return


def _leave(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.parent.rmdir()


@contextmanager
def building(out: Path, lang: str = "fr", wait: float = 0.0) -> Iterator[Building]:
    """Give a place to build results in; what is not published is gone in the end.

    Args:
        out: Where the results will be.
        lang: Language of what is told.
        wait: Seconds to wait for another run that publishes there.

    Example::

        with building(out) as results:
            write(results.stage)
            results.seal()
            commit()
            results.publish()

    Raises:
        OutputError: OUT is not ours to replace or cannot be written, the disk is full,
            or another run is publishing there.
    """
    out = Path(os.path.realpath(out))
    side = out.parent / side_name(out.name)
    with _told(out, lang):
        out.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _alone(out, side, lang, wait):
            with _told(out, lang):
                repair(out, side)
                _check_ours(out, lang)
                results = Building(out, side, lang)
            try:
                with _told(out, lang, within=side):
                    yield results
            finally:
                _clear(side)
    finally:
        with suppress(OSError):
            side.rmdir()


def repair(out: Path, side: Path) -> None:
    """Finish or undo the swap that a crash left half-way, and clear what it built."""
    new, old, ready = side / "new", side / "old", side / "ready"
    if not os.path.lexists(out):
        if ready.exists() and is_output(new):
            new.rename(out)
        elif old.exists():
            old.rename(out)
    if out.exists() and old.exists():
        _tidy(out, old, ready)
    _clear(side)


@contextmanager
def _alone(out: Path, side: Path, lang: str, wait: float) -> Iterator[None]:
    with ExitStack() as held:
        try:
            with _told(out, lang):
                held.enter_context(locked(side / "lock", wait))
        except LockedError as err:
            text = tr("publish-locked", lang, out=out, pid=err.pid or "?")
            raise OutputError(text) from None
        yield


def _check_ours(out: Path, lang: str) -> None:
    if not os.path.lexists(out):
        return
    if not out.is_dir():
        raise OutputError(tr("publish-file", lang, out=out))
    if not is_output(out) and any(out.iterdir()):
        raise OutputError(tr("publish-foreign", lang, out=out))
    if out == Path.cwd() and sys.platform == "win32":
        raise OutputError(tr("publish-current", lang, out=out))


def _tidy(out: Path, old: Path, ready: Path) -> None:
    """Clear the last results, but for what somebody else put among them: that is kept."""
    ready.unlink(missing_ok=True)
    for path in list(old.iterdir()) if old.is_dir() else []:
        if path.name not in PARTS and not path.name.startswith(("~$", ".~lock")):
            target = out / path.name
            if not os.path.lexists(target):
                with suppress(OSError):
                    path.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _clear(side: Path) -> None:
    for path in side.glob("*"):
        if path.name.startswith(_SPOOL):
            _clear_spool(path)
        elif path.name not in {"lock", "old", "ready"}:
            shutil.rmtree(path, ignore_errors=True)
    if not (side / "old").exists():
        (side / "ready").unlink(missing_ok=True)


def _clear_spool(folder: Path) -> None:
    """Remove what another run read into, unless that run still reads."""
    if not (folder / "lock").exists():
        with suppress(OSError):
            folder.rmdir()  # just made, or ended between two steps: empty then
        return
    with suppress(LockedError, OSError), locked(folder / "lock"):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _told(out: Path, lang: str, within: Path | None = None) -> Iterator[None]:
    """Tell trouble with the disk in one line; any other error goes through.

    Args:
        out: Named in the line.
        lang: Language of the line.
        within: Only errors about files in this folder, or that name none as those of
            writing do, are meant; any error of the system is when None.
    """
    try:
        yield
    except (OutputError, LockedError):
        raise
    except Exception as err:
        cause = _cause(err, within)
        if cause is None:
            raise
        text = tr("publish-unwritable", lang, out=out, trouble=trouble_of(cause, lang))
        raise OutputError(text) from err


def _cause(err: Exception, within: Path | None) -> OSError | None:
    """Return the error of the system behind an error, None when it is about something else.

    Writers wrap the errors of the system: in their cause, or as their argument.
    """
    for each in (err, err.__cause__, err.__context__, *err.args):
        if not isinstance(each, OSError):
            continue
        named = os.fsdecode(each.filename) if _is_path(each.filename) else None
        if within is None or (named is None and each.errno in TROUBLE):
            return each
        if named is not None and named.startswith(str(within)):
            return each
    return None


def _is_path(named: object) -> TypeGuard[str | bytes]:
    return isinstance(named, str | bytes)


def _settle(path: Path, mode: int) -> None:
    if sys.platform != "win32":
        path.chmod(mode)
    _sync(path)


def _sync(path: Path) -> None:
    """Write a file or folder through to the disk, where the system can."""
    if path.is_dir() and sys.platform == "win32":
        return
    write = os.O_RDWR if sys.platform == "win32" else os.O_RDONLY
    handle = os.open(path, write | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    except OSError as err:
        if err.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF}:
            raise  # some shares sync nothing, and say so
    finally:
        os.close(handle)


def _held_open(out: Path) -> Iterator[str]:
    """Yield the files of OUT that Windows will not move; elsewhere none is held."""
    files = sorted(out.rglob("*")) if sys.platform == "win32" else []
    for path in files:
        if path.is_file():
            try:
                os.close(os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0)))
            except PermissionError:
                yield path.relative_to(out).as_posix()
            except OSError:
                continue
