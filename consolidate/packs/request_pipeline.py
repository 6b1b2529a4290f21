"""Requests: who waits, for how long, what is to be decided, what it would take."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.demand import (
    WAITING,
    build_capacity,
    by_establishment,
    pipeline,
)
from consolidate.analyse.history import History, Month
from consolidate.model.pack import Block, Chart, Column, Figures, Section, Series, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.report import format as figures

_HORIZON = 6


def requests(data: PackData) -> Section:
    """Return requests by establishment and age, and those waiting for a decision."""
    rows = _rows(data)
    if not len(rows):
        nothing = Text((data.tr("part-requests-none"),), tone="unknown")
        return parts.section(data, "requests", [nothing])
    waiting = rows[rows["stage"] == "waiting"]
    blocks: list[Block] = [_figures(data, rows)]
    if len(waiting):
        blocks.append(_ages(data, waiting))
    blocks += [_places(data, rows), _to_decide(data, waiting)]
    lead = data.plural("part-requests-lead", len(waiting), all=parts.count(data, len(rows)))  # fmt: skip
    return parts.section(data, "requests", blocks, lead)


def capacity(data: PackData) -> Section:
    """Return the load of accepted requests against the days that teams have left."""
    rows = _rows(data)
    accepted = rows[rows["stage"] == "accepted"]
    history = History(
        (Month(data.portfolio.period, data.portfolio.as_of, data.portfolio.tables),),
        data.schemas,
        {"workload": ("effort_planned", "capacity", "category")},
    )
    months = build_capacity(history, _HORIZON)
    near = int(data.rules.settings["intake-above-capacity"].limits["months"])
    blocks: list[Block] = [_load(data, accepted, months.head(near), near)]
    if months["free"].notna().any():
        blocks += _months(data, months)
    else:
        blocks.append(Text((data.tr("part-capacity-unknown"),), tone="unknown"))
    blocks.append(_accepted(data, accepted))
    return parts.section(data, "capacity", blocks, data.tr("part-capacity-lead", months=near))  # fmt: skip


def _bands(data: PackData) -> list[float]:
    return [float(b) for b in data.rules.packs["requests"]["age_bands"]]


def _rows(data: PackData) -> pd.DataFrame:
    return pipeline(data.table("requests"), data.portfolio.as_of, _bands(data))


def _band_labels(data: PackData) -> list[str]:
    bounds = [int(b) for b in _bands(data)]
    starts = [0, *(b + 1 for b in bounds)]
    within = [
        data.tr("part-band", first=first, last=last)
        for first, last in zip(starts, bounds, strict=False)
    ]
    return [*within, data.tr("part-band-over", first=bounds[-1])]


def _figures(data: PackData, rows: pd.DataFrame) -> Block:
    waiting = rows[rows["stage"] == "waiting"]
    accepted = rows[rows["stage"] == "accepted"]
    late = data.rules.settings["request-unprocessed"].limits["red"]
    old = waiting[waiting["age_days"] > late]
    dated = int(waiting["age_days"].notna().sum())
    answers = rows["answer_days"].dropna()
    every = parts.count(data, len(rows))
    cells = parts.with_source(old)["source"]
    return Figures(
        (
            parts.figure(data, "waiting", len(waiting), all=every),
            parts.figure(
                data,
                "old",
                len(old),
                tone="poor" if len(old) else "",
                cells=cells,
                days=parts.count(data, late),
                known=parts.count(data, dated),
            ),
            parts.figure(data, "accepted", len(accepted), all=every),
            parts.figure(
                data,
                "answer",
                float(answers.median()) if len(answers) else None,
                "number",
                known=parts.count(data, len(answers)),
            ),
        )
    )


def _ages(data: PackData, waiting: pd.DataFrame) -> Chart:
    labels = _band_labels(data)
    order = [*range(len(labels)), -1]
    counts = pd.crosstab(waiting["band"], waiting["state"]).reindex(order, fill_value=0)
    if not counts.loc[-1].sum():
        counts = counts.drop(index=-1)
    named = [
        labels[n] if n >= 0 else data.tr("part-band-unknown") for n in counts.index
    ]
    states = [s for s in ("draft", *WAITING) if s in counts]
    frame = counts[states].assign(age=named).reset_index(drop=True)
    old = int(counts.loc[[n for n in counts.index if n >= 1]].to_numpy().sum())
    words = [str(data.word("request_state", s)) for s in states]
    return Chart(
        "request-age",
        "stacked",
        data.plural("part-request-age", old, days=parts.count(data, _bands(data)[0])),
        frame,
        "age",
        tuple(Series(s, w) for s, w in zip(states, words, strict=True)),
        x_label=data.tr("part-axis-age"),
        y_label=data.tr("part-axis-requests"),
        text=data.tr(
            "part-request-age-text",
            parts=(" ; " if data.lang == "fr" else "; ").join(
                data.tr("part-label-count", label=label, count=parts.count(data, n))
                for label, n in zip(named, counts.sum(axis=1), strict=True)
            ),
        ),
    )  # fmt: skip


def _places(data: PackData, rows: pd.DataFrame) -> Block:
    labels = _band_labels(data)
    found = by_establishment(rows, len(labels) - 1)
    bands = [Column(f"band_{n}", label, "count", total=True) for n, label in enumerate(labels)]  # fmt: skip
    if found["band_unknown"].sum():
        unknown = data.tr("part-band-unknown")
        bands.append(Column("band_unknown", unknown, "count", total=True))
    columns = [
        parts.column(data, "establishment"),
        parts.column(data, "waiting", "count", total=True),
        *bands,
        parts.column(data, "oldest", "number"),
        parts.column(data, "accepted", "count", total=True),
        parts.column(data, "deferred", "count", total=True),
        parts.column(data, "effort", "days", total=True),
        parts.column(data, "effort_known", "count", total=True),
        parts.column(data, "cost", "kilo", total=True),
        parts.column(data, "cost_known", "count", total=True),
    ]
    told = found.assign(establishment=parts.place(data, found["establishment"]))
    note = data.tr("part-request-places-note")
    return parts.table(data, "request-places", told, columns, note=note)


def _named(data: PackData, rows: pd.DataFrame) -> pd.DataFrame:
    return parts.with_source(rows).assign(
        establishment=parts.place(data, rows["establishment"]),
        state=data.words("request_state", rows["state"]),
        priority=data.words("priority", rows["priority"]),
        legal=parts.yes(
            data, rows["regulatory"].eq(True) | rows["request_type"].eq("regulatory")
        ),
    )


def _to_decide(data: PackData, waiting: pd.DataFrame) -> Block:
    limits = data.rules.settings["request-unprocessed"].limits
    level = pd.Series("", waiting.index, dtype="object")
    level = level.mask(waiting["age_days"] > limits["amber"], "amber")
    level = level.mask(waiting["age_days"] > limits["red"], "red")
    rows = _named(data, waiting).assign(age_tone=parts.tones(level))
    rows = rows.sort_values("age_days", ascending=False, kind="stable", na_position="first")  # fmt: skip
    columns = [
        parts.field(data, "requests", "code", "code"),
        parts.field(data, "requests", "title"),
        parts.field(data, "requests", "establishment"),
        parts.field(data, "requests", "state"),
        parts.field(data, "requests", "priority"),
        parts.column(data, "legal"),
        parts.field(data, "requests", "received_on", "date"),
        parts.column(data, "age_days", "number", tone="age_tone"),
        parts.field(data, "requests", "estimated_effort", "days", total=True),
        parts.field(data, "requests", "estimated_cost", "kilo", total=True),
        parts.column(data, "source", "source"),
    ]
    note = data.tr("part-request-decide-note", known=parts.count(data, rows["estimated_effort"].notna().sum()), all=parts.count(data, len(rows)))  # fmt: skip
    return parts.table(data, "request-decide", rows, columns, note=note)


def _accepted(data: PackData, rows: pd.DataFrame) -> Block:
    told = _named(data, rows).sort_values("decided_on", kind="stable", na_position="first")  # fmt: skip
    columns = [
        parts.field(data, "requests", "code", "code"),
        parts.field(data, "requests", "title"),
        parts.field(data, "requests", "establishment"),
        parts.field(data, "requests", "priority"),
        parts.column(data, "legal"),
        parts.field(data, "requests", "decided_on", "date"),
        parts.field(data, "requests", "target_date", "date"),
        parts.field(data, "requests", "estimated_effort", "days", total=True),
        parts.field(data, "requests", "estimated_cost", "kilo", total=True),
        parts.column(data, "source", "source"),
    ]
    return parts.table(data, "request-accepted", told, columns)


def _load(data: PackData, accepted: pd.DataFrame, months: pd.DataFrame, near: int) -> Block:  # fmt: skip
    efforts = accepted["estimated_effort"].dropna()
    asked = float(efforts.sum()) if len(efforts) else None
    free = float(months["free"].sum()) if months["free"].notna().any() else None
    whole = len(efforts) == len(accepted) and bool(len(accepted))
    share = asked / free if whole and asked is not None and free and free > 0 else None
    limit = data.rules.settings["intake-above-capacity"].limits["amber"]
    over = share is not None and share > limit
    people = int(months["people"].max()) if len(months) else 0
    unknown = int(months["unknown"].max()) if len(months) else 0
    known = parts.count(data, len(efforts))
    return Figures(
        (
            parts.figure(data, "asked", asked, "days", known=known, all=parts.count(data, len(accepted))),
            parts.figure(data, "free", free, "days", months=near, people=parts.count(data, people), unknown=parts.count(data, unknown)),
            parts.figure(data, "intake", share, "share", tone="poor" if over else "" if share is not None else "unknown"),
        )
    )  # fmt: skip


def _months(data: PackData, months: pd.DataFrame) -> list[Block]:
    columns = [
        parts.column(data, "month", "month"),
        parts.column(data, "people", "count"),
        parts.column(data, "capacity", "days", total=True),
        parts.column(data, "planned", "days", total=True),
        parts.column(data, "free", "days", total=True),
        parts.column(data, "unknown", "count"),
    ]
    least = months.sort_values("free", kind="stable").iloc[0]
    chart = Chart(
        "capacity-months",
        "columns",
        data.tr("part-capacity-chart", free=parts.count(data, least["free"]), month=figures.month(str(least["month"]), data.lang)),
        months,
        "month",
        (Series("capacity", columns[2].label), Series("planned", columns[3].label)),
        "days",
        y_label=data.tr("part-axis-days"),
        text=data.tr("part-capacity-text"),
    )  # fmt: skip
    note = data.tr("part-capacity-months-note")
    return [chart, parts.table(data, "capacity-months", months, columns, note=note)]
