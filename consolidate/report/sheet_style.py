"""How the workbook looks: fonts, colours and formats, made once each."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from consolidate.report.format import CellKind, cell_format

FONT = "Arial"
SIZE = 9
INK = "#1F2A37"
MUTED = "#5B6673"
LINE = "#D5DBE1"
HEAD = "#1F3A5F"
PALE = "#F3F5F8"
WORKED = "#44648C"
TONES = {
    "green": ("#CDE9D3", "#14532D"),
    "amber": ("#FFE2A8", "#6B3F00"),
    "red": ("#F9C9C5", "#7F1D14"),
    "blue": ("#CFE1F6", "#123E73"),
    "grey": ("#E4E7EB", "#454E58"),
}
"""Fill and text of a status; the word is always written too."""

CHART_TONES = {
    "green": "#4C9A63",
    "amber": "#E3A02B",
    "red": "#C4453A",
    "blue": "#4A7FBF",
    "grey": "#A3ABB5",
    "missing": "#E4E7EB",
}
SEVERITIES = {
    "findings": {"error": "red", "warning": "amber"},
    "alerts": {"critical": "red", "major": "amber"},
}
"""How grave a finding or an alert is, as the colour of its word; the least has none."""

SERIES = ("#1F3A5F", "#4A7FBF", "#9DBBDD", "#E3A02B")
BAR = "#9DBBDD"
_RULE = {"bottom": 1, "bottom_color": LINE}  # said by each: one mark may hide another's


class Style:
    """Formats of one workbook."""

    def __init__(self, book: Workbook, lang: str) -> None:
        """Keep the workbook that formats belong to."""
        self._book = book
        self.lang = lang
        self.made = lru_cache(maxsize=None)(self._made)

    def cell(
        self, kind: CellKind, *, wrap: bool = False, centred: bool = False
    ) -> Format:
        """Return the format of a table's cells."""
        side = "left" if kind == "text" else "right"
        # Figures keep off the text of the next column.
        return self.look(
            num_format=cell_format(kind, self.lang),
            valign="top",
            text_wrap=wrap,
            align="center" if centred else side,
            indent=int(kind != "text"),
        )

    def number(self, kind: CellKind, **more: Any) -> Format:
        """Return a format that shows a kind of number."""
        return self.look(num_format=cell_format(kind, self.lang), **more)

    def look(self, **properties: Any) -> Format:
        """Return a format with these properties, in the workbook's font."""
        return self.made(tuple(sorted(properties.items())))

    def tone(self, name: str) -> Format:
        """Return how a status is coloured."""
        fill, ink = TONES[name]
        return self._plain(bg_color=fill, font_color=ink, **_RULE)

    def ink(self, name: str) -> Format:
        """Return the colours of a status alone, for cells that have lines of their own."""
        fill, ink = TONES[name]
        return self._plain(bg_color=fill, font_color=ink)

    def late(self) -> Format:
        """Return how a late date is marked."""
        return self._plain(font_color="#A61B10", bold=True, **_RULE)

    def ruled(self) -> Format:
        """Return the thin line below each row of a table."""
        return self._plain(**_RULE)

    def opening(self) -> Format:
        """Return the line above the first row of a group."""
        return self._plain(top=1, top_color=MUTED, **_RULE)

    def repeated(self) -> Format:
        """Return how what the row above says too is written."""
        return self._plain(font_color=MUTED, **_RULE)

    def link(self, *, wrap: bool) -> Format:
        """Return the format of a cell that leads elsewhere."""
        return self.look(
            font_color="#123E73", underline=1, valign="top", text_wrap=wrap
        )

    def heading(self, *, is_formula: bool = False) -> Format:
        """Return the format of a table's header cells; what is worked out differs."""
        return self.look(
            bold=True,
            italic=is_formula,
            font_color="#FFFFFF",
            bg_color=WORKED if is_formula else HEAD,
            text_wrap=True,
            valign="vcenter",
            border=1,
            border_color="#FFFFFF",
        )

    def _plain(self, **properties: Any) -> Format:
        # For conditional formats, which may not name a font.
        return self.made((("conditional", True), *sorted(properties.items())))

    def _made(self, properties: tuple[tuple[str, Any], ...]) -> Format:
        given = dict(properties)
        if given.pop("conditional", False):
            return self._book.add_format(given)
        base = {"font_name": FONT, "font_size": SIZE, "font_color": INK}
        return self._book.add_format({**base, **given})
