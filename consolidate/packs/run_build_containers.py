"""MCO containers against the structure they should share."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from consolidate.analyse.containers import (
    EXTRA,
    compared,
    load_structure,
    team_containers,
)
from consolidate.analyse.recorded import in_year
from consolidate.model.pack import Column, Section, Table
from consolidate.packs import parts
from consolidate.packs.data import PackData, sources
from consolidate.packs.times import Times, days_text

_TONES = {"missing": "poor", "extra": "fair", "more": "fair", "less": "fair"}


def containers(data: PackData, told: Times) -> Section:
    """Return the containers that differ from the reference, and teams without one."""
    structure = load_structure(data.folders)
    year = in_year(told.rows, told.now)
    found = compared(year[year["project_kind"] == "mco"], structure)
    differs = found[found["differs"] != ""]
    label = {p.name: p.label[data.lang] for p in structure.phases}
    label[EXTRA] = data.tr("part-phase-extra")
    codes = found["project_code"].nunique()
    lead = data.plural("part-containers-lead", differs["project_code"].nunique(), all=codes)  # fmt: skip
    blocks = (
        _differences(data, differs, label),
        _volumes(data, found, label),
        _teams(data, year),
    )
    return parts.section(data, "containers", blocks, lead if codes else "")


def _differences(data: PackData, rows: pd.DataFrame, label: dict[str, str]) -> Table:
    read = data.table("workload")
    where = pd.Series(sources(read).to_numpy(), index=read["record_id"])
    sheet = data.table("projects").drop_duplicates("project_code")
    own = pd.Series(sources(sheet).to_numpy(), index=sheet["project_code"])
    at = rows["record_id"].map(where[~where.index.duplicated()])
    sheet_of = rows["project_code"].map(own).astype("object")
    source = at.astype("object").where(at.notna(), sheet_of)
    rows = parts.with_names(data, rows)
    rows = rows.assign(
        phase=rows["phase"].map(label),
        differs=[data.tr(f"part-differs-{d}") for d in rows["differs"]],
        time_share=rows["share"],
        differs_tone=rows["differs"].map(_TONES),
        what=[_what(data, w) for w in rows["what"]],
        source=source,
    )
    columns = [
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.column(data, "phase"),
        parts.column(data, "differs", tone="differs_tone"),
        parts.column(data, "what"),
        parts.column(data, "time_share", "share"),
        parts.column(data, "usual", "share"),
        parts.column(data, "source", "source"),
    ]
    return parts.table(data, "container-differences", rows, columns, note=data.tr("part-container-differences-note"), group="project_code")  # fmt: skip


def _what(data: PackData, codes: object) -> str:
    if not isinstance(codes, list):
        return ""
    return ", ".join(str(data.word("time_category", c) or c) for c in codes)


def _volumes(data: PackData, found: pd.DataFrame, label: dict[str, str]) -> Table:
    wide = found.pivot_table(index="project_code", columns="phase", values="days", aggfunc="sum", min_count=1)  # fmt: skip
    phases = [p for p in label if p in wide.columns]
    names = {p: f"days_{n}" for n, p in enumerate(phases)}
    rows = parts.with_names(data, wide[phases].rename(columns=names).reset_index())
    columns = [
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        *(Column(names[p], label[p], "days", total=True) for p in phases),
    ]
    return parts.table(data, "container-volumes", rows, columns, note=data.tr("part-container-volumes-note"))  # fmt: skip


def _teams(data: PackData, year: pd.DataFrame) -> Table:
    rows = team_containers(year)
    rows = rows[rows["containers"].ne(1) | rows["inside"].lt(rows["run"])]
    rows = rows.assign(
        outside=rows["run"] - rows["inside"],
        problem=[_problem(data, r) for r in rows.to_dict("records")],
    )
    columns = [
        parts.column(data, "team"),
        parts.column(data, "containers", "count"),
        parts.column(data, "codes"),
        parts.column(data, "year_run_team", "days", total=True),
        parts.column(data, "outside", "days", total=True),
        parts.column(data, "problem"),
    ]
    rows = rows.assign(year_run_team=rows["run"])
    return parts.table(data, "container-teams", rows, columns, note=data.tr("part-container-teams-note"))  # fmt: skip


def _problem(data: PackData, row: Mapping[Hashable, Any]) -> str:
    count = int(row["containers"])
    if count == 0:
        return data.tr("part-container-none")
    if count > 1:
        return data.tr("part-container-several", count=count)
    outside = float(row["run"] - row["inside"])
    return data.tr("part-container-outside", days=days_text(data, outside))
