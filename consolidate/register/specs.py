"""The registers that are known, from ``schemas``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache

from consolidate.model.register import RegisterColumn, RegisterSpec
from consolidate.resources import shipped


@lru_cache(maxsize=1)
def register_specs() -> Sequence[RegisterSpec]:
    """Return every register that is known."""
    return _specs("registers.toml")


@lru_cache(maxsize=1)
def review_specs() -> Sequence[RegisterSpec]:
    """Return the sheets of the monthly review that are read back."""
    return _specs("review_sheets.toml")


def _specs(name: str) -> Sequence[RegisterSpec]:
    path = shipped("schemas") / name
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        RegisterSpec(
            name,
            spec["label"],
            spec["help"],
            tuple(
                RegisterColumn(
                    column,
                    told["label"],
                    told.get("help", {}),
                    bool(told.get("required", False)),
                )
                for column, told in spec["columns"].items()
            ),
        )
        for name, spec in raw.items()
    )
