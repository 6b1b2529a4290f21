"""The load to come against capacity, and what is left of it."""

from __future__ import annotations

import math

import pandas as pd

from consolidate.analyse.recorded import ahead
from consolidate.model.pack import Block, Chart, Section
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.packs.times import Times, days_text, month_label

FULL, BUSY = 1.0, 0.9


def load_ahead(data: PackData, told: Times) -> Section:
    """Return planned days, capacity and what is left of it, by team and month to come."""
    months = int(data.rules.packs["run-build"]["ahead"])
    found = ahead(told.rows, told.now, months)
    found = found[found["planned"].notna() | found["capacity"].notna()]
    rows = found.assign(
        label=[month_label(data, int(m)) for m in found["month"]],
        who=found["team"].fillna(data.tr("part-all-teams")).astype("object"),
        planned_days=found["planned"],
        tone=found["load"].map(_tone),
        told_people=_told(found),
    )
    columns = [
        parts.column(data, "who"),
        parts.column(data, "label"),
        parts.column(data, "planned_days", "days"),
        parts.column(data, "capacity", "days"),
        parts.column(data, "absence", "days"),
        parts.column(data, "load", "share", tone="tone"),
        parts.column(data, "left", "days", tone="tone"),
        parts.column(data, "told_people"),
    ]
    blocks: list[Block] = []
    if rows["load"].notna().any():
        blocks.append(_map(data, rows))
    note = data.tr("part-load-ahead-note")
    blocks.append(parts.table(data, "load-ahead", rows, columns, note=note, group="who"))  # fmt: skip
    return parts.section(data, "load-ahead", blocks, _lead(data, rows, months))


def _told(found: pd.DataFrame) -> pd.Series:
    able, people = (found[n].fillna(0).astype("int64").astype("str") for n in ("able", "people"))  # fmt: skip
    return (able + " / " + people).astype("object")


def _tone(load: float) -> str:
    if math.isnan(load):
        return "unknown"
    return "poor" if load > FULL else "fair" if load > BUSY else "good"


def _lead(data: PackData, rows: pd.DataFrame, months: int) -> str:
    whole = rows[rows["team"].isna()]
    if whole["left"].notna().sum() < months:
        return data.tr("part-load-ahead-lead-none", months=months)
    full = rows[rows["team"].notna() & rows["load"].gt(FULL)]["team"].nunique()
    left = days_text(data, float(whole["left"].sum()))
    return data.plural("part-load-ahead-lead", int(full), left=left, months=months)


def _map(data: PackData, rows: pd.DataFrame) -> Chart:
    frame = pd.DataFrame(
        {
            "who": rows["who"],
            "column": rows["label"],
            "text": [parts.percent(data, v) if pd.notna(v) else "n. c." if data.lang == "fr" else "n/r" for v in rows["load"]],
            "tone": rows["tone"],
        }
    )  # fmt: skip
    over = int(rows["load"].gt(FULL).sum())
    return Chart(
        "load-map",
        "matrix",
        data.plural("part-chart-load", over),
        frame.reset_index(drop=True),
        "who",
        x_label=data.tr("part-axis-month"),
        y_label=data.tr("part-axis-team"),
        text=data.tr("part-chart-load-text"),
    )
