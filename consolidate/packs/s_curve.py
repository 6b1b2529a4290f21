"""The S-curve: what was planned, earned, spent and is forecast, month after month."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.curve import FIELDS, curve
from consolidate.analyse.history import Month
from consolidate.model.pack import Block, Chart, Column, Section, Series, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.report import format as shown

_MONTHS = 17
_SERIES = ("planned", "earned", "spent", "landing")


def section(data: PackData) -> Section:
    """Return the curve of the projects that tell the same in every month shown."""
    here = data.portfolio
    now = Month(here.period, here.as_of, {"projects": data.table("projects")})
    found = curve((*data.earlier(FIELDS, _MONTHS), now))
    title = data.tr("curve")
    if len(found.frame) < 2:
        nothing = Text((data.tr("curve-none"),), tone="unknown")
        return Section("s-curve", title, (nothing,))
    return Section(
        "s-curve",
        title,
        _blocks(data, found.frame),
        data.plural("curve-lead", found.projects, all=found.running),
    )


def _blocks(data: PackData, frame: pd.DataFrame) -> tuple[Block, ...]:
    labels = [shown.month(p, data.lang, short=True) for p in frame["period"]]
    chart = Chart(
        "s-curve",
        "lines",
        data.tr("curve-chart"),
        frame.assign(label=labels),
        "label",
        tuple(Series(n, data.tr(f"curve-{n}")) for n in _SERIES),
        "kilo",
        x_label=data.tr("pack-month"),
        y_label="k€",
        text=data.tr("curve-text"),
    )
    columns = (
        Column("period", data.tr("pack-month"), "month"),
        *(Column(n, data.tr(f"curve-{n}"), "kilo") for n in _SERIES),
    )
    return (chart, parts.table(data, "curve-table", frame, columns))
