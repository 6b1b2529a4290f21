"""Annotate a manager's workbook, or list what was noticed when that would lose something.

Runs in a confined worker: the workbook is not to be trusted.
"""

from __future__ import annotations

import io
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.worksheet import Worksheet

from consolidate.exchange.front import draw
from consolidate.exchange.guard import guarded
from consolidate.exchange.order import Order
from consolidate.exchange.package import packed
from consolidate.exchange.remark import SEVERITIES, Remark
from consolidate.exchange.survey import has_macros, survives
from consolidate.exchange.text import in_xlsx
from consolidate.model.address import box
from consolidate.model.reply import AUTHOR, FILLS, is_ours, signed_comment, without_ours
from consolidate.wording import tr

_MOST_MARKED = 1000
"""Cells marked; a comment each, which Excel draws one by one."""

_LINE, _WIDTH, _PER_LINE = 17, 340, 52
_NO_FILL = PatternFill()


class UnfitError(Exception):
    """A workbook would lose something, or openpyxl cannot read it."""


def annotated(data: bytes, order: Order) -> bytes:
    """Return a copy of an xlsx or xlsm with its remarks, not sealed yet.

    Raises:
        UnfitError: It would lose something.
    """
    with warnings.catch_warnings(), temporary(order.scratch):
        warnings.simplefilter("error")  # openpyxl warns of what it leaves out
        try:
            return _annotated(data, order)
        except (UnfitError, MemoryError):
            raise
        except Exception as err:
            raise UnfitError(type(err).__name__) from err


def _annotated(data: bytes, order: Order) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if not survives(archive):
            raise UnfitError("parts")
        macros, dated = has_macros(archive), is_dated(archive)
    book = load_workbook(io.BytesIO(guarded(data)), keep_vba=macros, rich_text=True)
    clear(book)
    _mark(book, order)
    if not dated:
        book.properties.created = order.stamp
    return packed(book, order.stamp)


def is_dated(archive: zipfile.ZipFile) -> bool:
    """Whether a workbook says when it was made; openpyxl would say now."""
    core = "docProps/core.xml"
    return core in archive.namelist() and b"created>" in archive.read(core)


def listed(order: Order) -> bytes:
    """Return a workbook of the remarks alone."""
    with temporary(order.scratch):
        book = Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        sheet.title = tr("reply-sheet", order.lang)
        draw(sheet, order, lambda _: False, is_copy=False)
        book.properties.creator = AUTHOR
        book.properties.created = order.stamp
        return packed(book, order.stamp)


@contextmanager
def temporary(folder: Path) -> Iterator[None]:
    """Have temporary files made in a folder that is removed, whatever happens here."""
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def clear(book: Workbook) -> None:
    """Take an earlier reply out of a workbook, for it may have come back corrected."""
    for sheet in list(book.worksheets):
        first = sheet._cells.get((1, 1))  # noqa: SLF001 (asking for it makes it)
        if first is not None and is_ours(first.value):
            if book.vba_archive is not None:
                raise UnfitError("the macros know the sheet of an earlier reply")
            book.remove(sheet)
            continue
        for cell in cells_of(sheet):
            if cell.fill.fgColor.rgb in _marks():
                cell.fill = _NO_FILL
            if cell.comment is not None:
                _comment(cell, without_ours(cell.comment.text), cell.comment.author)


def _marks() -> frozenset[str]:
    return frozenset(f"00{colour}" for colour in FILLS.values())


def cells_of(sheet: Worksheet) -> Iterator[Cell]:
    """Yield the cells there are, and no more: a sheet may reach very far."""
    for cell in list(sheet._cells.values()):  # noqa: SLF001 (iterating rows makes cells)
        if isinstance(cell, Cell):
            yield cell


def _mark(book: Workbook, order: Order) -> None:
    """Mark the cells, and put the list of remarks before the sheets."""
    by_cell: dict[tuple[str, str], list[Remark]] = {}
    for remark in order.remarks:
        if remark.cell and not remark.quiet and remark.sheet in book.sheetnames:
            at = _anchor(book[remark.sheet], remark.cell)
            by_cell.setdefault((remark.sheet, at), []).append(remark)
    for (name, at), remarks in list(by_cell.items())[:_MOST_MARKED]:
        _mark_cell(book[name][at], remarks, order.lang)
    states = {s.title: s.sheet_state == "visible" or None for s in book.worksheets}
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = (
            False  # two selected sheets are typed into at once
        )
    front = book.create_sheet(_title(book, order.lang), 0)
    draw(front, order, lambda name: states.get(name, False), is_copy=True)
    front.sheet_view.tabSelected = True
    book.active = 0
    for view in book.views:
        view.firstSheet = view.activeTab = 0
    if book.calculation is None:
        book.calculation = CalcProperties()
    book.calculation.fullCalcOnLoad = True  # results are not kept beside formulas


def _anchor(sheet: Worksheet, cell: str) -> str:
    """Return the cell that shows what an address or range begins with."""
    area = box(cell)
    row, column = area.top + 1, area.left + 1
    if isinstance(sheet.cell(row, column), MergedCell):
        for merged in sheet.merged_cells.ranges:
            if (
                merged.min_row <= row <= merged.max_row
                and merged.min_col <= column <= merged.max_col
            ):
                row, column = merged.min_row, merged.min_col
    return str(sheet.cell(row, column).coordinate)


def _mark_cell(cell: Cell, remarks: Sequence[Remark], lang: str) -> None:
    """Comment on a cell and colour it, unless it has a colour that may mean something."""
    worst = min((r.severity for r in remarks), key=SEVERITIES.index)
    text = "\n\n".join(f"{r.message}\n→ {r.advice}" for r in remarks)
    before, author = "", AUTHOR
    if cell.comment is not None:
        before, author = cell.comment.text, cell.comment.author or AUTHOR
    title = tr(f"reply-{worst}", lang)
    _comment(cell, signed_comment(title, in_xlsx(text), before), author)
    if not _is_coloured(cell):
        cell.fill = PatternFill("solid", fgColor=FILLS[worst])


def _is_coloured(cell: Cell) -> bool:
    fill = cell.fill
    if fill.fill_type is None:
        return False
    return fill.fill_type != "solid" or fill.fgColor.rgb not in {"FFFFFFFF", "00FFFFFF"}


def _comment(cell: Cell, text: str, author: str) -> None:
    """Give a cell a comment large enough to be read; none when there is no text."""
    if not text:
        cell.comment = None
        return
    lines = sum(1 + len(line) // _PER_LINE for line in text.split("\n"))
    cell.comment = Comment(text, author, height=_LINE * (lines + 1), width=_WIDTH)


def _title(book: Workbook, lang: str) -> str:
    """Return a name for the first sheet that no other has."""
    taken = {name.casefold() for name in book.sheetnames}
    title = base = tr("reply-sheet", lang)
    number = 2
    while title.casefold() in taken:
        title, number = f"{base} ({number})", number + 1
    return title
