"""What an establishment reads of its projects, its convergence and its trainings."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.columns import dated
from consolidate.model.pack import Column, Section
from consolidate.packs import parts
from consolidate.packs.data import PackData


def projects(data: PackData) -> Section:
    """Return the projects of the establishment: who to ask, how they stand, when."""
    rows = data.table("projects")
    rows = rows[rows["kind"].ne("mco")]
    end = rows["end_actual"].fillna(rows["end_forecast"]).fillna(rows["end_baseline"])
    found = parts.with_source(
        rows.assign(
            end=pd.Series(dated(end), rows.index),
            phase=data.words("phase", rows["phase"]),
            state=data.words("project_state", rows["state"]),
        )
    ).sort_values("project_code")
    columns = (
        parts.field(data, "projects", "project_code", "code"),
        parts.field(data, "projects", "name"),
        parts.field(data, "projects", "project_manager"),
        parts.field(data, "projects", "state"),
        parts.field(data, "projects", "phase"),
        parts.field(data, "projects", "status", "rag"),
        parts.field(data, "projects", "progress", "share"),
        Column("end", data.tr("site-end"), "date"),
        parts.field(data, "projects", "go_live_date", "date"),
        Column("source", data.tr("pack-source"), "source"),
    )
    table = parts.table(data, "site-projects", found, columns)
    lead = data.plural("site-projects-lead", len(found))
    return Section("projects", data.tr("site-projects"), (table,), lead)


def convergence(data: PackData) -> Section:
    """Return the convergence of the establishment, domain by domain."""
    rows = parts.with_source(data.table("convergence"))
    found = rows.assign(
        domain=data.words("functional_domain", rows["domain"]),
        state=data.words("convergence_state", rows["state"]),
    )
    columns = (
        parts.field(data, "convergence", "domain"),
        parts.field(data, "convergence", "current_solution"),
        parts.field(data, "convergence", "target_solution"),
        parts.field(data, "convergence", "state"),
        parts.field(data, "convergence", "progress", "share"),
        parts.field(data, "convergence", "target_date", "date"),
        parts.field(data, "convergence", "end_forecast", "date"),
        Column("source", data.tr("pack-source"), "source"),
    )
    table = parts.table(data, "site-convergence", found, columns)
    return Section("convergence", data.tr("site-convergence"), (table,))


def trainings(data: PackData) -> Section:
    """Return the trainings of the establishment: how many people, and when."""
    rows = parts.with_source(data.table("trainings"))
    columns = (
        parts.field(data, "trainings", "project_code", "code"),
        parts.field(data, "trainings", "title"),
        parts.field(data, "trainings", "audience"),
        parts.field(data, "trainings", "headcount_target", "count", total=True),
        parts.field(data, "trainings", "headcount_trained", "count", total=True),
        parts.field(data, "trainings", "start_date", "date"),
        parts.field(data, "trainings", "end_date", "date"),
        Column("source", data.tr("pack-source"), "source"),
    )
    found = rows.sort_values(["project_code", "title"])
    table = parts.table(data, "site-trainings", found, columns)
    return Section("trainings", data.tr("site-trainings"), (table,))
