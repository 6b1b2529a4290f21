"""Native charts of the first page, fed by its cells."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from consolidate.report.sheet_style import CHART_TONES, FONT, HEAD, SERIES, TONES
from consolidate.report.sheet_words import BookWords

_HEIGHT = 205
_COLUMN = 110  # pixels of a column of the page
_SMALL = {"name": FONT, "size": 8}


class Charts:
    """Makes the charts of the page and puts them in their places."""

    def __init__(self, book: Workbook, sheet: Worksheet, words: BookWords) -> None:
        """Keep what charts are made on."""
        self._book = book
        self._sheet = sheet
        self._words = words
        self._name = sheet.get_name()

    def states(self, row: int, top: int, count: int) -> None:
        """Put projects by state: a bar each, the first on top."""
        if not count:
            return
        chart = self._book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "categories": [self._name, top, 1, top + count - 1, 1],
                "values": [self._name, top, 4, top + count - 1, 4],
                "fill": {"color": SERIES[1]},
                "gap": 40,
                "data_labels": {"value": True, "font": _SMALL},
            }
        )
        chart.set_y_axis({"reverse": True, "num_font": _SMALL, "line": {"none": True}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_legend({"none": True})
        self._put(chart, row, 1, 4, self._words.tr("by-state"))

    def statuses(self, row: int, head: int, count: int, known: bool) -> None:
        """Put statuses by axis: shares of the running projects."""
        if not known:
            return
        chart = self._book.add_chart({"type": "bar", "subtype": "percent_stacked"})
        for n, code in enumerate([*TONES, "missing"][:count]):
            chart.add_series(
                {
                    "name": [self._name, head + 1 + n, 6],
                    "categories": [self._name, head, 7, head, 11],
                    "values": [self._name, head + 1 + n, 7, head + 1 + n, 11],
                    "fill": {"color": CHART_TONES[code]},
                    "border": {"color": "#FFFFFF"},
                    "gap": 40,
                    "data_labels": {
                        "value": True,
                        "num_format": "0;;",
                        "font": {**_SMALL, "color": _ink(code)},
                    },
                }
            )
        chart.set_y_axis({"reverse": True, "num_font": _SMALL, "line": {"none": True}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_legend({"position": "bottom", "font": _SMALL})
        self._put(chart, row, 6, 6, self._words.tr("by-status"))

    def milestones(self, row: int, top: int, known: bool) -> None:
        """Put milestones: done, late, soon, later, undated."""
        if not known:
            return
        chart = self._book.add_chart({"type": "bar"})
        tones = ("blue", "red", "amber", "green", "grey")
        chart.add_series(
            {
                "categories": [self._name, top, 13, top + 4, 13],
                "values": [self._name, top, 14, top + 4, 14],
                "points": [{"fill": {"color": CHART_TONES[t]}} for t in tones],
                "gap": 40,
                "data_labels": {"value": True, "font": _SMALL},
            }
        )
        chart.set_y_axis({"reverse": True, "num_font": _SMALL, "line": {"none": True}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_legend({"none": True})
        self._put(chart, row, 12, 3.2, self._words.tr("milestone-states"))

    def money(self, row: int, head: int, scope: str) -> None:
        """Put the amounts of the scope that most projects give."""
        chart = self._book.add_chart({"type": "column"})
        chart.add_series(
            {
                "categories": [self._name, head, 3, head, 6],
                "values": [self._name, head + 1, 3, head + 1, 6],
                "points": [{"fill": {"color": color}} for color in SERIES],
                "gap": 60,
                "data_labels": {"value": True, "font": _SMALL},
            }
        )
        chart.set_x_axis({"num_font": _SMALL})
        chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_legend({"none": True})
        self._put(chart, row, 7, 4, f"{self._words.tr('amount')} – {scope}")

    def months(self, row: int, count: int) -> None:
        """Put days of run and build by month."""
        if not count:
            return
        chart = self._book.add_chart({"type": "column", "subtype": "stacked"})
        for k in range(3):
            column = 17 + k
            chart.add_series(
                {
                    "name": [self._name, row + 1, column],
                    "categories": [self._name, row + 2, 16, row + 1 + count, 16],
                    "values": [self._name, row + 2, column, row + 1 + count, column],
                    "fill": {"color": (SERIES[0], SERIES[3], SERIES[2])[k]},
                    "gap": 50,
                }
            )
        chart.set_x_axis({"num_font": _SMALL})
        chart.set_y_axis(
            {
                "num_font": _SMALL,
                "line": {"none": True},
                "major_gridlines": {"visible": True, "line": {"color": "#E4E7EB"}},
            }
        )
        chart.set_legend({"position": "bottom", "font": _SMALL})
        self._put(chart, row, 11, 4, self._words.tr("months"))

    def _put(self, chart: Any, row: int, left: int, columns: float, title: str) -> None:
        font = {"name": FONT, "size": 9, "bold": True, "color": HEAD}
        chart.set_title({"name": title, "name_font": font, "overlay": False})
        chart.set_chartarea({"border": {"none": True}})
        chart.set_size({"width": int(columns * _COLUMN) - 6, "height": _HEIGHT})
        self._sheet.insert_chart(
            row, left, chart, {"description": title, "x_offset": 2, "y_offset": 4}
        )


def _ink(code: str) -> str:
    return "#1F2A37" if code in ("missing", "amber", "grey") else "#FFFFFF"
