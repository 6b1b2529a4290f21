"""Objectives and benefits: which can be measured, which are, for whom they are attained."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.benefits import PARTS, attained, by_beneficiary
from consolidate.model.pack import Block, Chart, Figures, Section, Series, Table, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData

_BARS = ("objectives", "measurable", "measured", "achieved")


def objectives(data: PackData) -> Section:
    """Return the register of objectives."""
    told = attained(data.table("objectives"), data.portfolio.as_of)
    if not len(told):
        nothing = Text((data.tr("part-objectives-none"),), tone="unknown")
        return parts.section(data, "objectives", [nothing])
    groups = by_beneficiary(told)
    names = data.words("beneficiary", groups["beneficiary"].replace("", None))
    groups = groups.assign(beneficiary=names.fillna(data.tr("part-not-told")))
    blocks: list[Block] = [
        _figures(data, told),
        _bars(data, groups),
        _groups(data, groups),
        _list(data, told),
    ]
    projects = told["project_code"].nunique()
    lead = data.plural("part-objectives-lead", int(told["is_measurable"].sum()), all=parts.count(data, len(told)), projects=parts.count(data, projects))  # fmt: skip
    return parts.section(data, "objectives", blocks, lead)


def _figures(data: PackData, told: pd.DataFrame) -> Figures:
    every = len(told)
    measurable = int(told["is_measurable"].sum())
    achieved = int(told["is_achieved"].sum())
    due = told[told["is_due"]]
    live = data.table("projects")
    covered = told["project_code"].nunique()
    return Figures(
        (
            parts.figure(data, "measurable", measurable / every, "share", all=parts.count(data, every)),
            parts.figure(data, "measured", int(told["is_measured"].sum()), all=parts.count(data, every)),
            parts.figure(data, "achieved", achieved, all=parts.count(data, every)),
            parts.figure(data, "objective-due", len(due), tone="poor" if len(due) else "", cells=parts.with_source(due)["source"]),
            parts.figure(data, "with-objective", covered, all=parts.count(data, live["project_code"].nunique())),
        )
    )  # fmt: skip


def _bars(data: PackData, groups: pd.DataFrame) -> Chart:
    achieved = int(groups["achieved"].sum())
    return Chart(
        "objective-bars",
        "columns",
        data.plural("part-objective-bars", achieved),
        groups[["beneficiary", *_BARS]],
        "beneficiary",
        tuple(Series(n, data.tr(f"part-col-{n}")) for n in _BARS),
        y_label=data.tr("part-col-objectives"),
        text=data.tr("part-objective-bars-text"),
    )


def _groups(data: PackData, groups: pd.DataFrame) -> Table:
    columns = [
        parts.column(data, "beneficiary"),
        *(parts.column(data, n, "count", total=True) for n in _BARS),
        parts.column(data, "objective_due", "count", total=True),
        parts.column(data, "attainment", "share"),
        parts.column(data, "attainment_known", "count"),
    ]
    rows = groups.rename(columns={"due": "objective_due"})
    note = data.tr("part-objective-groups-note")
    return parts.table(data, "objective-groups", rows, columns, note=note)


def _list(data: PackData, told: pd.DataFrame) -> Table:
    labels = {p: data.label("objectives", p) for p in PARTS}
    lacks = {
        text: ", ".join(labels[p] for p in text.split(";") if p)
        for text in told["lacks"].unique()
    }
    tone = pd.Series("", told.index, dtype="object")
    tone = tone.mask(told["is_due"], "poor").mask(told["is_achieved"], "good")
    order = told.assign(
        lacks=parts.otherwise(told["lacks"].map(lacks)),
        beneficiary=data.words("beneficiary", told["beneficiary"]),
        attained_tone=tone,
    ).sort_values(["is_due", "project_code", "name"], ascending=[False, True, True], kind="stable")  # fmt: skip
    rows = parts.with_names(data, parts.with_source(order))
    columns = [
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.field(data, "objectives", "name"),
        parts.column(data, "beneficiary"),
        parts.field(data, "objectives", "indicator"),
        parts.field(data, "objectives", "unit"),
        parts.field(data, "objectives", "baseline", "number"),
        parts.field(data, "objectives", "target", "number"),
        parts.field(data, "objectives", "actual", "number"),
        parts.field(data, "objectives", "target_date", "date"),
        parts.column(data, "attainment", "share", tone="attained_tone"),
        parts.column(data, "lacks"),
        parts.column(data, "source", "source"),
    ]
    note = data.tr("part-objective-list-note")
    return parts.table(data, "objective-list", rows, columns, note=note)
