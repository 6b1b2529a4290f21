"""What a month is made of, of all that was received."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from consolidate.intake import Item
from consolidate.keeping import CLOSED
from consolidate.model.delivery import Delivery
from consolidate.model.output import RUN_FILE
from consolidate.model.period import month_before
from consolidate.sorting import NOT_OVER, OLD, Gate

POISON = "stopped-the-machine"
"""Reason of a workbook whose reading took the machine down twice."""

BY_MONTH = frozenset({NOT_OVER, CLOSED, OLD})
"""Reasons of waiting that the calendar, or the closing of a month, may lift."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a step is taken.

    Attributes:
        at: UTC, ``2026-11-03T08:15:00Z``.
        today: The day where the PMO is.
    """

    at: str
    today: date

    @property
    def last_month(self) -> str:
        """The last complete month."""
        return month_before(f"{self.today:%Y-%m}")


@dataclass(frozen=True, slots=True)
class Selection:
    """What a month is made of.

    Attributes:
        deliveries: Of the archive, by name.
        ids: Of each, by name.
        leave_out: Names of workbooks in them that are not of the month, or not let in.
    """

    deliveries: tuple[Delivery, ...]
    ids: dict[str, str]
    leave_out: frozenset[str]


def is_in(unit: Item, month: str, gate: Gate) -> bool:
    """Return whether a workbook is one of a month's."""
    if unit.month != month or unit.state == "held":
        return False
    if unit.state == "deferred":
        return unit.reason in BY_MONTH and not gate.objection(unit)
    return unit.reason not in {"newer-version", "same-again", POISON}


def published(output: Path) -> tuple[str, str] | None:
    """Return the month that OUT shows, and the hash of what it was made of."""
    try:
        known = json.loads((output / RUN_FILE).read_text(encoding="utf-8"))
        inputs = [(i["workbook"], i["sha256"]) for i in known["inputs"] if i["sha256"]]
        digest = hashlib.sha256(json.dumps(inputs).encode()).hexdigest()
        return str(known["options"]["period"]), digest
    except (OSError, ValueError, KeyError, TypeError):
        return None


def age(item: Item, moment: Moment) -> timedelta:
    """Return how long ago a delivery came."""
    return datetime.fromisoformat(moment.at) - datetime.fromisoformat(item.at)


def last_month(at: str) -> str:
    """Return the last complete month at a time."""
    return month_before(at[:7])
