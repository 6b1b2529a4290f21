"""A project on one page: how it stands, what is due, what threatens it, what it asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd

from consolidate.model.pack import (
    Block,
    Chart,
    Column,
    Figure,
    Figures,
    Kind,
    Section,
    Table,
    Tone,
)
from consolidate.packs import parts
from consolidate.packs.data import PackData, sources
from consolidate.report import format as shown

_TOLD = ("objective", "highlights", "next_steps", "attention_points", "decisions")
_LONGEST = 320
"""Characters of a text: the page holds the whole project."""

_STATUSES = (
    *("status", "status_quality", "status_cost", "status_schedule", "status_risk"),
)
_MONEY = ("committed", "spent", "forecast_cost")
_EFFORT = ("effort_planned", "effort_spent", "effort_remaining")
_MOST = {"milestones": 9, "risks": 5, "actions": 6, "deliverables": 8, "alerts": 5}
_HISTORY = 11
_OVER = ("completed", "cancelled", "closed")
_TONES: dict[str, Tone] = {
    "red": "poor",
    "amber": "fair",
    "green": "good",
    "blue": "done",
    "grey": "unknown",
}


def section(data: PackData, code: str) -> Section:
    """Return the sheet of one project.

    Args:
        data: The month, narrowed to who reads it.
        code: Of a project the month has.
    """
    projects = data.table("projects")
    row = projects[projects["project_code"] == code].iloc[0]
    blocks = [*_blocks(data, code, row)]
    title = f"{code} {row['name'] or ''}".strip()
    manager = row["project_manager"]
    lead = data.tr("one-lead", manager=manager) if manager else ""
    return Section("sheet", title, tuple(blocks), lead, one_page=True)


def _blocks(data: PackData, code: str, row: pd.Series) -> Iterator[Block]:
    yield Figures(tuple(_figures(data, code, row)))
    strip = history(data, code)
    if strip is not None:
        yield strip
    told = _told(data, row)
    if len(told.frame):
        yield told
    for make in (_alerts, _milestones, _risks, _actions, _deliverables):
        table = make(data, code)
        if len(table.frame):
            yield table


def _figures(data: PackData, code: str, row: pd.Series) -> Iterator[Figure]:
    cell = tuple(sources(row.to_frame().T))
    own = data.portfolio.statuses
    computed = own.loc[own["project_code"] == code, "overall"]
    for name in _STATUSES:
        if known(row[name]):
            label = data.label("projects", name)
            yield Figure(label, row[name], "rag", cells=cell)
    if len(computed) and known(computed.iloc[0]):
        label, how = data.tr("one-computed"), data.tr("one-computed-how")
        yield Figure(label, computed.iloc[0], "rag", how=how)
    for name, vocabulary in (("state", "project_state"), ("phase", "phase")):
        word = data.word(vocabulary, row[name])
        if word:
            yield Figure(data.label("projects", name), word, "text", cells=cell)
    yield Figure(
        data.label("projects", "progress"),
        number(row["progress"]),
        "share",
        note=_expected(data, row),
        cells=cell,
    )
    yield _slip(data, row, cell)
    yield from _amounts(data, row, cell)
    for name in _EFFORT:
        if known(row[name]):
            label = data.label("projects", name)
            yield Figure(label, number(row[name]), "days", cells=cell)


def known(value: Any) -> bool:
    """Return whether a cell of a frame holds something."""
    return value is not None and value != "" and not bool(pd.isna(value))


def number(value: Any) -> float | None:
    """Return a cell's number; None when there is none."""
    return float(value) if known(value) else None


def _expected(data: PackData, row: pd.Series) -> str:
    """Return the progress that the time gone by would have, where it can be told."""
    start, end = row["start_planned"], row["end_baseline"]
    given = number(row["planned_progress"])
    if given is None and known(start) and known(end) and end > start:
        gone: timedelta = data.portfolio.as_of - start
        given = min(max(gone / (end - start), 0.0), 1.0)
    if given is None:
        return ""
    return data.tr("one-expected", share=parts.percent(data, given))


def _slip(data: PackData, row: pd.Series, cell: tuple[str, ...]) -> Figure:
    base, end = row["end_baseline"], row["end_actual"]
    end = end if known(end) else row["end_forecast"]
    label = data.tr("one-slip")
    if not (known(base) and known(end)):
        return Figure(label, None, "gap", cells=cell)
    days = (end - base).days
    tone: Tone = "poor" if days > 60 else "fair" if days > 15 else ""
    how = data.tr("one-slip-how", end=_day(data, end), base=_day(data, base))
    return Figure(label, days, "gap", how=how, cells=cell, tone=tone)


def _day(data: PackData, day: date) -> str:
    return shown.day(day, data.lang)


def _amounts(data: PackData, row: pd.Series, cell: tuple[str, ...]) -> Iterator[Figure]:
    budget = number(row["budget_revised"])
    if budget is None:
        budget = number(row["budget_initial"])
    scope = data.word("amount_scope", row["amount_scope"])
    note = scope or data.tr("part-basis-untold")
    yield Figure(data.tr("one-budget"), budget, "kilo", note=note, cells=cell)
    for name in _MONEY:
        amount = number(row[name])
        tone: Tone = ""
        if amount is not None and budget and amount > budget * 1.05:
            tone = "poor" if amount > budget * 1.1 else "fair"
        label = data.label("projects", name)
        yield Figure(label, amount, "kilo", cells=cell, tone=tone)


def _told(data: PackData, row: pd.Series) -> Table:
    rows = [(data.label("projects", name), _short(row[name])) for name in _TOLD]
    frame = pd.DataFrame(
        [r for r in rows if r[1]], columns=["what", "text"], dtype="object"
    )
    columns = (Column("what", data.tr("one-what")), Column("text", data.tr("one-text")))  # fmt: skip
    return Table("told", data.tr("one-told"), columns, frame)


def _short(text: object) -> str:
    if not isinstance(text, str):
        return ""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _own(data: PackData, name: str, code: str) -> pd.DataFrame:
    frame = data.table(name)
    return frame[frame["project_code"] == code]


def _limited(
    data: PackData, name: str, rows: pd.DataFrame, columns: tuple[Column, ...]
) -> Table:
    most = _MOST[name]
    note = ""
    if len(rows) > most:
        first, whole = parts.count(data, most), parts.count(data, len(rows))
        note = data.tr("part-first-of", shown=first, all=whole)
    frame = parts.shown(rows.head(most), columns)
    return Table(name, data.tr(f"one-{name}"), columns, frame, note)


def _alerts(data: PackData, code: str) -> Table:
    rows = data.portfolio.alerts
    own = rows[(rows["project_code"] == code) & rows["acknowledged_until"].isna()]
    columns = (
        Column("severity", data.tr("one-severity"), "severity"),
        Column("message", data.tr("one-message")),
        Column("since", data.tr("one-since"), "month"),
    )
    return _limited(data, "alerts", own, columns)


def _milestones(data: PackData, code: str) -> Table:
    rows = _own(data, "milestones", code)
    rows = rows[rows["state"] != "cancelled"]
    end = rows["end_actual"].fillna(rows["end_forecast"]).fillna(rows["end_baseline"])
    day = pd.to_datetime(end)
    base = pd.to_datetime(rows["end_baseline"])
    done = rows["end_actual"].notna() | rows["state"].isin(_OVER)
    late = ~done & (day < pd.Timestamp(data.portfolio.as_of))
    own = rows.assign(
        due=day,
        slip=(day - base) / timedelta(days=1),
        tone=late.map({True: "poor", False: ""}),
        done=done,
    )
    # What is to come, and what was done last.
    order = own.assign(_key=own["done"]).sort_values(["_key", "due"], kind="stable")
    own = order.head(_MOST["milestones"]).sort_values("due", kind="stable")
    columns = (
        Column("name", data.tr("pack-milestone")),
        parts.field(data, "milestones", "end_baseline", "date"),
        Column("due", data.tr("pack-due"), "date", tone="tone"),
        parts.field(data, "milestones", "end_actual", "date"),
        Column("slip", data.tr("pack-slip"), "gap"),
    )
    found = _limited(data, "milestones", own, columns)
    if len(order) > len(own):
        first, whole = parts.count(data, len(own)), parts.count(data, len(order))
        note = data.tr("part-first-of", shown=first, all=whole)
        return Table(found.id, found.title, found.columns, found.frame, note)
    return found


def _risks(data: PackData, code: str) -> Table:
    rows = _own(data, "risks", code)
    rows = rows[(rows["state"] != "closed") & rows["closed_on"].isna()]
    rows = rows.assign(title=rows["title"].fillna(rows["description"]))
    rows = rows.sort_values("criticality", ascending=False, kind="stable")
    columns = (
        Column("title", data.label("risks", "title")),
        parts.field(data, "risks", "criticality", "count"),
        parts.field(data, "risks", "mitigation"),
    )
    return _limited(data, "risks", rows, columns)


def _actions(data: PackData, code: str) -> Table:
    rows = _own(data, "actions", code)
    rows = rows[~rows["state"].isin(_OVER)]
    rows = rows.assign(title=rows["title"].fillna(rows["description"]))
    due = pd.to_datetime(rows["due_date"])
    late = due < pd.Timestamp(data.portfolio.as_of)
    rows = rows.assign(tone=late.map({True: "poor", False: ""}), _due=due)
    rows = rows.sort_values("_due", kind="stable")
    columns = (
        Column("title", data.label("actions", "title")),
        _filled(data, rows, "actions", "owner"),
        Column("due_date", data.label("actions", "due_date"), "date", tone="tone"),
    )
    return _limited(data, "actions", rows, tuple(c for c in columns if c))


def _filled(data: PackData, rows: pd.DataFrame, table: str, name: str) -> Column | None:
    """Return a column that some row fills, nothing else."""
    return parts.field(data, table, name) if rows[name].notna().any() else None


def _deliverables(data: PackData, code: str) -> Table:
    rows = _own(data, "deliverables", code)
    rows = rows.assign(state=data.words("deliverable_state", rows["state"]))
    columns: tuple[tuple[str, Kind], ...] = (("name", "text"), ("state", "text"), ("due_date", "date"))  # fmt: skip
    fields = tuple(parts.field(data, "deliverables", n, kind) for n, kind in columns)
    return _limited(data, "deliverables", rows, fields)


def history(data: PackData, code: str) -> Chart | None:
    """Return the overall status of up to twelve months; nothing without a month before."""
    months = data.earlier({"projects": ("status",)}, _HISTORY)
    seen = [
        (m.period, f.loc[f["project_code"] == code, "status"])
        for m in months
        for f in (m.tables["projects"],)
    ]
    now = data.table("projects")
    seen.append((data.portfolio.period, now.loc[now["project_code"] == code, "status"]))
    if len(seen) < 2:
        return None
    rows = [
        {
            "project": code,
            "column": shown.month(period, data.lang, short=True),
            "text": _letter(data, status),
            "tone": _tone(status),
        }
        for period, status in seen
    ]
    return Chart(
        "history",
        "strip",
        data.tr("one-history"),
        pd.DataFrame(rows),
        "project",
        x_label=data.label("projects", "project_code"),
        y_label=data.tr("one-month"),
    )


def _letter(data: PackData, status: pd.Series) -> str:
    told = status.iloc[0] if len(status) else None
    return data.tr(f"html-rag-letter-{told}") if told in _TONES else "?"


def _tone(status: pd.Series) -> Tone:
    told = status.iloc[0] if len(status) else None
    return _TONES.get(str(told), "")
