"""Sort what was received: of which month it is, and whether it is let in.

A delivery is of the month that its content says, else its name, else of the last complete
month when it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from consolidate.backfill import GRACE_DAYS, report_dates
from consolidate.holding import claims_of
from consolidate.intake import Item
from consolidate.keeping import CLOSED
from consolidate.mapping.context import month_of
from consolidate.model.facts import Reading
from consolidate.model.period import month_before
from consolidate.reception import Received
from consolidate.roster import Claim

Evidence: TypeAlias = Literal["content", "name", "date"]

NOT_OVER = "month-not-over"
OLD = "old-month"
ARRIVING = "still-arriving"
UNFINISHED = frozenset({"damaged", "empty", "changed", "vanished", "not-a-workbook"})
"""Why a workbook cannot be read that may only be on its way still."""

_OLDEST = 3
"""Months before the last complete one from which a delivery waits for a decision: a report
of last year, copied with its date, is not to make last year's month anew."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What reading a workbook told about it.

    Attributes:
        month: It is of, ``YYYY-MM``.
        evidence: What says so.
        claims: The projects it reports on.
        failure: Code of why it could not be read; empty when it could.
    """

    month: str
    evidence: Evidence
    claims: tuple[Claim, ...] = ()
    failure: str = ""


def understood(
    received: Received, reading: Reading, last_month: Mapping[str, str]
) -> dict[str, Understood]:
    """Return what reading told about each workbook, by its name.

    Args:
        received: What was read, and what could not be.
        reading: Its values.
        last_month: By name, the last complete month when it came.
    """
    told = report_dates(reading)
    claims = claims_of(reading)
    reasons = received.reasons
    found: dict[str, Understood] = {}
    by_content: dict[str, Understood] = {}
    for delivery in received.deliveries:
        name = delivery.name
        if delivery.state == "ignored":
            continue
        if delivery.state == "duplicate":  # not read: it is what its twin is
            found[name] = by_content[delivery.sha256]
            continue
        month, evidence = month_said(name, told.get(name), last_month[name])
        known = claims.get(name, ()), reasons.get(name, "")
        found[name] = by_content[delivery.sha256] = Understood(month, evidence, *known)
    return found


def month_said(
    name: str, reported: date | None, last_month: str
) -> tuple[str, Evidence]:
    """Return the month a workbook is of, and what says so.

    A report dated in the first days of a month is of the month before when its name says
    so, or when its name says nothing and that month had just ended as it came.

    Args:
        name: Its path, as it was received.
        reported: The latest date it reports at.
        last_month: The last complete month when it came.
    """
    parts = PurePosixPath(name.replace("!", "")).parts
    named = month_of(reversed(parts))
    if reported is not None:
        month = f"{reported:%Y-%m}"
        before = month_before(month)
        if reported.day <= GRACE_DAYS and (named or last_month) == before:
            month = before
        return month, "content"
    return (named, "name") if named else (last_month, "date")


@dataclass(frozen=True, slots=True)
class Gate:
    """What decides whether a delivery is let in today.

    Attributes:
        last_month: The last complete month.
        closed: Months that are closed.
    """

    last_month: str
    closed: frozenset[str]

    @property
    def oldest(self) -> str:
        """The oldest month that is taken without a decision."""
        month = self.last_month
        for _ in range(_OLDEST):
            month = month_before(month)
        return month

    def objection(self, item: Item) -> str:
        """Return why a delivery waits, as a code; empty when its month may be made."""
        if item.month > self.last_month:
            return NOT_OVER
        if item.month in self.closed:
            return CLOSED
        return OLD if item.month < self.oldest and not item.accepted else ""
