"""The registers of the PMO in a run: loaded once, applied where they count."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from consolidate.model.finding import Outcome
from consolidate.model.schema import Schemas
from consolidate.normalise import NormaliseOptions, normalise
from consolidate.register import Registers, load_registers
from consolidate.register.corrections import asked
from consolidate.unify import Unified, correct
from consolidate.worker import Reader

if TYPE_CHECKING:
    from collections.abc import Callable


def registers_of(path: Path | None, new_reader: Callable[[], Reader]) -> Registers:
    """Return the registers of a file; none when there is no file.

    Raises:
        ConfigError: The file cannot be read.
    """
    if path is None:
        return Registers()
    with new_reader() as reader:
        return load_registers(path, reader.map)


def corrected(
    unified: Unified, registers: Registers, schemas: Schemas, options: NormaliseOptions
) -> Outcome[Unified]:
    """Return the portfolio with the PMO's corrections of the month in it."""
    entries = registers.of("corrections")
    if not entries:
        return Outcome(unified, registers.findings)
    found = asked(entries, schemas, options.period)
    reading, told = normalise([found.extract], schemas, options)
    unread = frozenset(f.ref for f in told if f.severity.name == "ERROR")
    result, applied = correct(unified, found.corrections, reading.facts, unread)
    return Outcome(result, (*registers.findings, *found.findings, *told, *applied))
