"""A delivery: one received file, and what became of it before it was understood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from consolidate.model.finding import CellRef, Finding, Severity

Origin: TypeAlias = Literal["folder", "zip", "mail"]
Kind: TypeAlias = Literal["workbook", "parcel", "other"]
State: TypeAlias = Literal["", "ignored", "rejected", "duplicate"]

REJECTIONS = (
    "encrypted",
    "damaged",
    "empty",
    "not-a-workbook",
    "too-large",
    "too-slow",
    "vanished",
    "changed",
    "no-access",
    "internal-error",
)
"""Why a workbook is rejected, as codes."""

_OF_PARCELS = frozenset({"encrypted", "damaged", "empty", "too-large", "too-slow"})


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one file could not be read; it costs that file, never the run.

    Attributes:
        reason: One of ``REJECTIONS``.
        detail: For the log; never holds what a cell or a mail says.
    """

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One received file: a workbook, or a parcel (zip, mail) that holds some.

    Attributes:
        name: Path relative to the inbox with ``/``, made safe to show: control,
            direction and undecodable characters are written as escapes. A member of a
            parcel is ``parcel.zip!/sub/book.xlsx``. Never used as a path.
        path: Where its bytes are; None when nobody is to read them.
        sha256: Of its bytes, in hexadecimal; empty when they were never read.
        size: In bytes.
        received_at: Date of the mail or time of the file, ``2026-11-03T08:15:00Z``.
        origin: How it came.
        kind: What it is, by name or by content.
        state: Empty when it is to be read.
        reason: Code of why it is not; empty when it is to be read.
        sender, subject: Of the mail it came with; empty otherwise.
    """

    name: str
    path: Path | None = None
    sha256: str = ""
    size: int = 0
    received_at: str = ""
    origin: Origin = "folder"
    kind: Kind = "workbook"
    state: State = ""
    reason: str = ""
    sender: str = ""
    subject: str = ""


def rejection(name: str, failure: Failure, *, parcel: bool = False) -> Finding:
    """Return the finding that tells why a file was left out."""
    ref = CellRef(name)
    if failure.reason == "own-output":
        return Finding("file-own-output", Severity.INFO, ref)
    if failure.reason == "template-unchanged":
        return Finding("template-unchanged", Severity.WARNING, ref)
    if failure.reason == "reading-check":
        return Finding("reading-check", Severity.INFO, ref)
    if failure.reason == "internal-error":
        return Finding("internal-error", Severity.ERROR, ref)
    if parcel and failure.reason in _OF_PARCELS:
        return Finding(f"parcel-{failure.reason}", Severity.ERROR, ref)
    return Finding(f"workbook-{failure.reason}", Severity.ERROR, ref)
