"""The sheet a reply begins with: what was noticed, where, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from consolidate.exchange.order import Order
from consolidate.exchange.remark import (
    SEVERITIES,
    Correction,
    Remark,
    corrections,
    count,
    place,
)
from consolidate.exchange.text import in_xlsx
from consolidate.model.reply import FILLS, SIGNATURES
from consolidate.wording import plural, tr

Linked: TypeAlias = Callable[[str], bool | None]
"""Whether a link to a sheet of that name leads somewhere; None when it is hidden."""

_WIDTHS = {"A": 5, "B": 17, "C": 32, "D": 24, "E": 46, "F": 42}
_LAST = "F"
_HEADS = ("rank", "what", "where", "read", "meaning", "advice")
_FEW = 5
"""So few remarks need no summary; of more, as many make it."""

_MOST = 1000
"""Remarks listed; more would not be read."""

_PER_WIDTH = 1.1
"""Characters of our font in a unit of column width."""

_TALLEST = 400.0
_INK, _PALE, _LINK = "3B2A55", "6B6478", "5B2A9D"
_LINE = Border(bottom=Side(style="hair", color="B9B2C6"))
_TOP = Alignment(vertical="top", wrap_text=True)
_CELL = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
_CENTRED = Alignment(horizontal="center", vertical="top", wrap_text=True)


def _font(size: int = 10, color: str = _INK, **given: bool | str) -> Font:
    return Font(name="Calibri", size=size, color=color, **given)


@dataclass(frozen=True, slots=True)
class _Front:
    """The sheet being filled, and what its lines need to know."""

    sheet: Worksheet
    lang: str
    linked: Linked


def draw(sheet: Worksheet, order: Order, linked: Linked, *, is_copy: bool) -> None:
    """Fill an empty sheet with the remarks of an order.

    Args:
        sheet: The first of the workbook.
        order: What is told.
        linked: Asked for each sheet a remark is about; a list links nowhere.
        is_copy: Whether the other sheets are the manager's.
    """
    front = _Front(sheet, order.lang, linked)
    counts = count(order.remarks)
    asks = counts["error"] + counts["warning"]
    _head(front, order, asks, is_copy=is_copy)
    _legend(front, counts, is_copy=is_copy)
    row = 6
    if asks > _FEW:
        title = tr("reply-first", order.lang)
        row = _section(front, row, title, corrections(order.remarks, _FEW))
    each = [Correction(remark, 1) for remark in order.remarks[:_MOST]]
    sheet.print_title_rows = f"{row + 1}:{row + 1}"
    row = _section(front, row, tr("reply-all", order.lang), each)
    more = len(order.remarks) - _MOST
    if more > 0:
        _put(sheet, f"B{row - 1}", plural("reply-more", more, order.lang))
    _page(sheet)


def _head(front: _Front, order: Order, asks: int, *, is_copy: bool) -> None:
    """Write who speaks, a title and a friendly sentence."""
    sheet, lang = front.sheet, front.lang
    _put(sheet, "A1", SIGNATURES[lang], _font(size=8, italic=True, color=_PALE))
    title = tr("reply-title", lang, month=order.month)
    _put(sheet, "A2", title, _font(size=18, bold=True))
    hello = ("copy" if is_copy else "list") if asks else "none"
    if order.standing == "unknown":
        hello = "unknown"
    words = _put(sheet, "A3", tr(f"reply-hello-{hello}", lang), _font(size=11))
    words.alignment = _TOP
    sheet.merge_cells(f"A3:{_LAST}3")
    sheet.row_dimensions[2].height = 28
    sheet.row_dimensions[3].height = 34


def _legend(front: _Front, counts: Mapping[str, int], *, is_copy: bool) -> None:
    """Write how many remarks of each kind there are, in the colours of their cells."""
    sheet, lang = front.sheet, front.lang
    shown = [severity for severity in SEVERITIES if counts[severity]]
    for letter, severity in zip("BCD", shown, strict=False):
        words = plural(f"reply-count-{severity}", counts[severity], lang)
        cell = _put(sheet, f"{letter}4", words, _font(bold=True))
        cell.fill = PatternFill("solid", fgColor=FILLS[severity])
        cell.alignment = Alignment(horizontal="center", vertical="center")
    sheet.row_dimensions[4].height = 20
    if is_copy:
        small = _font(size=9, italic=True, color=_PALE)
        words = _put(sheet, f"{'BCDE'[len(shown)]}4", tr("reply-legend", lang), small)
        words.alignment = Alignment(vertical="center")


def _section(front: _Front, row: int, title: str, lines: Sequence[Correction]) -> int:
    """Write a titled table and return the row of the next one."""
    sheet = front.sheet
    _put(sheet, f"A{row}", title, _font(size=13, bold=True))
    sheet.row_dimensions[row].height = 22
    for letter, key in zip(_WIDTHS, _HEADS, strict=True):
        head = _put(sheet, f"{letter}{row + 1}", tr(f"reply-{key}", front.lang))
        head.font = _font(color="FFFFFF", bold=True)
        head.fill = PatternFill("solid", fgColor=_INK)
        head.alignment = Alignment(horizontal="left", vertical="center", indent=1)
    sheet.row_dimensions[row + 1].height = 20
    for rank, line in enumerate(lines, 1):
        _line(front, row + 1 + rank, rank, line)
    return row + len(lines) + 3


def _line(front: _Front, row: int, rank: int, line: Correction) -> None:
    """Write one remark, or the first of several, and where it leads."""
    remark, lang = line.remark, front.lang
    goes = front.linked(remark.sheet) if remark.sheet else False
    where = place(remark, lang)
    if goes is None:
        where = tr("reply-hidden", lang, place=where)
    kind = tr(f"reply-{remark.severity}", lang)
    if line.count > 1:
        kind = f"{kind} × {line.count}"
    texts = (str(rank), kind, where, remark.raw, remark.message, remark.advice)
    for letter, text in zip(_WIDTHS, texts, strict=True):
        cell = _put(front.sheet, f"{letter}{row}", text)
        cell.alignment = _CENTRED if letter in "AB" else _CELL
        cell.border = _LINE
    front.sheet.row_dimensions[row].height = _height(texts)
    fill = PatternFill("solid", fgColor=FILLS[remark.severity])
    front.sheet[f"B{row}"].fill = fill
    if goes:
        _link(front.sheet[f"C{row}"], remark)


def _height(texts: Sequence[str]) -> float:
    """Return the height, in points, that a row's texts take: not every program reckons it."""
    lines = [
        sum(1 + int(len(line) / (width * _PER_WIDTH)) for line in text.split("\n"))
        for text, width in zip(texts, _WIDTHS.values(), strict=True)
    ]
    return min(_TALLEST, 4 + 13.5 * max(lines))


def _link(cell: Cell, remark: Remark) -> None:
    """Lead from a cell to the place of a remark, within this workbook."""
    name = remark.sheet.replace("'", "''")
    target = f"'{name}'!{remark.cell or 'A1'}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)
    cell.font = _font(color=_LINK, underline="single")


def _put(sheet: Worksheet, at: str, text: str, font: Font | None = None) -> Cell:
    """Write a text that stays a text, whatever it begins with."""
    cell: Cell = sheet[at]
    cell.value = in_xlsx(text)
    cell.data_type = "s"
    cell.quotePrefix = text[:1] in {"=", "+", "-", "@"}  # typing in it keeps it a text
    cell.font = font or _font()
    return cell


def _page(sheet: Worksheet) -> None:
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = _LINK
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    sheet.oddFooter.center.text = "&P / &N"
