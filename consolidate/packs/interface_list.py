"""Interfaces: who sends what to whom, and those that a go-live waits for."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.columns import dated, days
from consolidate.analyse.interfaces import proved
from consolidate.analyse.places import OVER
from consolidate.model.pack import Block, Figures, Section, Table, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData


def interfaces(data: PackData) -> Section:
    """Return the interfaces, those not tested before a go-live first."""
    rows = _told(data)
    if not len(rows):
        nothing = Text((data.tr("part-interfaces-none"),), tone="unknown")
        return parts.section(data, "interfaces", [nothing])
    soon = data.rules.settings["interface-not-tested"].limits["amber"]
    waiting = rows[rows["ready"].eq(0) & rows["days_left"].le(soon)]
    blocks: list[Block] = []
    if len(waiting):
        text = data.plural("part-interfaces-warn", len(waiting), days=parts.count(data, soon))  # fmt: skip
        blocks.append(Text((text,), tone="poor"))
    blocks += [_figures(data, rows, waiting), _list(data, rows)]
    lead = data.plural("part-interfaces-lead", int(rows["ready"].eq(1).sum()), all=parts.count(data, len(rows)))  # fmt: skip
    return parts.section(data, "interfaces", blocks, lead)


def _told(data: PackData) -> pd.DataFrame:
    """Return interfaces of projects not over, with whether each works and by when."""
    rows = data.table("interfaces")
    projects = data.table("projects").drop_duplicates("project_code")
    projects = projects.set_index("project_code")
    over = projects.index[projects["state"].isin(OVER)]
    rows = rows[~rows["project_code"].isin(over)]
    now = pd.Series(pd.Timestamp(data.portfolio.as_of), rows.index)
    day = {n: pd.Series(dated(rows[n]), rows.index) for n in ("tested_on", "live_on")}
    go_live = pd.Series(dated(rows["project_code"].map(projects["go_live_date"])), rows.index)  # fmt: skip
    stones = _go_live_milestones(data)
    go_live = go_live.fillna(stones.reindex(rows["project_code"]).set_axis(rows.index))
    return rows.assign(
        ready=proved(rows["state"], day["tested_on"], day["live_on"], now),
        go_live=go_live,
        days_left=days(go_live - now),
    )


def _go_live_milestones(data: PackData) -> pd.Series:
    stones = data.table("milestones")
    own = stones[stones["milestone_type"].eq("go_live")]
    due = own["end_actual"].fillna(own["end_forecast"]).fillna(own["end_baseline"])
    day = pd.Series(dated(due), own.index)
    return day.groupby(own["project_code"]).min()


def _figures(data: PackData, rows: pd.DataFrame, waiting: pd.DataFrame) -> Figures:
    every = parts.count(data, len(rows))
    unknown = int(rows["ready"].isna().sum())
    return Figures(
        (
            parts.figure(data, "interface-ready", int(rows["ready"].eq(1).sum()), all=every),
            parts.figure(data, "interface-open", int(rows["ready"].eq(0).sum()), all=every),
            parts.figure(data, "interface-soon", len(waiting), tone="poor" if len(waiting) else "", cells=parts.with_source(waiting)["source"]),
            parts.figure(data, "interface-untold", unknown, tone="unknown" if unknown else "", all=every),
        )
    )  # fmt: skip


def _list(data: PackData, rows: pd.DataFrame) -> Table:
    limits = data.rules.settings["interface-not-tested"].limits
    near = rows["ready"].eq(0)
    level = pd.Series("", rows.index, dtype="object")
    level = level.mask(near & rows["days_left"].le(limits["amber"]), "amber")
    level = level.mask(near & rows["days_left"].le(limits["red"]), "red")
    order = rows.assign(
        level_tone=parts.tones(level),
        first=level.map({"red": 0, "amber": 1, "": 2}),
    ).sort_values(["first", "go_live", "project_code", "code"], kind="stable")
    told = parts.with_names(data, parts.with_source(order)).assign(
        standard=data.words("interface_standard", order["standard"]),
        state=data.words("interface_state", order["state"]),
    )
    columns = [
        parts.column(data, "go_live", "date", tone="level_tone"),
        parts.column(data, "days_left", "gap", tone="level_tone"),
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.field(data, "interfaces", "code", "code"),
        parts.field(data, "interfaces", "name"),
        parts.field(data, "interfaces", "source_system"),
        parts.field(data, "interfaces", "target_system"),
        parts.field(data, "interfaces", "standard"),
        parts.field(data, "interfaces", "state"),
        parts.field(data, "interfaces", "test_planned_on", "date"),
        parts.field(data, "interfaces", "tested_on", "date"),
        parts.column(data, "source", "source"),
    ]
    note = data.tr("part-interface-list-note")
    return parts.table(data, "interface-list", told, columns, note=note)
