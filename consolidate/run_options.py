"""What a run is asked to do, and what it gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from consolidate.config import Config
from consolidate.model.delivery import Delivery
from consolidate.model.portfolio import Portfolio
from consolidate.model.proposal import Proposal

Audience: TypeAlias = Literal["pmo", "shared"]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a run is asked to do.

    Attributes:
        inboxes: Folders or files to consolidate.
        output: Folder of the results.
        period: Month reported on, ``YYYY-MM``.
        as_of: Day the rules compare with.
        lang: ``fr`` or ``en``.
        store: SQLAlchemy URL of the monthly snapshots; None runs without history.
        config: What is configured.
        allow_empty: Publish even without a workbook.
        replies: Write a reply for each workbook with findings.
        audience: ``pmo``, or ``shared``: what is published names nobody but sponsors and
            project managers; what is stored is the same.
        cases: Open the assistance cases that the month calls for.
        jobs: Workbooks read at the same time.
        start_method: How workers are started; the platform's best when None.
        home: State home, where what is received is archived and journalled, and what was
            understood of workbooks is kept; nothing is when None.
        at: The time now, UTC, for the journal.
        archived: Deliveries to consolidate instead of what the inboxes hold; who gives
            them has them in the archive.
        leave_out: Names of workbooks in them that are not to be consolidated.
        wait: Seconds to wait for another run that publishes to the same place.
    """

    inboxes: tuple[Path, ...]
    output: Path
    period: str
    as_of: date
    lang: str
    store: str | None
    config: Config
    allow_empty: bool = False
    replies: bool = False
    audience: Audience = "pmo"
    cases: bool = True
    jobs: int = 2
    start_method: str | None = None
    home: Path | None = None
    at: str = ""
    archived: tuple[Delivery, ...] | None = None
    leave_out: frozenset[str] = frozenset()
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run gave.

    Attributes:
        portfolio: What was published.
        output: Where.
        stages: Processor seconds of each stage, workers included.
        snapshot: Id of the stored snapshot; None without a store.
        states: Count of workbooks by state.
        closed: Version of the month when it is closed: it was published as it was then,
            nothing was computed; 0 otherwise.
        late: Workbooks that a closed month was not made of; they wait for a decision.
        cases: Assistance cases that are open, ``opened`` those this month opened.
        reasons: Codes of why workbooks are not in the portfolio, by their names.
        layouts: That the workbooks were read by.
    """

    portfolio: Portfolio
    output: Path
    stages: Mapping[str, float]
    snapshot: str | None
    states: Mapping[str, int]
    closed: int = 0
    late: tuple[str, ...] = ()
    cases: int = 0
    opened: int = 0
    reasons: Mapping[str, str] = field(default_factory=dict)
    layouts: tuple[Proposal, ...] = ()
