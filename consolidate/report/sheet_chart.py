"""Native charts of the first page, fed by its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from consolidate.report.book_facts import AXES
from consolidate.report.format import cell_format
from consolidate.report.sheet_page import DATA
from consolidate.report.sheet_style import CHART_TONES, FONT, LINE, SERIES, TONES
from consolidate.report.sheet_words import BookWords

_SMALL = {"name": FONT, "size": 8}
_HIDDEN = {"visible": False, "major_gridlines": {"visible": False}}
_LABELS = {"num_font": _SMALL, "line": {"none": True}}
_BAND, _MONEY = 178, 196
_WIDE = 103
_EDGE = "#FFFFFF"


class Charts:
    """Makes the charts of the page and puts them in their places."""

    def __init__(self, book: Workbook, sheet: Worksheet, words: BookWords) -> None:
        """Keep what charts are made on."""
        self._book = book
        self._sheet = sheet
        self._words = words
        self._name = sheet.get_name()

    def states(self, row: int, left: int, top: int, count: int) -> None:
        """Put projects by state: a bar each, the first on top."""
        if not count:
            return
        self._bars(
            (row, left, 4, _BAND), (top, DATA + 10), count, [SERIES[1]] * count, "by-state"
        )  # fmt: skip

    def milestones(self, row: int, left: int, top: int) -> None:
        """Put milestones: done, late, soon, later, undated."""
        tones = ("blue", "red", "amber", "green", "grey")
        fills = [CHART_TONES[t] for t in tones]
        self._bars((row, left, 4, _BAND), (top, DATA), 5, fills, "milestone-states")

    def _bars(
        self,
        place: tuple[int, int, float, int],
        data: tuple[int, int],
        count: int,
        fills: Sequence[str],
        key: str,
    ) -> None:
        chart = self._book.add_chart({"type": "bar"})
        top, col = data
        chart.add_series(
            {
                "categories": self._cells(top, col, top + count - 1),
                "values": self._cells(top, col + 1, top + count - 1),
                "points": [{"fill": {"color": fill}} for fill in fills],
                "gap": _gap(count),
                "data_labels": {"value": True, "font": _SMALL},
            }
        )
        chart.set_y_axis({"reverse": True, **_LABELS})
        chart.set_x_axis({**_HIDDEN, "min": 0})
        chart.set_legend({"none": True})
        self._put(chart, *place, self._words.tr(key))

    def statuses(self, row: int, left: int, head: int, count: int) -> None:
        """Put statuses by axis: shares of the running projects."""
        if not count:
            return
        chart = self._book.add_chart({"type": "bar", "subtype": "percent_stacked"})
        for n, code in enumerate([*TONES, "missing"]):
            chart.add_series(
                {
                    "name": [self._name, head + 1 + n, DATA],
                    "categories": [self._name, head, DATA + 1, head, DATA + count],
                    "values": [self._name, head + 1 + n, DATA + 1, head + 1 + n, DATA + count],
                    "border": {"color": _EDGE},
                    "gap": _gap(count),
                    **_fill(code),
                    "data_labels": {
                        "value": True,
                        "num_format": "0;;",
                        "font": {**_SMALL, "bold": True, "color": _ink(code)},
                    },
                }
            )  # fmt: skip
        chart.set_y_axis({"reverse": True, **_LABELS})
        chart.set_x_axis(_HIDDEN)
        chart.set_legend({"position": "bottom", "font": _SMALL})
        height = _BAND if count == len(AXES) else _BAND - 20
        self._put(chart, row, left, 4, height, self._words.tr("by-status"))

    def largest(
        self, row: int, left: int, head: int, count: int, columns: Sequence[int]
    ) -> None:
        """Put the amounts of the largest budgets, side by side."""
        kilo = cell_format("kilo", self._words.lang)
        labels = {"value": True, "num_format": kilo, "font": _SMALL}
        chart = self._book.add_chart({"type": "bar"})
        for k in columns:
            col = DATA + 1 + k
            chart.add_series(
                {
                    "name": [self._name, head, col],
                    "categories": self._cells(head + 1, DATA, head + count),
                    "values": self._cells(head + 1, col, head + count),
                    "fill": {"color": SERIES[k]},
                    "border": {"color": "#1F3A5F", "width": 0.5},
                    "gap": _gap(count),
                    "overlap": 0,
                    **({} if k else {"data_labels": labels}),
                }
            )
        chart.set_y_axis({"reverse": True, **_LABELS})
        chart.set_x_axis({**_HIDDEN, "min": 0})
        chart.set_legend({"position": "bottom", "font": _SMALL})
        self._put(chart, row, left, 3, _MONEY, self._words.tr("largest-budgets"))

    def months(
        self, row: int, left: int, head: int, count: int, columns: Sequence[int]
    ) -> None:
        """Put days of run and build by month."""
        chart = self._book.add_chart({"type": "column", "subtype": "stacked"})
        fills = (SERIES[0], SERIES[2], "#E4E7EB")
        for k in columns:
            column = DATA + 1 + k
            chart.add_series(
                {
                    "name": [self._name, head, column],
                    "categories": self._cells(head + 1, DATA, head + count),
                    "values": self._cells(head + 1, column, head + count),
                    "fill": {"color": fills[k]},
                    "border": {"color": "#1F3A5F", "width": 0.5},
                    "gap": 50,
                }
            )
        month = cell_format("month", self._words.lang).replace("yyyy", "yy")
        chart.set_x_axis({"num_font": _SMALL, "num_format": month, "text_axis": True})
        grid = {"visible": True, "line": {"color": LINE}}
        chart.set_y_axis({**_LABELS, "num_format": "#,##0", "major_gridlines": grid})
        chart.set_legend({"position": "bottom", "font": _SMALL})
        self._put(chart, row, left, 3, _MONEY, self._words.tr("months"))

    def _cells(self, top: int, col: int, bottom: int) -> list[Any]:
        return [self._name, top, col, bottom, col]

    def _put(
        self, chart: Any, row: int, left: int, columns: float, height: int, title: str
    ) -> None:
        chart.set_title({"none": True})
        chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
        chart.set_size({"width": int(columns * _WIDE) - 8, "height": height})
        options = {"description": title, "x_offset": 2, "y_offset": 3}
        self._sheet.insert_chart(row, left, chart, options)


def _gap(bars: int) -> int:
    """Return the room between bars, so that a few are no thicker than many."""
    return 40 if bars >= len(AXES) else 40 + 60 * (len(AXES) - bars)


def _fill(code: str) -> Mapping[str, Any]:
    """Return how a status is filled: told apart in black and white too."""
    color = CHART_TONES[code]
    if code == "amber":
        pattern = {"pattern": "light_upward_diagonal", "fg_color": "#C98A1B"}
        return {"pattern": {**pattern, "bg_color": color}}
    return {"fill": {"color": color}}


def _ink(code: str) -> str:
    return "#1F2A37" if code in ("missing", "amber", "grey") else "#FFFFFF"
