"""How wide and high the cells of a pack's sheets are, how they look and are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from xlsxwriter.worksheet import Worksheet

from consolidate.model.pack import Block, Chart, Column, Figures, Pack, Table
from consolidate.report.csv_text import values
from consolidate.report.pack_text import RAG_TONES, texts
from consolidate.report.sheet_style import TONES

NARROWEST = 9.0
_PAGE_WIDTH, _PAGE_HEIGHT = 784.0, 500.0
"""What of a landscape A4 page is printed on, in points."""
_CHARACTER = 5.4
_USUAL = 15.0
_READABLE = 0.6
"""How wide a character of a column's width is, and how high a row, in points."""
_WIDEST = 46.0
_INK = {name: TONES[code] for code, name in RAG_TONES.items()}


def height(text: str, across: float, line: float = 12.5) -> float:
    """Return the height of a paragraph that goes over so many characters."""
    lines = sum(max(1, -(-len(part) // int(across))) for part in text.split("\n"))
    return line * lines + 3


def lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of a width, words kept whole."""
    across = max(int(width), 1)
    parts = (wrap(part, across) or [""] for part in text.split("\n"))
    return sum(map(len, parts))


def print_setup(sheet: Worksheet, pack: Pack, *, one_page: bool = False) -> None:
    """Have a sheet printed on A4, one page wide, its reader at the foot."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1 if one_page else 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    reader, title = (t.replace("&", "&&") for t in (pack.reader, pack.title))
    sheet.set_footer(f"&L&8{reader[:90]}&C&8{title[:60]}&R&8&P / &N")


def page_breaks(
    blocks: Sequence[tuple[int, int]], heights: Mapping[int, float], across: float
) -> list[int]:
    """Return the rows that begin a page, so that none is cut through a block.

    Args:
        blocks: First row of each block, and the first below it, from top to bottom.
        heights: In points, of rows that are not as high as usual.
        across: Width of the sheet in characters; it is printed one page wide.
    """
    scale = min(1.0, _PAGE_WIDTH / (across * _CHARACTER))
    room = _PAGE_HEIGHT / scale
    used = sum(heights.get(r, _USUAL) for r in range(blocks[0][0])) if blocks else 0.0
    found = []
    for first, below in blocks:
        high = sum(heights.get(r, _USUAL) for r in range(first, below + 1))
        if used + high > room and high <= room:
            found.append(first)
            used = 0.0
        used = (used + high) % room
    return found


def on_larger_paper(sheet: Worksheet, across: float) -> None:
    """Have a sheet printed on A3 that A4 would make too small to read."""
    if _PAGE_WIDTH / (across * _CHARACTER) < _READABLE:
        sheet.set_paper(8)


def rows_taken(block: Block) -> float:
    """Return about how many rows a block takes."""
    if isinstance(block, Table):
        return 3.0 + 1.5 * len(block.frame)
    if isinstance(block, Chart):
        return 4.0 if block.form == "strip" else 18.0
    return 4.0


def widths(blocks: Sequence[Block], lang: str) -> list[float]:
    """Return the width of each column: what its texts and headers need, within reason."""
    found: list[float] = []
    for block in blocks:
        wanted = _block_widths(block, lang)
        found += [NARROWEST] * (len(wanted) - len(found))
        found = [
            max(w, wanted[k]) if k < len(wanted) else w for k, w in enumerate(found)
        ]
    return found


def _block_widths(block: Block, lang: str) -> list[float]:
    if isinstance(block, Figures):
        return [30, 14, 14, 30, 16, 12, 12]
    if isinstance(block, Chart):
        return _grid_widths(block) or [18, *[11.0] * (_chart_columns(block) - 1)]
    if not isinstance(block, Table):
        return [18]
    return [_width(block, column, lang) for column in block.columns]


def _grid_widths(chart: Chart) -> list[float]:
    """Return the widths of a chart that is drawn in cells; none of another."""
    if chart.form not in ("matrix", "strip", "gantt"):
        return []
    first = max((len(str(v)) for v in values(chart.frame[chart.x])), default=0)
    if chart.form == "gantt":
        return [min(first + 2.0, _WIDEST), 9.0, 11.0, 11.0, 11.0]
    across = dict.fromkeys(map(str, values(chart.frame["column"])))
    words = (max(map(len, name.split()), default=0) + 2.0 for name in across)
    return [min(max(first + 2.0, 18.0), _WIDEST), *(max(w, 11.0) for w in words)]


def _chart_columns(chart: Chart) -> int:
    return 1 + len(chart.series) if chart.series else len(chart.frame.columns)


def _width(table: Table, column: Column, lang: str) -> float:
    head = max((len(w) for w in column.label.split()), default=0) + 3.0
    lengths = sorted(len(t) for t in texts(table, column, lang)[:400] if t)
    usual = lengths[int(len(lengths) * 0.9)] + 2.0 if lengths else 0.0
    least = 22.0 if column.fill else NARROWEST
    return min(max(usual, head, least), _WIDEST)


def tone_look(tone: str) -> dict[str, Any]:
    """Return the colours of a tone; nothing for none."""
    if tone not in _INK:
        return {}
    fill, ink = _INK[tone]
    return {"bg_color": fill, "font_color": ink}
