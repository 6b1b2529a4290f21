"""Time by person: the PMO's own copy alone."""

from __future__ import annotations

from consolidate.analyse.recorded import GROUPS, person_time
from consolidate.model.pack import Section, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.packs.times import Times


def people(data: PackData, told: Times) -> Section:
    """Return the month of each person, in the order of names: a check, no ranking."""
    month = told.rows[told.rows["month"] == told.now]
    own = person_time(month)
    kinds = month[month["person"].notna() & month["category"].isin(GROUPS)]
    days = kinds.groupby(["person", "category"])["spent"].sum(min_count=1).unstack()
    rows = own.join(days.reindex(columns=list(GROUPS)), on="person")
    left = rows["capacity"] - rows["absence"] - rows["recorded"].fillna(0.0)
    rows = rows.assign(
        unrecorded=left.clip(lower=0),
        beyond=(-left).clip(lower=0),
        planned_days=rows["planned"],
        load=rows["planned"] / rows["capacity"].where(rows["capacity"] > 0),
        team=rows["team"].fillna(data.tr("part-several-teams")).astype("object"),
    )
    rows = rows.sort_values(["team", "person"])
    columns = [
        parts.column(data, "team"),
        parts.field(data, "workload", "person"),
        parts.column(data, "capacity", "days", total=True),
        parts.column(data, "absence", "days", total=True),
        *(parts.column(data, g, "days", total=True) for g in GROUPS),
        parts.column(data, "unrecorded", "days"),
        parts.column(data, "beyond", "days"),
        parts.column(data, "planned_days", "days"),
        parts.column(data, "load", "share"),
    ]
    table = parts.table(data, "run-people", rows, columns, note=data.tr("part-run-people-note"))  # fmt: skip
    warning = Text((data.tr("part-run-people-warning"),), "fair")
    return parts.section(data, "run-people", (warning, table))
