"""What goes wrong in the eighteen months, where and when: a situation for every rule.

Months are counted from 0 (May 2025); 15 and 16 are August and September 2026. A situation
is one a project may be in, so that some rules tell it together: a slip of 100 days that a
manager declares red is a delay and a red status. Where a rule asks for worse figures than
a declared green, the status is declared as the figures say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from history_world import (
    FAR,
    MONTHS,
    Draft,
    Plant,
    Record,
    add_service,
    last_day,
    period,
    planned,
)

AUG, SEP, OCT = 15, 16, 17
BOTH = (AUG, SEP)
Edit = Callable[[Draft, str], None]


def own(draft: Draft, place: str, table: str = "projects") -> Record:
    return draft.of(table, place)[0]


def sets(table: str, months: Sequence[int] = BOTH, **fields: Any) -> Edit:
    """Change fields of a project's first record; a function is given the cut-off."""

    def edit(draft: Draft, place: str) -> None:
        if draft.n in months:
            row = own(draft, place, table)
            row.update({k: v(draft.as_of) if callable(v) else v for k, v in fields.items()})  # fmt: skip

    return edit


def adds(table: str, months: Sequence[int] = BOTH, **fields: Any) -> Edit:
    """Add a record of the project."""

    def edit(draft: Draft, place: str) -> None:
        if draft.n in months:
            told = {k: v(draft.as_of) if callable(v) else v for k, v in fields.items()}
            draft.add(table, f"{place}:planted", project_code=place, **told)

    return edit


def drops(table: str, months: Sequence[int] = BOTH) -> Edit:
    def edit(draft: Draft, place: str) -> None:
        if draft.n in months:
            draft.drop(table, place)

    return edit


def together(*edits: Edit) -> Edit:
    def edit(draft: Draft, place: str) -> None:
        for one in edits:
            one(draft, place)

    return edit


def since(first: int) -> range:
    return range(first, MONTHS)


def ago(days: int) -> Callable[[date], date]:
    return lambda day: day - timedelta(days)


def ahead(days: int) -> Callable[[date], date]:
    return ago(-days)


def moved(days: int) -> date:
    return date(2027, 6, 30) + timedelta(days)


def project(rules: str | dict[str, Sequence[int]], *edits: Edit, **fields: Any) -> Plant:  # fmt: skip
    """A situation of a project in August and September, unless said otherwise."""
    fires = {rules: BOTH} if isinstance(rules, str) else rules
    return Plant(fires, together(*edits, sets("projects", **fields)))


AMBER = {"status": "amber"}
"""As the figures say, with an open action: the manager is honest."""


def progressing(share: Callable[[int], float], months: Sequence[int]) -> Edit:
    """Give a project another progress, and the effort and spending that go with it."""

    def edit(draft: Draft, place: str) -> None:
        if draft.n not in months:
            return
        done = share(draft.n)
        spent = done * 95_000
        own(draft, place).update(
            progress=done, spent=spent, committed=spent + 1_000, invoiced=spent * 0.9,
            paid=spent * 0.8, effort_spent=done * 95, effort_remaining=100 * (1 - done),
        )  # fmt: skip

    return edit


def on_time(n: int) -> float:
    return planned(last_day(n))


def copied(n: int) -> float:
    return on_time(min(n, AUG - 1) if n == AUG else n) * 1.1


def unspent(draft: Draft, place: str) -> None:
    """For two months nobody spends a day on the project: they are build time of others."""
    if draft.n in (AUG - 1, AUG):
        for row in draft.of("workload", place):
            row["project_code"] = None


def sliding(draft: Draft, place: str) -> None:
    """A milestone announced ten days later in August, and again in September."""
    if draft.n >= SILENT_SINCE:
        later = timedelta(10 * sum(draft.n >= m for m in BOTH))
        day = date(2027, 3, 1) + later
        draft.add("milestones", f"{place}:slides", project_code=place, name="Go-live", end_baseline=date(2027, 3, 1), end_forecast=day, state="planned")  # fmt: skip


SILENT_SINCE = 13


def nothing_near(draft: Draft, place: str) -> None:
    if draft.n in BOTH:
        draft.drop("milestones", place)
        draft.add("milestones", f"{place}:far", project_code=place, name="End", end_baseline=FAR, end_forecast=FAR, state="planned")  # fmt: skip


def waiting(draft: Draft, place: str) -> None:
    """Training is to begin before what it waits for is installed."""
    if draft.n in BOTH:
        due = {"project_code": place, "state": "planned"}
        draft.add("milestones", f"{place}:install", **due, name="Install", end_baseline=date(2026, 12, 20), end_forecast=date(2026, 12, 20))  # fmt: skip
        draft.add("milestones", f"{place}:train", **due, name="Train", predecessor="Install", start_planned=date(2026, 12, 1), end_baseline=date(2027, 2, 1), end_forecast=date(2027, 2, 1))  # fmt: skip


def late_spending(draft: Draft, place: str) -> None:
    if draft.n in BOTH:
        own(draft, place, "budget_lines").update(committed=4_000.0, invoiced=3_000.0, paid=2_000.0)  # fmt: skip


def rebaselined(decided: bool) -> Edit:
    def edit(draft: Draft, place: str) -> None:
        if draft.n >= AUG:
            own(draft, place).update(end_baseline=moved(30), end_forecast=moved(30))
            if decided:
                draft.add("actions", f"{place}:decided", project_code=place, title="New baseline", kind="re_baseline", state="closed", meeting_date=date(2026, 8, 20))  # fmt: skip

    return edit


def team(name: str, run: Callable[[int], float], spent: float = 20.0, months: Sequence[int] = range(MONTHS)) -> Edit:  # fmt: skip
    """A team of one: its share of run, and the days it records of its twenty."""

    def edit(draft: Draft, place: str) -> None:
        if draft.n in months:
            share = run(draft.n)
            for category, part in (("run", share), ("build", 1 - share)):
                draft.add("workload", f"{name}:{category}", person=f"{name} person", team=name, month=period(draft.n), category=category, effort_planned=20 * part, effort_spent=spent * part, capacity=20.0)  # fmt: skip

    return edit


def overloaded(draft: Draft, place: str) -> None:
    if draft.n in BOTH:
        draft.add("workload", "over", person=place, month=period(draft.n), category="build", effort_planned=24.0, effort_spent=20.0, capacity=20.0)  # fmt: skip


def saturated(draft: Draft, place: str) -> None:
    if draft.n in BOTH:
        for letter, days in (("a", 25.0), ("b", 19.0)):
            draft.add("workload", f"full:{letter}", person=f"Full {letter}", team=place, month=period(draft.n + 1), category="build", effort_planned=days, capacity=20.0)  # fmt: skip


def everywhere(draft: Draft, place: str) -> None:
    """One person on seven projects that are others' too."""
    if draft.n in BOTH:
        for i in (0, 1, 2, 3, 4, 6, 8):
            draft.add("workload", f"key:{i}", person=place, project_code=f"P-{i:03}", month=period(draft.n), category="build", effort_planned=2.0, effort_spent=2.0, capacity=20.0)  # fmt: skip


def service(rule: str, **fields: Any) -> Plant:
    """A service of its own that misses one commitment."""
    name = f"Service of {rule}"

    def edit(draft: Draft, place: str) -> None:
        row = add_service(draft, place, "MCO-0")
        if draft.n in BOTH:
            row.update({k: v(draft.as_of) if callable(v) else v for k, v in fields.items()})  # fmt: skip

    return Plant({rule: BOTH}, edit, name)


def shared(rule: str, table: str, whom: str, months: Sequence[int] = BOTH, **fields: Any) -> Plant:  # fmt: skip
    """A record that is no project's."""

    def edit(draft: Draft, place: str) -> None:
        if draft.n in months:
            told = {k: v(draft.as_of) if callable(v) else v for k, v in fields.items()}
            draft.add(table, f"planted:{whom}", **told)

    return Plant({rule: months}, edit, whom)


def two_targets(draft: Draft, place: str) -> None:
    if draft.n in BOTH:
        for k, solution in enumerate(("Alpha", "Beta")):
            draft.add("convergence", f"two:{k}", domain=place, establishment=f"Site {k}", state="planned", target_date=FAR, target_solution=solution)  # fmt: skip


def flooded(draft: Draft, place: str) -> None:
    del place
    if draft.n in BOTH:
        draft.add("requests", "flood", title="All at once", state="accepted", decided_on=draft.as_of - timedelta(5), estimated_effort=100_000.0)  # fmt: skip


def inflated(draft: Draft, place: str) -> None:
    del place
    if draft.n == OCT:
        for k, row in enumerate(draft.tables["projects"]):
            if row["kind"] == "project" and k % 5 < 3:
                row["priority"] = "1"


RISK = {"criticality": 12.0}

PLANTS = [
    project("assistance-requested", assistance_requested=True),
    Plant({"report-missing": (AUG,)}, together(*(drops(t, (AUG,)) for t in ("projects", "budget_lines", "risks", "actions", "milestones", "deliverables", "objectives")))),
    project("report-stale", report_date=ago(50)),
    Plant({"report-unchanged": (AUG,)}, together(progressing(copied, range(MONTHS)), sets("projects", (AUG,), highlights=f"Done in {period(AUG - 1)}"))),
    project("committee-not-held", last_committee_date=ago(130)),
    project("decision-pending", adds("actions", title="Scope", kind="decision", state="open", meeting_date=ago(45), owner="Lead", due_date=FAR)),
    project("role-missing", business_manager=None),
    # ------------------------------------------------------------------ budget
    project("budget-forecast-overrun", forecast_cost=107_000.0, **AMBER),
    project("budget-actual-overrun", committed=102_000.0),
    project("spend-ahead-of-progress", spent=lambda day: (planned(day) + 0.2) * 100_000, committed=99_000.0),
    project("cost-performance-low", effort_spent=lambda day: planned(day) * 111, effort_remaining=lambda day: 105 - planned(day) * 111),
    Plant({"budget-underspend": BOTH}, late_spending),
    project("forecast-not-reestimated", forecast_cost=None),
    project("accounting-chain-broken", paid=lambda day: planned(day) * 95_000),
    Plant({"budget-revised-undecided": (AUG,)}, sets("projects", since(AUG), budget_revised=110_000.0)),
    project("recurring-cost-missing", operating_amount=None),
    project("external-funding-at-risk", funding_programme="care", legal_deadline=moved(10)),
    # ---------------------------------------------------------------- schedule
    Plant({"deadline-passed": (SEP, OCT)}, together(progressing(lambda n: 0.99, (SEP, OCT)), sets("projects", (SEP, OCT), end_forecast=ago(10)))),
    project("forecast-delay", end_forecast=moved(50), **AMBER),
    project("progress-behind-time", planned_progress=lambda day: planned(day) + 0.25),
    project("schedule-performance-low", planned_progress=lambda day: planned(day) / 0.92),
    project("milestone-late", adds("milestones", name="Acceptance", end_baseline=date(2026, 8, 20), end_forecast=date(2026, 8, 20), state="planned")),
    Plant({"milestone-slipping": (SEP,)}, sliding),
    Plant({"tunnel-effect": BOTH}, nothing_near),
    Plant({"ninety-percent-syndrome": since(AUG)}, progressing(lambda n: 0.92 + 0.005 * (n - 13), since(13))),
    Plant({"progress-stuck": (AUG,)}, together(progressing(lambda n: on_time(n) * 1.25, range(AUG)), progressing(lambda n: on_time(n) * 1.02, since(AUG)))),
    project("extrapolated-end-late", end_forecast=moved(-60)),
    Plant({"baseline-moved-undecided": (AUG,)}, rebaselined(decided=False)),
    Plant({}, rebaselined(decided=True)),
    Plant({"finished-not-closed": since(14)}, together(progressing(lambda n: 1.0, since(14)), sets("projects", since(14), end_actual=date(2026, 5, 15)))),
    # ------------------------------------------------------------------ status
    project({"status-better-than-figures": BOTH, "budget-forecast-overrun": BOTH}, forecast_cost=115_000.0),
    project("status-better-than-axes", status_cost="amber"),
    project("degraded-without-plan", drops("actions"), **AMBER),
    Plant({"green-to-red": (AUG,), "forecast-delay": (AUG,)}, sets("projects", (AUG,), status="red", end_forecast=moved(100))),
    Plant({"status-red-persistent": (SEP, OCT), "forecast-delay": (AUG, SEP, OCT)}, together(sets("projects", (AUG - 1,), **AMBER), sets("projects", since(AUG), status="red", end_forecast=moved(100)))),
    Plant({"status-worse-than-figures": (AUG,)}, together(sets("projects", (AUG - 1,), **AMBER), sets("projects", (AUG,), status="red"))),
    # ------------------------------------------------- risks, actions, quality
    project("critical-risk-untreated", sets("risks", **RISK, mitigation=None), **AMBER),
    project("mitigation-overdue", sets("risks", due_date=ago(10))),
    project("risk-not-reviewed", sets("risks", **RISK, review_date=ago(100)), **AMBER),
    project("risk-register-missing", drops("risks")),
    project("occurred-risk-without-action", sets("risks", state="occurred"), drops("actions")),
    project("actions-overdue", adds("actions", title="Order", kind="action", state="open", owner="Lead", due_date=ago(10))),
    project("action-orphan", adds("actions", title="Order", kind="action", state="open", due_date=FAR)),
    project("deliverable-missing", sets("deliverables", state="in_progress"), **AMBER),
    Plant({"phase-change-without-gate": (AUG,)}, sets("projects", range(AUG), phase="design")),
    project("go-live-not-compliant", adds("compliance", requirement="DPIA", framework="gdpr", state="in_progress", due_date=FAR), go_live_date=ahead(30)),
    project("compliance-deadline", adds("compliance", requirement="DPIA", framework="gdpr", state="in_progress", due_date=ahead(10))),
    Plant({"benefit-not-measured": since(AUG)}, together(sets("projects", since(AUG), state="completed", end_actual=date(2026, 1, 31)), sets("objectives", since(AUG), actual=None))),
    project("training-behind", adds("trainings", title="Nurses", headcount_target=100.0, headcount_trained=60.0), go_live_date=ahead(20)),
    Plant({"adoption-low": since(AUG)}, together(sets("projects", since(AUG), go_live_date=date(2026, 4, 1)), adds("trainings", since(AUG), title="Nurses", adoption_share=0.4))),
    project("opponent-untreated", adds("stakeholders", role="Ward", attitude="resistant", influence=4.0)),
    project("interface-not-tested", adds("interfaces", name="ADT", source_system="A", target_system="B", state="in_development"), go_live_date=ahead(40)),
    # ---------------------------------------------------------------- workload
    Plant({"person-overload": BOTH}, overloaded, "Overloaded"),
    Plant({"run-share-high": (AUG,)}, team("Team of run", lambda n: 0.65 if n == AUG else 0.5), "Team of run"),
    Plant({"time-not-recorded": BOTH}, team("Team of gaps", lambda n: 0.5, 15.0, BOTH), "Team of gaps"),
    project("effort-overrun", effort_remaining=lambda day: 115 - planned(day) * 95),
    Plant({"key-person-shared": BOTH}, everywhere, "Everywhere"),
    Plant({"project-without-effort": (AUG,)}, unspent),
    Plant({"team-saturation-ahead": BOTH}, saturated, "Saturated"),
    Plant({"person-overload": BOTH}, lambda draft, place: None, "Full a"),
    # ----------------------------------------------------------------- service
    service("availability-below-target", availability_actual=0.98),
    service("outage-beyond-rto", longest_outage_h=5.0),
    service("restore-time-missed", restore_compliance=0.9),
    service("major-incidents-repeated", incidents_major=2.0),
    service("recovery-not-tested", last_drp_test_date=ago(400)),
    service("end-of-support", end_of_support_date=ahead(300)),
    service("contract-expiring", contract_end_date=ahead(150)),
    service("mco-effort-above-plan", effort_spent=12.0),
    # --------------------------------------------------------------- portfolio
    shared("request-unprocessed", "requests", "Forgotten", title="Forgotten", state="received", received_on=ago(60)),
    shared("request-without-project", "requests", "Accepted", title="Accepted", state="accepted", decided_on=ago(70), estimated_effort=1.0),
    Plant({"intake-above-capacity": BOTH}, flooded, ""),
    shared("convergence-late", "convergence", "laboratory", domain="laboratory", establishment="Site 0", state="planned", target_date=ago(10), target_solution="Lab"),
    Plant({"convergence-two-targets": BOTH}, two_targets, "pharmacy"),
    Plant({"priority-inflation": (OCT,)}, inflated, ""),
    project("dependency-threatened", waiting),
]  # fmt: skip
"""One situation each; those without a project say whom they are about."""


def at_the_edge_of_people(draft: Draft, place: str) -> None:
    """A team whose next month is just full, and whose month is recorded by 90 %."""
    if draft.n in BOTH:
        who = {"person": f"{place} person", "team": place, "category": "build", "capacity": 20.0}  # fmt: skip
        draft.add("workload", "edge:now", **who, month=period(draft.n), effort_planned=20.0, effort_spent=18.0)  # fmt: skip
        draft.add("workload", "edge:next", **who, month=period(draft.n + 1), effort_planned=20.0)  # fmt: skip


def at_the_edge_of_nobody(draft: Draft, place: str) -> None:
    """Requests, services and convergence that are at their limits, not beyond."""
    del place
    row = add_service(draft, "Service at the edge", "MCO-0")
    if draft.n not in BOTH:
        return
    day = draft.as_of
    row.update(
        availability_actual=0.995, longest_outage_h=4.0, restore_compliance=0.95, incidents_major=1.0,
        last_drp_test_date=day - timedelta(365), end_of_support_date=day + timedelta(365),
        contract_end_date=day + timedelta(183), effort_spent=11.0,
    )  # fmt: skip
    draft.add("requests", "edge:1", title="Thirty days", state="received", received_on=day - timedelta(30))  # fmt: skip
    draft.add("requests", "edge:2", title="Sixty days", state="accepted", decided_on=day - timedelta(60), estimated_effort=1.0)  # fmt: skip
    draft.add("convergence", "edge", domain="imaging", establishment="Site 12", state="planned", target_date=day, target_solution="One for all")  # fmt: skip


def quiet(*edits: Edit, **fields: Any) -> Plant:
    return project({}, *edits, **fields)


EDGES = [
    quiet(
        sets("risks", criticality=9.0, mitigation=None, due_date=ago(0), review_date=ago(200)),
        adds("actions", title="Order", kind="action", state="open", owner="Lead", due_date=ago(0)),
        adds("milestones", name="That day", end_baseline=ago(0), end_forecast=ago(0), state="planned"),
        adds("compliance", requirement="DPIA", framework="gdpr", state="in_progress", due_date=ahead(31)),
        priority="3", forecast_cost=105_000.0, committed=100_000.0, report_date=ago(35),
        last_committee_date=ago(120), end_forecast=moved(15),
    ),
    quiet(
        adds("compliance", requirement="DPIA", framework="gdpr", state="in_progress", due_date=FAR),
        adds("interfaces", name="ADT", source_system="A", target_system="B", state="in_development"),
        adds("trainings", title="Nurses", headcount_target=100.0, headcount_trained=10.0),
        go_live_date=ahead(61), funding_programme="care", legal_deadline=moved(0), end_forecast=moved(-30),
        effort_spent=lambda day: planned(day) * 100 / 0.95,
        effort_remaining=lambda day: 110 - planned(day) * 100 / 0.95,
    ),
    quiet(
        adds("trainings", title="Nurses", headcount_target=100.0, headcount_trained=70.0),
        adds("stakeholders", role="Ward", attitude="resistant", influence=3.0),
        adds("actions", title="Scope", kind="decision", state="open", meeting_date=ago(30), owner="Lead", due_date=FAR),
        go_live_date=ahead(30),
    ),
    Plant({}, team("Team of five points", lambda n: 0.55 if n == AUG else 0.5), "Team of five points"),
    Plant({}, at_the_edge_of_people, "Just full"),
    Plant({}, at_the_edge_of_nobody, ""),
]  # fmt: skip
"""What is at the limit of a rule and not beyond: no rule may tell it."""
