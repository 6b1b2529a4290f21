"""Find plans drawn by hand: tasks down, days, weeks or months across, bars as colours."""

from __future__ import annotations

import re
from itertools import takewhile

from consolidate.detect.grid import Grid, Taken
from consolidate.detect.header import HeaderRow
from consolidate.model.workbook import Position

_PERIODS = 4
_TASKS = 3
_GAP_ROWS = 2
_LONGEST = 60
_NAMED = 0.75
_NUMERAL = re.compile(r"\d+")


def find_calendars(grid: Grid, taken: Taken) -> list[HeaderRow]:
    """Return the headers of the calendars nothing has taken yet, from top to bottom.

    A calendar is a row of at least four days, weeks, months or steps, over three rows or
    more that begin with a text. Its header is that row, or the next one when the name of
    the column of tasks stands there.
    """
    found: list[HeaderRow] = []
    for row in range(len(grid.filled)):
        first, last = _periods(grid, taken, row)
        if last < 0 or _periods(grid, taken, row + 1)[1] >= 0:
            continue
        head = _head(grid, row, first)
        if head and _tasks_below(grid, *head) >= _TASKS:
            right = grid.span(row, last).right
            found.append(HeaderRow(head[0], head[1], right, 1.0, 1, sure=True))
    return found


def _periods(grid: Grid, taken: Taken, row: int) -> tuple[int, int]:
    """Return the first and last of the periods that end a row; -1 when they are too few."""
    columns = [c for c, _ in taken.free(grid, row)] if row < len(grid.filled) else []
    if len(columns) < _PERIODS or grid.period(row, columns[-1]) is None:
        return -1, -1
    run = list(takewhile(lambda c: grid.period(row, c), reversed(columns)))
    return (run[-1], run[0]) if len(run) >= _PERIODS else (-1, -1)


def _head(grid: Grid, row: int, first: int) -> Position | None:
    """Return the header row and the column of the tasks, left of the first period."""
    for head in (row, row + 1):
        texts = [c for c in range(first) if grid.text(head, c)]
        if texts and _is_named(grid, head, texts[-1]):
            return head, texts[-1]
    if any(not grid.empty(row, c) for c in range(first)):
        return None
    counts = {c: _tasks_below(grid, row, c) for c in range(first)}
    best = max(counts, key=lambda c: (counts[c], -c), default=None)
    return None if best is None else (row, best)


def _is_named(grid: Grid, row: int, col: int) -> bool:
    """Whether a cell is the header of a column of tasks, and not of people."""
    text = grid.text(row, col)
    if len(text) > _LONGEST or any(map(str.isdigit, text)):
        return False
    scores = {(m.table, m.field): s for m, s in grid.match(row, col).items()}
    return (
        scores.get(("milestones", "name"), 0.0) >= _NAMED
        and scores.get(("workload", "person"), 0.0) < _NAMED
    )


def _tasks_below(grid: Grid, row: int, col: int) -> int:
    """Count the texts below a cell that more than a number tells apart, as far as they go on."""
    stems: set[str] = set()
    blank = 0
    for below in range(row + 1, len(grid.filled)):
        text = grid.text(below, col)
        blank = 0 if text else blank + 1
        if blank > _GAP_ROWS:
            break
        if text:
            stems.add(_NUMERAL.sub("", text))
    return len(stems)
