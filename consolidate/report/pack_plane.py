"""Charts of a pack's page that lie in time or in cells: Gantt, dates-dates, bubbles, matrix."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from consolidate.model.pack import Chart
from consolidate.report import format as shown
from consolidate.report.csv_text import values
from consolidate.report.html_words import brief, visible
from consolidate.report.pack_shape import WIDTH, circle, line, picture, text
from consolidate.report.pack_text import as_day, is_known, told

_LABEL = 170
_ROW = 20
_SQUARE = 300
_LEFT = 60
_BUBBLE = 26.0
_TICKS = 5


def cells(chart: Chart, _lang: str) -> Markup:
    """Return rows against columns: a table, each cell coloured and in words.

    ``matrix`` and ``strip``: columns ``chart.x``, ``column``, ``text`` and ``tone``.
    """
    frame = chart.frame
    names = [*dict.fromkeys(map(str, values(frame[chart.x])))]
    across = [*dict.fromkeys(map(str, values(frame["column"])))]
    given = zip(*(values(frame[c]) for c in (chart.x, "column", "text", "tone")), strict=True)  # fmt: skip
    known = {(str(x), str(c)): (t, tone) for x, c, t, tone in given}
    head = "".join(f'<th scope="col">{_clean(c)}</th>' for c in across)
    corner = _clean(" / ".join(filter(None, (chart.x_label, chart.y_label))))
    rows = "".join(
        f'<tr><th scope="row">{_clean(name)}</th>'
        + "".join(_tinted(*known.get((name, c), ("", ""))) for c in across)
        + "</tr>"
        for name in names
    )
    label = escape(chart.text or chart.title)
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<div class="scroll" tabindex="0" role="group" aria-label="{label}">'
        f'<table class="cells"><thead><tr><td>{corner}</td>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _clean(value: object) -> str:
    return str(escape(visible(brief(str(value), 80))))


def _tinted(value: object, tone: object) -> str:
    css = f' class="{escape(str(tone))}"' if tone else ""
    return f"<td{css}>{_clean(value) if is_known(value) else ''}</td>"


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a value lies between two places."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        span = (self.high - self.low) or 1.0
        return self.start + (self.end - self.start) * (value - self.low) / span


def _days(frame_values: Iterable[Any]) -> list[int | None]:
    return [as_day(v).toordinal() if is_known(v) else None for v in frame_values]


def gantt(chart: Chart, lang: str) -> Markup:
    """Return milestones over time: ◇ baseline, ◆ forecast, ● done.

    Columns ``chart.x``, ``day``, ``sort`` (baseline, forecast, actual), ``tone``;
    ``chart.limit`` is the ordinal of the cut-off.
    """
    frame = chart.frame
    days = _days(values(frame["day"]))
    known = [d for d in days if d is not None]
    if not known:
        return Markup()
    limit = [int(chart.limit)] if chart.limit is not None else []
    scale = _Scale(min(known + limit), max(known + limit), _LABEL + 10, WIDTH - 20)
    names = [*dict.fromkeys(map(str, values(frame[chart.x])))]
    height = _ROW * len(names) + 24
    parts = [*_time_ticks(scale, height - 18, lang)]
    for row, name in enumerate(names):
        y = row * _ROW + 14
        parts.append(text(_LABEL, y + 4, name, "end", most=28))
        parts.append(line(_LABEL + 10, y, WIDTH - 20, y, "grid"))
    tones = values(frame["tone"]) if "tone" in frame else [""] * len(days)
    marks = zip(map(str, values(frame[chart.x])), days, values(frame["sort"]), tones, strict=True)  # fmt: skip
    for name, day, sort, tone in marks:
        if day is not None:
            x, y = scale.at(day), names.index(name) * _ROW + 14
            parts.append(_mark(x, y, str(sort), str(tone or "")))
    if limit:
        x = scale.at(limit[0])
        parts.append(line(x, 0, x, height - 18, "limit"))
    return picture(chart, parts, height)


def _mark(x: float, y: float, sort: str, tone: str) -> str:
    if sort == "actual":
        return circle(x, y, 4.5, tone or "done")
    shape = f"M{x:.1f} {y - 6:.1f}l6 6-6 6-6-6z"
    css = "hollow" if sort == "baseline" else tone or "a"
    return f'<path class="{css}" d="{shape}"/>'


def _time_ticks(scale: _Scale, bottom: float, lang: str) -> Iterator[str]:
    """Yield a line and a name for some months of a horizontal scale of days."""
    for day in _months(int(scale.low), int(scale.high)):
        x = scale.at(day.toordinal())
        name = shown.month(f"{day:%Y-%m}", lang, short=True)
        yield line(x, 0, x, bottom, "grid")
        yield text(x, bottom + 14, name, "middle")


def _months(low: int, high: int) -> list[date]:
    """Return the first days of at most some months between two ordinals."""
    first, last = date.fromordinal(low), date.fromordinal(high)
    months = (last.year - first.year) * 12 + last.month - first.month
    step = max(1, math.ceil(months / 8))
    found = []
    for ahead in range(1, months + 1, step):
        year, month = divmod(first.year * 12 + first.month - 1 + ahead, 12)
        found.append(date(year, month + 1, 1))
    return found


def dates(chart: Chart, lang: str) -> Markup:
    """Return a dates-dates chart: what each report announced, against its own date.

    A line that stays level is held; one that rises slips; where it meets the diagonal
    the milestone is reached. Columns ``chart.x`` (report) and a date for each series.
    """
    reports = _days(values(chart.frame[chart.x]))
    lines = [_days(values(chart.frame[s.name])) for s in chart.series]
    known = [d for own in (reports, *lines) for d in own if d is not None]
    if not known:
        return Markup()
    low, high = min(known), max(known)
    across = _Scale(low, high, _LEFT, _LEFT + _SQUARE * 1.6)
    up = _Scale(low, high, _SQUARE, 10)
    parts = [*_time_ticks(across, _SQUARE, lang)]
    for day in _months(low, high):
        y = up.at(day.toordinal())
        name = shown.month(f"{day:%Y-%m}", lang, short=True)
        parts.append(text(_LEFT - 6, y + 4, name, "end"))
    parts.append(line(across.at(low), up.at(low), across.at(high), up.at(high), "diag"))
    for k, own in enumerate(lines):
        spots = [
            (across.at(r), up.at(d))
            for r, d in zip(reports, own, strict=True)
            if r is not None and d is not None
        ]
        parts += _path(spots, chart.series[k].tone or "abcd"[k % 4])
        if spots:
            x, y = spots[-1]
            parts.append(text(x + 6, y - 4, chart.series[k].label, most=34))
    return picture(chart, parts, _SQUARE + 24)


def _path(spots: Sequence[tuple[float, float]], tone: str) -> list[str]:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    return [
        f'<polyline class="l {tone}" points="{points}"/>',
        *(circle(x, y, 3, tone) for x, y in spots),
    ]


def bubbles(chart: Chart, lang: str) -> Markup:
    """Return circles at ``chart.x`` and the first series, as large as the second.

    Columns ``name`` and ``tone`` beside.
    """
    frame = chart.frame
    names = [chart.x, *(s.name for s in chart.series)]
    columns = [values(frame[n]) for n in names]
    label = values(frame["name"]) if "name" in frame else [""] * len(frame)
    tone = values(frame["tone"]) if "tone" in frame else [""] * len(frame)
    rows = [r for r in zip(*columns, label, tone, strict=True) if is_known(r[0]) and is_known(r[1])]  # fmt: skip
    if not rows:
        return Markup()
    across = _padded([float(r[0]) for r in rows], _LEFT + 30, WIDTH - 40)
    up = _padded([float(r[1]) for r in rows], _SQUARE - 20, 30)
    sizes = [float(r[2]) if len(names) > 2 and is_known(r[2]) else 0.0 for r in rows]
    most = max(sizes) or 1.0
    parts = [line(_LEFT, _SQUARE, WIDTH - 10, _SQUARE, "axis"), line(_LEFT, 10, _LEFT, _SQUARE, "axis")]  # fmt: skip
    parts += [*_value_ticks(chart, across, up, lang)]
    order = sorted(range(len(rows)), key=lambda k: -sizes[k])
    for k in order:
        x, y = across.at(float(rows[k][0])), up.at(float(rows[k][1]))
        radius = 4 + _BUBBLE * math.sqrt(max(sizes[k], 0.0) / most)
        parts.append(circle(x, y, radius, f"see {rows[k][-1] or 'a'}"))
        parts.append(text(x, y + 4, str(rows[k][-2]), "middle", most=16))
    parts.append(text(WIDTH - 10, _SQUARE + 30, chart.x_label, "end", most=70))
    parts.append(text(_LEFT - 50, 6, chart.y_label, most=70))
    return picture(chart, parts, _SQUARE + 36)


def _padded(given: Sequence[float], start: float, end: float) -> _Scale:
    low, high = min(*given, 0.0), max(*given, 0.0)
    return _Scale(low, high if high > low else low + 1, start, end)


def _value_ticks(chart: Chart, across: _Scale, up: _Scale, lang: str) -> Iterator[str]:
    for k in range(_TICKS):
        part = k / (_TICKS - 1)
        value = across.low + part * (across.high - across.low)
        yield text(across.at(value), _SQUARE + 14, told(value, chart.kind, lang), "middle")  # fmt: skip
        level = up.low + part * (up.high - up.low)
        yield text(_LEFT - 6, up.at(level) + 4, shown.number(level, lang), "end")


FORMS: Mapping[str, Callable[[Chart, str], Markup]] = {
    "matrix": cells,
    "strip": cells,
    "gantt": gantt,
    "dates": dates,
    "bubbles": bubbles,
}
