"""The year of services: each figure on a few months counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

from consolidate.analyse.history import History, Month, kept, ordinal
from consolidate.analyse.recorded import TIME_FIELDS, time_rows
from consolidate.analyse.rules import load_rules
from consolidate.analyse.year_end import (
    SERVICE_FIELDS,
    consolidated,
    costed,
    decided,
    named_services,
    reconciled,
    service_months,
    year_of,
)
from consolidate.model.schema import load_schemas
from consolidate.resources import shipped

SCHEMAS = load_schemas((shipped("schemas"),))
FIELDS = {
    name: kept(name, {name: own})
    for name, own in {**TIME_FIELDS, "services": SERVICE_FIELDS}.items()
}
NOW = ordinal("2026-10")
AS_OF = pd.Timestamp("2026-10-31")
SETTING = load_rules((shipped("schemas"),)).packs["year-end"]


def frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns = ["record_id", "project_code", *FIELDS[table]]
    ids = [{"record_id": f"{table}{n}", "project_code": "M1"} | r for n, r in enumerate(rows)]  # fmt: skip
    return pd.DataFrame(ids).reindex(columns=list(dict.fromkeys(columns)))


def history(
    services: list[dict[str, Any]],
    time: Sequence[dict[str, Any]] = (),
    kind: str = "mco",
) -> History:
    projects = [{"project_code": c, "name": f"MCO {c}", "kind": kind} for c in ("M1", "M2")]  # fmt: skip
    tables = {
        "services": frame("services", services),
        "workload": frame("workload", list(time)),
        "projects": frame("projects", projects),
    }
    return History((Month("2026-10", date(2026, 10, 31), tables),), SCHEMAS, FIELDS)


def year(
    services: list[dict[str, Any]], time: Sequence[dict[str, Any]] = ()
) -> pd.DataFrame:
    told = history(services, time)
    months = service_months(told)
    lines = time_rows(told)
    lines = lines.assign(number=named_services(lines, months))
    return year_of(months, lines, NOW, AS_OF).set_index("service")


def service(month: str, **more: Any) -> dict[str, Any]:
    return {"name": "Labo", "month": month} | more


def line(days: float, **more: Any) -> dict[str, Any]:
    own = {"category": "run", "month": "2026-10", "effort_spent": days, "team": "A"}
    return own | more


def test_months_add_up_and_are_laid_beside_the_same_months_of_the_year_before() -> None:
    rows = [service("2026-01", incidents=3, incidents_major=1), service("2026-10", incidents=4)]  # fmt: skip
    rows += [service("2025-10", incidents=5), service("2025-12", incidents=100)]
    found = year(rows).loc["Labo"]
    assert (found["incidents"], found["incidents_major"]) == (7, 1)
    assert found["incidents_before"] == 5


def test_a_month_is_missed_only_where_both_figures_are_known() -> None:
    told = {"availability_target": 0.999}
    rows = [
        service("2026-07", availability_actual=0.998, **told),
        service("2026-08", availability_actual=0.999, **told),
        service("2026-09", availability_actual=0.5),
        service("2026-10", **told),
    ]
    found = year(rows).loc["Labo"]
    assert (found["months_missed"], found["months_told"]) == (1, 2)
    unknown = year([service("2026-10")]).loc["Labo"]
    assert pd.isna(unknown["months_missed"])


def test_recorded_time_counts_before_what_the_sheet_says_and_never_with_it() -> None:
    rows = [service("2026-10", effort_spent=40), {**service("2026-10", effort_spent=9), "name": "Autre"}]  # fmt: skip
    found = year(rows, [line(6, service_code="LABO"), line(2.5, service_code="labo")])
    assert found.loc["Labo", "days"] == 8.5
    assert found.loc["Autre", "days"] == 9


def test_days_are_compared_with_days_of_the_same_source() -> None:
    rows = [service("2026-10", effort_spent=40), service("2025-10", effort_spent=20)]
    assert year(rows).loc["Labo", "days_growth"] == pytest.approx(1.0)
    recorded = year(rows, [line(6, service_code="Labo")])
    assert pd.isna(recorded.loc["Labo", "days_growth"])


def test_a_name_that_two_services_bear_is_settled_by_the_container() -> None:
    twice = [service("2026-10"), {**service("2026-10"), "project_code": "M2"}]
    told = history(twice, [line(1, service_code="Labo", project_code="M2"), line(1, service_code="Labo", project_code="P9")])  # fmt: skip
    numbers = named_services(time_rows(told), service_months(told))
    assert numbers.iloc[0] == 1
    assert pd.isna(numbers.iloc[1])


def test_the_worst_outage_is_laid_beside_the_one_tolerated() -> None:
    rows = [service("2026-09", longest_outage_h=6, rto_h=4), service("2026-10", longest_outage_h=1)]  # fmt: skip
    assert year(rows).loc["Labo", "outage_over_rto"] == pytest.approx(1.5)


def test_days_an_incident_and_none_without_incidents() -> None:
    rows = [service("2026-10", effort_spent=12, incidents=8), {**service("2026-10", effort_spent=5, incidents=0), "name": "Calme"}]  # fmt: skip
    found = year(rows)["days_per_incident"]
    assert found["Labo"] == pytest.approx(1.5)
    assert pd.isna(found["Calme"])


def test_annual_costs_count_for_the_months_gone_by_and_days_at_their_teams_rate() -> (
    None
):
    told = service("2026-10", effort_spent=10, maintenance_cost=12_000, hosting_cost=2_400, users_count=100, mco_team="A")  # fmt: skip
    rows = year([told, {**service("2026-10", effort_spent=10, mco_team="B"), "name": "Sans"}])  # fmt: skip
    found = costed(rows, {"A": 400.0}, 10)
    own = found.loc["Labo"]
    assert own[["days_cost", "contract_cost", "hosting_part"]].tolist() == [4000, 10_000, 2000]  # fmt: skip
    assert (own["cost"], own["cost_parts"], own["cost_per_user"]) == (16_000, 3, 160)
    assert pd.isna(found.loc["Sans", "cost"])


def test_the_first_decision_whose_conditions_hold_is_told_with_its_measures() -> None:
    known = {"end_of_support_date": date(2030, 1, 1), "availability_target": 0.99, "availability_actual": 0.995, "incidents_major": 0}  # fmt: skip
    rows = [
        service("2026-10", **known | {"end_of_support_date": date(2027, 4, 30), "incidents_major": 9}),
        {**service("2026-10", **known | {"incidents_major": 9}), "name": "Bruyant"},
        {**service("2026-10", **known), "name": "Sage"},
        {**service("2026-10"), "name": "Muet"},
    ]  # fmt: skip
    found = decided(year(rows), SETTING["decisions"], SETTING["keep"]["needs"])
    assert found["decision"].to_dict() == {"Labo": "replace", "Bruyant": "optimise", "Sage": "keep", "Muet": "open"}  # fmt: skip
    assert found["because"].to_dict()["Bruyant"] == "incidents_major"
    assert found["missing"].to_dict()["Muet"] == "support_months;months_missed;incidents_major"  # fmt: skip


def test_services_of_one_domain_in_two_establishments_could_converge() -> None:
    rows = [
        {**service("2026-10", domain="imaging", establishment=e), "name": n}
        for n, e in (("PACS", "CHU"), ("RIS", "CHU"), ("PACS 2", "CH"))
    ]
    rows.append({**service("2026-10", domain="laboratory", establishment="CHU"), "name": "Seul"})  # fmt: skip
    peers = year(rows)["peers"].to_dict()
    assert peers == {"PACS": 1, "RIS": 1, "PACS 2": 1, "Seul": 0}


def test_recorded_run_is_shared_between_services_named_unknown_and_none() -> None:
    told = history(
        [service("2026-10", effort_spent=7, mco_team="A")],
        [line(6, service_code="Labo"), line(3, service_code="Inconnu"), line(1), line(5, category="build")],
    )  # fmt: skip
    months, lines = service_months(told), time_rows(told)
    lines = lines.assign(number=named_services(lines, months))
    rows = year_of(months, lines, NOW, AS_OF)
    found = reconciled(lines, rows, NOW).iloc[0]
    parts = ["run", "allocated", "unknown", "unallocated", "told", "gap"]
    assert found[parts].tolist() == [10, 6, 3, 1, 7, -3]


def test_a_group_says_how_many_services_give_its_figures() -> None:
    rows = [service("2026-10", effort_spent=5, incidents=2, domain="laboratory"), {**service("2026-10", domain="laboratory"), "name": "Muet"}]  # fmt: skip
    found = consolidated(costed(year(rows).reset_index(), {}, 10), "domain").iloc[0]
    assert found[["services", "days", "days_known", "cost_known"]].tolist() == [
        2,
        5,
        1,
        0,
    ]
    assert pd.isna(found["cost"])
