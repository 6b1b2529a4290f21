"""Every pack that can be asked for, and what makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TypeAlias

from consolidate.model.pack import Pack
from consolidate.packs.data import WHOLE, PackData, Share

Maker: TypeAlias = Callable[..., Iterable[Pack]]

PACKS = (
    "review",
    "direction",
    "manager",
    "department",
    "establishment",
    "project",
    "deadlines",
    "requests",
    "trends",
    "priorities",
    "life-cycle",
    "registers",
    "run-build",
    "year-end",
)
"""Names of the packs, in the order they are made; ``-`` is ``_`` in the module."""


OF_MANY = frozenset({"manager", "department", "establishment", "project"})
"""Packs that are made for several readers, each its own."""


def made(name: str, data: PackData, share: Share = WHOLE) -> Iterable[Pack]:
    """Return the packs of a name, or of some of its readers where it has several.

    Raises:
        KeyError: There is no such pack.
    """
    return maker(name)(data, share) if name in OF_MANY else maker(name)(data)


def maker(name: str) -> Maker:
    """Return what makes a pack: the function ``packs`` of its module.

    Raises:
        KeyError: There is no such pack.
    """
    if name not in PACKS:
        raise KeyError(name)
    module = import_module(f"consolidate.packs.{name.replace('-', '_')}")
    made: Maker = module.packs
    return made
