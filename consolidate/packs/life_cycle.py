"""The pack « life cycle and convergence »: where projects stand, and where they lead."""

from __future__ import annotations

from consolidate.model.pack import Pack
from consolidate.packs.convergence_sections import convergence, timeline
from consolidate.packs.data import PackData
from consolidate.packs.frame import pack
from consolidate.packs.governance_sections import closures, governance
from consolidate.packs.interface_list import interfaces
from consolidate.packs.phase_sections import deliverables, phases

_SECTIONS = (
    *(phases, deliverables, governance, closures),
    *(convergence, timeline, interfaces),
)


def packs(data: PackData) -> tuple[Pack, ...]:
    """Return the pack."""
    return (pack(data, "life-cycle", tuple(make(data) for make in _SECTIONS)),)
