"""What the sheets mark by themselves: colours, bars, what is late, where a group begins.

All are conditional formats: they follow what the PMO edits, sorts and filters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from consolidate.report.sheet_block import BlockSheet
from consolidate.report.sheet_derived import DUE
from consolidate.report.sheet_formula import quoted
from consolidate.report.sheet_style import BAR, SEVERITIES, TONES, Style
from consolidate.report.sheet_words import BookWords
from consolidate.wording import tr

if TYPE_CHECKING:
    from consolidate.report.sheet_table import TableSheet


def mark(
    sheet: BlockSheet, spec: TableSheet, top: int, style: Style, words: BookWords
) -> None:
    """Set the conditional formats of a table whose header is in row ``top``, from 0."""
    marks = _Marks(sheet, spec, top + 1, style)
    marks.words(words)
    marks.figures()
    marks.late(words.tr("overdue"))
    marks.groups()


class _Marks:
    def __init__(
        self, sheet: BlockSheet, spec: TableSheet, first: int, style: Style
    ) -> None:
        self._sheet = sheet
        self._spec = spec
        self._first = first
        self._style = style

    def _mark(self, left: int, right: int, **options: object) -> None:
        last = self._first + self._spec.size - 1
        self._sheet.conditional_format(self._first, left, last, right, options)

    def _when(self, left: int, right: int, test: str, look: Format) -> None:
        self._mark(left, right, type="formula", criteria=f"={test}", format=look)

    def _cell(self, column: int) -> str:
        return f"${xl_col_to_name(column)}{self._first + 1}"

    def words(self, words: BookWords) -> None:
        """Colour statuses and how grave findings are, behind their words."""
        tones = [(words.rag(code), code) for code in TONES]
        for left, right in _runs(self._spec, "status"):
            self._tones(left, right, tones)
        severity = self._spec.at("severity")
        if severity is not None:
            key = "alert-severity" if self._spec.table == "alerts" else "book-severity"
            told = [
                (tr(f"{key}-{code}", words.lang), tone)
                for code, tone in SEVERITIES[self._spec.table].items()
            ]
            self._tones(severity, severity, told)

    def _tones(self, left: int, right: int, tones: Sequence[tuple[str, str]]) -> None:
        for word, tone in tones:
            look = self._style.tone(tone)
            test = {"type": "cell", "criteria": "==", "value": quoted(word)}
            self._mark(left, right, **test, format=look)

    def figures(self) -> None:
        """Show progress as bars; mark grave risks and landings above the budget."""
        for k, column in enumerate(self._spec.columns):
            if column.kind == "share" and "progress" in column.name:
                self._mark(k, k, **_BAR)
            if column.name.endswith("criticality"):
                self._above(k, ">=", (("red", 15), ("amber", 10)))
            if column.name == "gap_share":
                self._above(k, ">", (("red", 0.1), ("amber", 0.05)))

    def _above(
        self, column: int, sign: str, tones: Sequence[tuple[str, float]]
    ) -> None:
        cell = self._cell(column)
        for tone, least in tones:
            # A text is more than any number.
            test = f"AND(ISNUMBER({cell}),{cell}{sign}{least})"
            self._when(column, column, test, self._style.tone(tone))

    def late(self, overdue: str) -> None:
        """Mark what is late, and the date that says so: the first that is known."""
        late, due = self._spec.at("late"), DUE.get(self._spec.table)
        if late is None or due is None:
            return
        look = self._style.late()
        tests = [f"ISNUMBER({self._cell(late)})"]
        self._when(late, late, tests[0], look)
        for name in due.dates:
            column = self._spec.at(name)
            if column is not None:
                cell = self._cell(column)
                told = ",".join([f"ISNUMBER({cell})", *tests])
                self._when(column, column, f"AND({told})", look)
                tests.append(f'{cell}=""')
        timing = self._spec.at("due")
        if timing is not None:
            self._when(timing, timing, f"{self._cell(timing)}={quoted(overdue)}", look)

    def groups(self) -> None:
        """Draw a line where a group begins, and mute what the row above says too."""
        right = len(self._spec.columns) - 1
        if self._spec.group:
            above, own = f"$A{self._first}", f"$A{self._first + 1}"
            named = max(self._spec.frozen - 2, 0)
            self._when(0, named, f"{own}={above}", self._style.repeated())
            self._when(0, right, f"{own}<>{above}", self._style.opening())
        self._when(0, right, "TRUE", self._style.ruled())


def _runs(spec: TableSheet, start: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last of neighbouring columns whose name starts so."""
    at = [k for k, c in enumerate(spec.columns) if c.name.startswith(start)]
    while at:
        n = next((i for i in range(1, len(at)) if at[i] != at[0] + i), len(at))
        yield at[0], at[n - 1]
        at = at[n:]


_BAR: dict[str, object] = {
    "type": "data_bar",
    "data_bar_2010": True,
    "bar_solid": True,
    "bar_color": BAR,
    "min_type": "num",
    "max_type": "num",
    "min_value": 0,
    "max_value": 1,
}
