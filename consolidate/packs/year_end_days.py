"""The days of services by month and category; added up; against recorded time."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.year_end import consolidated, known_services, reconciled
from consolidate.model.pack import Column, Section, Table
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.packs.times import month_label
from consolidate.packs.years import Years


def days(data: PackData, told: Years) -> Section:
    """Return days of each service by month, then by category of time."""
    return parts.section(data, "year-months", (_months(data, told), _categories(data, told)))  # fmt: skip


def _recorded(told: Years) -> pd.DataFrame:
    """Return the year's lines of run that name a service, with its name."""
    first = told.now // 12 * 12
    rows = told.time[told.time["category"].eq("run") & told.time["spent"].notna()]
    rows = rows[rows["month"].between(first, told.now) & rows["number"].notna()]
    names = known_services(told.months)["service"]
    return rows.assign(service=rows["number"].astype("int64").map(names))


def _months(data: PackData, told: Years) -> Table:
    """Return days by month: recorded, else as the service's sheet tells them."""
    first = told.now // 12 * 12
    recorded = (
        _recorded(told)
        .groupby(["service", "month"])["spent"]
        .sum()
        .unstack()
        .fillna(0.0)
    )
    own = told.months[told.months["month"].between(first, told.now)]
    sheet = own.groupby(["service", "month"])["effort_spent"].sum(min_count=1).unstack()
    sheet = sheet.drop(index=recorded.index, errors="ignore").dropna(how="all")
    both = {"recorded": recorded, "sheet": sheet}
    named = {b: w.assign(basis=data.tr(f"part-basis-of-{b}")) for b, w in both.items()}
    filled = [w for w in named.values() if len(w)]
    wide = pd.concat(filled) if filled else pd.DataFrame()
    months = range(first, told.now + 1)
    names = {m: f"m{m - first}" for m in months}
    rows = wide.rename(columns=names).rename_axis("service_name").reset_index()
    listed = [n for n in names.values() if n in rows]
    rows["year_days"] = rows[listed].sum(axis=1, min_count=1) if listed else None
    columns = [
        parts.column(data, "service_name"),
        *(
            Column(n, month_label(data, m), "days", total=True)
            for m, n in names.items()
        ),
        parts.column(data, "year_days", "days", total=True),
        parts.column(data, "basis_of"),
    ]
    rows = rows.rename(columns={"basis": "basis_of"})
    return parts.table(data, "year-months", rows, columns, note=data.tr("part-year-months-note"))  # fmt: skip


def _categories(data: PackData, told: Years) -> Table:
    rows = _recorded(told)
    words = data.words("time_category", rows["time_category"])
    rows = rows.assign(kind=words.fillna(data.tr("part-untold-category")))
    wide = rows.groupby(["service", "kind"])["spent"].sum().unstack().fillna(0.0)
    kinds = list(wide.columns)
    names = {kind: f"k{n}" for n, kind in enumerate(kinds)}
    found = wide.rename(columns=names).rename_axis("service_name").reset_index()
    columns = [
        parts.column(data, "service_name"),
        *(Column(n, f"{kind} (JH)" if data.lang == "fr" else f"{kind} (d)", "days", total=True) for kind, n in names.items()),
    ]  # fmt: skip
    return parts.table(data, "year-categories", found, columns, note=data.tr("part-year-categories-note"))  # fmt: skip


def groups(data: PackData, told: Years) -> Section:
    """Return services added up by domain, team and establishment."""
    made = [_group(data, told, by) for by in ("domain", "team", "establishment")]
    return parts.section(data, "year-groups", made)


def _group(data: PackData, told: Years, by: str) -> Table:
    rows = consolidated(told.services, by)
    names = data.words("functional_domain", rows[by]) if by == "domain" else rows[by]
    untold = data.tr("part-not-told")
    rows = rows.assign(
        name=names.astype("object").where(names.notna(), untold),
        days_of=_of(rows["days_known"], rows["services"]),
        year_cost=rows["cost"],
        cost_of=_of(rows["cost_known"], rows["services"]),
        missed_of=_of(rows["months_missed"], rows["months_told"]),
    )
    columns = [
        Column("name", data.tr(f"part-group-by-{by}")),
        parts.column(data, "services", "count", total=True),
        parts.column(data, "days", "days", total=True),
        parts.column(data, "days_of"),
        parts.column(data, "incidents", "count", total=True),
        parts.column(data, "incidents_major", "count", total=True),
        parts.column(data, "missed_of"),
        parts.column(data, "year_cost", "money", total=True),
        parts.column(data, "cost_of"),
    ]
    return parts.table(data, f"year-by-{by}", rows, columns, note=data.tr("part-year-by-note"))  # fmt: skip


def _of(some: pd.Series, whole: pd.Series) -> pd.Series:
    left = some.fillna(0).astype("int64").astype("str")
    both = left + " / " + whole.fillna(0).astype("int64").astype("str")
    return both.where(some.notna(), None).astype("object")


def reconciliation(data: PackData, told: Years) -> Section:
    """Return recorded run against what services are given: unallocated time is shown."""
    rows = reconciled(told.time, told.services, told.now)
    team = rows["team"].astype("object")
    rows = rows.assign(
        team=team.where(team.notna(), data.tr("part-no-team")),
        gap_days=rows["gap"],
        told_days=rows["told"],
        unallocated_share=rows["unallocated"] / rows["run"].where(rows["run"] > 0),
    )
    columns = [
        parts.column(data, "team"),
        parts.column(data, "year_run", "days", total=True),
        parts.column(data, "allocated", "days", total=True),
        parts.column(data, "unknown_service", "days", total=True),
        parts.column(data, "unallocated", "days", total=True),
        parts.column(data, "unallocated_share", "share"),
        parts.column(data, "told_days", "days", total=True),
        parts.column(data, "gap_days", "number"),
    ]
    rows = rows.assign(year_run=rows["run"], unknown_service=rows["unknown"])
    table = parts.table(data, "year-reconciliation", rows, columns, note=data.tr("part-year-reconciliation-note"))  # fmt: skip
    whole, loose = float(rows["run"].sum()), float(rows["unallocated"].sum())
    lead = ""
    if whole:
        lead = data.tr("part-year-reconciliation-lead", share=parts.percent(data, loose / whole))  # fmt: skip
    return parts.section(data, "year-reconciliation", (table,), lead)
