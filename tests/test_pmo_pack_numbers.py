"""The numbers of the PMO's packs follow from the data package, worked out again apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from build_portfolio import AS_OF, make_portfolio
from build_tables import rules, schemas
from pack_whole import blocks

from consolidate.model.pack import Figures, Pack
from consolidate.packs import life_cycle, registers, requests
from consolidate.packs.data import PackData
from consolidate.report.datapackage import write_data

NOW = pd.Timestamp(AS_OF)
OVER = ["completed", "cancelled", "archived"]


@cache
def data() -> PackData:
    return PackData(make_portfolio(40, "en"), schemas(), rules())


@cache
def made(pack: Callable[[PackData], tuple[Pack, ...]]) -> Pack:
    return pack(data())[0]


def figures(pack: Pack, section: str) -> dict[str, object]:
    (found,) = [s for s in pack.sections if s.id == section]
    (tiles,) = [b for b in found.blocks if isinstance(b, Figures)]
    return {f.label: f.value for f in tiles.figures}


def frame(pack: Pack, section: str, block: str) -> pd.DataFrame:
    (found,) = [s for s in pack.sections if s.id == section]
    return blocks(found)[block].frame


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    write_data(data().portfolio, folder)
    return folder / "data"


def read(package: Path, table: str) -> pd.DataFrame:
    return pd.read_csv(package / f"{table}.csv")


def test_requests_that_wait(package: Path) -> None:
    rows = read(package, "requests")
    waiting = rows[rows["state"].isin(["draft", "received", "studied", "waiting_info", "to_arbitrate"])]  # fmt: skip
    age = (NOW - pd.to_datetime(waiting["received_on"])).dt.days
    told = figures(made(requests.packs), "requests")
    assert told["Waiting for a decision"] == len(waiting)
    assert told["Waiting for over 90 days"] == (age > 90).sum()
    sites = frame(made(requests.packs), "requests", "request-places")
    assert sites["waiting"].sum() == len(waiting)


def test_amounts_of_the_year(package: Path) -> None:
    lines = read(package, "budget_lines")
    own = lines[(lines["amount_scope"] == "year") & (lines["year"] == 2026)]
    budget = own["budget_revised"].fillna(own["budget_initial"])
    tax = own["tax_basis"].fillna("VAT not told").replace({"incl_vat": "incl. VAT", "excl_vat": "excl. VAT"})  # fmt: skip
    chain = frame(made(requests.packs), "budgets", "budget-natures")
    by_lines = chain[chain["basis"].str.startswith("Year 2026")]
    assert by_lines["reference"].sum() == pytest.approx(budget.sum())
    assert by_lines["lines"].sum() == len(own)
    assert by_lines["basis"].nunique() == tax.nunique()


def test_carry_over_of_the_year(package: Path) -> None:
    lines = read(package, "budget_lines")
    own = lines[(lines["amount_scope"] == "year") & (lines["year"] == 2026)]
    left = (own["committed"] - own["paid"]).clip(lower=0)
    shown = frame(made(requests.packs), "budgets", "budget-carried")
    assert shown["carried"].sum() == pytest.approx(left.sum())


def test_regulatory_deadlines_of_compliance(package: Path) -> None:
    rows = read(package, "compliance")
    projects = read(package, "projects")
    over = projects.loc[projects["state"].isin(OVER), "project_code"]
    rows = rows[~rows["project_code"].isin(over) & (rows["applicable"] != False)]  # noqa: E712
    open_ = rows[~rows["state"].isin(["compliant", "not_applicable"])]
    due = pd.to_datetime(open_["due_date"])
    soon = due.between(NOW, NOW + pd.DateOffset(months=3))
    shown = frame(made(requests.packs), "deadlines", "deadline-soon")
    assert (shown["kind"] == "Compliance").sum() == soon.sum()


def test_convergence_of_establishments(package: Path) -> None:
    rows = read(package, "convergence")
    concerned = rows[rows["state"].notna() & ~rows["state"].isin(["exempted", "not_applicable"])]  # fmt: skip
    told = figures(made(life_cycle.packs), "convergence")
    share = (concerned["state"] == "converged").mean()
    assert told["Share converged"] == pytest.approx(share)
    cells = frame(made(life_cycle.packs), "convergence", "convergence-matrix")
    assert len(cells) == len(rows)


def test_meetings_held_and_overdue(package: Path) -> None:
    rows = read(package, "meetings")
    day = pd.to_datetime(rows["meeting_date"])
    told = figures(made(life_cycle.packs), "governance")
    held = rows["meeting_state"].eq("held") & day.notna()
    assert told["Meetings held"] == held.sum()
    late = rows["meeting_state"].eq("planned") & (day < NOW)
    assert told["Planned and past"] == late.sum()


def test_objectives_that_can_be_measured(package: Path) -> None:
    rows = read(package, "objectives")
    whole = rows[["indicator", "baseline", "target", "target_date"]].notna().all(axis=1)
    told = figures(made(registers.packs), "objectives")
    assert told["Measurable objectives"] == pytest.approx(whole.mean())


def test_people_trained(package: Path) -> None:
    rows = read(package, "trainings")
    both = rows[rows["state"].ne("cancelled") & rows["headcount_target"].notna() & rows["headcount_trained"].notna()]  # fmt: skip
    share = both["headcount_trained"].sum() / both["headcount_target"].sum()
    told = figures(made(registers.packs), "change")
    assert told["People trained"] == pytest.approx(share)


def test_items_compliant_and_past_their_deadline(package: Path) -> None:
    rows = read(package, "compliance")
    rows = rows[(rows["applicable"] != False) & (rows["state"] != "not_applicable")]  # noqa: E712
    told = figures(made(registers.packs), "compliance")
    known = rows["state"].dropna()
    assert told["Share compliant"] == pytest.approx((known == "compliant").mean())
    late = (rows["state"] != "compliant") & (pd.to_datetime(rows["due_date"]) < NOW)
    assert told["Past the deadline"] == late.sum()


def test_stakeholders_answered(package: Path) -> None:
    rows = read(package, "stakeholders")
    told = figures(made(registers.packs), "stakeholders")
    assert told["Concerns answered"] == pytest.approx(rows["strategy"].notna().mean())
    strong = rows[(rows["influence"] >= 4) & rows["strategy"].isna()]
    assert told["Influential and unanswered"] == len(strong)
