"""The pack « year of services »: what each cost, how it held, what to decide."""

from __future__ import annotations

from consolidate.model.pack import Pack
from consolidate.packs.data import PackData
from consolidate.packs.frame import pack
from consolidate.packs.nameless import nameless
from consolidate.packs.year_end_cost import costs, decisions
from consolidate.packs.year_end_days import days, groups, reconciliation
from consolidate.packs.year_end_held import held
from consolidate.packs.year_end_summary import services, summary
from consolidate.packs.year_end_tools import tickets, tools
from consolidate.packs.years import years


def packs(data: PackData) -> tuple[Pack, ...]:
    """Return the pack."""
    told = years(data)
    made = (
        summary,
        services,
        held,
        decisions,
        costs,
        days,
        groups,
        reconciliation,
        tools,
        tickets,
    )
    sections = tuple(section(data, told) for section in made)
    return (nameless(data, pack(data, "year-end", sections)),)
