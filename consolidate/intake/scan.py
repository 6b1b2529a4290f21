"""Scan the inboxes: every file found is a delivery, read or told why not."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from consolidate.intake import kinds
from consolidate.intake.names import shown, unique
from consolidate.model.delivery import Delivery, Failure, Kind, rejection
from consolidate.model.error import ConsolidateError, UnreadableWorkbookError
from consolidate.model.files import hash_file, open_regular, utc
from consolidate.model.finding import CellRef, Finding, Outcome, Severity
from consolidate.model.output import is_output, is_side_name
from consolidate.wording import tr

MOST_BYTES = 100 * 2**20
JOURNAL = "journal.jsonl"
_OF_HOME = frozenset({"archive", "cache", "quarantine", "outbox"})
"""Folders of a state home that hold deliveries: what was received is no new arrival."""

_DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Found:
    """One entry of a folder.

    Attributes:
        path: Where it is.
        name: Its path relative to the inbox, made safe to show.
        reason: Why it is not opened, as a code; empty when it may be.
        told: Whether there is something to say about it.
    """

    path: Path
    name: str
    reason: str = ""
    told: bool = True


def scan(
    inboxes: Sequence[Path],
    *,
    output: Path | None = None,
    most: int = MOST_BYTES,
    lang: str = "fr",
) -> Outcome[tuple[Delivery, ...]]:
    """Return every file under the inboxes, in the order of their names.

    Nothing is parsed: files are listed, opened safely and hashed. Workbooks and parcels
    that can be opened have an empty ``state``.

    Args:
        inboxes: Folders, searched with their sub-folders, or files.
        output: Where this run publishes; skipped when it lies inside an inbox.
        most: Largest file read, in bytes.
        lang: Language of what is told when there is nothing to scan.

    Raises:
        ConsolidateError: An inbox does not exist or may not be listed.
    """
    findings: list[Finding] = []
    found: list[Found] = []
    for inbox in inboxes:
        prefix = "" if len(inboxes) == 1 else shown(inbox.resolve().name) + "/"
        _check_listable(inbox, lang)
        found.extend(_walk(inbox, prefix, output, findings))
    found.sort(key=lambda f: (f.name, os.fsencode(f.path)))
    deliveries = []
    for entry, name in zip(found, unique(f.name for f in found), strict=True):
        delivery, finding = _received(replace(entry, name=name), most)
        deliveries.append(delivery)
        if finding is not None:
            findings.append(finding)
    return Outcome(tuple(deliveries), tuple(sorted(findings, key=lambda f: f.ref)))


def listed(folder: Path, output: Path | None = None) -> Iterator[Found]:
    """Yield the files of a folder and its sub-folders; one that is not there has none.

    Args:
        folder: Where to look.
        output: Where results are published; what is in it is never opened.
    """
    if folder.is_dir():
        yield from _folder(
            folder.resolve(), "", output.resolve() if output is not None else None, []
        )


def _check_listable(inbox: Path, lang: str) -> None:
    place = shown(str(inbox))
    if not inbox.exists():
        raise ConsolidateError(tr("run-no-inbox", lang, place=place))
    try:
        if inbox.is_dir():
            os.scandir(inbox).close()
    except OSError as err:
        text = tr("run-closed-inbox", lang, place=place, detail=err.strerror)
        raise ConsolidateError(text) from None


def _walk(
    inbox: Path, prefix: str, output: Path | None, findings: list[Finding]
) -> Iterator[Found]:
    if not inbox.is_dir():
        # Somebody named this very file: a link to it, or a hidden one, is meant.
        yield Found(inbox.resolve(), prefix + shown(inbox.name))
        return
    ours = output.resolve() if output is not None else None
    yield from _folder(inbox.resolve(), prefix, ours, findings)


def _folder(
    root: Path, prefix: str, output: Path | None, findings: list[Finding]
) -> Iterator[Found]:
    """Yield the files below a folder; a folder met twice (a loop) is not entered."""
    seen: set[tuple[int, int]] = set()
    waiting = [(root, prefix, 0)]
    while waiting:
        folder, prefix, depth = waiting.pop()
        try:
            at = folder.stat()
            entries = sorted(os.scandir(folder), key=lambda e: os.fsencode(e.name))
        except OSError:
            ref = CellRef(prefix or "./")
            findings.append(Finding("folder-no-access", Severity.ERROR, ref))
            continue
        if (at.st_dev, at.st_ino) in seen or depth > _DEEPEST:
            continue
        seen.add((at.st_dev, at.st_ino))
        if folder == output or is_output(folder):
            ref = CellRef(prefix or "./")
            findings.append(Finding("file-own-output", Severity.INFO, ref))
            yield from _own(folder, prefix)
            continue
        is_home = any(e.name == JOURNAL for e in entries)
        if is_home and folder != root:
            # Its registers and decisions are the PMO's own.
            ref = CellRef(prefix or "./")
            findings.append(Finding("file-own-output", Severity.INFO, ref))
            continue
        for entry in entries:
            name = prefix + shown(entry.name)
            if is_side_name(entry.name) or (is_home and entry.name in _OF_HOME):
                continue
            if not _is_folder(entry):
                yield _found(entry, name)
            elif kinds.is_hidden(entry.name):
                yield Found(Path(entry.path), f"{name}/", "hidden")
            else:
                waiting.append((Path(entry.path), f"{name}/", depth + 1))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:  # a share that does not say what it lists
        return False


def _found(entry: os.DirEntry[str], name: str) -> Found:
    path = Path(entry.path)
    if entry.is_symlink():
        return Found(path, name, "link")
    reason = kinds.ignored(entry.name)
    try:
        regular = entry.is_file(follow_symlinks=False)
    except OSError:
        regular = True  # opening it will tell
    if not reason and not regular:
        # Gone since it was listed, or a pipe or a device: opening it could wait for ever.
        reason = "special" if os.path.lexists(path) else ""
    return Found(path, name, reason)


def _own(folder: Path, prefix: str) -> Iterator[Found]:
    """Yield the workbooks among our own results: listed, never read, told once."""
    for path in sorted(folder.rglob("*")):
        if kinds.kind_of(path.name) == "workbook" and not path.is_symlink():
            name = prefix + shown(path.relative_to(folder).as_posix())
            yield Found(path, name, "own-output", told=False)


def _received(found: Found, most: int) -> tuple[Delivery, Finding | None]:
    """Return the delivery of a file, and what there is to say about it."""
    if found.reason:
        return _ignored(found)
    kind = kinds.kind_of(found.name)
    try:
        sniffed = kind is None and _sniff(found.path, most)
        if kind == "other" or (kind is None and not sniffed):
            return _ignored(replace(found, reason="other"))
        digest, state = hash_file(found.path, most)
    except UnreadableWorkbookError as err:
        if kind is None:
            return _ignored(replace(found, reason="other"))
        return _rejected(found, kind, err.reason)
    delivery = Delivery(
        found.name,
        found.path,
        digest,
        state.st_size,
        utc(state.st_mtime),
        kind=kind or "workbook",
    )
    if kind is None:
        return delivery, Finding("file-unnamed", Severity.INFO, CellRef(found.name))
    return delivery, None


def _sniff(path: Path, most: int) -> bool:
    with open_regular(path, most) as (file, state):
        return kinds.looks_like_workbook(file, state.st_size)


def _ignored(found: Found) -> tuple[Delivery, Finding | None]:
    size, time = _state(found.path)
    delivery = Delivery(
        found.name,
        None,
        "",
        size,
        time,
        kind="other",
        state="ignored",
        reason=found.reason,
    )
    rule = f"file-{found.reason}"
    ref = CellRef(found.name)
    return delivery, Finding(rule, Severity.INFO, ref) if found.told else None


def _rejected(found: Found, kind: Kind, reason: str) -> tuple[Delivery, Finding]:
    size, time = _state(found.path)
    delivery = Delivery(
        found.name,
        found.path,
        "",
        size,
        time,
        kind=kind,
        state="rejected",
        reason=reason,
    )
    return delivery, rejection(found.name, Failure(reason), parcel=kind == "parcel")


def _state(path: Path) -> tuple[int, str]:
    try:
        at = path.lstat()
    except (OSError, ValueError):
        return 0, ""
    return (at.st_size if stat.S_ISREG(at.st_mode) else 0), utc(at.st_mtime)
