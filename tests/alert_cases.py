"""For each alert rule: the months in which it fires, and months in which it is silent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from build_alerts import Record, month, project

from consolidate.analyse.history import Month

Months = tuple[Month, ...]
NOW = "2026-10"


@dataclass(frozen=True)
class Case:
    """What a rule is to say of some months.

    Attributes:
        rule: Its name.
        fires: Months, the last of which raises one alert.
        severity: How grave it is then.
        value: What it computes; None where it counts nothing.
        silent: Months, the last of which raises none, by why.
    """

    rule: str
    fires: Months
    severity: str
    value: float | None
    silent: dict[str, Months]


def now(**tables: Any) -> Months:
    return (month(NOW, **tables),)


def of(**fields: Any) -> Months:
    return now(projects=project(**fields))


def run(*projects: Record | None, **tables: Any) -> Months:
    """A month a project, the last being now; None for a month without a return."""
    first = 2026 * 12 + 9 - len(projects) + 1
    months = [f"{m // 12}-{m % 12 + 1:02}" for m in range(first, first + len(projects))]
    return tuple(
        month(p, projects=[] if one is None else project(**one), **tables)
        for p, one in zip(months, projects, strict=True)
    )


def marks(*milestones: Record) -> Months:
    """A month a milestone, the last being now."""
    runs = run(*({} for _ in milestones))
    return tuple(
        Month(
            m.period,
            m.as_of,
            month(m.period, milestones={"name": "Go-live", **one}).tables,
        )
        for m, one in zip(runs, milestones, strict=True)
    )


MONEY = {"budget_initial": 100_000.0, "amount_scope": "total"}
EFFORT = {"progress": 0.5, "effort_planned": 100.0}
LATE = {"name": "Go-live", "end_forecast": "2026-09-30", "state": "planned"}
RISK = {"title": "Supplier fails", "criticality": 16.0, "state": "open"}
ACTION = {"title": "Write the plan", "state": "open", "due_date": "2026-10-20", "owner": "A"}  # fmt: skip
SERVICE = {"name": "Imaging", "month": NOW}
TIME = {"person": "A", "team": "Infra", "month": NOW}
GRADED = {"start_planned": "2026-01-01", "end_baseline": "2026-12-31"}


def team(shares: list[float], **more: Any) -> Months:
    """A month a share of run, the last being now."""
    runs = run(*({} for _ in shares))
    return tuple(
        month(
            m.period,
            workload=[
                {**TIME, "month": m.period, "category": "run", "effort_spent": 20 * share},
                {**TIME, "month": m.period, "category": "build", "effort_spent": 20 * (1 - share)},
            ],
        )
        for m, share in zip(runs, shares, strict=True)
    )  # fmt: skip


def served(*services: Record) -> Months:
    """A month a service, the last being now."""
    runs = run(*({} for _ in services))
    return tuple(
        month(m.period, services={"name": "Imaging", "month": m.period, **one})
        for m, one in zip(runs, services, strict=True)
    )


CASES = [
    Case("assistance-requested", of(assistance_requested=True), "critical", None,
         {"not asked": of(assistance_requested=False), "finished": of(assistance_requested=True, state="completed")}),
    Case("report-missing", run({}, None), "major", 1,
         {"came": run({}, {}), "was on hold": run({"state": "on_hold"}, None), "never seen": (month(NOW, projects=[]),)}),
    Case("report-stale", of(report_date="2026-09-20"), "minor", 41, {"fresh": of(report_date="2026-10-01")}),
    Case("report-unchanged", run(*[{"highlights": "All well", "progress": 0.4}] * 3), "minor", 2,
         {"progress moved": run({"highlights": "All well", "progress": 0.4}, {"highlights": "All well", "progress": 0.5}),
          "no text to copy": run({"progress": 0.4}, {"progress": 0.4})}),
    Case("committee-not-held", of(last_committee_date="2026-06-01"), "minor", 152,
         {"lately": of(last_committee_date="2026-09-01"),
          "held since": now(projects=project(last_committee_date="2026-06-01"),
                            meetings={"governance_body": "steering_committee", "meeting_date": "2026-10-05", "meeting_state": "held"})}),
    Case("decision-pending", now(actions={"kind": "decision", "state": "open", "title": "Scope", "meeting_date": "2026-09-01"}), "major", 60,
         {"recent": now(actions={"kind": "decision", "state": "open", "meeting_date": "2026-10-15"}),
          "an action": now(actions={"kind": "action", "state": "open", "meeting_date": "2026-09-01"})}),
    Case("role-missing", of(sponsor="B"), "critical", None,
         {"all there": of(project_manager="A", sponsor="B", business_manager="C", phase="build", priority="1"),
          "no sponsor, low priority": of(project_manager="A", priority="3")}),
    Case("budget-forecast-overrun", of(**MONEY, forecast_cost=115_000.0), "critical", 0.15,
         {"within 5 %": of(**MONEY, forecast_cost=105_000.0),
          "scope unknown": of(budget_initial=100_000.0, forecast_cost=115_000.0, amount_scope="unknown")}),
    Case("budget-actual-overrun", of(**MONEY, committed=103_000.0), "major", 0.03,
         {"not yet": of(**MONEY, committed=100_000.0, spent=50_000.0)}),
    Case("spend-ahead-of-progress", of(**MONEY, spent=70_000.0, progress=0.4), "major", 0.3,
         {"in step": of(**MONEY, spent=50_000.0, progress=0.4), "just begun": of(**MONEY, spent=70_000.0, progress=0.05),
          "of the year": of(budget_initial=100_000.0, amount_scope="year", spent=70_000.0, progress=0.4)}),
    Case("cost-performance-low", of(**EFFORT, effort_spent=60.0), "major", 50 / 60,
         {"worth it": of(**EFFORT, effort_spent=50.0), "just begun": of(progress=0.1, effort_planned=100.0, effort_spent=60.0)}),
    Case("budget-underspend", of(budget_initial=100_000.0, amount_scope="year", amount_year=2026, committed=30_000.0), "major", 0.3 / (304 / 365),
         {"in step": of(budget_initial=100_000.0, amount_scope="year", amount_year=2026, committed=80_000.0),
          "whole life": of(**MONEY, committed=30_000.0),
          "lines in step": now(projects=project(**MONEY, committed=30_000.0),
                               budget_lines={"label": "L", "year": 2026, "amount_scope": "year", "budget_initial": 100.0, "committed": 90.0})}),
    Case("forecast-not-reestimated", of(**MONEY, spent=60_000.0), "minor", 0.6,
         {"estimated": of(**MONEY, spent=60_000.0, forecast_cost=101_000.0), "early": of(**MONEY, spent=40_000.0)}),
    Case("accounting-chain-broken", of(**MONEY, committed=10.0, invoiced=20.0), "minor", 10,
         {"in order": of(**MONEY, committed=20.0, invoiced=20.0, paid=20.0),
          "scope unknown": of(amount_scope="unknown", committed=10.0, invoiced=20.0)}),
    Case("budget-revised-undecided", run({"budget_revised": 100.0, "amount_scope": "total"}, {"budget_revised": 120.0, "amount_scope": "total"}), "major", 0.2,
         {"little": run({"budget_revised": 100.0, "amount_scope": "total"}, {"budget_revised": 105.0, "amount_scope": "total"}),
          "another scope": run({"budget_revised": 100.0, "amount_scope": "year"}, {"budget_revised": 120.0, "amount_scope": "total"}),
          "decided": run({"budget_revised": 100.0, "amount_scope": "total"}, {"budget_revised": 120.0, "amount_scope": "total"},
                         actions={"kind": "decision", "title": "More money", "meeting_date": "2026-10-10"})}),
    Case("recurring-cost-missing", of(phase="build"), "minor", None, {"given": of(phase="build", operating_amount=10.0), "early": of(phase="design")}),
    Case("external-funding-at-risk", of(funding_programme="care", legal_deadline="2026-12-31", end_forecast="2027-01-31"), "critical", -31,
         {"margin": of(funding_programme="care", legal_deadline="2026-12-31", end_forecast="2026-11-30"),
          "own money": of(funding_programme="own_funds", legal_deadline="2026-12-31", end_forecast="2027-01-31")}),
    Case("deadline-passed", of(end_forecast="2026-10-01", progress=0.8), "major", 30,
         {"that day": of(end_forecast="2026-10-31", progress=0.8), "done": of(end_forecast="2026-10-01", progress=1.0),
          "planned": of(end_forecast="2026-10-01", progress=0.0, state="planned"), "mco": of(end_forecast="2026-10-01", progress=0.8, kind="mco")}),
    Case("forecast-delay", of(**GRADED, end_forecast="2027-03-15"), "major", 74,
         {"two weeks": of(**GRADED, end_forecast="2027-01-15"),
          "5 % of a long project": of(start_planned="2022-01-01", end_baseline="2026-12-31", end_forecast="2027-02-28")}),
    Case("progress-behind-time", of(**GRADED, progress=0.5), "major", 303 / 364 - 0.5,
         {"in step": of(**GRADED, progress=0.8), "as planned": of(planned_progress=0.5, progress=0.45)}),
    Case("schedule-performance-low", of(planned_progress=0.5, progress=0.4), "major", 0.8,
         {"in step": of(planned_progress=0.5, progress=0.48), "just begun": of(planned_progress=0.5, progress=0.1)}),
    Case("milestone-late", now(milestones=LATE), "major", 31,
         {"reached": now(milestones={**LATE, "end_actual": "2026-09-30"}), "completed": now(milestones={**LATE, "state": "completed"}),
          "that day": now(milestones={**LATE, "end_forecast": "2026-10-31"}),
          "no word of what is reached": now(milestones={"name": "Go-live", "end_baseline": "2026-09-30"}),
          "project on hold": now(projects=project(state="on_hold"), milestones=LATE)}),
    Case("milestone-slipping", marks({"end_forecast": "2026-12-01"}, {"end_forecast": "2026-12-08"}, {"end_forecast": "2026-12-15"}), "minor", 2,
         {"once": marks({"end_forecast": "2026-12-01"}, {"end_forecast": "2026-12-01"}, {"end_forecast": "2026-12-15"}),
          "stopped": marks({"end_forecast": "2026-12-01"}, {"end_forecast": "2026-12-08"}, {"end_forecast": "2026-12-15"}, {"end_forecast": "2026-12-15"}),
          "reached": marks({"end_forecast": "2026-12-01"}, {"end_forecast": "2026-12-08"}, {"end_forecast": "2026-12-15", "end_actual": "2026-10-20"})}),
    Case("tunnel-effect", now(milestones=[{"name": "A", "end_actual": "2026-01-10", "state": "completed"}, {"name": "B", "end_forecast": "2027-06-01", "state": "planned"}]), "minor", None,
         {"one soon": now(milestones=[{"name": "B", "end_forecast": "2026-12-01", "state": "planned"}]),
          "one lately": now(milestones=[{"name": "A", "end_actual": "2026-09-10", "state": "completed"}]),
          "reached some day": now(milestones=[{"name": "A", "state": "completed"}])}),
    Case("ninety-percent-syndrome", run({"progress": 0.9}, {"progress": 0.92}, {"progress": 0.95}), "minor", 3,
         {"two": run({"progress": 0.8}, {"progress": 0.92}, {"progress": 0.95}), "done": run({"progress": 0.9}, {"progress": 0.92}, {"progress": 1.0})}),
    Case("progress-stuck", run({"progress": 0.5}, {"progress": 0.4}), "minor", -0.1,
         {"a little back": run({"progress": 0.5}, {"progress": 0.45}), "frozen twice": run({"progress": 0.5}, {"progress": 0.5})}),
    Case("extrapolated-end-late", of(start_actual="2026-01-01", progress=0.5, end_forecast="2026-12-31"), "major", 303 / 0.5 - 364,
         {"in time": of(start_actual="2026-01-01", progress=0.8, end_forecast="2026-12-31"), "just begun": of(start_actual="2026-01-01", progress=0.1, end_forecast="2026-12-31")}),
    Case("baseline-moved-undecided", run({"end_baseline": "2026-12-31"}, {"end_baseline": "2027-03-31"}), "major", 90,
         {"the same": run({"end_baseline": "2026-12-31"}, {"end_baseline": "2026-12-31"}), "first time": of(end_baseline="2026-12-31"),
          "decided": run({"end_baseline": "2026-12-31"}, {"end_baseline": "2027-03-31"}, actions={"kind": "re_baseline", "title": "New plan", "raised_on": "2026-10-02"})}),
    Case("finished-not-closed", of(progress=1.0, end_actual="2026-08-01"), "minor", 91,
         {"recent": of(progress=1.0, end_actual="2026-10-01"), "reviewed": now(projects=project(progress=1.0, end_actual="2026-08-01"), closures={"closure_date": "2026-09-01"})}),
    Case("status-better-than-figures", of(status="green", **MONEY, forecast_cost=120_000.0, **GRADED, end_forecast="2026-12-31"), "critical", 2,
         {"agrees": of(status="red", **MONEY, forecast_cost=120_000.0, **GRADED, end_forecast="2026-12-31"),
          "one axis alone": of(status="green", **MONEY, forecast_cost=120_000.0)}),
    Case("status-better-than-axes", of(status="green", status_cost="red"), "major", 2, {"as the worst": of(status="red", status_cost="red"), "worse": of(status="red", status_cost="green")}),
    Case("degraded-without-plan", of(status="red"), "major", None,
         {"said": of(status="red", attention_points="Supplier late"), "acted on": now(projects=project(status="red"), actions=ACTION), "green": of(status="green")}),
    Case("green-to-red", run({"status": "green"}, {"status": "red"}), "major", None, {"by amber": run({"status": "amber"}, {"status": "red"})}),
    Case("status-red-persistent", run({"status": "red"}, {"status": "red"}), "major", 2, {"once": run({"status": "green"}, {"status": "red"})}),
    Case("status-worse-than-figures", of(status="red", **MONEY, forecast_cost=100_000.0, **GRADED, end_forecast="2026-12-31"), "info", None,
         {"agrees": of(status="green", **MONEY, forecast_cost=100_000.0, **GRADED, end_forecast="2026-12-31")}),
    Case("critical-risk-untreated", now(risks={**RISK, "owner": "A"}), "major", 16,
         {"treated": now(risks={**RISK, "owner": "A", "mitigation": "Second source"}), "low": now(risks={**RISK, "criticality": 9.0}), "closed": now(risks={**RISK, "state": "closed"})}),
    Case("mitigation-overdue", now(risks={**RISK, "due_date": "2026-10-01"}), "minor", 30, {"that day": now(risks={**RISK, "due_date": "2026-10-31"})}),
    Case("risk-not-reviewed", now(risks={**RISK, "review_date": "2026-07-01"}), "minor", 122,
         {"lately": now(risks={**RISK, "review_date": "2026-09-01"}), "low": now(risks={**RISK, "criticality": 6.0, "review_date": "2026-07-01"})}),
    Case("risk-register-missing", of(phase="design"), "minor", None, {"listed": now(projects=project(phase="design"), risks=RISK), "early": of(phase="opportunity")}),
    Case("occurred-risk-without-action", now(risks={**RISK, "state": "occurred"}), "major", None,
         {"acted on": now(risks={**RISK, "state": "occurred"}, actions=ACTION), "open": now(risks=RISK)}),
    Case("actions-overdue", now(actions=[ACTION, *[{**ACTION, "title": f"T{n}", "due_date": "2026-12-01"} for n in range(3)]]), "minor", 1,
         {"in time": now(actions={**ACTION, "due_date": "2026-10-31"}), "closed": now(actions={**ACTION, "state": "closed"}),
          "put off": now(actions={**ACTION, "revised_due_date": "2026-12-01"})}),
    Case("action-orphan", now(actions={**ACTION, "owner": None}), "minor", None, {"complete": now(actions=ACTION), "closed": now(actions={**ACTION, "owner": None, "state": "closed"})}),
    Case("deliverable-missing", now(projects=project(phase="framing"), deliverables={"name": "Sheet", "deliverable_type": "opportunity_sheet", "state": "in_progress"}), "major", 5,
         {"all there": now(projects=project(phase="framing", complexity="low"), deliverables=[
             {"name": "a", "deliverable_type": "opportunity_sheet", "state": "validated"},
             {"name": "b", "deliverable_type": "project_sheet", "state": "delivered"},
             {"name": "c", "deliverable_type": "framing_note", "state": "in_review"}]),
          "none listed": of(phase="framing")}),
    Case("phase-change-without-gate", run({"phase": "design"}, {"phase": "build"}), "minor", None,
         {"same": run({"phase": "design"}, {"phase": "design"}),
          "met": run({"phase": "design"}, {"phase": "build"}, meetings={"governance_body": "steering_committee", "meeting_date": "2026-10-10", "meeting_state": "held"})}),
    Case("go-live-not-compliant", now(projects=project(go_live_date="2026-11-30"), compliance={"requirement": "DPIA", "framework": "gdpr", "state": "in_progress"}), "major", 30,
         {"compliant": now(projects=project(go_live_date="2026-11-30"), compliance={"requirement": "DPIA", "framework": "gdpr", "state": "compliant"}),
          "far": now(projects=project(go_live_date="2027-11-30"), compliance={"requirement": "DPIA", "framework": "gdpr", "state": "in_progress"})}),
    Case("compliance-deadline", now(compliance={"requirement": "DPIA", "state": "in_progress", "due_date": "2026-11-15"}), "minor", 15,
         {"far": now(compliance={"requirement": "DPIA", "state": "in_progress", "due_date": "2027-01-15"}), "done": now(compliance={"requirement": "DPIA", "state": "compliant", "due_date": "2026-11-15"})}),
    Case("benefit-not-measured", now(projects=project(state="completed", end_actual="2026-03-31"), objectives={"name": "Less paper"}), "minor", 214,
         {"measured": now(projects=project(state="completed", end_actual="2026-03-31"), objectives={"name": "Less paper", "actual": 3.0}),
          "too soon": now(projects=project(state="completed", end_actual="2026-08-31"), objectives={"name": "Less paper"})}),
    Case("training-behind", now(projects=project(go_live_date="2026-11-15"), trainings={"title": "Nurses", "headcount_target": 100, "headcount_trained": 60}), "major", 0.6,
         {"ready": now(projects=project(go_live_date="2026-11-15"), trainings={"title": "Nurses", "trained_share": 0.7}),
          "far": now(projects=project(go_live_date="2027-01-15"), trainings={"title": "Nurses", "trained_share": 0.1})}),
    Case("adoption-low", now(projects=project(go_live_date="2026-06-01"), trainings={"title": "Nurses", "adoption_share": 0.4}), "minor", 0.4,
         {"used": now(projects=project(go_live_date="2026-06-01"), trainings={"title": "Nurses", "adoption_share": 0.6}),
          "too soon": now(projects=project(go_live_date="2026-09-01"), trainings={"title": "Nurses", "adoption_share": 0.4})}),
    Case("opponent-untreated", now(stakeholders={"name": "X", "role": "Ward", "attitude": "resistant", "influence": 4.0}), "minor", 4,
         {"planned": now(stakeholders={"role": "Ward", "attitude": "resistant", "influence": 4.0, "strategy": "Meet"}), "weak": now(stakeholders={"role": "Ward", "attitude": "resistant", "influence": 3.0})}),
    Case("interface-not-tested", now(projects=project(go_live_date="2026-11-30"), interfaces={"name": "Identities", "state": "in_test"}), "major", 30,
         {"tested": now(projects=project(go_live_date="2026-11-30"), interfaces={"name": "Identities", "state": "tested"}),
          "tested that day": now(projects=project(go_live_date="2026-11-30"), interfaces={"name": "Identities", "tested_on": "2026-10-31"}),
          "live before": now(projects=project(go_live_date="2026-11-30"), interfaces={"name": "Identities", "live_on": "2025-01-01"}),
          "dropped": now(projects=project(go_live_date="2026-11-30"), interfaces={"name": "Identities", "state": "not_applicable"}),
          "far": now(projects=project(go_live_date="2027-01-31"), interfaces={"name": "Identities", "state": "in_test"}),
          "nothing is said": now(projects=project(go_live_date="2026-11-30"), interfaces={"name": "Identities"}),
          "no go-live": now(interfaces={"name": "Identities", "state": "in_test"}),
          "project over": now(projects=project(go_live_date="2026-11-30", state="cancelled"), interfaces={"name": "Identities", "state": "in_test"})}),
    Case("person-overload", now(workload=[{**TIME, "effort_planned": 12.0, "capacity": 20.0}, {**TIME, "effort_planned": 11.0, "capacity": 20.0}]), "major", 1.15,
         {"full": now(workload={**TIME, "effort_planned": 20.0, "capacity": 20.0}),
          "two capacities": now(workload=[{**TIME, "effort_planned": 12.0, "capacity": 10.0}, {**TIME, "effort_planned": 12.0, "capacity": 11.0}])}),
    Case("run-share-high", team([0.5, 0.5, 0.5, 0.62]), "major", 0.12, {"usual": team([0.5, 0.5, 0.5, 0.55]), "no past": team([0.5, 0.5, 0.7])}),
    Case("time-not-recorded", now(workload={**TIME, "effort_spent": 15.0, "absence": 2.0, "capacity": 20.0}), "minor", 0.85,
         {"recorded": now(workload={**TIME, "effort_spent": 16.0, "absence": 2.0, "capacity": 20.0})}),
    Case("effort-overrun", of(effort_planned=100.0, effort_spent=60.0, effort_remaining=55.0), "minor", 0.15, {"within": of(effort_planned=100.0, effort_spent=60.0, effort_remaining=50.0)}),
    Case("key-person-shared", now(projects=[project(project_code=f"P{n}") for n in range(7)],
                                  workload=[{**TIME, "project_code": f"P{n}", "effort_spent": 2.0} for n in range(7)]), "minor", 7,
         {"six": now(projects=[project(project_code=f"P{n}") for n in range(6)], workload=[{**TIME, "project_code": f"P{n}", "effort_spent": 2.0} for n in range(6)])}),
    Case("project-without-effort", (
            month("2026-08", projects=[project(), project(project_code="P2")], workload={**TIME, "month": "2026-08", "effort_spent": 3.0}),
            month("2026-09", projects=[project(), project(project_code="P2")], workload={**TIME, "project_code": "P2", "month": "2026-09", "effort_spent": 3.0}),
            month(NOW, projects=[project(), project(project_code="P2")], workload={**TIME, "project_code": "P2", "effort_spent": 3.0})), "minor", 2,
         {"nobody records": run({}, {}, {}), "worked": now(workload={**TIME, "effort_spent": 3.0})}),
    Case("team-saturation-ahead", now(workload={**TIME, "month": "2026-12", "effort_planned": 22.0, "capacity": 20.0}), "major", 1.1,
         {"this month": now(workload={**TIME, "effort_planned": 22.0, "capacity": 20.0}), "later": now(workload={**TIME, "month": "2027-03", "effort_planned": 22.0, "capacity": 20.0})}),
    Case("availability-below-target", served({"availability_actual": 0.98, "availability_target": 0.995}), "major", -0.015,
         {"met": served({"availability_actual": 0.995, "availability_target": 0.995})}),
    Case("outage-beyond-rto", served({"longest_outage_h": 5.0, "rto_h": 4.0}), "critical", 1, {"within": served({"longest_outage_h": 4.0, "rto_h": 4.0})}),
    Case("restore-time-missed", served({"restore_compliance": 0.9}), "minor", 0.9, {"met": served({"restore_compliance": 0.95})}),
    Case("major-incidents-repeated", served({"incidents_major": 2}), "major", 2, {"one": served({"incidents_major": 0}, {"incidents_major": 0}, {"incidents_major": 1})}),
    Case("recovery-not-tested", served({"service_criticality": "vital", "last_drp_test_date": "2025-09-01"}), "major", 425,
         {"tested": served({"service_criticality": "vital", "last_drp_test_date": "2026-09-01"}), "standard": served({"service_criticality": "standard", "last_drp_test_date": "2025-09-01"})}),
    Case("end-of-support", served({"end_of_support_date": "2027-01-31"}), "major", 92, {"far": served({"end_of_support_date": "2028-01-31"})}),
    Case("contract-expiring", served({"contract_end_date": "2027-03-31"}), "minor", 151, {"far": served({"contract_end_date": "2027-12-31"})}),
    Case("mco-effort-above-plan", served({"effort_planned": 10.0, "effort_spent": 12.0}), "minor", 1.2, {"within": served({"effort_planned": 10.0, "effort_spent": 11.0})}),
    Case("request-unprocessed", now(requests={"title": "New software", "state": "received", "received_on": "2026-09-01", "project_code": None}), "minor", 60,
         {"recent": now(requests={"title": "R", "state": "received", "received_on": "2026-10-15"}), "decided": now(requests={"title": "R", "state": "rejected", "received_on": "2026-09-01"})}),
    Case("request-without-project", now(requests={"title": "New software", "state": "accepted", "decided_on": "2026-07-31", "project_code": None}), "minor", 92,
         {"has one": now(requests={"title": "R", "state": "accepted", "decided_on": "2026-07-31"}), "recent": now(requests={"title": "R", "state": "accepted", "decided_on": "2026-10-01", "project_code": None})}),
    Case("intake-above-capacity", now(requests={"title": "R", "state": "accepted", "estimated_effort": 30.0, "project_code": None},
                                      workload={**TIME, "month": "2026-11", "effort_planned": 5.0, "capacity": 20.0}), "major", 2,
         {"room": now(requests={"title": "R", "state": "accepted", "estimated_effort": 15.0, "project_code": None}, workload={**TIME, "month": "2026-11", "effort_planned": 5.0, "capacity": 20.0}),
          "no estimate": now(requests={"title": "R", "state": "accepted", "project_code": None}, workload={**TIME, "month": "2026-11", "effort_planned": 5.0, "capacity": 20.0})}),
    Case("convergence-late", now(convergence={"domain": "imaging", "establishment": "North", "state": "planned", "target_date": "2026-09-30"}), "major", 31,
         {"in time": now(convergence={"domain": "imaging", "state": "planned", "target_date": "2026-10-31"}), "converged": now(convergence={"domain": "imaging", "state": "converged", "target_date": "2026-09-30"})}),
    Case("convergence-two-targets", now(convergence=[{"domain": "imaging", "target_solution": "Alpha"}, {"domain": "imaging", "target_solution": "Beta"}]), "major", 2,
         {"one, spelt twice": now(convergence=[{"domain": "imaging", "target_solution": "Alpha"}, {"domain": "imaging", "target_solution": "ALPHA "}])}),
    Case("priority-inflation", now(projects=[project(project_code=f"P{n}", priority="1" if n < 3 else "2") for n in range(5)]), "info", 0.6,
         {"40 %": now(projects=[project(project_code=f"P{n}", priority="1" if n < 2 else "2") for n in range(5)])}),
    Case("dependency-threatened", now(milestones=[{"name": "Install", "end_forecast": "2026-12-20", "state": "active"}, {"name": "Train", "predecessor": "install", "start_planned": "2026-12-01", "state": "planned"}]), "major", 19,
         {"in time": now(milestones=[{"name": "Install", "end_forecast": "2026-11-20"}, {"name": "Train", "predecessor": "Install", "start_planned": "2026-12-01"}]),
          "unknown name": now(milestones=[{"name": "Install", "end_forecast": "2026-12-20"}, {"name": "Train", "predecessor": "Buy", "start_planned": "2026-12-01"}])}),
]  # fmt: skip
