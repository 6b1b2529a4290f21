"""Registers of the PMO: corrections, and what else it keeps itself."""

from __future__ import annotations

from consolidate.register.load import Registers, load_registers

__all__ = ["Registers", "load_registers"]
