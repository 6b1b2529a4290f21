"""Load the registers of the PMO: a workbook, read in a confined worker, or a TOML file."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from consolidate.model.delivery import Failure, rejection
from consolidate.model.error import ConfigError
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.forgotten import current
from consolidate.model.register import Entry, RegisterSpec
from consolidate.register.sheets import Read, read_register
from consolidate.register.specs import register_specs

Confined: TypeAlias = Callable[
    [Callable[[Path], Read], Sequence[Path]], Iterable[Read | Failure]
]
"""Runs a function on each item in a confined process; ``Reader.map`` is one."""


@dataclass(frozen=True, slots=True)
class Registers:
    """What the PMO keeps itself.

    Attributes:
        entries: Rows of all registers, in their order.
        findings: What is wrong with them.
        name: The file's; empty when there is none.
        sha256: Its content's; empty when there is none.
    """

    entries: tuple[Entry, ...] = ()
    findings: tuple[Finding, ...] = ()
    name: str = ""
    sha256: str = ""

    def of(self, register: str) -> tuple[Entry, ...]:
        """Return the rows of one register."""
        return tuple(e for e in self.entries if e.register == register)


def load_registers(path: Path, confined: Confined) -> Registers:
    """Return the registers of a file.

    Args:
        path: A workbook, or a TOML file.
        confined: Where a workbook is read.

    Raises:
        ConfigError: The file cannot be read at all: what it corrects would be wrong.
    """
    try:
        content = path.read_bytes()
    except OSError as err:
        raise ConfigError(f"{path}: {err.strerror}") from err
    digest = hashlib.sha256(content).hexdigest()
    if path.suffix.lower() == ".toml":
        entries, findings = _from_toml(path, content)
    else:
        (found,) = confined(read_register, [path])
        if isinstance(found, Failure):
            raise ConfigError(f"{path}: {rejection(path.name, found).rule}")
        entries, findings = found
    return Registers(entries, findings, path.name, digest)


def _from_toml(path: Path, content: bytes) -> Read:
    try:
        raw = tomllib.loads(current().masked(content.decode("utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path}: {err}") from err
    entries: list[Entry] = []
    findings: list[Finding] = []
    for section, rows in raw.items():
        spec = next((s for s in register_specs() if s.is_called(section)), None)
        if spec is None or not isinstance(rows, list):
            known = ", ".join(f"[[{s.name}]]" for s in register_specs())
            raise ConfigError(f"{path}: [{section}] is no register; known: {known}")
        for number, row in enumerate(rows, start=1):
            entry, told = _entry(path.name, spec, number, row)
            findings += told
            if entry is not None:
                entries.append(entry)
    return tuple(entries), tuple(findings)


def _entry(
    workbook: str, spec: RegisterSpec, number: int, row: Mapping[str, Any]
) -> tuple[Entry | None, list[Finding]]:
    place = f"{spec.name} {number}"
    values = {spec.column(key): value for key, value in row.items()}
    findings = [
        Finding(
            "register-column-unknown",
            Severity.WARNING,
            CellRef(workbook, place),
            raw=key,
        )
        for key in row
        if not spec.column(key)
    ]
    values.pop("", None)
    entry = Entry(spec.name, values, {}, workbook, place, -1, {})
    lacking = [name for name in spec.required if not entry.text(name)]
    if not lacking:
        return entry, findings
    findings.append(
        Finding(
            "register-row-incomplete",
            Severity.ERROR,
            CellRef(workbook, place),
            raw=entry.text(spec.columns[0].name),
            params={"columns": ", ".join(lacking)},
        )
    )
    return None, findings
