"""What the PMO's registers call things, as one month sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from consolidate.model.finding import CellRef


@dataclass(frozen=True, slots=True)
class Official:
    """What something is called, and where the register says so.

    Attributes:
        code: Of a project; empty for people and places.
        name: As published; empty when the register gives none.
        ref: Cell of the register.
    """

    code: str
    name: str
    ref: CellRef


@dataclass(frozen=True, slots=True)
class Renames:
    """Official names by what people write, folded.

    Attributes:
        codes: Projects by code, as ``code_key`` compares codes.
        names: Projects by name.
        people: People by any spelling.
        places: Establishments by any spelling.
    """

    codes: Mapping[str, Official] = field(default_factory=dict)
    names: Mapping[str, Official] = field(default_factory=dict)
    people: Mapping[str, Official] = field(default_factory=dict)
    places: Mapping[str, Official] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether the registers say anything."""
        return any((self.codes, self.names, self.people, self.places))
