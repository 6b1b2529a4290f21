"""Every alert of the month, one row each, and the rules that raise most of them."""

from __future__ import annotations

from datetime import date

import pandas as pd

from consolidate.analyse.change import pareto
from consolidate.model.pack import Block, Chart, Section, Series, Table, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.report import format as figures

_BARS = 15
_MOST = 0.8


def alerts(data: PackData) -> Section:
    """Return the alerts, the gravest first; those the PMO knows of last."""
    rows = data.portfolio.alerts
    if not len(rows):
        nothing = Text((data.tr("part-alerts-none"),))
        return parts.section(data, "alerts", [nothing])
    found = pareto(rows)
    blocks: list[Block] = [_pareto(data, found), _rules(data, found), _list(data, rows)]
    known = int(rows["acknowledged_until"].notna().sum())
    lead = data.plural("part-alerts-lead", len(rows), known=parts.count(data, known))
    return parts.section(data, "alerts", blocks, lead)


def _titles(data: PackData, rules: pd.Series) -> pd.Series:
    settings = data.rules.settings
    known = {
        r: settings[r].title[data.lang] if r in settings else str(r)
        for r in rules.unique()
    }
    return rules.map(known).astype("object")


def _pareto(data: PackData, found: pd.DataFrame) -> Chart:
    few = int((found["cumulated"] < _MOST - 1e-9).sum()) + 1
    own = found.head(_BARS)
    label = own["code"] + " · " + _titles(data, own["rule"])
    share = parts.percent(data, float(found["cumulated"].iloc[few - 1]))
    return Chart(
        "alert-pareto",
        "bars",
        data.plural("part-alert-pareto", few, share=share),
        own.assign(label=label)[["label", "count"]].reset_index(drop=True),
        "label",
        (Series("count", data.tr("part-col-alerts")),),
        x_label=data.tr("part-col-alerts"),
        text=data.tr("part-alert-pareto-text", rules=parts.count(data, len(own))),
    )


def _rules(data: PackData, found: pd.DataFrame) -> Table:
    rows = found.assign(
        rule_title=_titles(data, found["rule"]),
        alert_code=found["code"],
        alerts=found["count"],
        alert_share=found["share"],
    )
    columns = [
        parts.column(data, "alert_code", "code"),
        parts.column(data, "rule_title"),
        parts.column(data, "alerts", "count", total=True),
        parts.column(data, "critical", "count", total=True),
        parts.column(data, "rows", "count"),
        parts.column(data, "alert_share", "share"),
        parts.column(data, "cumulated", "share"),
    ]
    rows = rows.rename(columns={"projects": "rows"})
    return parts.table(data, "alert-rules", rows, columns)


def _list(data: PackData, rows: pd.DataFrame) -> Table:
    told = parts.with_names(data, rows)
    managers = data.table("projects").drop_duplicates("project_code")
    owner = managers.set_index("project_code")["project_manager"]
    same = told["object"].eq(told["project"])
    told = told.assign(
        known=told["acknowledged_until"].notna(),
        rule_title=_titles(data, told["rule"]),
        alert_code=told["code"],
        object=parts.otherwise(told["object"].mask(same)),
        reading=parts.otherwise(_figured(data, told, "value")),
        bound=parts.otherwise(_figured(data, told, "threshold")),
        project_manager=told["project_code"].map(owner).astype("object"),
        acknowledged=parts.otherwise(_known(data, told)),
        read_in=_read_in(data, told),
    ).sort_values("known", kind="stable")
    columns = [
        parts.column(data, "severity", "severity"),
        parts.column(data, "alert_code", "code"),
        parts.column(data, "rule_title"),
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.column(data, "object"),
        parts.column(data, "message"),
        parts.column(data, "reading"),
        parts.column(data, "bound"),
        parts.column(data, "since", "month"),
        parts.column(data, "occurrences", "count"),
        parts.field(data, "projects", "project_manager"),
        parts.column(data, "acknowledged"),
        parts.column(data, "read_in", "source"),
    ]
    note = data.tr("part-alert-list-note")
    return parts.table(data, "alert-list", told, columns, note=note)


def _known(data: PackData, rows: pd.DataFrame) -> pd.Series:
    """Return until when the PMO knows of an alert, and why."""
    found = [
        data.tr("part-known-until", day=figures.day(day, data.lang), why=why)
        if isinstance(day, date)
        else None
        for day, why in zip(
            rows["acknowledged_until"], rows["acknowledged_because"], strict=True
        )
    ]
    return pd.Series(found, rows.index, dtype="object")


def _figured(data: PackData, rows: pd.DataFrame, name: str) -> pd.Series:
    """Return a value or threshold as text, by the unit of its rule."""
    units = rows["unit"].fillna("").astype("str")
    told = [
        _shown(data, value, unit)
        for value, unit in zip(rows[name], units, strict=True)
    ]  # fmt: skip
    return pd.Series(told, rows.index, dtype="object")


def _shown(data: PackData, value: object, unit: str) -> str:
    if not isinstance(value, (int, float)) or pd.isna(value):
        return ""
    if unit in ("share", "points"):
        return parts.percent(data, float(value))
    number = parts.number(data, float(value))
    suffix = data.tr(f"part-unit-{unit}") if unit in ("days", "months", "hours") else ""
    return f"{number}\u00a0{suffix}" if suffix else number


def _read_in(data: PackData, rows: pd.DataFrame) -> pd.Series:
    """Return where the record of each alert was read."""
    found = pd.Series(None, index=rows.index, dtype="object")
    for name in rows["table"].dropna().unique():
        if name not in data.portfolio.tables:
            continue
        own = parts.with_source(data.table(name)).drop_duplicates("record_id")
        where = own.set_index("record_id")["source"]
        here = rows["table"].eq(name)
        found[here] = rows.loc[here, "record_id"].map(where)
    return found
