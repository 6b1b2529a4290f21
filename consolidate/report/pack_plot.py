"""The charts of a pack's workbook: native Excel charts over the cells beside them."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from consolidate.model.pack import Chart
from consolidate.report.csv_text import values
from consolidate.report.format import cell_format
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
_ROWS = 16
"""Rows a chart takes."""


def plot(
    book: Workbook, sheet: Worksheet, chart: Chart, at: tuple[int, int], style: Style
) -> int:
    """Write a chart and its numbers from a cell on; return the row below them."""
    row, left = at
    if not len(chart.frame):
        return row
    if chart.form in ("matrix", "strip"):
        return _grid(sheet, chart, at, style)
    last = _numbers(sheet, chart, at, style)
    native = _NATIVE.get(chart.form)
    if native is None or not chart.series:
        return last + 1
    _draw(book, sheet, chart, (row, left, last), native)
    return max(last, row + _ROWS) + 1


def _numbers(
    sheet: Worksheet, chart: Chart, start: tuple[int, int], style: Style
) -> int:
    """Write the frame of a chart as rows; return its last row."""
    row, left = start
    names = [chart.x, *(s.name for s in chart.series)]
    if not chart.series:
        names = [str(name) for name in chart.frame.columns]
    labels = [chart.x_label or "", *(s.label for s in chart.series)]
    labels += [""] * (len(names) - len(labels))
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


def _draw(
    book: Workbook,
    sheet: Worksheet,
    chart: Chart,
    rows: tuple[int, int, int],
    native: dict[str, str],
) -> None:
    first, left, last = rows
    made = book.add_chart(dict(native))
    for k, series in enumerate(chart.series):
        fill = _DRAWN.get(series.tone, SERIES[k % len(SERIES)])
        col = left + k + 1
        made.add_series(
            {
                "name": [sheet.name, first, col],
                "categories": [sheet.name, first + 1, left, last, left],
                "values": [sheet.name, first + 1, col, last, col],
                "fill": {"color": fill},
                "line": {
                    "color": fill,
                    "width": 2.25 if chart.form == "lines" else 0.75,
                },
                "gap": 60,
            }
        )
    font = {"name": FONT, "size": 8, "color": MUTED}
    made.set_title({"name": chart.title, "name_font": {"name": FONT, "size": 10}})
    axis = {"num_font": font, "name_font": font, "line": {"none": True}}
    grid = {"visible": True, "line": {"color": "#E4E7EB"}}
    reverse = {"reverse": True} if chart.form == "bars" else {}
    made.set_x_axis({**axis, **reverse, "name": chart.x_label})
    made.set_y_axis({**axis, "name": chart.y_label, "major_gridlines": grid})
    made.set_legend({"position": "bottom", "font": font, "none": len(chart.series) < 2})
    made.set_size({"width": 640, "height": 310})
    sheet.insert_chart(
        first,
        left + len(chart.series) + 2,
        made,
        {"description": chart.text or chart.title},
    )


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
