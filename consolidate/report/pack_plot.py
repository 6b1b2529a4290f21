"""The charts of a pack's workbook: native Excel charts over the cells beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from consolidate.model.pack import Chart
from consolidate.report.csv_text import values
from consolidate.report.format import cell_format
from consolidate.report.pack_gantt import BESIDE, plot_gantt
from consolidate.report.pack_text import CELLS, RAG_TONES, as_day, is_known
from consolidate.report.sheet_column import serial
from consolidate.report.sheet_style import FONT, MUTED, SERIES, TONES, Style
from consolidate.report.sheet_text import Cleaner

_NATIVE = {
    "bars": {"type": "bar"},
    "columns": {"type": "column"},
    "stacked": {"type": "column", "subtype": "stacked"},
    "shares": {"type": "column", "subtype": "percent_stacked"},
    "lines": {"type": "line"},
    "dates": {"type": "scatter", "subtype": "straight_with_markers"},
    "bubbles": {"type": "scatter"},
}
_INK = {name: TONES[code] for code, name in RAG_TONES.items()}
_DRAWN = {
    "poor": "#C4453A",
    "fair": "#E3A02B",
    "good": "#4C9A63",
    "done": "#4A7FBF",
    "none": "#A3ABB5",
    "unknown": "#A3ABB5",
}
_WRAPPED = 14
"""Characters of a heading that take a second line."""
_ROWS = 16
"""Rows a chart takes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chart and its numbers go.

    Attributes:
        row, left: First cell.
        room: Width in characters that it has, the picture below its numbers; None for a
            picture beside them.
    """

    row: int
    left: int
    room: float | None = None


def beside_of(chart: Chart) -> int:
    """Return how many columns the numbers of a chart take, with the room after them."""
    return BESIDE if chart.form == "gantt" else len(chart.series) + 2


def plot(
    book: Workbook, sheet: Worksheet, chart: Chart, at: Place, style: Style
) -> int:
    """Write a chart and its numbers from a cell on; return the row below them."""
    if not len(chart.frame):
        return at.row
    if chart.form in ("matrix", "strip"):
        return _grid(sheet, chart, (at.row, at.left), style)
    if chart.form == "gantt":
        return plot_gantt(book, sheet, chart, (at.row, at.left), style)
    last = _numbers(sheet, chart, (at.row, at.left), style)
    native = _NATIVE.get(chart.form)
    if native is None or not chart.series:
        return last + 1
    made = _made(book, sheet, chart, (at.row, at.left, last), native)
    told = {"description": chart.text or chart.title}
    if at.room is None:
        made.set_size({"width": 640, "height": 310})
        sheet.insert_chart(at.row, at.left + beside_of(chart), made, told)
        return max(last, at.row + _ROWS) + 1
    made.set_size({"width": min(at.room * 7, 720), "height": 200})
    sheet.insert_chart(last + 1, at.left, made, told)
    return last + 13


def _numbers(
    sheet: Worksheet, chart: Chart, start: tuple[int, int], style: Style
) -> int:
    """Write the frame of a chart as rows; return its last row."""
    row, left = start
    names = [chart.x, *(s.name for s in chart.series)]
    if not chart.series:
        names = [str(name) for name in chart.frame.columns]
    whose = chart.y_label if chart.form == "bars" else chart.x_label
    labels = [whose, *(s.label for s in chart.series)]
    labels += [""] * (len(names) - len(labels))
    if max(map(len, labels)) > _WRAPPED:
        sheet.set_row(row, 26)
    clean = Cleaner().text
    for col, label in enumerate(labels[: len(names)], start=left):
        sheet.write_string(row, col, clean(label), style.heading())
    for col, name in enumerate(names, start=left):
        for at, value in enumerate(values(chart.frame[name]), start=row + 1):
            _write(sheet, (at, col), value, chart, style)
    return row + len(chart.frame)


def _write(
    sheet: Worksheet, at: tuple[int, int], value: Any, chart: Chart, style: Style
) -> None:
    if not is_known(value):
        return
    if isinstance(value, (int, float)):
        kind = CELLS.get(chart.kind, "number")
        look = style.look(num_format=cell_format(kind, style.lang), align="right")
        sheet.write_number(*at, float(value), look)
        return
    if hasattr(value, "toordinal"):
        day = serial(as_day(value))
        if isinstance(day, int):
            look = style.look(num_format=cell_format("date", style.lang))
            sheet.write_number(*at, day, look)
            return
    sheet.write_string(*at, Cleaner().text(str(value)), style.look())


def _made(
    book: Workbook,
    sheet: Worksheet,
    chart: Chart,
    rows: tuple[int, int, int],
    native: Mapping[str, str],
) -> Any:
    """Return the chart over the cells of its numbers."""
    first, left, last = rows
    made = book.add_chart(dict(native))
    shown = chart.series[:1] if chart.form == "bubbles" else chart.series
    for k, series in enumerate(shown):
        fill = _DRAWN.get(series.tone, SERIES[k % len(SERIES)])
        col = left + k + 1
        weight = 2.25 if chart.form in ("lines", "dates") else 0.75
        look: dict[str, Any] = {"line": {"color": fill, "width": weight}}
        if native["type"] == "scatter":
            look["marker"] = {"type": "circle", "size": 6, "fill": {"color": fill}}
        if chart.form == "bubbles":
            look["line"] = {"none": True}
        made.add_series(
            {
                "name": [sheet.name, first, col],
                "categories": [sheet.name, first + 1, left, last, left],
                "values": [sheet.name, first + 1, col, last, col],
                "fill": {"color": fill},
                "gap": 60,
                **look,
            }
        )
    font = {"name": FONT, "size": 8, "color": MUTED}
    made.set_title({"name": chart.title, "name_font": {"name": FONT, "size": 10}})
    axis: dict[str, Any] = {"num_font": font, "name_font": font, "line": {"none": True}}
    grid = {"visible": True, "line": {"color": "#E4E7EB"}}
    across: dict[str, Any] = {}
    up: dict[str, Any] = {"major_gridlines": grid}
    if chart.form == "bars":
        # The axis of labels of a bar chart is its y axis; the first label is on top.
        across, up = up, {"reverse": True, "crossing": "max"}
    if chart.form == "dates":
        days = {"num_format": "mm/yyyy"}
        axis, across = {**axis, **days}, days
    made.set_x_axis({**axis, **across, "name": chart.x_label})
    made.set_y_axis({**axis, **up, "name": chart.y_label})
    made.set_legend({"position": "bottom", "font": font, "none": len(shown) < 2})
    return made


def _grid(sheet: Worksheet, chart: Chart, start: tuple[int, int], style: Style) -> int:
    """Write rows against columns, each cell coloured and in words."""
    row, left = start
    rows = list(dict.fromkeys(map(str, values(chart.frame[chart.x]))))
    across = list(dict.fromkeys(map(str, values(chart.frame["column"]))))
    clean = Cleaner().text
    sheet.write_string(row, left, clean(chart.x_label), style.heading())
    for col, name in enumerate(across, start=left + 1):
        sheet.write_string(row, col, clean(name), style.heading())
    for at, name in enumerate(rows, start=row + 1):
        sheet.write_string(at, left, clean(name), style.look(bold=True))
    cells = zip(
        *(values(chart.frame[c]) for c in (chart.x, "column", "text", "tone")),
        strict=True,
    )
    for name, column, text, tone in cells:
        place = (row + 1 + rows.index(str(name)), left + 1 + across.index(str(column)))
        sheet.write_string(
            *place, clean(str(text or "")), _tinted(style, str(tone or ""))
        )
    return row + len(rows) + 1


def _tinted(style: Style, tone: str) -> Any:
    look: dict[str, Any] = {"align": "center", "border": 1, "border_color": "#FFFFFF"}
    if tone in _INK:
        fill, ink = _INK[tone]
        look |= {"bg_color": fill, "font_color": ink}
    return style.look(**look)
