"""Legends and scales: what the codes of a sheet mean, written beside its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from consolidate.model.text import fold


@dataclass(frozen=True, slots=True)
class Legend:
    """What a legend says of one header's codes."""

    codes: Mapping[str, str] = field(default_factory=dict)
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Legends:
    """The legends of a sheet, by folded header."""

    by_header: Mapping[str, Legend] = field(default_factory=dict)

    def for_header(self, header: str) -> Legend:
        """Return the legend that names a header, an empty one when none does."""
        return self.by_header.get(fold(header), Legend())
