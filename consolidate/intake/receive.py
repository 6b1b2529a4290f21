"""Receive the inboxes: files listed, parcels opened by the worker, same bytes once."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from consolidate.intake.parcels import Parcel, needing, open_parcel
from consolidate.intake.scan import MOST_BYTES, scan
from consolidate.model.delivery import Delivery, Failure, rejection
from consolidate.model.error import OutputError
from consolidate.model.finding import CellRef, Finding, Outcome, Severity
from consolidate.wording import tr

Opened: TypeAlias = tuple[Delivery, ...]
Confined: TypeAlias = Callable[
    [Callable[[Parcel], Opened], Sequence[Parcel]], Iterable[Opened | Failure]
]
"""Runs a function on each item in a confined process; ``Reader.map`` is one."""


@contextmanager
def spool_folder(place: Path | None = None) -> Iterator[Path]:
    """Give a private folder for the members of parcels; it is always removed.

    Args:
        place: Where it is made; among the system's temporary files when None.
    """
    place = place or Path(tempfile.gettempdir())
    # Named before it is made: an interrupt in between finds what to remove.
    folder = place / f"consolidate-{secrets.token_hex(8)}"
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def receive(
    inboxes: Sequence[Path],
    spool: Path,
    confined: Confined,
    *,
    output: Path | None = None,
    most: int = MOST_BYTES,
    lang: str = "fr",
) -> Outcome[tuple[Delivery, ...]]:
    """Return all deliveries, in the order of their names.

    Those with an empty ``state`` are workbooks to be read. A parcel that could be opened
    gives way to its members.

    Args:
        inboxes: Folders, searched with their sub-folders, or files.
        spool: Private folder that outlives the reading (see ``spool_folder``).
        confined: Where parcels are opened; not called when there are none.
        output: Where this run publishes; skipped when it lies inside an inbox.
        most: Largest file or member read, in bytes.
        lang: Language of what is told when the run cannot go on.

    Raises:
        ConsolidateError: An inbox does not exist or may not be listed.
        OutputError: The temporary folder has no room for what parcels hold.
    """
    scanned = scan(inboxes, output=output, most=most, lang=lang)
    return open_listed(scanned, spool, confined, most=most, lang=lang)


def open_listed(
    scanned: Outcome[Opened],
    spool: Path,
    confined: Confined,
    *,
    most: int = MOST_BYTES,
    lang: str = "fr",
) -> Outcome[Opened]:
    """Return deliveries that were listed, each parcel replaced by what it holds.

    Args:
        scanned: What ``scan`` gave, or what the archive holds.
        spool: Private folder that outlives the reading.
        confined: Where parcels are opened.
        most: Largest member read, in bytes.
        lang: Language of what is told when the run cannot go on.

    Raises:
        OutputError: The temporary folder has no room for what parcels hold.
    """
    listed_now, findings = scanned
    listed, twice = without_duplicates(listed_now)
    opened, more = _open_all(listed, spool, confined, most, lang)
    deliveries, again = without_duplicates(opened)
    return Outcome(deliveries, (*findings, *twice, *more, *again))


def without_duplicates(
    deliveries: Iterable[Delivery],
) -> Outcome[tuple[Delivery, ...]]:
    """Return the deliveries by name; of equal bytes, all but the first are duplicates."""
    first: dict[str, str] = {}
    result, findings = [], []
    for delivery in sorted(deliveries, key=lambda d: d.name):
        original = first.get(delivery.sha256)
        if delivery.state or not delivery.sha256:
            result.append(delivery)
        elif original is None:
            first[delivery.sha256] = delivery.name
            result.append(delivery)
        else:
            result.append(replace(delivery, state="duplicate", reason="same-bytes"))
            ref = CellRef(delivery.name)
            params = {"original": original}
            findings.append(
                Finding("workbook-duplicate", Severity.INFO, ref, params=params)
            )
    return Outcome(tuple(result), tuple(findings))


def _open_all(
    deliveries: tuple[Delivery, ...],
    spool: Path,
    confined: Confined,
    most: int,
    lang: str,
) -> Outcome[tuple[Delivery, ...]]:
    """Return the deliveries with each parcel replaced by what it held."""
    parcels = []
    for number, delivery in enumerate(needing(deliveries)):
        folder = spool / f"{number:06d}"
        folder.mkdir(mode=0o700)
        parcels.append(Parcel(delivery, folder, most))
    if not parcels:
        return Outcome(deliveries)
    result = [d for d in deliveries if d.kind != "parcel" or d.state]
    findings: list[Finding] = []
    for parcel, opened in zip(parcels, confined(open_parcel, parcels), strict=True):
        if isinstance(opened, Failure) and opened.reason == "no-space":
            name = parcel.delivery.name
            text = tr("run-no-room", lang, place=spool.parent, parcel=name)
            raise OutputError(text)
        members, told = _members(parcel.delivery, opened)
        result.extend(members)
        findings.extend(told)
    return Outcome(tuple(result), tuple(findings))


def _members(source: Delivery, opened: Opened | Failure) -> Outcome[Opened]:
    if isinstance(opened, Failure):
        left = replace(source, state="rejected", reason=opened.reason)
        return Outcome((left,), (rejection(source.name, opened, parcel=True),))
    findings = tuple(_told(m) for m in opened if m.state)
    if any(m.kind == "workbook" for m in opened):
        return Outcome(opened, findings)
    # Nothing in it is a workbook: the parcel itself is listed, so that it is accounted for.
    empty = replace(source, state="ignored", reason="parcel-empty")
    told = Finding("file-parcel-empty", Severity.INFO, CellRef(source.name))
    return Outcome((empty, *opened), (told, *findings))


def _told(member: Delivery) -> Finding:
    if member.state == "rejected":
        failure = Failure(member.reason)
        return rejection(member.name, failure, parcel=member.kind == "parcel")
    return Finding(f"file-{member.reason}", Severity.INFO, CellRef(member.name))
