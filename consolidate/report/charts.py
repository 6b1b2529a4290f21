"""The portfolio's few charts, as SVG pictures that print in black and white.

matplotlib is imported when the first chart is drawn: half of a report's time is there.
"""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Ink and lines are written in these colours and turned light on a dark page.
INK, LINE, PAPER = "#1f2933", "#c3ccd5", "#fdfdfe"
COLOURS = {
    "poor": "#c43d33",
    "fair": "#e2a33b",
    "good": "#3f8f5b",
    "done": "#3d74b8",
    "none": "#9aa5b1",
    "missing": "#dfe4ea",
    "first": "#28587f",
    "second": "#84aecb",
    "third": "#c9d2da",
}
# Hatches tell the parts apart where there is no colour.
_HATCHES = {"poor": "///", "fair": "\\\\", "none": "xx"}
_DARK = (
    "<style>@media (prefers-color-scheme: dark){"
    f'[style*="fill: {INK}"]{{fill:#e4e9ef !important}}'
    f'[style*="stroke: {INK}"]{{stroke:#e4e9ef !important}}'
    f'[style*="stroke: {LINE}"]{{stroke:#4a5663 !important}}'
    f'[style*="stroke: {PAPER}"]{{stroke:#171d24 !important}}'
    "}</style>"
)


@dataclass(frozen=True, slots=True)
class Stack:
    """One stacked bar: its label, and a value for each series."""

    label: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a stacked chart: its word and its tone."""

    label: str
    tone: str


@dataclass(frozen=True, slots=True)
class Bullet:
    """A budget with what was committed and spent of it, and where it is to land."""

    label: str
    budget: float
    committed: float | None
    spent: float | None
    landing: float | None


def stacked_rows(stacks: Sequence[Stack], series: Sequence[Series]) -> str:
    """Return horizontal stacked bars, counts written in them, as a data address."""

    def draw(axes: Axes) -> None:
        left = [0.0] * len(stacks)
        places = range(len(stacks))
        for rank, one in enumerate(series):
            widths = [s.values[rank] for s in stacks]
            bars = axes.barh(places, widths, 0.68, left, **_look(one))
            _write(axes, bars, widths, one.tone)
            left = [a + b for a, b in zip(left, widths, strict=True)]
        axes.set_yticks(places, [s.label for s in stacks])
        axes.invert_yaxis()
        axes.set_xlim(0, max(left) or 1)
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        _legend(axes, len(series))

    return _picture(draw, 6.4, 0.5 + 0.42 * len(stacks))


def stacked_columns(
    stacks: Sequence[Stack],
    series: Sequence[Series],
    share: Callable[[float], str] | None = None,
) -> str:
    """Return stacked columns as a data address.

    Args:
        stacks: From left to right.
        series: From the bottom up.
        share: Writes a share; given, every column is shown as shares of its whole.
    """

    def draw(axes: Axes) -> None:
        bottom = [0.0] * len(stacks)
        places = range(len(stacks))
        sums = [(sum(s.values) or 1.0) if share else 1.0 for s in stacks]
        for rank, one in enumerate(series):
            heights = [s.values[rank] / t for s, t in zip(stacks, sums, strict=True)]
            axes.bar(places, heights, 0.7, bottom, **_look(one))
            bottom = [a + b for a, b in zip(bottom, heights, strict=True)]
        axes.set_xticks(places, [s.label for s in stacks])
        axes.tick_params(axis="x", labelrotation=45 if len(stacks) > 8 else 0)
        _scale(axes, max(bottom), share)
        _legend(axes, len(series))

    return _picture(draw, 6.4, 2.7)


def bullets(
    rows: Sequence[Bullet],
    words: tuple[str, str, str, str],
    unit: Callable[[float], str],
) -> str:
    """Return budgets with what was committed, spent and is to land, as a data address.

    Args:
        rows: The largest first.
        words: Of the budget, the committed and the spent amount, and the landing.
        unit: Writes an amount.
    """

    def draw(axes: Axes) -> None:
        places = range(len(rows))
        budget, committed, spent, landing = words
        look: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.9, "facecolor": "none"}
        axes.barh(
            places, [r.committed or 0 for r in rows], 0.56, label=committed,
            color=COLOURS["second"],
        )  # fmt: skip
        axes.barh(
            places, [r.spent or 0 for r in rows], 0.26, label=spent,
            color=COLOURS["first"],
        )  # fmt: skip
        axes.barh(places, [r.budget for r in rows], 0.74, label=budget, **look)
        told = [(r.landing, k) for k, r in enumerate(rows) if r.landing is not None]
        if told:
            axes.plot(
                *zip(*told, strict=True), "D", label=landing, markersize=6,
                color=COLOURS["poor"], markeredgecolor=PAPER,
            )  # fmt: skip
        axes.set_yticks(places, [r.label for r in rows])
        axes.invert_yaxis()
        axes.xaxis.set_major_formatter(lambda v, _: unit(v))
        axes.locator_params(axis="x", nbins=5)
        axes.grid(axis="x", color=LINE, linewidth=0.6)
        _legend(axes, 4)

    return _picture(draw, 6.4, 0.8 + 0.32 * len(rows))


def _look(series: Series) -> dict[str, Any]:
    return {
        "label": series.label,
        "color": COLOURS[series.tone],
        "hatch": _HATCHES.get(series.tone, ""),
        "edgecolor": PAPER,
        "linewidth": 0.8,
    }


def _write(axes: Axes, bars: Any, widths: Sequence[float], tone: str) -> None:
    dark = tone in ("poor", "good", "done", "first")
    for bar, width in zip(bars, widths, strict=True):
        if width:
            x, y = bar.get_x() + width / 2, bar.get_y() + bar.get_height() / 2
            # A plate behind the number: a hatch must not cut it.
            plate = {"boxstyle": "round,pad=0.15", "fc": COLOURS[tone], "ec": "none"}
            axes.text(
                x, y, f"{width:g}", ha="center", va="center", bbox=plate, fontsize=9,
                color="#ffffff" if dark else "#111820",
            )  # fmt: skip


def _scale(axes: Axes, top: float, share: Callable[[float], str] | None) -> None:
    if share:
        axes.set_ylim(0, 1)
        axes.set_yticks([0, 0.5, 1], [share(s) for s in (0, 0.5, 1)])
    else:
        axes.set_ylim(0, max(top, 1) * 1.05)
        axes.locator_params(axis="y", nbins=4, integer=True)
    axes.grid(axis="y", color=LINE, linewidth=0.6)


def _legend(axes: Axes, columns: int) -> None:
    sheet: Any = axes.figure
    sheet.legend(
        loc="outside upper left", ncols=columns, frameon=False, fontsize=9,
        handlelength=1.1, columnspacing=1.1, borderaxespad=0.1, labelcolor=INK,
    )  # fmt: skip


def _picture(draw: Callable[[Axes], None], width: float, height: float) -> str:
    """Return a drawing as the address of an SVG picture, the same bytes every time."""
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
    from matplotlib.figure import Figure as Canvas  # noqa: PLC0415

    style: Any = {
        "svg.hashsalt": "consolidate",
        "svg.fonttype": "none",
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": 9,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "text.color": INK,
        "axes.edgecolor": LINE,
        "xtick.color": INK,
        "ytick.color": INK,
        "hatch.linewidth": 0.5,
        "text.parse_math": False,
    }
    with mpl.rc_context(style), warnings.catch_warnings():
        # A project's name may hold what the font lacks: it is measured as a box.
        warnings.simplefilter("ignore")
        sheet: Figure = Canvas(figsize=(width, height), layout="constrained")
        axes = sheet.add_subplot()
        axes.set_axisbelow(True)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(length=0, labelsize=9)
        draw(axes)
        text = io.StringIO()
        canvas: Any = FigureCanvasSVG(sheet)
        canvas.print_svg(
            text, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    return address(text.getvalue())


def address(svg: str) -> str:
    """Return the ``data:`` address of a picture, made small and fit for dark pages."""
    svg = re.sub(
        r"<\?xml.*?\?>\s*|<!DOCTYPE.*?>\s*|<metadata>.*?</metadata>\s*",
        "",
        svg,
        flags=re.S,
    )
    svg = re.sub(r"(<svg[^>]*>)", lambda m: m[1] + _DARK, svg, count=1)
    svg = svg.replace("'DejaVu Sans'", "system-ui, 'Segoe UI', 'DejaVu Sans'")
    svg = re.sub(r">\s+<", "><", svg)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
