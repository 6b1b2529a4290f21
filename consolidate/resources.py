"""Find shipped and overriding ``templates/`` and ``schemas/``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["templates", "schemas"]

_PACKAGE = Path(__file__).resolve().parent
_ROOTS = (_PACKAGE / "_share", _PACKAGE.parent)


def shipped(kind: Kind) -> Path:
    """Return the folder of shipped resources of one kind.

    Raises:
        FileNotFoundError: The installation is broken: neither place has it.
    """
    for root in _ROOTS:
        if (root / kind).is_dir():
            return root / kind
    raise FileNotFoundError(f"no shipped {kind} under {_ROOTS[0]} or {_ROOTS[1]}")


def search_path(kind: Kind, override: Path | None) -> list[Path]:
    """Return folders to search, the user's first, then the shipped one."""
    return [*([override] if override else []), shipped(kind)]
