"""What a worker does with one workbook: read, mask, understand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from consolidate.model.delivery import Delivery
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.files import is_still, read_file
from consolidate.model.forgotten import Forgotten, current, use
from consolidate.model.reading_check import is_check
from consolidate.model.workbook import Extract
from consolidate.worker.confine import Limits, confine


@dataclass(frozen=True, slots=True)
class Settings:
    """What the reading of every workbook needs to know, sent to each worker once.

    Attributes:
        schemas: Folders of schemas, the user's first; empty for the shipped ones.
        layouts: The PMO's layouts.
        forgotten: People whose names no worker is to hand out.
    """

    schemas: tuple[Path, ...] = ()
    layouts: tuple[Any, ...] = ()
    forgotten: Forgotten = field(default_factory=current)


Task: TypeAlias = Callable[[Delivery, bytes, Settings], Any]
"""Turns the bytes of a delivery into what leaves the worker; importable by name."""

_mine: list[tuple[Task, Settings]] = []
"""In a worker: what it does with each workbook."""


def prepare(limits: Limits, task: Task, settings: Settings) -> None:
    """Make this process a worker."""
    _mine[:] = [(task, settings)]
    use(settings.forgotten)
    confine(limits)


def read_one(delivery: Delivery) -> Any:
    """Return what the worker's task makes of a delivery that is still what it was.

    Raises:
        UnreadableWorkbookError: It has vanished or changed since it was listed, or the
            task cannot read it.
    """
    task, settings = _mine[0]
    if delivery.path is None:
        raise UnreadableWorkbookError("vanished")
    data = read_file(delivery.path, size=delivery.size, sha256=delivery.sha256)
    try:
        return task(delivery, data, settings)
    except UnreadableWorkbookError:
        # What stood still while it was listed was still being copied, not damaged.
        if not is_still(delivery.path, delivery.size):
            raise UnreadableWorkbookError("changed") from None
        raise


def read_delivery(delivery: Delivery, data: bytes, settings: Settings) -> Extract:
    """Return what a workbook says: read, masked and understood.

    Raises:
        UnreadableWorkbookError: It is no workbook, or one that cannot be read.
    """
    # Readers and schemas are loaded where workbooks are read, and nowhere else.
    from consolidate.draw import draw  # noqa: PLC0415
    from consolidate.model.schema import load_schemas  # noqa: PLC0415
    from consolidate.read import read_workbook  # noqa: PLC0415
    from consolidate.read.privacy import mask  # noqa: PLC0415
    from consolidate.read.properties import with_properties_told  # noqa: PLC0415
    from consolidate.resources import shipped  # noqa: PLC0415
    from consolidate.understand import understand  # noqa: PLC0415

    schemas = load_schemas(settings.schemas or (shipped("schemas"),))
    workbook = mask(with_properties_told(read_workbook(delivery.name, data), data))
    if any(is_check(sheet.value(0, 0)) for sheet in workbook.sheets):
        raise UnreadableWorkbookError("reading-check")
    extract = understand(workbook, schemas, settings.layouts)
    drawing, left = draw(workbook, extract)
    return replace(extract, sheets=drawing, cells_left=left)
