"""Shapes of inline SVG: classes and plain attributes alone, every text escaped."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from consolidate.model.pack import Chart
from consolidate.report.html_words import brief, visible

WIDTH = 720
"""Width of every chart; pages scale it."""


def picture(chart: Chart, parts: Sequence[str], height: float) -> Markup:
    """Return a chart as a picture named by its text equivalent."""
    label = escape(visible(chart.text or chart.title))
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<svg class="plot" width="{WIDTH}" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )


def rect(x: float, y: float, wide: float, high: float, css: str) -> str:
    """Return a rectangle; nothing negative is drawn."""
    size = f'width="{max(wide, 0):.1f}" height="{max(high, 0):.1f}"'
    return f'<rect class="{escape(css)}" x="{x:.1f}" y="{y:.1f}" {size}/>'


def circle(x: float, y: float, radius: float, css: str) -> str:
    """Return a circle."""
    return f'<circle class="{escape(css)}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    """Return a straight line."""
    return f'<path class="{css}" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>'


def text(
    x: float, y: float, told: str, anchor: str = "start", *, most: int = 40
) -> str:
    """Return a short text at a place; nothing for none."""
    if not told:
        return ""
    clean = escape(visible(brief(told, most)))
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{clean}</text>'
