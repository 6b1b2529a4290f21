"""The sheets of projects: one page each."""

from __future__ import annotations

from collections.abc import Iterator

from consolidate.model.pack import Pack
from consolidate.packs.data import WHOLE, PackData, Share
from consolidate.packs.frame import file_name, pack
from consolidate.packs.project_sheet import section
from consolidate.packs.readers import Narrower


def packs(data: PackData, share: Share = WHOLE) -> Iterator[Pack]:
    """Return the sheet of every project and MCO container, by code."""
    narrower = Narrower.of(data)
    for code in share.of(narrower.codes()):
        own = narrower.project(code)
        name = file_name("project", code)
        yield pack(own, "project", (section(own, code),), name=name, subject=code)
