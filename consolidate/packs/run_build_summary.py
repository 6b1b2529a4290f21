"""Run and build of all teams: figures, months, categories."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pandas as pd

from consolidate.analyse.recorded import GROUPS, in_year
from consolidate.model.pack import (
    Block,
    Chart,
    Figure,
    Figures,
    Section,
    Series,
    Text,
    Tone,
)
from consolidate.packs import parts
from consolidate.packs.data import PackData, sources
from consolidate.packs.times import Times, days_text, month_label, target_of


def balance_of(data: PackData, told: Times) -> Section:
    """Return run against build: the month, the year, the months before."""
    months = told.months[told.months["recorded"].notna()]
    if months.empty:
        text = Text((data.tr("part-balance-none"),), "unknown")
        return parts.section(data, "balance", (text,))
    blocks: list[Block] = [_figures(data, told), _shares(data, told, months)]
    blocks.append(Text(_method(data, told)))
    return parts.section(data, "balance", blocks, _lead(data, told))


def month_by_month(data: PackData, told: Times) -> Section:
    """Return the months shown, the latest first."""
    months = told.months[told.months["recorded"].notna()]
    return parts.section(data, "run-months", (_table(data, months),))


def _row(frame: pd.DataFrame, month: int) -> Mapping[str, float | None]:
    """Return the figures of one month, None where unknown."""
    found = frame[frame["month"] == month]
    if found.empty:
        return dict.fromkeys(frame.columns)
    row = found.iloc[0]
    return {name: None if pd.isna(row[name]) else row[name] for name in frame.columns}


def _lead(data: PackData, told: Times) -> str:
    now = _row(told.months, told.now)
    share, past = now["run_share"], told.past.get("*")
    if share is None:
        return data.tr("part-balance-lead-none", month=month_label(data, told.now, short=False))  # fmt: skip
    words = {"share": parts.percent(data, share), "days": days_text(data, now["recorded"] or 0)}  # fmt: skip
    if past is None:
        return data.tr("part-balance-lead-alone", **words)
    return data.tr("part-balance-lead", past=parts.percent(data, past), **words)


def _figures(data: PackData, told: Times) -> Figures:
    now, before = (_row(told.months, m) for m in (told.now, told.now - 1))
    year = told.whole.iloc[0].to_dict() if len(told.whole) else {}
    cells = _cells(data)
    able, people, sure = (
        parts.count(data, now[n] or 0) for n in ("able", "people", "sure")
    )
    recorded = days_text(data, now["recorded"] or 0)
    limits = data.rules.settings["run-share-high"].limits
    past = told.past.get("*")
    tone: Tone = ""
    if now["run_share"] is not None and past is not None:
        tone = gap_tone(now["run_share"] - past, limits)
    year_to = month_label(data, told.now, short=False)
    fresh = {name: (now[name], before[name]) for name in now}
    made = (
        _told(parts.figure(data, "run-share", None, "share", tone=tone, cells=cells, days=recorded), fresh["run_share"]),
        _told(parts.figure(data, "wide-share", None, "share", cells=cells, days=recorded), fresh["wide_share"]),
        parts.figure(data, "year-share", year.get("run_share"), "share", days=days_text(data, year.get("recorded") or 0), month=year_to),
        _told(parts.figure(data, "run-days", None, "days", cells=cells), fresh["run"]),
        _told(parts.figure(data, "build-days", None, "days", cells=cells), fresh["build"]),
        _told(parts.figure(data, "recording-rate", None, "share", able=able, people=people), fresh["rate"]),
        _told(parts.figure(data, "unrecorded", None, "days", sure=sure, people=people), fresh["unrecorded"]),
    )  # fmt: skip
    return Figures(made)


def _told(figure: Figure, values: tuple[float | None, float | None]) -> Figure:
    """Return a figure with its value and that of the month before."""
    return dataclasses.replace(figure, value=values[0], before=values[1])


def _cells(data: PackData) -> tuple[str, ...]:
    """Return where the first lines of the month's time were read."""
    rows = data.table("workload")
    own = rows[rows["month"].fillna(data.portfolio.period) == data.portfolio.period]
    own = own[own["effort_spent"].notna() & own["category"].isin(GROUPS)]
    return tuple(sources(own.head(3)))


def gap_tone(gap: float, limits: Mapping[str, float]) -> Tone:
    """Return what it means that a share of run is so far above the past (rule W02)."""
    exact = round(gap, 9)
    if exact > limits["red"]:
        return "poor"
    return "fair" if exact > limits["amber"] else "good"


def _shares(data: PackData, told: Times, months: pd.DataFrame) -> Chart:
    """Return run against build; transverse time is neither, the table tells of it."""
    known = months[months["run_share"].notna()]
    frame = pd.DataFrame(
        {
            "label": [month_label(data, int(m)) for m in known["month"]],
            "run": known["run_share"].to_numpy(),
            "build": 1 - known["run_share"].to_numpy(),
        }
    )
    target, past = target_of(data, "*"), told.past.get("*")
    limit = target if target is not None else past
    label = "part-target-line" if target is not None else "part-past-line"
    title = data.tr("part-chart-shares-none")
    if len(known):
        last = known.iloc[-1]
        month = month_label(data, int(last["month"]), short=False)
        share = parts.percent(data, last["run_share"])
        title = data.tr("part-chart-shares", share=share, month=month)
    return Chart(
        "run-build-months",
        "shares",
        title,
        frame,
        "label",
        tuple(Series(g, data.tr(f"part-group-{g}")) for g in ("run", "build")),
        "share",
        data.tr("part-axis-month"),
        data.tr("part-axis-share"),
        data.tr("part-chart-shares-text"),
        None if limit is None else float(limit),
        data.tr(label) if limit is not None else "",
    )


def _table(data: PackData, months: pd.DataFrame) -> Block:
    rows = months.assign(
        label=[month_label(data, int(m)) for m in months["month"]],
        told=_of(months["able"], months["people"]),
    )
    columns = [
        parts.column(data, "label", "text"),
        *(parts.column(data, g, "days") for g in GROUPS),
        parts.column(data, "unsaid", "days"),
        parts.column(data, "recorded", "days"),
        parts.column(data, "run_share", "share"),
        parts.column(data, "wide_share", "share"),
        parts.column(data, "capacity", "days"),
        parts.column(data, "absence", "days"),
        parts.column(data, "rate", "share"),
        parts.column(data, "unrecorded", "days"),
        parts.column(data, "told", "text"),
    ]
    return parts.table(data, "run-months", rows[::-1], columns, note=data.tr("part-run-months-note"))  # fmt: skip


def _of(some: pd.Series, whole: pd.Series) -> pd.Series:
    """Return « 3 / 5 » for each row."""
    left = some.fillna(0).astype("int64").astype("str")
    right = whole.fillna(0).astype("int64").astype("str")
    return (left + " / " + right).astype("object")


def _method(data: PackData, told: Times) -> tuple[str, ...]:
    texts = [data.tr("part-run-method")]
    if told.early:
        texts.append(data.tr("part-run-early", days=days_text(data, told.early)))
    return tuple(texts)


def categories(data: PackData, told: Times) -> Section:
    """Return recorded time by category, of the month and of the year."""
    rows = told.rows[told.rows["spent"].notna() & told.rows["category"].ne("absence")]
    year = in_year(rows, told.now)
    parts_of = {
        "month_days": rows[rows["month"] == told.now],
        "before_days": rows[rows["month"] == told.now - 1],
        "year_days": year,
    }
    keys = ["category", "time_category"]
    sums = {
        name: own.fillna({"category": "unsaid", "time_category": ""}).groupby(keys)["spent"].sum()
        for name, own in parts_of.items()
    }  # fmt: skip
    found = pd.DataFrame(sums).reset_index()
    order = {"run": 0, "build": 1, "other": 2, "unsaid": 3}
    found = found.assign(order=found["category"].map(order))
    found = found.sort_values(["order", "year_days"], ascending=[True, False])
    word = data.words("time_category", found["time_category"].replace("", None))
    found = found.assign(
        group=found["category"].map({g: data.tr(f"part-group-{g}") for g in order}),
        time_kind=word.fillna(data.tr("part-untold-category")),
        month_share=found["month_days"] / found["month_days"].sum(),
        year_share=found["year_days"] / found["year_days"].sum(),
    )
    columns = [
        parts.column(data, "group"),
        parts.column(data, "time_kind"),
        parts.column(data, "month_days", "days", total=True),
        parts.column(data, "month_share", "share"),
        parts.column(data, "before_days", "days", total=True),
        parts.column(data, "year_days", "days", total=True),
        parts.column(data, "year_share", "share"),
    ]
    table = parts.table(data, "run-categories", found, columns, note=data.tr("part-run-categories-note"), group="group")  # fmt: skip
    run = found[found["category"] == "run"]
    blocks: list[Block] = [table]
    if len(run):
        blocks.insert(0, _mix(data, run, told))
    return parts.section(data, "run-categories", blocks)


def _mix(data: PackData, run: pd.DataFrame, told: Times) -> Chart:
    first = run.iloc[0]
    whole = run["year_days"].sum()
    share = parts.percent(data, first["year_days"] / whole) if whole else "–"
    title = data.tr("part-chart-mix", kind=first["time_kind"], share=share)
    year = period_year(told.now)
    return Chart(
        "run-mix",
        "bars",
        title,
        run[["time_kind", "year_days", "month_days"]].reset_index(drop=True),
        "time_kind",
        (
            Series("year_days", data.tr("part-series-year", year=year)),
            Series("month_days", data.tr("part-series-month", month=month_label(data, told.now))),
        ),
        "days",
        data.tr("part-axis-effort"),
        data.tr("part-col-time-kind"),
        data.tr("part-chart-mix-text"),
    )  # fmt: skip


def period_year(month: int) -> str:
    """Return the year of a month."""
    return str(month // 12)


__all__ = ["balance_of", "categories", "gap_tone", "period_year"]
