"""The registers of the PMO in a run: loaded once, applied where they count."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate.config import Config
from consolidate.decisions import workbooks
from consolidate.model.facts import Reading
from consolidate.model.finding import Outcome
from consolidate.model.schema import Schemas
from consolidate.normalise import NormaliseOptions, normalise
from consolidate.register import Registers, load_registers
from consolidate.register.corrections import asked
from consolidate.register.renames import code_key, renames
from consolidate.register.sheets import read_register
from consolidate.unify import Unified, correct, renamed
from consolidate.worker import Limits, Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


def registers_of(path: Path | None, new_reader: Callable[[], Reader]) -> Registers:
    """Return the registers of a file; none when there is no file.

    Raises:
        ConfigError: The file cannot be read.
    """
    if path is None:
        return Registers()
    with new_reader() as reader:
        return load_registers(path, reader.map)


def register_frames(config: Config) -> Mapping[str, pd.DataFrame]:
    """Return all registers as frames: the PMO's file, then what meetings filled in.

    A workbook of the folder of decisions that cannot be read is left out: the run tells it.

    Raises:
        ConfigError: The PMO's file cannot be read.
    """
    from consolidate.register.frames import frames  # noqa: PLC0415 (heavy)

    file = config.registers.file
    filled = workbooks(config.registers.decisions)
    if not file and not filled:
        return frames(())
    limits = Limits(
        memory=config.limits.memory_mb << 20,
        seconds=float(config.limits.seconds),
        file_bytes=config.limits.file_mb * 1_000_000,
    )
    with Reader(jobs=1, limits=limits) as reader:
        own = load_registers(file, reader.map).entries if file else ()
        read = [r for r in reader.map(read_register, filled) if isinstance(r, tuple)]
    return frames([*own, *(entry for entries, _ in read for entry in entries)])


def called(
    reading: Reading, registers: Registers, schemas: Schemas, period: str
) -> Outcome[Reading]:
    """Return what was read with the official codes and names of the month in it."""
    found, wrong = renames(registers.entries, period)
    result, told = renamed(reading, found, schemas, code_key)
    return Outcome(result, (*wrong, *told))


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
