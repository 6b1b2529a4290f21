"""The pack « year of services »: what each cost, how it held, what to decide."""

from __future__ import annotations

from consolidate.model.pack import Pack
from consolidate.packs.data import PackData
from consolidate.packs.frame import pack
from consolidate.packs.year_end_cost import costs, decisions
from consolidate.packs.year_end_days import days, groups, reconciliation
from consolidate.packs.year_end_held import held
from consolidate.packs.year_end_summary import summary
from consolidate.packs.year_end_tools import tools
from consolidate.packs.years import years


def packs(data: PackData) -> tuple[Pack, ...]:
    """Return the pack."""
    told = years(data)
    made = (summary, held, decisions, costs, days, groups, reconciliation, tools)
    return (pack(data, "year-end", tuple(section(data, told) for section in made)),)
