"""Deadlines of the months ahead, the ones nobody may move marked."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.columns import dated
from consolidate.analyse.deadlines import deadlines as due_dates
from consolidate.model.pack import Block, Chart, Figures, Section, Series, Table
from consolidate.packs import parts
from consolidate.packs.data import PackData

_BARS = 24


def deadlines(data: PackData) -> Section:
    """Return what is overdue, due soon and due later."""
    short, long = (int(m) for m in data.rules.packs["deadlines"]["months"])
    found = due_dates(data.portfolio.tables, data.portfolio.as_of, (short, long))
    overdue = found[found["horizon"].eq(0) & found["is_key"].eq(True)]
    soon = found[found["horizon"] == short]
    later = found[found["horizon"].eq(long) & found["is_key"].eq(True)]
    blocks: list[Block] = [
        _figures(data, overdue, soon, later, (short, long)),
        *_gantt(data, found),
        _list(data, "deadline-overdue", overdue),
        _soon(data, soon, short),
        _list(data, "deadline-later", later, months=long),
    ]
    legal = int(found["regulatory"].eq(True).sum())
    lead = data.plural("part-deadlines-lead", legal, months=long)
    return parts.section(data, "deadlines", blocks, lead)


def _figures(
    data: PackData,
    overdue: pd.DataFrame,
    soon: pd.DataFrame,
    later: pd.DataFrame,
    months: tuple[int, int],
) -> Figures:
    legal = pd.concat([f for f in (overdue, soon) if len(f)] or [soon])
    legal = legal[legal["regulatory"].eq(True)]
    return Figures(
        (
            parts.figure(
                data,
                "overdue",
                len(overdue),
                tone="poor" if len(overdue) else "",
                cells=parts.with_source(overdue)["source"],
            ),
            parts.figure(data, "soon", len(soon), months=months[0]),
            parts.figure(
                data,
                "legal",
                len(legal),
                tone="fair" if len(legal) else "",
                cells=parts.with_source(legal)["source"],
                months=months[0],
            ),
            parts.figure(data, "later", len(later), months=months[1]),
        )
    )


def _soon(data: PackData, soon: pd.DataFrame, months: int) -> Table:
    """Return what is due soon; of a list too long to read, the key deadlines alone."""
    if len(soon) <= parts.MOST:
        return _list(data, "deadline-soon", soon, months=months)
    key = soon[soon["is_key"].eq(True)]
    left = parts.count(data, len(soon) - len(key))
    more = data.tr("part-deadline-ordinary", count=left)
    return _list(data, "deadline-soon", key, months=months, more=more)


def _list(
    data: PackData, name: str, found: pd.DataFrame, months: int = 0, more: str = ""
) -> Table:
    rows = parts.with_names(data, parts.with_source(found))
    tone = pd.Series("", rows.index, dtype="object").mask(rows["days_left"] < 0, "poor")
    tone = tone.mask(rows["days_left"].between(0, 30), "fair")
    kinds = {k: data.tr(f"part-due-{k.replace('_', '-')}") for k in rows["kind"].unique()}  # fmt: skip
    rows = rows.assign(
        kind=rows["kind"].map(kinds),
        object=parts.otherwise(_objects(data, rows)),
        regulatory=parts.yes(data, rows["regulatory"]),
        project_code=parts.otherwise(rows["project_code"]),
        project=rows["project"].where(rows["project_code"].notna(), parts.NONE),
        left_tone=tone,
    )
    columns = [
        parts.column(data, "due", "date"),
        parts.column(data, "days_left", "gap", tone="left_tone"),
        parts.column(data, "kind"),
        parts.column(data, "regulatory"),
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.column(data, "object"),
        parts.column(data, "establishment"),
        parts.column(data, "source", "source"),
    ]
    note = f"{data.tr(f'part-{name}-note')} {more}".strip()
    return parts.table(data, name, rows, columns, note=note, months=months)


def _objects(data: PackData, rows: pd.DataFrame) -> pd.Series:
    """Return what falls due, a domain by its name."""
    domain = rows["kind"].eq("convergence")
    return rows["object"].where(~domain, data.words("functional_domain", rows["object"].where(domain)))  # fmt: skip


def _gantt(data: PackData, found: pd.DataFrame) -> list[Block]:
    """Return the next key milestones, else the next ends of projects, on a time line."""
    key = found[found["is_key"].eq(True) & found["horizon"].gt(0)]
    kind = "milestone" if key["kind"].eq("milestone").any() else "project"
    near = key[key["kind"] == kind].head(_BARS)
    if not len(near):
        return []
    rows = data.table(f"{kind}s").set_index("record_id")
    own = rows.reindex(near["record_id"]).reset_index()
    code = near["project_code"].fillna("").reset_index(drop=True)
    label = (code + " · " + own["name"].fillna("")).str.slice(0, 60)
    marks = []
    for sort, name in (("baseline", "end_baseline"), ("forecast", "end_forecast")):
        day = pd.Series(dated(own[name]), own.index)
        late = day < pd.Timestamp(data.portfolio.as_of)
        tone = late.map({True: "poor", False: ""})
        marks.append(pd.DataFrame({"label": label, "day": day, "sort": sort, "tone": tone}))  # fmt: skip
    frame = pd.concat(marks, ignore_index=True)
    frame = frame[frame["day"].notna()].reset_index(drop=True)
    frame["day"] = frame["day"].dt.date.astype("object")
    text = data.tr("part-deadline-gantt-text", marks=parts.count(data, len(near)))
    chart = Chart(
        "deadline-gantt",
        "gantt",
        data.tr(f"part-deadline-gantt-{kind}"),
        frame,
        "label",
        (Series("day", data.tr("part-col-due")),),
        "date",
        text=text,
    )
    return [chart]
