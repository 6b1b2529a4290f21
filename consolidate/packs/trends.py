"""The pack of trends: what slips, what to expect, how statuses went."""

from __future__ import annotations

from consolidate.model.pack import Pack
from consolidate.packs import forecasts, programme_trend, s_curve, trend_sections
from consolidate.packs.data import PackData
from consolidate.packs.frame import pack

SECTIONS = (
    trend_sections.milestones,
    programme_trend.programmes,
    forecasts.section,
    trend_sections.statuses,
    s_curve.section,
)


def packs(data: PackData) -> tuple[Pack, ...]:
    """Return the pack."""
    return (pack(data, "trends", [section(data) for section in SECTIONS]),)
