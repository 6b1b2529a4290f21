"""The calendar of establishments: go-lives, trainings, outages, and what collides."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.calendar import collisions, events, public_holidays
from consolidate.model.pack import Block, Chart, Figures, Section, Table, Tone
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.report import format as figures

_KINDS = ("go_live", "training", "outage")


def calendar(data: PackData) -> Section:
    """Return what happens where in the months ahead."""
    setting = data.rules.packs["calendar"]
    months = _months(data, int(setting["months"]))
    every = events(data.portfolio.tables, setting)
    coming = every[every["month"].isin(months)].reset_index(drop=True)
    windows = _windows(data, months)
    found = collisions(coming, windows)
    blocks: list[Block] = [_figures(data, coming, found)]
    if len(coming):
        blocks.append(_matrix(data, coming, found, months))
    blocks += [_collisions(data, coming, found, windows), _events(data, coming)]
    lead = data.plural("part-calendar-lead", len(found), months=len(months))
    return parts.section(data, "calendar", blocks, lead)


def _months(data: PackData, count: int) -> list[str]:
    """Return the month reported on and those after it."""
    first = pd.Period(data.portfolio.period, "M")
    return [str(first + n) for n in range(count + 1)]


def _windows(data: PackData, months: list[str]) -> pd.DataFrame:
    """Return public holidays and the PMO's own windows; without names for the reader."""
    first, last = pd.Period(months[0], "M"), pd.Period(months[-1], "M")
    days = public_holidays(first.start_time.date(), last.end_time.date())
    named = {n: data.tr(f"part-holiday-{n.lower().replace(' ', '-')}") for n in days["name"].unique()}  # fmt: skip
    return days.assign(name=days["name"].map(named))


def _figures(data: PackData, coming: pd.DataFrame, found: pd.DataFrame) -> Figures:
    counted = coming.drop_duplicates(["kind", "project_code", "object", "start"])
    told = [
        parts.figure(data, kind.replace("_", "-"), int(counted["kind"].eq(kind).sum()))
        for kind in _KINDS
    ]
    tone: Tone = "poor" if found["grave"].any() else "fair" if len(found) else ""
    return Figures((*told, parts.figure(data, "collisions", len(found), tone=tone)))


def _matrix(
    data: PackData, coming: pd.DataFrame, found: pd.DataFrame, months: list[str]
) -> Chart:
    marks = {k: data.tr(f"part-mark-{k.replace('_', '-')}") for k in _KINDS}
    counts = coming.groupby(["establishment", "month", "kind"]).size().unstack(fill_value=0)  # fmt: skip
    counts = counts.reindex(columns=list(_KINDS), fill_value=0)
    hit = set(zip(found["establishment"], found["month"], strict=True))
    rows = [
        {
            "establishment": site or data.tr("part-no-establishment"),
            "column": figures.month(str(month), data.lang, short=True),
            "order": str(month),
            "text": " ".join(f"{row[k]}{marks[k]}" for k in _KINDS if row[k]),
            "tone": "poor" if (site, month) in hit else "fair" if row["outage"] else "done",
        }
        for (site, month), row in zip(counts.index, counts.to_dict("records"), strict=True)
    ]  # fmt: skip
    frame = pd.DataFrame(rows).sort_values(["order", "establishment"], kind="stable")
    return Chart(
        "event-matrix",
        "matrix",
        data.plural("part-event-matrix", len(found)),
        frame[["establishment", "column", "text", "tone"]].reset_index(drop=True),
        "establishment",
        x_label=data.tr("part-col-month"),
        y_label=data.tr("part-col-establishment"),
        text=data.tr("part-event-matrix-text", months=len(months)),
    )


def _what(data: PackData, rows: pd.DataFrame) -> pd.Series:
    """Return what an event is: its project, and what of it."""
    named = parts.with_names(data, rows)
    head = named["project_code"].fillna("") + " " + named["project"].fillna("")
    both = head.str.strip() + " · " + rows["object"].fillna("").astype("str")
    return both.str.strip(" ·").astype("object")


def _collisions(
    data: PackData, coming: pd.DataFrame, found: pd.DataFrame, windows: pd.DataFrame
) -> Table:
    what = _what(data, coming)
    first = found["first"].astype("int64")
    second = found["second"].astype("int64")
    closed = found["rule"].eq("window").to_numpy(dtype="bool")
    other = [
        windows["name"].iloc[n] if is_window else what.iloc[n]
        for n, is_window in zip(second, closed, strict=True)
    ]
    rules = {r: data.tr(f"part-collision-{r}") for r in found["rule"].unique()}
    rows = pd.DataFrame(
        {
            "collision": found["rule"].map(rules),
            "collision_tone": found["grave"].map({True: "poor", False: "fair"}),
            "establishment": parts.place(data, found["establishment"]),
            "domain": data.words("functional_domain", found["domain"]),
            "day": coming["start"].iloc[first].to_numpy(),
            "first": what.iloc[first].to_numpy(),
            "second": pd.Series(other, dtype="object", index=found.index),
            "source": parts.with_source(coming)["source"].iloc[first].to_numpy(),
        }
    )
    columns = [
        parts.column(data, "collision", tone="collision_tone"),
        parts.column(data, "establishment"),
        parts.column(data, "domain"),
        parts.column(data, "day", "date"),
        parts.column(data, "first"),
        parts.column(data, "second"),
        parts.column(data, "source", "source"),
    ]
    live = coming[coming["kind"] == "go_live"]
    unknown = int((live["domain"].isna() | live["establishment"].eq("")).sum())
    note = data.tr("part-collisions-note", unknown=parts.count(data, unknown), all=parts.count(data, len(live)))  # fmt: skip
    return parts.table(data, "collisions", rows, columns, note=note)


def _events(data: PackData, coming: pd.DataFrame) -> Table:
    kinds = {k: data.tr(f"part-event-{k.replace('_', '-')}") for k in _KINDS}
    bases = {b: data.tr(f"part-found-by-{b}") for b in ("date", "type", "name")}
    rows = parts.with_names(data, parts.with_source(coming))
    rows = rows.assign(
        kind=rows["kind"].map(kinds),
        establishment=parts.place(data, rows["establishment"]),
        domain=data.words("functional_domain", rows["domain"]),
        basis=rows["basis"].map(bases),
        object=parts.otherwise(rows["object"]),
    ).rename(columns={"basis": "found_by", "start": "day"})
    columns = [
        parts.column(data, "day", "date"),
        parts.column(data, "end", "date"),
        parts.column(data, "kind"),
        parts.column(data, "establishment"),
        parts.column(data, "domain"),
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.column(data, "object"),
        parts.column(data, "found_by"),
        parts.column(data, "source", "source"),
    ]
    return parts.table(data, "events", rows, columns)
