"""A portfolio of eighteen months in which nothing goes wrong, to plant situations in.

Every project is on time, on budget and well kept; the months cross a fiscal year, one of
them lacks the returns of 20 of 30 managers, a project is renamed and another is split.
``history_plants`` says what goes wrong, where and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd
from build_alerts import schemas

from consolidate.analyse.history import Month

Record = dict[str, Any]
MONTHS = 18
FIRST = 2025 * 12 + 4
"""May 2025; the last one is October 2026."""
MANAGERS = 30
SILENT_MONTH, SILENT_MANAGERS = 12, 20
"""In May 2026 the first 20 managers send nothing."""
RENAMED, RENAMED_IN = 3, 8
SPLIT, SPLIT_IN = 5, 10
START, END = date(2025, 1, 1), date(2027, 6, 30)
FAR = date(2027, 12, 31)
CREW = 5
TEAM = 25


def period(n: int) -> str:
    """Return a month as ``YYYY-MM``, the first being 0."""
    return f"{(FIRST + n) // 12}-{(FIRST + n) % 12 + 1:02}"


def last_day(n: int) -> date:
    """Return the cut-off of a month."""
    return pd.Period(period(n), "M").end_time.date()


def code(i: int) -> str:
    """Return the code of a project."""
    return f"P-{i:03}"


@dataclass
class Draft:
    """One month being made: records by table."""

    n: int
    tables: dict[str, list[Record]] = field(default_factory=dict)

    @property
    def as_of(self) -> date:
        """The cut-off."""
        return last_day(self.n)

    def add(self, table: str, key: str, **fields: Any) -> Record:
        """Add a record, the same in every month where its key is."""
        record = {"record_id": f"{table}:{key}", "project_code": None, **fields}
        self.tables.setdefault(table, []).append(record)
        return record

    def of(self, table: str, project: str | None) -> list[Record]:
        """Return a project's records."""
        return [r for r in self.tables.get(table, []) if r["project_code"] == project]

    def drop(self, table: str, project: str) -> None:
        """Take a project's records away."""
        self.tables[table] = [r for r in self.tables[table] if r["project_code"] != project]  # fmt: skip

    def month(self) -> Month:
        """Return the month as rules look at it."""
        every = {t: _frame(self.tables.get(t, [])) for t in schemas().tables}
        return Month(period(self.n), self.as_of, every)


def _frame(records: Sequence[Record]) -> pd.DataFrame:
    made = pd.DataFrame(records, dtype="object")
    return made.reindex(columns=[*dict.fromkeys(("record_id", "project_code", *made))])


def manager(i: int) -> str:
    """Return who manages a project."""
    return f"Manager {i % MANAGERS:02}"


def is_silent(i: int, n: int) -> bool:
    """Return whether a project's manager sent nothing that month."""
    return n == SILENT_MONTH and i % MANAGERS < SILENT_MANAGERS


def quiet_month(projects: int, n: int) -> Draft:
    """Return a month in which every rule is silent, but that of missing returns."""
    draft = Draft(n)
    for i in range(projects):
        if not is_silent(i, n):
            add_project(draft, code(i), i)
    _renamed(draft)
    _split(draft)
    _time(draft, projects)
    _services(draft)
    _shared(draft)
    return draft


def planned(day: date) -> float:
    """Return the share of a project that should be done by a day."""
    return (day - START).days / (END - START).days


def add_project(draft: Draft, name: str, i: int, **fields: Any) -> Record:
    """Add a project in good order, with all that belongs to it."""
    day = draft.as_of
    done = planned(day)
    spent = done * 95_000.0
    made = draft.add(
        "projects", name, project_code=name, name=f"Project {i}", kind="project", state="active",
        priority={0: "1", 1: "2"}.get(i % CREW, "3"), phase="build", complexity="low",
        project_type="evolution", value_score=float(20 + i * 7 % 80),
        establishment=f"Site {i % 11}", domain="imaging", project_manager=manager(i),
        sponsor="Sponsor", business_manager="Lead", start_planned=START, end_baseline=END,
        end_forecast=END, progress=done, status="green", status_quality="green",
        status_cost="green", status_schedule="green", status_risk="green",
        budget_initial=100_000.0, budget_revised=100_000.0, forecast_cost=99_000.0,
        spent=spent, committed=spent + 1_000, invoiced=spent * 0.9, paid=spent * 0.8,
        operating_amount=1_000.0, amount_scope="total", effort_planned=100.0,
        effort_spent=done * 95, effort_remaining=100 * (1 - done),
        highlights=f"Done in {period(draft.n)}", next_steps="Go on",
        report_date=day - timedelta(2), last_committee_date=day - timedelta(20),
        assistance_requested=False,
    )  # fmt: skip
    made.update(fields)
    _of_project(draft, name)
    return made


def _of_project(draft: Draft, name: str) -> None:
    day, own = draft.as_of, {"project_code": name}
    year = day.year
    elapsed = (day - date(year, 1, 1)).days / 365
    committed = 40_000 * elapsed
    draft.add(
        "budget_lines", f"{name}:{year}", **own, label="Licences", year=float(year), amount_scope="year",
        tax_basis="incl_vat", budget_initial=40_000.0, committed=committed,
        invoiced=committed * 0.9, paid=committed * 0.8, section="investment",
    )  # fmt: skip
    draft.add(
        "risks", name, **own, title="Supplier", criticality=6.0, state="open", mitigation="Second source",
        owner="Lead", due_date=FAR, review_date=day - timedelta(10),
    )  # fmt: skip
    draft.add("actions", f"{name}:1", **own, title="Plan", kind="action", state="open", owner="Lead", due_date=FAR)  # fmt: skip
    for number in range(40):
        due = START + timedelta(60 * number)
        if abs((due - day).days) > 100:
            continue
        reached = due <= day
        draft.add(
            "milestones", f"{name}:{number}", **own, name=f"Step {number}", end_baseline=due,
            end_forecast=due, end_actual=due if reached else None,
            state="completed" if reached else "planned",
        )  # fmt: skip
    for kind in ("project_sheet", "framing_note"):
        draft.add("deliverables", f"{name}:{kind}", **own, name=kind, deliverable_type=kind, state="validated")  # fmt: skip
    draft.add("objectives", name, **own, name="Less paper", actual=3.0, state="on_track")  # fmt: skip


def _renamed(draft: Draft) -> None:
    if draft.n >= RENAMED_IN:
        for row in draft.of("projects", code(RENAMED)):
            row["name"] = "Project under its new name"


def _split(draft: Draft) -> None:
    """The project is archived, and goes on as two with codes of their own."""
    if draft.n < SPLIT_IN or not (rows := draft.of("projects", code(SPLIT))):
        return
    rows[0].update(state="archived", end_actual=last_day(SPLIT_IN))
    for part in ("a", "b"):
        add_project(draft, f"{code(SPLIT)}{part}", SPLIT)


def _time(draft: Draft, projects: int) -> None:
    """Two people work on five projects; each team has ten people and a fair share of run."""
    n, here = draft.n, period(draft.n)
    for crew in range(-(-projects // CREW)):
        team = f"Team {crew * CREW // TEAM}"
        for letter in "ab":
            who = {"person": f"Person {crew}{letter}", "team": team, "capacity": 20.0}
            key = f"{crew}{letter}"
            for i in range(crew * CREW, min(crew * CREW + CREW, projects)):
                draft.add("workload", f"{key}:{i}", **{**who, "project_code": code(i)}, month=here, category="build", effort_planned=3.0, effort_spent=3.0)  # fmt: skip
            rest = 19.0 - 3 * min(CREW, projects - crew * CREW)
            draft.add("workload", f"{key}:run", **{**who, "project_code": f"MCO-{crew % 5}"}, month=here, category="run", effort_planned=rest, effort_spent=rest)  # fmt: skip
            for ahead in (1, 2, 3):
                draft.add("workload", f"{key}:+{ahead}", **who, month=period(n + ahead), category="build", effort_planned=15.0)  # fmt: skip


def _services(draft: Draft) -> None:
    for k in range(5):
        draft.add("projects", f"MCO-{k}", project_code=f"MCO-{k}", name=f"Run {k}", kind="mco", state="active", report_date=draft.as_of)  # fmt: skip
    for k in range(16):
        add_service(draft, f"Service {k:02}", f"MCO-{k % 5}")


def add_service(draft: Draft, name: str, container: str) -> Record:
    """Add a service that keeps its commitments."""
    return draft.add(
        "services", f"{name}:{draft.n}", project_code=container, name=name, month=period(draft.n), availability_actual=0.999,
        availability_target=0.995, longest_outage_h=1.0, rto_h=4.0, restore_compliance=0.98,
        incidents_major=0.0, service_criticality="vital",
        last_drp_test_date=draft.as_of - timedelta(100), end_of_support_date=date(2030, 1, 1),
        contract_end_date=date(2030, 1, 1), effort_planned=10.0, effort_spent=10.0,
    )  # fmt: skip


def _shared(draft: Draft) -> None:
    """What is nobody's alone: requests, convergence."""
    day = draft.as_of
    for k in range(4):
        draft.add("requests", f"{draft.n}:{k}", title=f"Request {draft.n}-{k}", state="received", received_on=day - timedelta(10))  # fmt: skip
    draft.add("requests", f"{draft.n}:ok", title=f"Request {draft.n}-ok", state="accepted", received_on=day - timedelta(60), decided_on=day - timedelta(20), estimated_effort=2.0)  # fmt: skip
    for k in range(11):
        draft.add("convergence", f"{k}", domain="imaging", establishment=f"Site {k}", state="planned", target_date=FAR, target_solution="One for all")  # fmt: skip


Told = frozenset[tuple[str, str, str]]
"""Alerts as month, rule and whom or what they are about."""


@dataclass(frozen=True)
class Plant:
    """One situation, in a place of its own.

    Attributes:
        fires: The months in which each rule is to tell it; nothing for a situation that
            must stay quiet.
        edit: What it changes of a month.
        whom: What it is about, where that is no project; empty for the portfolio.
    """

    fires: Mapping[str, Iterable[int]]
    edit: Callable[[Draft, str], None]
    whom: str | None = None


def places(plants: Sequence[Plant]) -> list[str]:
    """Return where each situation is: a project that follows the first six, or its own."""
    return [code(6 + k) if p.whom is None else p.whom for k, p in enumerate(plants)]


def drafts(
    projects: int, plants: Sequence[Plant], months: Iterable[int] = range(MONTHS)
) -> Iterator[Draft]:
    """Yield the months, their situations planted."""
    for n in months:
        draft = quiet_month(projects, n)
        for plant, place in zip(plants, places(plants), strict=True):
            if plant.whom is not None or draft.of("projects", place):
                plant.edit(draft, place)
        yield draft


def world(
    projects: int, plants: Sequence[Plant], months: Iterable[int] = range(MONTHS)
) -> tuple[list[Month], Told]:
    """Return the months, and every alert that they are to raise."""
    made = [draft.month() for draft in drafts(projects, plants, months)]
    told = {
        (period(n), rule, place)
        for plant, place in zip(plants, places(plants), strict=True)
        for rule, when in plant.fires.items()
        for n in when
    }
    # The project that was split is archived by then: its two parts are missed instead.
    silent = {code(i) for i in range(projects) if is_silent(i, SILENT_MONTH)}
    silent = silent - {code(SPLIT)} | {f"{code(SPLIT)}{part}" for part in "ab"}
    told |= {(period(SILENT_MONTH), "report-missing", name) for name in silent}
    return made, frozenset(told)
