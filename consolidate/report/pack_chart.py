"""The charts of a pack's page: inline SVG, told apart without colour, sized to a page.

No style attribute: the page's policy forbids it; classes and plain attributes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from consolidate.model.pack import Chart, Series
from consolidate.report.csv_text import values
from consolidate.report.pack_plane import FORMS
from consolidate.report.pack_shape import WIDTH, line, picture, rect, text
from consolidate.report.pack_text import is_known, told

_LABEL = 180
_ROW = 22
_LETTER = 6.0
"""How wide a letter is: labels side by side are cut before they touch."""
_BAR = 13
"""How high a bar among several is, so that its value can be read."""
_TONES = ("a", "b", "c", "d")
"""Classes of series that have no tone of their own: each has its own pattern too."""


def svg(chart: Chart, lang: str) -> Markup:
    """Return a chart as inline SVG; nothing for a chart without any value."""
    if not len(chart.frame):
        return Markup()
    if chart.form in FORMS:
        return FORMS[chart.form](chart, lang)
    return _FORMS[chart.form](_Data.of(chart, lang))


@dataclass(frozen=True, slots=True)
class _Data:
    """What is drawn: labels, and a column of numbers for each series."""

    chart: Chart
    lang: str
    labels: Sequence[str]
    series: Sequence[Sequence[float | None]]

    @classmethod
    def of(cls, chart: Chart, lang: str) -> _Data:
        labels = [told(v, "text", lang) for v in values(chart.frame[chart.x])]
        series = [
            [float(v) if is_known(v) else None for v in values(chart.frame[s.name])]
            for s in chart.series
        ]
        return cls(chart, lang, labels, series)

    def shown(self, value: float) -> str:
        return told(value, self.chart.kind, self.lang)

    def tone(self, number: int) -> str:
        series: Series = self.chart.series[number]
        return series.tone or _TONES[number % len(_TONES)]


def _bars(data: _Data) -> Markup:
    """Return a horizontal bar for each series of each label, its value written."""
    most = max((v for own in data.series for v in own if v is not None), default=0.0)
    most = max(most, data.chart.limit or 0.0) or 1.0
    room = WIDTH - _LABEL - 80
    count = max(len(data.series), 1)
    step = max(_ROW, _BAR * count + 6)
    height = step * len(data.labels)
    parts = []
    for row, label in enumerate(data.labels):
        top = row * step
        parts.append(text(_LABEL - 8, top + step / 2 + 4, label, "end", most=27))
        thick = (step - 6) / count
        for k, own in enumerate(data.series):
            value = own[row]
            if value is None:
                continue
            wide = room * max(value, 0) / most
            y = top + 3 + k * thick
            parts.append(rect(_LABEL, y, wide, thick - 1, data.tone(k)))
            middle = y + thick / 2 + 3
            parts.append(text(_LABEL + wide + 5, middle, data.shown(value)))
    if data.chart.limit is not None:
        x = _LABEL + room * data.chart.limit / most
        parts.append(line(x, 0, x, height, "limit"))
    return _picture(data, parts, height)


def _stacked(data: _Data) -> Markup:
    return _columns(data, stacked=True)


def _shares(data: _Data) -> Markup:
    sums = [sum(v or 0 for v in row) for row in zip(*data.series, strict=True)]
    series = [
        [None if v is None or not t else v / t for v, t in zip(own, sums, strict=True)]
        for own in data.series
    ]
    return _columns(_Data(data.chart, data.lang, data.labels, series), stacked=True)


def _side(data: _Data) -> Markup:
    return _columns(data, stacked=False)


_HIGH = 190
_WIDEST = 90
"""How wide a column is at most, where there are few."""


def _columns(data: _Data, *, stacked: bool) -> Markup:
    rows = list(zip(*data.series, strict=True))
    tops = [sum(v or 0 for v in r) if stacked else max(v or 0 for v in r) for r in rows]
    most = max([*tops, data.chart.limit or 0.0]) or 1.0
    step = WIDTH / max(len(rows), 1)
    room = max(int(step / _LETTER), 4)
    parts = []
    for at, row in enumerate(rows):
        across = min(step * 0.7, _WIDEST)
        base, left = 0.0, at * step + (step - across) / 2
        wide = across / (1 if stacked else max(len(row), 1))
        for k, value in enumerate(row):
            if not value:
                continue
            high = _HIGH * value / most
            y = _HIGH + 14 - base - high
            x = left if stacked else left + k * wide
            parts.append(rect(x, y, wide, high, data.tone(k)))
            base += high if stacked else 0
        middle = at * step + step / 2
        parts.append(text(middle, _HIGH + 30, data.labels[at], "middle", most=room))
        if tops[at]:
            y = _HIGH + 10 - _HIGH * tops[at] / most
            label = "" if data.chart.form == "shares" else data.shown(tops[at])
            parts.append(text(middle, y, label, "middle"))
    parts.append(line(0, _HIGH + 14, WIDTH, _HIGH + 14, "axis"))
    if data.chart.limit is not None:
        y = _HIGH + 14 - _HIGH * data.chart.limit / most
        parts.append(line(0, y, WIDTH, y, "limit"))
    return _picture(data, parts, _HIGH + 38)


def _lines(data: _Data) -> Markup:
    known = [v for own in data.series for v in own if v is not None]
    if not known:
        return Markup()
    low, most = min(0.0, *known), max([*known, data.chart.limit or 0.0])
    span = (most - low) or 1.0
    # The last value is written beside its dot.
    step = (WIDTH - 100) / max(len(data.labels) - 1, 1)
    place: Callable[[float], float] = lambda v: 14 + _HIGH * (1 - (v - low) / span)  # noqa: E731
    parts = [line(0, place(low), WIDTH, place(low), "axis")]
    for at, label in enumerate(data.labels):
        parts.append(text(30 + at * step, _HIGH + 30, label, "middle"))
    if data.chart.limit is not None:
        y = place(data.chart.limit)
        parts.append(line(0, y, WIDTH, y, "limit"))
    for k, own in enumerate(data.series):
        dots = [(30 + i * step, place(v)) for i, v in enumerate(own) if v is not None]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
        parts.append(f'<polyline class="l {data.tone(k)}" points="{path}"/>')
        parts += [
            f'<circle class="{data.tone(k)}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
            for x, y in dots
        ]
        if dots:
            x, y = dots[-1]
            last = next(v for v in reversed(own) if v is not None)
            parts.append(text(x + 5, y - 5, data.shown(last)))
    return _picture(data, parts, _HIGH + 38)


_FORMS: Mapping[str, Callable[[_Data], Markup]] = {
    "bars": _bars,
    "columns": _side,
    "stacked": _stacked,
    "shares": _shares,
    "lines": _lines,
}


def _picture(data: _Data, parts: Sequence[str], height: float) -> Markup:
    """Return the picture with the legend of its series below."""
    legend = _legend(data)
    key = f'<g transform="translate(0 {height + 14:.0f})">{legend}</g>'
    whole = [*parts, key] if legend else parts
    return picture(data.chart, whole, height + (22 if legend else 0))


def _legend(data: _Data) -> str:
    parts, x = [], 0.0
    limit = data.chart.limit_label if data.chart.limit is not None else ""
    if limit:
        parts.append(line(0, -4, 24, -4, "limit"))
        parts.append(text(29, 0, limit))
        x = 46 + 6.4 * len(limit)
    for k, series in enumerate(data.chart.series if len(data.chart.series) > 1 else ()):
        parts.append(rect(x, -9, 12, 10, data.tone(k)))
        parts.append(text(x + 17, 0, series.label))
        x += 34 + 6.4 * len(series.label)
    return "".join(parts)
