"""What the journal notes of what arrives: its facts, by the events of the mail room."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from consolidate.intake.archive import Kept
from consolidate.intake.journal import Fields
from consolidate.model.delivery import Delivery, Kind
from consolidate.model.files import utc


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that is there to be taken.

    Attributes:
        path: Where it is.
        name: Its path relative to the folder, made safe to show.
        kind: What it is.
        place: What names its place whoever looks; its whole path, made safe to show.
        refused: Why it is not taken, as a code; empty when it is to be.
    """

    path: Path
    name: str
    kind: Kind
    place: str
    refused: str = ""


def of_file(arrival: Arrival, kept: Kept, state: os.stat_result) -> Fields:
    """Return the facts of a file that is archived."""
    return {
        "place": arrival.place,
        "name": arrival.name,
        "sha256": kept.sha256,
        "size": kept.size,
        "received_at": utc(state.st_mtime),
        "origin": "folder",
        "kind": arrival.kind,
    }


def parcel_of(name: str, tops: Mapping[str, str]) -> str:
    """Return which of what was received a name is, or is a member of; else empty."""
    at = len(name)
    while at >= 0 and name[:at] not in tops:
        at = name.rfind("!/", 0, at)
    return name[: max(at, 0)]


def of_member(member: Delivery, name: str) -> Fields:
    """Return the facts of a member; ``name`` is what follows that of its parcel."""
    known = {
        "name": name,
        "sha256": member.sha256,
        "size": member.size,
        "received_at": member.received_at,
        "origin": member.origin,
        "kind": member.kind,
        "sender": member.sender,
        "subject": member.subject,
    }
    if member.state in {"ignored", "rejected"}:
        known |= {"state": member.state, "reason": member.reason}
    return known


def of_refused(arrival: Arrival) -> Fields:
    """Return the facts of a file whose bytes are not taken: too large, or no file."""
    return {
        "place": arrival.place,
        "name": arrival.name,
        "origin": "folder",
        "kind": arrival.kind,
        "state": "rejected",
        "reason": arrival.refused,
    }
