"""Thresholds of the checks between fields, read from ``schemas/checks.toml``."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consolidate.model.error import ConfigError


@dataclass(frozen=True, slots=True)
class Checks:
    """Thresholds; the file says what each is and why.

    Attributes:
        order_tolerance: Share by which an amount may exceed the one it comes from.
        order_at_least: Euros below which that is not told.
        sum_tolerance: Gap allowed between a project's amount and its budget lines.
        unit_ratio: How far a budget must be from its lines for a unit to be suspected.
        unit_small: Euros below which a budget is small,
        unit_large: beside others above this.
        full: Progress from which a record counts as done.
        grace_days: Days after the period that a report of it may be dated.
        states: States in which a project must have manager, status and end.
    """

    order_tolerance: float = 0.01
    order_at_least: float = 1.0
    sum_tolerance: float = 0.01
    unit_ratio: float = 100.0
    unit_small: float = 1000.0
    unit_large: float = 50000.0
    full: float = 0.995
    grace_days: int = 20
    states: tuple[str, ...] = ("active", "on_hold")


_KEYS = {
    ("amounts-out-of-order", "tolerance"): "order_tolerance",
    ("amounts-out-of-order", "at_least"): "order_at_least",
    ("lines-sum-differs", "tolerance"): "sum_tolerance",
    ("unit-suspect", "ratio"): "unit_ratio",
    ("unit-suspect", "small"): "unit_small",
    ("unit-suspect", "large"): "unit_large",
    ("progress", "full"): "full",
    ("report-month-differs", "grace_days"): "grace_days",
    ("field-missing", "states"): "states",
}


def load_checks(folders: Sequence[Path]) -> Checks:
    """Return the thresholds, the user's folder first, the shipped one last.

    Raises:
        ConfigError: A file is not TOML, or has a key that is unknown or of a wrong type.
    """
    given: dict[str, Any] = {}
    for folder in reversed(folders):
        path = folder / "checks.toml"
        if path.is_file():
            given |= _read(path)
    return dataclasses.replace(Checks(), **given)


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path}: {err}") from err
    out: dict[str, Any] = {}
    for section, keys in raw.items():
        if not isinstance(keys, dict):
            raise ConfigError(f"{path}: {section} must be a section")
        for key, value in keys.items():
            name = _KEYS.get((section, key))
            if name is None:
                raise ConfigError(f"{path}: {section}.{key} is unknown")
            out[name] = _typed(path, f"{section}.{key}", value, name)
    return out


def _typed(path: Path, where: str, value: object, name: str) -> object:
    if name == "states":
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        raise ConfigError(f"{path}: {where} must be a list of states")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"{path}: {where} must be a number")
    return int(value) if name == "grace_days" else float(value)
