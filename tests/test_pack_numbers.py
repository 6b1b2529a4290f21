"""Every pack's numbers are those that a few lines of pandas find in the data package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from history_packs import EVERY, LAST, given, late, months, package
from history_world import period, places

from consolidate.analyse.rules import load_rules
from consolidate.model.pack import Chart, Figure, Figures, Pack, Table
from consolidate.packs.registry import PACKS, maker
from consolidate.resources import search_path

Package = Mapping[str, pd.DataFrame]
_PACKS: dict[str, Pack] = {}
OVER = ["completed", "cancelled", "archived"]
LATE = next(p for plant, p in zip(EVERY, places(EVERY), strict=True) if plant.edit is late)  # fmt: skip
AS_OF = pd.Timestamp("2026-08-31")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return package(tmp_path_factory.mktemp("now"), given().portfolio)


@pytest.fixture(scope="module")
def july(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return package(tmp_path_factory.mktemp("july"), months()[LAST - 1])


def pack(name: str) -> Pack:
    """The pack of that name, the first of them where there are several."""
    if name not in _PACKS:
        _PACKS[name] = next(iter(maker(name)(given())))
    return _PACKS[name]


def figures(name: str, section: str) -> list[Figure]:
    own = next(s for s in pack(name).sections if s.id == section)
    return [f for b in own.blocks if isinstance(b, Figures) for f in b.figures]


def value(name: str, section: str, label: str) -> float:
    (found,) = {f.value for f in figures(name, section) if f.label == label}
    assert isinstance(found, int | float)
    return float(found)


def block(name: str, table: str) -> pd.DataFrame:
    blocks = (b for s in pack(name).sections for b in s.blocks)
    return next(b.frame for b in blocks if isinstance(b, Table | Chart) and b.id == table)  # fmt: skip


def running(data: Package) -> pd.DataFrame:
    projects = data["projects"]
    return projects[(projects["kind"] != "mco") & ~projects["state"].isin(OVER)]


def days(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column)


def of_month(data: Package) -> pd.DataFrame:
    work = data["workload"]
    return work[work["month"] == period(LAST)]


def run_share(data: Package) -> float:
    spent = of_month(data).groupby("category")["effort_spent"].sum()
    return float(spent["run"] / (spent["run"] + spent["build"]))


def test_the_review_counts_projects_statuses_and_delays(data: Package) -> None:
    projects = running(data)
    late = (days(projects["end_forecast"]) - days(projects["end_baseline"])).dt.days
    assert value("review", "headline", "Projets en cours") == len(projects)
    assert value("review", "headline", "Déclarés rouges") == projects["status"].eq("red").sum()  # fmt: skip
    # Late by the rule of forecast delays: more than 15 days, and 5 % of the time planned.
    length = (days(projects["end_baseline"]) - days(projects["start_planned"])).dt.days
    over = (late > 15) & (late / length > 0.05)
    assert value("review", "headline", "Projets en retard") == over.sum() == 3


def test_the_kept_rate_is_of_what_july_published_for_august(
    data: Package, july: Package
) -> None:
    was, now = july["milestones"], data["milestones"].set_index("record_id")
    projects = july["projects"].set_index("project_code")
    due = was[days(was["end_forecast"]).dt.strftime("%Y-%m").eq(period(LAST)) & was["end_actual"].isna()]  # fmt: skip
    due = due[due["project_code"].map(projects["state"]).eq("active")]
    reached = due["record_id"].map(now["end_actual"]).notna()
    sent = due["project_code"].isin(data["projects"]["project_code"])
    rate = reached[sent].mean()
    assert value("review", "headline", "Jalons tenus") == pytest.approx(rate)
    assert 0.9 < rate < 1
    gone = sent & ~due["record_id"].isin(now.index)
    assert value("review", "commitments", "Abandonné") == gone.sum()
    assert value("review", "commitments", "Sans nouvelle") == (~sent).sum() == 1


def test_the_review_counts_the_alerts_nobody_acknowledged(data: Package) -> None:
    told = data["alerts"]["severity"].value_counts()
    labels = {"critical": "critiques", "major": "majeures", "minor": "mineures"}
    for severity, word in labels.items():
        assert value("review", "headline", f"Alertes {word}") == told.get(severity, 0)


def test_the_returns_are_those_that_came_of_those_expected(
    data: Package, july: Package
) -> None:
    expected = july["projects"].query("state == 'active' and kind == 'project'")
    came = expected["project_code"].isin(data["projects"]["project_code"])
    missing = block("review", "returns")["missing"].sum()
    assert missing == (~came).sum() == 1


def test_the_share_of_run_is_the_same_in_every_pack(data: Package) -> None:
    share = pytest.approx(run_share(data))
    assert value("review", "headline", "Part du MCO") == share
    assert value("run-build", "balance", "Part du run") == share
    label = "Part du temps prise par le maintien en conditions opérationnelles"
    assert value("direction", "direction", label) == share


def test_run_and_build_by_team_are_the_days_recorded(data: Package) -> None:
    work = of_month(data).pivot_table("effort_spent", "team", "category", "sum")
    told = block("run-build", "run-team-shares").set_index("team")
    shared = work.index.intersection(told.index)
    assert len(shared) == len(told) == 6
    for name in ("run", "build"):
        assert told.loc[shared, name].tolist() == pytest.approx(work.loc[shared, name].tolist())  # fmt: skip


def test_amounts_are_added_within_one_scope_and_year_only(data: Package) -> None:
    projects, lines = data["projects"], data["budget_lines"]
    told = block("requests", "budget-chain")
    told = told.assign(basis=told["basis"].str[:4]).set_index(["basis", "amount"])["value"]  # fmt: skip
    whole = projects.query("amount_scope == 'total'")
    # Where a project has lines of the year, they win over its own amounts of it.
    year = lines.query("amount_scope == 'year' and year == 2026 and tax_basis == 'incl_vat'")  # fmt: skip
    assert len(year) == len(lines)
    for basis, rows in {"Tota": whole, "Anné": year}.items():
        for amount, word in {"committed": "Engagé", "paid": "Mandaté / payé"}.items():
            near = pytest.approx(rows[amount].sum(), abs=1)
            assert told[basis, word] == near, (basis, amount)
    (untold,) = block("requests", "budget-untold")["committed"]
    alone = projects[projects["amount_scope"].isna() & projects["committed"].notna()]
    assert untold == pytest.approx(alone["committed"].sum(), abs=1)


def test_the_budget_of_the_direction_is_that_of_whole_projects(data: Package) -> None:
    whole = data["projects"].query("amount_scope == 'total'")
    reference = whole["budget_revised"].fillna(whole["budget_initial"]).sum()
    assert value("direction", "direction", "Budget de référence") == pytest.approx(reference)  # fmt: skip
    assert value("direction", "direction", "Projets en cours ou à venir") == len(running(data))  # fmt: skip


def test_requests_wait_and_ask_for_the_days_they_say(data: Package) -> None:
    requests = data["requests"]
    waiting = requests["state"].isin(["received", "studied", "waiting_info", "to_arbitrate"])  # fmt: skip
    accepted = requests[requests["state"].eq("accepted") & requests["project_code"].isna()]  # fmt: skip
    assert value("requests", "requests", "En attente de décision") == waiting.sum()
    asked = value("requests", "capacity", "Charge des demandes acceptées")
    assert asked == accepted["estimated_effort"].sum()
    work = data["workload"]
    ahead = work[work["month"].isin(["2026-09", "2026-10", "2026-11"])]
    people = ahead.groupby(["person", "month"]).agg(capacity=("capacity", "first"), planned=("effort_planned", "sum"))  # fmt: skip
    free = (people["capacity"] - people["planned"]).sum()
    assert value("requests", "capacity", "Jours libres, 3 prochains mois") == free


def test_the_line_is_drawn_where_the_build_days_of_the_package_run_out(
    data: Package,
) -> None:
    work = data["workload"]
    ahead = work[days(work["month"]).between(AS_OF, AS_OF + pd.DateOffset(months=12))]
    run = ahead["effort_planned"].where(ahead["category"] == "run").fillna(0)
    people = ahead.assign(run=run).groupby(["person", "month"]).agg(capacity=("capacity", "first"), run=("run", "sum"))  # fmt: skip
    build = (people["capacity"] - people["run"]).sum()
    told = block("priorities", "rank-list")
    assert block("priorities", "rank-scenarios")["means_days"].iloc[0] == build
    left = pd.concat(
        [
            running(data).set_index("project_code")["effort_remaining"],
            data["requests"].assign(item=lambda r: r["code"].fillna(r["title"])).set_index("item")["estimated_effort"],
        ]
    )  # fmt: skip
    so_far = told["item"].map(left).cumsum()
    above = told["place"] == "Au-dessus"
    assert (so_far[above].round(6) <= build).all()
    assert so_far[~above].iloc[0] > build
    assert above.sum() == value("priorities", "ranking", "Au-dessus de la ligne")


def test_a_score_is_the_weighted_mean_of_the_marks_of_the_package(
    data: Package,
) -> None:
    told = block("priorities", "rank-scores").set_index("item")
    row = data["projects"].set_index("project_code").loc["P-000"]
    risk = data["risks"].set_index("project_code").loc["P-000", "criticality"]
    to_end = (pd.Timestamp(row["end_baseline"]) - AS_OF).days
    left = row["budget_revised"] - row["committed"]
    marks = {
        "value": (30, row["value_score"] / 100),
        "obligation": (20, 0.0),
        "urgency": (10, max(0, (365 - to_end) / 365)),
        "priority": (10, 1.0),
        "risk": (10, (25 - risk) / 25),
        "effort": (10, (300 - row["effort_remaining"]) / 300),
        "budget": (5, (500_000 - left) / 500_000),
        "readiness": (5, 1.0),
    }
    assert row["priority"] == 1
    score = sum(w * m for w, m in marks.values())
    assert told.loc["P-000", "score"] == pytest.approx(score)


def test_deadlines_are_counted_to_three_and_twelve_months(data: Package) -> None:
    stones = data["milestones"]
    state = data["projects"].set_index("project_code")["state"]
    stones = stones[~stones["project_code"].map(state).isin(OVER)]
    due = days(stones["end_forecast"].fillna(stones["end_baseline"]))
    open_ = stones["end_actual"].isna() & ~stones["state"].isin(["completed", "cancelled"])  # fmt: skip
    late = open_ & (due < AS_OF)
    assert len(block("deadlines", "late")) == late.sum() == 1
    soon = block("requests", "deadline-soon")
    near = open_ & due.between(AS_OF, AS_OF + pd.DateOffset(months=3))
    steps = soon["object"].isin(stones.loc[near, "name"])
    assert steps.sum() == near.sum()


def test_life_cycle_and_registers_count_what_is_listed(data: Package) -> None:
    own = data["deliverables"]
    own = own[own["project_code"].isin(running(data)["project_code"])]
    done = own["state"].eq("validated").mean()
    assert value("life-cycle", "phases", "Livrables passés validés") == pytest.approx(done)  # fmt: skip
    late = data["convergence"].query("state == 'planned'")
    late = late[days(late["target_date"]) < AS_OF]
    assert value("life-cycle", "convergence", "Bascules en retard") == len(late)
    objectives = data["objectives"]
    assert value("registers", "objectives", "Objectifs mesurés") == objectives["actual"].notna().sum()  # fmt: skip
    trained = data["trainings"]
    share = trained["headcount_trained"].sum() / trained["headcount_target"].sum()
    assert value("registers", "change", "Personnes formées") == pytest.approx(share)


def test_the_year_of_services_adds_the_months_of_the_year() -> None:
    year = [m.tables["services"] for m in months() if m.period.startswith("2026")]
    rows = pd.concat(year)
    assert value("year-end", "year-summary", "Jours de MCO") == rows["effort_spent"].sum()  # fmt: skip
    low = rows["availability_actual"] < rows["availability_target"]
    assert value("year-end", "year-summary", "Mois sous l’engagement") == low.sum() == 1


def test_packs_of_one_reader_hold_their_projects_only(data: Package) -> None:
    own = running(data)
    manager = own[own["project_manager"] == "Manager 00"]
    assert sorted(block("manager", "qcdr")["project_code"]) == sorted(manager["project_code"])  # fmt: skip
    site = own[own["establishment"] == "Site 0"]
    assert set(site["project_code"]) <= set(block("establishment", "site-projects")["project_code"])  # fmt: skip
    department = own[own["department"] == "biomedical"]
    assert value("department", "headline", "Projets en cours") == len(department)


def test_every_alert_of_the_register_is_one_of_the_package(data: Package) -> None:
    shipped = load_rules(search_path("schemas", None)).enabled
    told = block("registers", "alert-list")
    assert len(told) == len(data["alerts"])
    assert set(data["alerts"]["rule"]) <= set(shipped)


def test_trends_tell_statuses_that_changed_and_what_effort_leads_to(
    data: Package, july: Package
) -> None:
    both = july["projects"].merge(data["projects"], on="project_code")
    moved = pd.crosstab(both["status_x"], both["status_y"]).to_numpy()
    told = pd.to_numeric(block("trends", "transitions")["text"]).dropna()
    assert sorted(told) == sorted(moved[moved > 0].tolist())
    rows = block("trends", "forecast-effort").set_index("project_code")
    own = data["projects"].set_index("project_code").loc[rows.index]
    index = own["progress"] * own["effort_planned"] / own["effort_spent"]
    assert rows["cpi"].tolist() == pytest.approx(index.tolist(), rel=1e-4)


def test_a_milestone_that_slips_is_told_with_its_days(data: Package, july: Package) -> None:  # fmt: skip
    was, now = (d["milestones"].set_index("record_id")["end_forecast"] for d in (july, data))  # fmt: skip
    slip = (days(now) - days(was.reindex(now.index))).dt.days
    (row,) = block("trends", "trend-slipping").to_dict("records")
    # The other one that was put off has been told of twice only: no trend yet.
    assert (row["name"], row["total"]) == ("Go-live", 10)
    assert slip[slip > 0].to_dict() == {
        f"milestones:{row['project_code']}:slides": 10,
        f"milestones:{LATE}:late": 35,
    }


def test_each_project_sheet_tells_its_project(data: Package) -> None:
    projects = data["projects"].set_index("project_code")
    budget = projects["budget_revised"].fillna(projects["budget_initial"])
    ends = days(projects["end_actual"]).fillna(days(projects["end_forecast"]))
    late = (ends - days(projects["end_baseline"])).dt.days
    every = {
        "Avancement": projects["progress"],
        "Écart de fin à la référence": late,
        "Budget de référence": budget,
        "Engagé": projects["committed"],
        "Consommé": projects["spent"],
        "Atterrissage": projects["forecast_cost"],
    }
    counted = 0
    for sheet in maker("project")(given()):
        code = sheet.subtitle.partition(" · ")[0]
        (own,) = (b for b in sheet.sections[0].blocks if isinstance(b, Figures))
        told = {f.label: f.value for f in own.figures}
        for label, wanted in every.items():
            is_known = pd.notna(wanted[code])
            known = pytest.approx(wanted[code], rel=1e-5) if is_known else None
            assert told[label] == known, (code, label)
            counted += is_known
    assert counted > len(projects)


def test_no_pack_is_left_without_a_number_recomputed() -> None:
    told = Path(__file__).read_text(encoding="utf-8")
    asked = re.findall(r"(?:value|figures|block|pack|maker)\(\s*\"([a-z-]+)\"", told)
    assert set(asked) == set(PACKS)
