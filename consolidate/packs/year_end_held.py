"""Whether commitments of service were kept, month by month."""

from __future__ import annotations

import pandas as pd

from consolidate.model.pack import Block, Chart, Section, Series, Table
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.packs.times import month_label
from consolidate.packs.year_end_summary import fine_shares, with_words
from consolidate.packs.years import Years

MAP = 30
"""Services a map shows; the table has all."""


def held(data: PackData, told: Years) -> Section:
    """Return availability against commitment, outages, GTR, incidents by month."""
    first = told.now // 12 * 12
    own = told.months[told.months["month"].between(first, told.now)]
    blocks: list[Block] = []
    if own["availability_actual"].notna().any():
        blocks.append(_map(data, own, told))
    if own["incidents"].notna().any():
        blocks.append(_months(data, own, told))
    blocks.append(_outages(data, told))
    return parts.section(data, "year-held", blocks)


def _map(data: PackData, own: pd.DataFrame, told: Years) -> Chart:
    """Return a cell a service and month: its availability, good where the commitment holds."""
    kept = own[own["availability_actual"].notna()]
    gap = (kept["availability_actual"] - kept["availability_target"]).round(9)
    tone = (gap >= 0).map({True: "good", False: "poor"}).where(gap.notna(), "unknown")
    few = told.services["service"].head(MAP)
    frame = pd.DataFrame(
        {
            "service": kept["service"],
            "column": [month_label(data, int(m)) for m in kept["month"]],
            "text": fine_shares(data, kept["availability_actual"]),
            "tone": tone,
            "month": kept["month"],
        }
    )
    frame = frame[frame["service"].isin(few)].sort_values(["month", "service"], kind="stable")  # fmt: skip
    missed = int((gap < 0).sum())
    return Chart(
        "availability-map",
        "matrix",
        data.plural("part-chart-held", missed, all=int(gap.notna().sum())),
        frame[["service", "column", "text", "tone"]].reset_index(drop=True),
        "service",
        x_label=data.tr("part-axis-month"),
        y_label=data.tr("part-col-service-name"),
        text=data.tr("part-chart-held-text"),
    )


def _months(data: PackData, own: pd.DataFrame, told: Years) -> Chart:
    sums = own.groupby("month")[["incidents", "incidents_major"]].sum(min_count=1)
    sums = sums.reindex(range(told.now // 12 * 12, told.now + 1))
    frame = sums.reset_index(drop=True)
    frame.insert(0, "label", [month_label(data, int(m)) for m in sums.index])
    return Chart(
        "incident-months",
        "columns",
        data.tr("part-chart-incidents", year=told.year),
        frame,
        "label",
        (
            Series("incidents", data.tr("part-col-incidents")),
            Series("incidents_major", data.tr("part-col-incidents-major"), "poor"),
        ),
        "count",
        data.tr("part-axis-month"),
        data.tr("part-col-incidents"),
        data.tr("part-chart-incidents-text", count=own["service"].nunique()),
    )


def _outages(data: PackData, told: Years) -> Table:
    rows = with_words(data, told.services)
    over = rows["outage_over_rto"]
    low = rows["restore_compliance"]
    limit = data.rules.settings["restore-time-missed"].limits["amber"]
    rows = rows.assign(
        outage_tone=_tone(over, over.gt(1)),
        restore_tone=_tone(low, low.lt(limit)),
        worst_month=_worst(data, told),
        availability=fine_shares(data, rows["availability"]),
        availability_before=fine_shares(data, rows["availability_before"]),
        availability_target=fine_shares(data, rows["availability_target"]),
    )
    columns = [
        parts.column(data, "service_name"),
        parts.column(data, "criticality"),
        parts.column(data, "availability_target", "text"),
        parts.column(data, "availability", "text"),
        parts.column(data, "availability_before", "text"),
        parts.column(data, "worst_month", "text"),
        parts.column(data, "worst_outage", "number", tone="outage_tone"),
        parts.column(data, "rto_h", "number"),
        parts.column(data, "restore_compliance", "share", tone="restore_tone"),
        parts.column(data, "days_per_incident", "number"),
    ]
    note = data.tr("part-year-held-note")
    return parts.table(data, "year-outages", rows, columns, note=note)


def _tone(values: pd.Series, bad: pd.Series) -> pd.Series:
    return bad.map({True: "poor", False: "good"}).where(values.notna(), "unknown")


def _worst(data: PackData, told: Years) -> pd.Series:
    """Return the month each service was available least, and how much."""
    first = told.now // 12 * 12
    own = told.months[told.months["month"].between(first, told.now)]
    own = own[own["availability_actual"].notna()]
    keys = ["project_code", "service"]
    least = own.sort_values(["availability_actual", "month"]).drop_duplicates(keys)
    text = fine_shares(data, least["availability_actual"])
    named = [month_label(data, int(m)) for m in least["month"]]
    told_text = pd.Series(named, index=least.index, dtype="object") + " : " + text
    known = least[keys].assign(worst_month=told_text)
    found = told.services[keys].merge(known, on=keys, how="left")["worst_month"]
    found.index = told.services.index
    return found
