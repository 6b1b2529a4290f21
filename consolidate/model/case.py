"""Assistance cases: what opens one, what is done about it, what a store knows of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, get_args

import pandas as pd

Step: TypeAlias = Literal["take", "act", "close"]
Outcome: TypeAlias = Literal["solved", "arbitrated", "escalated", "dropped"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

OPENING_COLUMNS = ["key", "project_code", "rule", "object", "cause", "since"]
CASE_COLUMNS = [
    *("id", *OPENING_COLUMNS, "opened_in", "opened_on", "news", "news_of"),
    *("owner", "last_action", "acted_on", "first_on"),
    *("outcome", "closed_on", "closed_by", "closed_because", "source"),
]
"""Of a case as it stands: dates are ``datetime.date``, None where unknown. ``news`` says
whether the month ``news_of`` still raises it: ``there``, ``gone``, or ``no_news`` when its
project sent nothing; ``first_on`` is the day of the first step, ``source`` the cell the last
one was read in."""


@dataclass(frozen=True, slots=True)
class CaseNews:
    """What a month says of cases.

    Attributes:
        openings: Columns ``OPENING_COLUMNS``: the cases it calls for.
        raised: Keys of all it raises, grave or not.
        projects: Codes of the projects it tells of.
    """

    openings: pd.DataFrame
    raised: frozenset[str]
    projects: frozenset[str]


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One thing done about a case.

    Attributes:
        case: Its id.
        step: It was taken by somebody, acted on, or closed.
        on: The day; None when nobody says.
        by: Who says so.
        text: Who takes it, what was done, or why it is closed.
        outcome: How it ends, of a closing.
        source: The cell it was read in; empty when typed.
    """

    case: str
    step: Step
    on: date | None
    by: str
    text: str
    outcome: Outcome | None = None
    source: str = ""

    @property
    def mark(self) -> str:
        """What tells it from any other step: read twice, it is one."""
        told = (self.case, self.step, str(self.on), self.text, str(self.outcome))
        return hashlib.sha256("\x1f".join(told).encode("utf-8", "replace")).hexdigest()


def case_id(number: int) -> str:
    """Return how people call the case of a number."""
    return f"AST-{number:04}"


def days_to_action(cases: pd.DataFrame | None) -> tuple[float | None, int]:
    """Return the median of days from opening to the first action, and of how many cases.

    A case nobody acted on yet is not counted; an action of the day it opened, or
    before, took no day.
    """
    if cases is None or cases.empty:
        return None, 0
    acted = cases[cases["first_on"].notna()]
    if acted.empty:
        return None, 0
    gap = pd.to_datetime(acted["first_on"]) - pd.to_datetime(acted["opened_on"])
    return float(gap.dt.days.clip(lower=0).median()), len(acted)
