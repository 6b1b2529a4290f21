"""Milestones over time in a pack's workbook: a row each, and a native chart beside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from consolidate.model.pack import Chart
from consolidate.report.csv_text import values
from consolidate.report.format import cell_format
from consolidate.report.pack_text import as_day, is_known
from consolidate.report.sheet_column import serial
from consolidate.report.sheet_style import FONT, MUTED, Style
from consolidate.report.sheet_text import Cleaner
from consolidate.wording import tr

SORTS = ("baseline", "forecast", "actual")
"""What a day is, in the order of the columns."""
_MARKS: Mapping[str, Mapping[str, Any]] = {
    "baseline": {"type": "diamond", "fill": {"color": "#FFFFFF"}},
    "forecast": {"type": "diamond", "fill": {"color": "#1F3A5F"}},
    "actual": {"type": "circle", "fill": {"color": "#4C9A63"}},
}
_ROW_PIXELS = 20
_NUMBER, _DAYS = 1, 2
"""Columns of the number of a milestone, which the chart names it by, and of its days."""
BESIDE = _DAYS + len(SORTS) + 1


def plot_gantt(
    book: Workbook, sheet: Worksheet, chart: Chart, start: tuple[int, int], style: Style
) -> int:
    """Write each milestone with its days, and draw them; return the row below.

    Args:
        book: Being written.
        sheet: Of the section.
        chart: Columns ``chart.x``, ``day``, ``sort``, one of ``SORTS``.
        start: First cell.
        style: Of the workbook.
    """
    row, left = start
    lang = style.lang
    names = list(dict.fromkeys(map(str, values(chart.frame[chart.x]))))
    days = (tr(f"pack-{sort}", lang) for sort in SORTS)
    named = chart.x_label or tr("pack-milestone", lang)
    heads = (named, tr("pack-number", lang), *days)
    for col, label in enumerate(heads, start=left):
        sheet.write_string(row, col, Cleaner().text(label), style.heading())
    day_look = style.look(num_format=cell_format("date", lang), align="right")
    for at, name in enumerate(names, start=row + 1):
        sheet.write_string(at, left, Cleaner().text(name), style.look())
    columns = (values(chart.frame[c]) for c in (chart.x, "day", "sort"))
    known = set()
    for name, day, sort in zip(*columns, strict=True):
        if is_known(day) and sort in SORTS:
            number = serial(as_day(day))
            if isinstance(number, int):
                at = row + 1 + names.index(str(name))
                sheet.write_number(
                    at, left + _DAYS + SORTS.index(sort), number, day_look
                )
                known.add(sort)
    for at in range(len(names)):
        sheet.write_number(row + 1 + at, left + _NUMBER, at + 1, style.look())
    made = _chart(book, sheet, chart, (row, left, len(names)), [s for s in SORTS if s in known])  # fmt: skip
    made.set_size({"width": 680, "height": max(200, 90 + _ROW_PIXELS * len(names))})
    sheet.insert_chart(row, left + BESIDE, made, {"description": chart.text or chart.title})  # fmt: skip
    return row + max(len(names), 13) + 4


def _chart(
    book: Workbook,
    sheet: Worksheet,
    chart: Chart,
    rows: tuple[int, int, int],
    sorts: list[str],
) -> Any:
    row, left, count = rows
    made = book.add_chart({"type": "scatter"})
    font = {"name": FONT, "size": 8, "color": MUTED}
    for sort in sorts:
        col = left + _DAYS + SORTS.index(sort)
        mark = {"size": 8, "border": {"color": "#1F3A5F"}, **_MARKS[sort]}
        series: dict[str, Any] = {
            "name": [sheet.name, row, col],
            "categories": [sheet.name, row + 1, col, row + count, col],
            "values": [
                sheet.name,
                row + 1,
                left + _NUMBER,
                row + count,
                left + _NUMBER,
            ],
            "marker": mark,
        }
        made.add_series(series)
    made.set_title({"name": chart.title, "name_font": {"name": FONT, "size": 10}})
    grid = {"visible": True, "line": {"color": "#E4E7EB"}}
    made.set_x_axis(
        {"num_font": font, "num_format": "mm/yyyy", "major_gridlines": grid}
    )
    made.set_y_axis({"num_font": font, "min": 0, "max": count + 1, "major_unit": 1, "reverse": True, "crossing": "max", "major_gridlines": {"visible": False}})  # fmt: skip
    made.set_legend({"position": "bottom", "font": font})
    return made
