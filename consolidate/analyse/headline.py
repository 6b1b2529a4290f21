"""The few figures a month is told by: what each counts, and of how many.

Containers of maintenance (MCO) are in no count of projects; their money and time are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from consolidate.analyse.columns import dated

Tables = Mapping[str, pd.DataFrame]

ENDED = ("completed", "cancelled", "archived")
CRITICAL = 15
"""Criticality, of 25, from which a risk is critical."""
MONEY = ("reference", "committed", "spent", "forecast_cost")


@dataclass(frozen=True, slots=True)
class Count:
    """One count.

    Attributes:
        hits: The records counted.
        base: Of how many records that can be judged.
        table, field: What tells it.
    """

    hits: pd.DataFrame
    base: int
    table: str
    field: str

    @property
    def value(self) -> int | None:
        """How many; None when there is nothing to judge."""
        return len(self.hits) if self.base else None


def running(projects: pd.DataFrame) -> pd.DataFrame:
    """Return the projects that run or are to come, as far as is known."""
    return projects[~projects["state"].isin(ENDED) & projects["kind"].ne("mco")]


def headline(tables: Tables, period: str, as_of: date) -> Mapping[str, Count]:
    """Return the counts of a month, by name.

    Args:
        tables: Canonical tables by name.
        period: The month, ``YYYY-MM``.
        as_of: Its cut-off.

    Returns:
        ``running`` (of all projects), ``red`` (of those with a status), ``late`` (of
        those with an end announced), ``risks`` (critical, of those open and rated),
        ``services`` (below target in the month, of those that give both figures).
    """
    every = tables["projects"][tables["projects"]["kind"].ne("mco")]
    own = running(every)
    rated = own[own["status"].notna()]
    end, slipped = ends(own)
    risks = tables["risks"]
    is_open = ~risks["state"].isin(("closed",)) & risks["closed_on"].isna()
    given = risks[is_open & risks["criticality"].notna()]
    told = services_told(tables, period)
    cut_off = pd.Timestamp(as_of)
    late = slipped.gt(0) | ((end < cut_off) & own["end_actual"].isna())
    return {
        "running": Count(own, len(every), "projects", "state"),
        "red": Count(rated[rated["status"] == "red"], len(rated), "projects", "status"),
        "late": Count(own[late], int(end.notna().sum()), "projects", "end_forecast"),
        "risks": Count(given[given["criticality"] >= CRITICAL], len(given), "risks", "criticality"),
        "services": Count(told[told["gap"] < 0], len(told), "services", "availability_actual"),
    }  # fmt: skip


def ends(projects: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the end last announced of each project, and its slip in days."""
    end = {
        name: pd.Series(dated(projects[name]), index=projects.index)
        for name in ("end_actual", "end_forecast", "end_baseline")
    }
    latest = end["end_actual"].fillna(end["end_forecast"])
    slip = (latest - end["end_baseline"]).dt.days
    return end["end_forecast"].fillna(end["end_baseline"]), slip


def services_told(tables: Tables, period: str) -> pd.DataFrame:
    """Return the services that give target and availability of the month, with ``gap``."""
    rows = tables["services"]
    rows = rows[rows["month"].isna() | rows["month"].eq(period)]
    both = rows["availability_target"].notna() & rows["availability_actual"].notna()
    own = rows[both]
    gap = own["availability_actual"].astype("float64") - own["availability_target"]
    return own.assign(gap=gap.astype("float64").round(9))


def by_scope(projects: pd.DataFrame) -> pd.DataFrame:
    """Return the money of projects and MCO containers, by what the amounts cover.

    Amounts of the year, by year, and in all are never added; those that do not say are
    counted and not summed. No amount stands in for another.

    Returns:
        One row a scope: ``scope`` (``total``, ``year`` or ``unknown``), ``year`` (Int64),
        ``projects`` with any amount, and for each of ``MONEY`` its sum (euros; NaN for
        ``unknown`` or when nobody gives it) and ``<name>_known``, how many give it.
    """
    reference = projects["budget_revised"].fillna(projects["budget_initial"])
    money = pd.DataFrame(
        {
            "reference": reference.astype("float64"),
            **{n: projects[n].astype("float64") for n in MONEY[1:]},
        }
    )
    year = projects["amount_year"].astype("Int64")
    scope = projects["amount_scope"].where(
        projects["amount_scope"].eq("total")
        | (projects["amount_scope"].eq("year") & year.notna()),
        "unknown",
    )
    given = money.notna().any(axis=1)
    keyed = money[given].assign(
        scope=scope[given], year=year[given].where(scope[given] == "year")
    )
    groups = keyed.groupby(["scope", "year"], dropna=False, sort=True)
    sums = groups[list(MONEY)].sum(min_count=1)
    known = groups[list(MONEY)].count().add_suffix("_known")
    found = sums.join(known).join(groups.size().rename("projects")).reset_index()
    not_told = found["scope"] == "unknown"
    found[list(MONEY)] = found[list(MONEY)].mask(not_told)
    order = found["scope"].map({"total": 0, "year": 1, "unknown": 2})
    found = found.assign(_order=order, year=found["year"].astype("Int64"))
    found = found.sort_values(["_order", "year"], ascending=[True, False])
    return found.drop(columns="_order").reset_index(drop=True)


def run_and_build(tables: Tables, period: str) -> pd.DataFrame:
    """Return days of run, build and neither in the month, by team; absences left out.

    Returns:
        Columns ``team`` (None when not told), ``run``, ``build``, ``other`` (days) and
        ``share``: run over run and build, NaN when both are 0.
    """
    rows = tables["workload"]
    rows = rows[rows["effort_spent"].notna() & rows["month"].eq(period)]
    rows = rows[rows["category"].isin(("run", "build", "other"))]
    days = rows.pivot_table(
        index=rows["team"].astype("object").fillna(""),
        columns="category",
        values="effort_spent",
        aggfunc="sum",
    ).reindex(columns=["run", "build", "other"])
    found = days.astype("float64").fillna(0.0).rename_axis(columns=None).reset_index()
    both = found["run"] + found["build"]
    team = found["team"].astype("object").where(found["team"] != "", None)
    return found.assign(team=team, share=found["run"] / both.where(both > 0))
