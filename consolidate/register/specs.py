"""The registers that are known, from ``schemas/registers.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache

from consolidate.model.register import RegisterColumn, RegisterSpec
from consolidate.resources import shipped


@lru_cache(maxsize=1)
def register_specs() -> Sequence[RegisterSpec]:
    """Return every register that is known."""
    path = shipped("schemas") / "registers.toml"
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
