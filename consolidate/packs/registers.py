"""The pack of registers: objectives, teams, stakeholders, change, compliance, alerts."""

from __future__ import annotations

from consolidate.model.pack import Pack
from consolidate.packs.alert_register import alerts
from consolidate.packs.change_register import change
from consolidate.packs.compliance_register import compliance
from consolidate.packs.data import PackData
from consolidate.packs.frame import pack
from consolidate.packs.objective_register import objectives
from consolidate.packs.team_register import roles, stakeholders

_SECTIONS = (objectives, roles, stakeholders, change, compliance, alerts)


def packs(data: PackData) -> tuple[Pack, ...]:
    """Return the pack."""
    return (pack(data, "registers", tuple(make(data) for make in _SECTIONS)),)
