"""The year of services on one page."""

from __future__ import annotations

import pandas as pd

from consolidate.model.pack import Block, Chart, Figures, Section, Series, Table, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData, sources
from consolidate.packs.times import days_text, month_label
from consolidate.packs.years import Years

TOP = 20


def summary(data: PackData, told: Years) -> Section:
    """Return the figures of the year and each service's line."""
    rows = told.services
    if rows.empty:
        text = Text((data.tr("part-year-none", year=told.year),), "unknown")
        return parts.section(data, "year-summary", (text,))
    blocks: list[Block] = [_figures(data, told)]
    if rows["days"].notna().any():
        blocks.append(_top(data, rows))
    missed = int(rows["months_missed"].gt(0).sum())
    known = int(rows["months_told"].gt(0).sum())
    lead = data.plural("part-year-lead", missed, known=known, all=len(rows))
    return parts.section(data, "year-summary", blocks, lead)


def services(data: PackData, told: Years) -> Section:
    """Return a line a service."""
    return parts.section(data, "year-services", (_services(data, told),))


def _figures(data: PackData, told: Years) -> Figures:
    rows = told.services
    count = len(rows)

    def total(column: str) -> float | None:
        known = rows[column].dropna()
        return float(known.sum()) if len(known) else None

    def known(column: str) -> str:
        return parts.count(data, int(rows[column].notna().sum()))

    every = parts.count(data, count)
    missed, seen = total("months_missed"), int(rows["months_told"].sum())
    return Figures(
        (
            parts.figure(data, "year-services", count, month=month_label(data, told.now, short=False)),
            parts.figure(data, "year-days", total("days"), "days", known=known("days"), all=every),
            parts.figure(data, "year-incidents", total("incidents"), known=known("incidents"), all=every, cells=_cells(data, "incidents")),
            parts.figure(data, "year-major", total("incidents_major"), known=known("incidents_major"), all=every, cells=_cells(data, "incidents_major")),
            parts.figure(data, "year-missed", missed, tone="poor" if missed else "" if missed is None else "good", months=parts.count(data, seen), cells=_cells(data, "availability_actual")),
            parts.figure(data, "year-cost", total("cost"), "money", known=known("cost"), all=every),
        )
    )  # fmt: skip


def _cells(data: PackData, field: str) -> tuple[str, ...]:
    """Return where the first values of the month were read."""
    rows = data.table("services")
    return tuple(sources(rows[rows[field].notna()].head(3)))


def _top(data: PackData, rows: pd.DataFrame) -> Chart:
    top = rows[rows["days"].notna()].head(TOP)[["service", "days", "days_before"]]
    first = top.iloc[0]
    title = data.tr("part-chart-year-days", service=first["service"], days=days_text(data, first["days"]))  # fmt: skip
    series = [Series("days", data.tr("part-col-days"))]
    if top["days_before"].notna().any():
        series.append(Series("days_before", data.tr("part-col-days-before")))
    text = data.tr("part-chart-year-days-text", count=len(top), all=len(rows))
    return Chart("year-days", "bars", title, top.reset_index(drop=True), "service", tuple(series), "days", data.tr("part-axis-effort"), data.tr("part-col-service-name"), text)  # fmt: skip


def _services(data: PackData, told: Years) -> Table:
    rows = with_words(data, told.services)
    missed = rows["months_missed"]
    rows = rows.assign(
        missed_of=_of(rows["months_missed"], rows["months_told"]),
        missed_tone=missed.gt(0).map({True: "poor", False: "good"}).where(missed.notna(), "unknown"),
    )  # fmt: skip
    columns = [
        parts.column(data, "service_name"),
        parts.column(data, "team"),
        parts.column(data, "criticality"),
        parts.column(data, "days", "days", total=True),
        parts.column(data, "days_before", "days"),
        parts.column(data, "incidents", "count", total=True),
        parts.column(data, "incidents_before", "count"),
        parts.column(data, "incidents_major", "count", total=True),
        parts.column(data, "availability", "text"),
        parts.column(data, "availability_target", "text"),
        parts.column(data, "missed_of", tone="missed_tone"),
        parts.column(data, "decision"),
    ]
    rows = rows.assign(
        availability=fine_shares(data, rows["availability"]),
        availability_target=fine_shares(data, rows["availability_target"]),
    )
    note = data.tr("part-year-services-note", year=told.year, before=told.year - 1)
    return parts.table(data, "year-services", rows, columns, note=note)


def _of(some: pd.Series, whole: pd.Series) -> pd.Series:
    left = some.fillna(0).astype("int64").astype("str")
    both = left + " / " + whole.fillna(0).astype("int64").astype("str")
    return both.where(some.notna(), None).astype("object")


def fine_shares(data: PackData, shares: pd.Series) -> pd.Series:
    """Return shares with two decimals: a commitment of 99.90 % is lost in whole percents."""
    from consolidate.report import format as shown  # noqa: PLC0415

    texts = {v: shown.percent(float(v), data.lang, 2) for v in shares.dropna().unique()}
    return shares.map(texts).astype("object").where(shares.notna(), None)


def with_words(data: PackData, rows: pd.DataFrame) -> pd.DataFrame:
    """Return services with ``service_name``, ``criticality``, the decision in words."""
    codes = {d: data.tr(f"part-decision-{d}") for d in rows["decision"].unique()}
    tone = {"keep": "good", "open": "unknown", "replace": "poor"}
    return rows.assign(
        service_name=rows["service"],
        criticality=data.words("service_criticality", rows["service_criticality"]),
        domain_name=data.words("functional_domain", rows["domain"]),
        decision_tone=rows["decision"].map(tone).fillna("fair"),
        decision_code=rows["decision"],
        decision=rows["decision"].map(codes),
    )
