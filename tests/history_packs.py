"""The last of the eighteen months as packs are given it, and as its data package is read."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pandas as pd
from build_alerts import analysed, rules, schemas
from build_tables import table
from history_plants import AUG, PLANTS
from history_world import Draft, Plant, drafts, period

from consolidate.analyse.history import Month
from consolidate.model.portfolio import (
    FINDING_COLUMNS,
    LINEAGE_COLUMNS,
    WORKBOOK_COLUMNS,
    Portfolio,
)
from consolidate.packs.data import PackData
from consolidate.report.datapackage import write_data

PROJECTS = 90
LAST = AUG
"""The month told of, in which most situations are planted; July before it is closed."""
JULY = LAST - 1


def late(draft: Draft, place: str) -> None:
    """Promised for August, and put off; the other one dropped."""
    own = {"project_code": place, "state": "planned", "end_baseline": date(2026, 8, 14)}
    if draft.n >= JULY:
        day = date(2026, 8, 14) if draft.n == JULY else date(2026, 9, 18)
        draft.add("milestones", f"{place}:late", **own, name="Promised", end_forecast=day)  # fmt: skip
    if draft.n == JULY:
        draft.add("milestones", f"{place}:gone", **own, name="Dropped", end_forecast=date(2026, 8, 14))  # fmt: skip


def _departments(draft: Draft, place: str) -> None:
    del place
    for k, row in enumerate(draft.tables["projects"]):
        row["department"] = "biomedical" if k % 3 else "it"


def _annual(draft: Draft, place: str) -> None:
    """Amounts of the year, and of nobody knows what: never added to the others."""
    draft.of("projects", place)[0].update(amount_scope="year", amount_year=float(draft.as_of.year))  # fmt: skip


def _untold(draft: Draft, place: str) -> None:
    draft.of("projects", place)[0]["amount_scope"] = None


def _asked(draft: Draft, place: str) -> None:
    """Requests that compete with the projects for the same days."""
    del place
    for k in range(6):
        draft.add(
            "requests", f"asked:{k}", code=f"R-{k}", title=f"Asked {k}", state="to_arbitrate", received_on=draft.as_of - timedelta(12 * k),
            establishment=f"Site {k % 2}", priority=str(1 + k % 4), business_value=90.0 - 10 * k, request_type="evolution",
            estimated_effort=10.0 + k, estimated_cost=5_000.0,
        )  # fmt: skip


EVERY: Sequence[Plant] = [
    *(p for p in PLANTS if "intake-above-capacity" not in p.fires),
    *(Plant({}, edit) for edit in (late, _annual, _untold)),
    *(Plant({}, edit, "") for edit in (_departments, _asked)),
]


@cache
def months() -> tuple[Portfolio, ...]:
    """Every month as it is published, without its alerts."""
    made = []
    for draft in drafts(PROJECTS, EVERY, range(LAST + 1)):
        tables = {
            name: table(name, *draft.tables.get(name, ())).assign(
                period=period(draft.n)
            )
            for name in schemas().tables
        }
        codes = ";".join(tables["projects"]["project_code"])
        book = {"workbook": "a.xlsx", "state": "consolidated", "project_codes": codes}
        workbooks = pd.DataFrame([book], columns=WORKBOOK_COLUMNS, dtype="object")
        lineage, findings = (pd.DataFrame(columns=c, dtype="object") for c in (LINEAGE_COLUMNS, FINDING_COLUMNS))  # fmt: skip
        made.append(
            Portfolio(period(draft.n), draft.as_of, "fr", tables, workbooks, lineage, findings, {"options": {}, "version": "0"})
        )  # fmt: skip
    return tuple(made)


def earlier(fields: Mapping[str, Sequence[str]], count: int) -> tuple[Month, ...]:
    """The months before the last, as the store gives them."""
    del fields
    kept = months()[max(0, LAST - count) : LAST]
    return tuple(Month(p.period, p.as_of, p.tables) for p in kept)


@cache
def given() -> PackData:
    """What packs of the last month are made of; the month before is closed."""
    *_, closed, last = months()
    judged = analysed([Month(p.period, p.as_of, p.tables) for p in months()[-12:]], rules(), "fr")  # fmt: skip
    last = dataclasses.replace(
        last, alerts=judged.alerts, statuses=judged.computed, priorities=judged.priorities
    )  # fmt: skip
    return PackData(last, schemas(), rules(), closed, earlier)


def package(folder: Path, portfolio: Portfolio) -> dict[str, pd.DataFrame]:
    """The data package of a month, as a spreadsheet or a script reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_data(portfolio, folder, schemas())
    return {p.stem: pd.read_csv(p) for p in sorted((folder / "data").glob("*.csv"))}
