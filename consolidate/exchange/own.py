"""Hand a manager's own workbook back for the next month: only its month is moved on.

Runs in a confined worker: the workbook is not to be trusted.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.workbook.properties import CalcProperties

from consolidate.exchange.annotate import (
    UnfitError,
    cells_of,
    clear,
    is_dated,
    temporary,
)
from consolidate.exchange.guard import guarded
from consolidate.exchange.own_order import OwnOrder
from consolidate.exchange.package import packed, sealed
from consolidate.exchange.survey import has_macros, survives
from consolidate.model.month_text import moved_on
from consolidate.model.template import is_template

_TITLE_ROWS = 10
"""Rows from the top where the month of a sheet is told."""


def handed_back(data: bytes, order: OwnOrder) -> tuple[bytes, bytes, tuple[str, ...]]:
    """Return a copy as it was, the same with its month moved on, and the cells moved.

    Raises:
        UnfitError: It would lose something, or is the standard workbook already.
    """
    with warnings.catch_warnings(), temporary(order.scratch):
        warnings.simplefilter("error")  # openpyxl warns of what it leaves out
        try:
            return _handed_back(data, order)
        except (UnfitError, MemoryError):
            raise
        except Exception as err:
            raise UnfitError(type(err).__name__) from err


def _handed_back(data: bytes, order: OwnOrder) -> tuple[bytes, bytes, tuple[str, ...]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if not survives(archive):
            raise UnfitError("parts")
        macros, dated = has_macros(archive), is_dated(archive)
    book = load_workbook(io.BytesIO(guarded(data)), keep_vba=macros, rich_text=True)
    if any(is_template(sheet["A1"].value) for sheet in book.worksheets):
        raise UnfitError("standard")
    clear(book)
    if not dated:
        book.properties.created = order.stamp
    if book.calculation is None:
        book.calculation = CalcProperties()
    book.calculation.fullCalcOnLoad = True  # results are not kept beside formulas
    as_it_was = packed(book, order.stamp)
    moved = (*_dates(book, order), *_titles(book, order))
    return as_it_was, sealed(packed(book, order.stamp, is_template=True)), moved


def _dates(book: Workbook, order: OwnOrder) -> Iterator[str]:
    for move in order.moves:
        if move.sheet not in book.sheetnames:
            continue
        cell = book[move.sheet][move.cell]
        held = cell.value.date() if isinstance(cell.value, datetime) else cell.value
        if isinstance(cell, Cell) and held == move.before:
            cell.value = move.after
            yield f"{move.sheet}!{move.cell}"


def _titles(book: Workbook, order: OwnOrder) -> Iterator[str]:
    """Move on the month that texts above the tables tell, and nothing else."""
    for sheet in book.worksheets:
        for cell in cells_of(sheet):
            place = (sheet.title, cell.coordinate)
            is_text = isinstance(cell.value, str) and cell.data_type == "s"
            if not is_text or cell.row > _TITLE_ROWS or place in order.read:
                continue
            text = moved_on(cell.value, order.before, order.after)
            if text != cell.value:
                cell.value = text
                cell.data_type = "s"
                yield f"{sheet.title}!{cell.coordinate}"
