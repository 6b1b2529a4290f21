"""Give old workbooks to the months they are of, so that trends exist from day one."""

from __future__ import annotations

import calendar
import dataclasses
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Literal, TypeAlias

from consolidate.clock import Clock
from consolidate.intake import spool_folder
from consolidate.keeping import Keeper
from consolidate.mapping.context import month_of
from consolidate.model.delivery import Delivery
from consolidate.model.facts import Reading
from consolidate.model.period import month_before
from consolidate.model.schema import load_schemas
from consolidate.normalise import NormaliseOptions, normalise
from consolidate.pipeline import RunOptions, RunResult, run
from consolidate.reception import Received, read_inboxes
from consolidate.resources import search_path
from consolidate.worker import Progress

Evidence: TypeAlias = Literal["content", "name", "date"]

GRACE_DAYS = 10
"""A report dated in the first days of a month is of the month before when its name says so."""


@dataclass(frozen=True, slots=True)
class Dated:
    """One old workbook, and the month it is of.

    Attributes:
        workbook: Its name.
        month: ``YYYY-MM``.
        evidence: What says so: its report date, its name or its folder's, or only the
            date of the file.
        said: What was read there.
        other: A month that another evidence says, when they differ; empty otherwise.
    """

    workbook: str
    month: str
    evidence: Evidence
    said: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a backfill would do.

    Attributes:
        dated: Every workbook that can be read, by month and name.
        rejected: Names of those that cannot.
        stored: Months that were consolidated now; empty in a dry run.
    """

    dated: tuple[Dated, ...]
    rejected: tuple[str, ...]
    stored: tuple[str, ...] = ()

    @property
    def months(self) -> Mapping[str, tuple[str, ...]]:
        """Names of the workbooks of each month, the earliest first."""
        found: dict[str, list[str]] = defaultdict(list)
        for one in self.dated:
            found[one.month].append(one.workbook)
        return {month: tuple(names) for month, names in sorted(found.items())}


def backfill(
    options: RunOptions,
    months: Callable[[str], bool],
    *,
    apply: bool,
    progress: Progress | None = None,
) -> Plan:
    """Tell which month each workbook is of and, when asked, consolidate these months.

    Args:
        options: Of the runs; ``output`` is a folder that gets one of each month.
        months: Whether a month is to be consolidated: past, and not in the store yet.
        apply: Whether to consolidate; else nothing is written.
        progress: Told of each workbook read.

    Raises:
        ConsolidateError: There is no workbook, or a month cannot be consolidated.
    """
    keeper = Keeper(options)
    with spool_folder() as spool:
        received = read_inboxes(options, spool, Clock(), progress, keeper)
        keeper.set_apart(received.of_patients)
        plan = _plan(options, received)
        if not apply:
            return plan
        paths = {d.name: d for d in received.deliveries}
        stored = []
        for month, names in plan.months.items():
            if months(month):
                made = _consolidate(options, month, [paths[n] for n in names], spool)
                given = {"/".join(_safe(n)): n for n in names}
                books = made.portfolio.workbooks
                books = books.assign(workbook=books["workbook"].map(given.get))
                keeper.settle(
                    books, {given.get(n, n): r for n, r in made.reasons.items()}
                )
                stored.append(month)
    return dataclasses.replace(plan, stored=tuple(stored))


def _plan(options: RunOptions, received: Received) -> Plan:
    told = report_dates(read_values(options, received))
    read = {e.workbook for e in received.extracts}
    dated = [
        date_workbook(d.name, told.get(d.name), d.received_at)
        for d in received.deliveries
        if d.name in read
    ]
    order = sorted(dated, key=lambda one: (one.month, one.workbook))
    return Plan(tuple(order), tuple(sorted(received.failures)))


def date_workbook(name: str, reported: date | None, received_at: str) -> Dated:
    """Return the month a workbook is of, by its content, its name, or its date.

    Args:
        name: Path relative to the inbox.
        reported: Its latest report date.
        received_at: Time of its file, ``YYYY-MM-DD…``.
    """
    parts = PurePosixPath(name.replace("!", "")).parts
    named = month_of(reversed(parts))
    if reported is not None:
        month = f"{reported:%Y-%m}"
        if named and named == month_before(month) and reported.day <= GRACE_DAYS:
            month = named
        other = named if named and named != month else ""
        return Dated(name, month, "content", reported.isoformat(), other)
    if named:
        return Dated(name, named, "name", name)
    return Dated(name, received_at[:7], "date", received_at[:10])


def report_dates(reading: Reading) -> dict[str, date]:
    """Return the latest date each workbook says it reports at."""
    if "projects" not in reading.facts:
        return {}
    frame = reading.facts["projects"].frame
    told = frame[(frame["field"] == "report_date") & frame["used"]]
    found: dict[str, date] = {}
    for workbook, day in zip(
        told["workbook"].tolist(), told["value"].tolist(), strict=True
    ):
        if isinstance(day, date):
            found[workbook] = max(day, found.get(workbook, day))
    return found


def read_values(options: RunOptions, received: Received) -> Reading:
    """Return the values of what was received, as the options' month has them."""
    schemas = load_schemas(search_path("schemas", options.config.paths.schemas))
    asked = NormaliseOptions(options.period, options.as_of)
    return normalise(received.extracts, schemas, asked).value


def _consolidate(
    options: RunOptions, month: str, deliveries: Sequence[Delivery], spool: Path
) -> RunResult:
    inbox = spool / month
    for delivery in deliveries:
        assert delivery.path is not None
        place = inbox.joinpath(*_safe(delivery.name))
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(delivery.path, place)
    year, order = int(month[:4]), int(month[5:])
    last = date(year, order, calendar.monthrange(year, order)[1])
    return run(
        dataclasses.replace(
            options,
            inboxes=(inbox,),
            output=options.output / month,
            home=None,
            period=month,
            as_of=last,
            cases=False,
        )
    )


def _safe(name: str) -> list[str]:
    """Return the parts of a workbook's name as a path inside a folder of ours."""
    parts = [p for p in PurePosixPath(name).parts if p not in {"/", "..", "."}]
    return [p.rstrip("!") or "_" for p in parts]
