"""The pack « requests, budgets, deadlines »: what comes in, what it costs, when it is due."""

from __future__ import annotations

from consolidate.model.pack import Pack
from consolidate.packs.budget_sections import budgets
from consolidate.packs.data import PackData
from consolidate.packs.deadline_list import deadlines
from consolidate.packs.event_calendar import calendar
from consolidate.packs.frame import pack
from consolidate.packs.request_pipeline import capacity, requests


def packs(data: PackData) -> tuple[Pack, ...]:
    """Return the pack."""
    made = (section(data) for section in (requests, capacity, budgets, deadlines, calendar))  # fmt: skip
    return (pack(data, "requests", tuple(made)),)
