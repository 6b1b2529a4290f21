"""Open parcels (zip files, saved mails): runs in a confined worker, never elsewhere.

Members are written under numbers into a private folder; the names they bear are labels.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from consolidate.intake import kinds, mails, zips
from consolidate.intake.names import label, unique
from consolidate.model.delivery import Delivery, Kind
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.files import open_regular

MOST_MEMBERS = 2000
MOST_IN_ALL = 1 << 30
DEEPEST = 2
"""A zip in a zip, and no further."""

_DEEPEST_MIX = 4


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel to open.

    Attributes:
        delivery: The zip file or mail.
        spool: Private folder its members are written to, for this parcel alone.
        most: Largest member written, in bytes.
    """

    delivery: Delivery
    spool: Path
    most: int


@dataclass(slots=True)
class _Opening:
    """What is under way: the caps left, and the members found so far."""

    parcel: Parcel
    left: int
    members: list[Delivery] = field(default_factory=list)


def open_parcel(parcel: Parcel) -> tuple[Delivery, ...]:
    """Return the files of a parcel as deliveries, their bytes in its spool folder.

    A file named .zip that is itself a workbook comes back as one. A member that cannot be
    read is rejected alone.

    Raises:
        UnreadableWorkbookError: The parcel as a whole is ``encrypted``, ``damaged``,
            ``too-large``, or has changed since it was listed.
    """
    source = parcel.delivery
    assert source.path is not None
    opening = _Opening(parcel, MOST_IN_ALL)
    with open_regular(source.path, max(source.size, 1)) as (file, _):
        if source.name.lower().endswith(".zip") and _is_workbook(file):
            return (replace(source, kind="workbook"),)
        file.seek(0)
        try:
            _open(opening, file, source, zips_in=0, depth=0)
        except RecursionError:
            raise UnreadableWorkbookError("damaged", "nested too deeply") from None
    members = [m for m in opening.members if m.kind != "parcel" or m.state]
    names = unique(m.name for m in members)
    return tuple(replace(m, name=n) for m, n in zip(members, names, strict=True))


def _open(
    opening: _Opening, file: BinaryIO, source: Delivery, *, zips_in: int, depth: int
) -> None:
    if depth > _DEEPEST_MIX:
        raise UnreadableWorkbookError("too-large", "parcels in parcels")
    ending = PurePosixPath(source.name.lower()).suffix
    if ending in kinds.MAILS:
        mail = _mail(file, ending)
        source = replace(
            source,
            received_at=mail.date or source.received_at,
            sender=mail.sender,
            subject=mail.subject,
            origin="mail",
        )
        for part in mail.parts:
            _take(opening, source, part.name, part, zips_in=zips_in, depth=depth)
        return
    if zips_in >= DEEPEST:
        raise UnreadableWorkbookError("too-large", "zip files in zip files")
    origin = source.origin if source.origin == "mail" else "zip"
    for member in zips.read_zip(file, opening.parcel.most):
        _take(
            opening,
            replace(source, origin=origin),
            member.name,
            member,
            zips_in=zips_in + 1,
            depth=depth,
        )


def _mail(file: BinaryIO, ending: str) -> mails.Mail:
    if ending == ".eml":
        return mails.read_mail(file)
    from consolidate.intake.msgs import read_msg  # noqa: PLC0415 (few are received)

    return read_msg(file)


def _take(
    opening: _Opening,
    source: Delivery,
    given: str,
    member: mails.Part | zips.Member,
    *,
    zips_in: int,
    depth: int,
) -> None:
    """Add a member: written to the spool, opened in turn, or listed with its reason."""
    name = f"{source.name}!/{label(given)}"
    last = name.rpartition("/")[2]
    kind = kinds.kind_of(last)
    made = replace(
        source, name=name, path=None, sha256="", size=member.size, kind=kind or "other"
    )
    reason = (
        member.reason or kinds.ignored(last) or ("other" if kind == "other" else "")
    )
    if len(opening.members) >= MOST_MEMBERS:
        raise UnreadableWorkbookError("too-large", "members")
    if reason:
        if not _litter(name):
            opening.members.append(
                replace(made, kind="other", state="ignored", reason=reason)
            )
        return
    try:
        data = _content(opening, member)
        sniffed = kind is None and kinds.looks_like_workbook(
            io.BytesIO(data), len(data)
        )
        if kind is None and not sniffed:
            opening.members.append(
                replace(made, kind="other", state="ignored", reason="other")
            )
        elif kind == "parcel" and not (
            last.lower().endswith(".zip") and _is_workbook(io.BytesIO(data))
        ):
            _open(opening, io.BytesIO(data), made, zips_in=zips_in, depth=depth + 1)
        else:
            opening.members.append(
                _spooled(opening, replace(made, kind="workbook"), data)
            )
    except UnreadableWorkbookError as err:
        if err.detail == "in all" or err.reason == "no-space":
            raise
        opening.members.append(_left_out(made, kind, err.reason))


def _left_out(made: Delivery, kind: Kind | None, reason: str) -> Delivery:
    """Return a member that could not be read: rejected if it had to be, else ignored."""
    if kind is None:
        return replace(made, kind="other", state="ignored", reason="other")
    return replace(made, kind=kind, state="rejected", reason=reason)


def _content(opening: _Opening, member: mails.Part | zips.Member) -> bytes:
    data = member.content()
    opening.left -= len(data)
    if opening.left < 0:
        raise UnreadableWorkbookError("too-large", "in all")
    if not data:
        raise UnreadableWorkbookError("empty")
    if len(data) > opening.parcel.most:
        raise UnreadableWorkbookError("too-large", "member")
    return data


def _spooled(opening: _Opening, made: Delivery, data: bytes) -> Delivery:
    path = opening.parcel.spool / f"{len(opening.members):06d}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(data)
    except OSError as err:
        raise UnreadableWorkbookError("no-space", type(err).__name__) from None
    digest = hashlib.sha256(data).hexdigest()
    return replace(made, path=path, sha256=digest, size=len(data))


def _is_workbook(file: BinaryIO) -> bool:
    size = file.seek(0, io.SEEK_END)
    return kinds.looks_like_workbook(file, size)


def _litter(name: str) -> bool:
    """Return whether a member is what systems add to a zip by themselves."""
    parts = name.lower().split("/")
    return "__macosx" in parts or parts[-1] == ".ds_store"


def needing(deliveries: tuple[Delivery, ...]) -> Iterator[Delivery]:
    """Yield the parcels among deliveries that are still to be opened."""
    return (d for d in deliveries if d.kind == "parcel" and not d.state)
