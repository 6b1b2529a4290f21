"""From a header row to its table: stacked headers, columns, body rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from consolidate.detect.grid import Grid, is_data, is_number
from consolidate.detect.header import HeaderRow
from consolidate.model.address import Box
from consolidate.model.block import Block, Lane
from consolidate.model.period import Period
from consolidate.model.text import fold
from consolidate.model.workbook import Position, Value

_MAX_GROUP_ROWS = 3
_MAX_BLANK_ROWS = 4
_LOOK_AHEAD = 4
_LONG_NOTE = 90
_QUALIFIER = re.compile(
    r"(?:initial|prevu|prevision|reel|realise|revise|actual|planned|forecast|baseline|cible|"
    r"debut|fin|start|end|consomme|reste|engage|paye|facture|mandate|liquide|budget|total|"
    r"charge|date|statut|note|p|i|g|c|raf|bi|br|ae|cp)\w*"
)


def build_table(
    grid: Grid, header: HeaderRow, stops: Iterable[HeaderRow], *, ends: bool = False
) -> Block:
    """Return the table a header row heads.

    Args:
        grid: The sheet.
        header: Its main header row.
        stops: Other header rows of the sheet, where its body must end.
        ends: Whether nothing of the header stands below that row.
    """
    left, right = _edges(grid, header)
    top = _group_top(grid, header.row, left, right)
    bottom = header.row
    if not ends:
        bottom = _band_bottom(grid, top, header.row, left, right)
    lanes = _lanes(grid, range(top, bottom + 1), left, right)
    limit = _limit(header, stops, left, right, len(grid.filled))
    body = _body(grid, lanes, bottom + 1, limit)
    last = body[-1] if body else bottom
    title, title_cell = _title(grid, top, left, right)
    return Block(
        "table",
        Box(top, left, last, right),
        header=tuple(range(top, bottom + 1)),
        lanes=lanes,
        body=body,
        title=title,
        title_cell=title_cell,
    )


def _edges(grid: Grid, header: HeaderRow) -> tuple[int, int]:
    """Widen a header to columns without a name that hold data beside it."""
    left, right = header.left, grid.span(header.row, header.right).right
    rows = range(header.row + 1, min(header.row + 9, len(grid.filled)))
    while left > 0 and sum(not grid.empty(r, left - 1) for r in rows) >= max(
        2, len(rows) // 2
    ):
        if not grid.empty(header.row, left - 1):
            break
        left -= 1
    while grid.period(header.row, right + 1) is not None:
        right += 1
    return left, _reach_of_group(grid, header.row, right)


def _reach_of_group(grid: Grid, row: int, right: int) -> int:
    """Widen a header whose last title groups names that go on below it, unmerged."""
    reach = right
    while (
        grid.empty(row, reach + 1)
        and grid.text(row + 1, reach)
        and grid.text(row + 1, reach + 1)
        and is_data(grid.sheet.value(row + 2, reach + 1))
    ):
        reach += 1
    return reach


def _group_top(grid: Grid, row: int, left: int, right: int) -> int:
    """Return the first row of the header, group titles above the main row included."""
    top = row
    while (
        top > 0
        and row - top < _MAX_GROUP_ROWS
        and _is_group_row(grid, top - 1, row, left, right)
    ):
        top -= 1
    anchors = [grid.anchor(row, col)[0] for col in range(left, right + 1)]
    return min([top, *(a for a in anchors if row - a <= _MAX_GROUP_ROWS)])


def _is_group_row(grid: Grid, row: int, main: int, left: int, right: int) -> bool:  # noqa: PLR0911 (one answer per rule, in order)
    cells = list(grid.between(row, left, right))
    if not cells:
        return False
    if any(is_data(v) and grid.period(row, c) is None for c, v in cells):
        return False
    if any(
        isinstance(v, str) and (len(v) > 120 or v.rstrip().endswith(":"))
        for _, v in cells
    ):
        return False
    spans = [grid.span(row, c) for c, _ in cells]
    wide = [s for s in spans if s.right > s.left]
    texts = {fold(str(v)) for _, v in cells}
    if (
        len(texts) == 1
        and wide
        and wide[0].left <= left
        and not _needs_group(grid, main, left)
    ):
        return False
    if len(texts) == 1 and (
        len(cells) > 1 or (wide and _spans_all(wide[0], left, right))
    ):
        return False
    if wide:
        return True
    halves = [c for c, _ in cells if grid.period(row, c) or _needs_group(grid, main, c)]
    if len(halves) == len(cells) and any(grid.empty(main, c) for c in halves):
        return True
    return len(halves) * 2 > len(cells) and len(cells) <= (right - left + 1) * 0.7


def _spans_all(span: Box, left: int, right: int) -> bool:
    return span.right - span.left >= (right - left) * 0.8


def _needs_group(grid: Grid, main: int, col: int) -> bool:
    """Whether a header cell says too little alone: nothing, or only Initial, Réel ..."""
    text = grid.text(main, col)
    return not text or bool(_QUALIFIER.fullmatch(fold(text)))


def _band_bottom(grid: Grid, top: int, row: int, left: int, right: int) -> int:
    bottom = row
    for r in range(top, row + 1):
        for c in range(left, right + 1):
            span = grid.spans.get((r, c))
            if span and span.top >= top and span.bottom - row <= _MAX_GROUP_ROWS:
                bottom = max(bottom, span.bottom)
    while bottom - row < _MAX_GROUP_ROWS and _is_sub_row(
        grid, row, bottom + 1, left, right
    ):
        bottom += 1
    return bottom


def _is_sub_row(grid: Grid, row: int, below: int, left: int, right: int) -> bool:
    """Whether the row below completes the header: names under group titles."""
    cells = list(grid.between(below, left, right))
    if not cells or any(not isinstance(v, str) or len(v) > 80 for _, v in cells):
        return False
    under = 0
    for col, _ in cells:
        anchor = grid.anchor(row, col)
        span = grid.spans.get(anchor)
        if (span and span.right > span.left) or grid.empty(row, col):
            under += 1
        elif grid.empty(row, col + 1) and grid.text(below, col + 1):
            under += 1  # the first name under a title that is not merged
    merged = any(
        (span := grid.spans.get(grid.anchor(row, c))) and span.right > span.left
        for c, _ in cells
    )
    if under < 2 or under < 0.8 * len(cells) or not (merged or under == len(cells)):
        return False
    # Nothing but different words under merged titles: no row of values looks so.
    words = {fold(grid.text(below, col)) for col, _ in cells}
    only_titles = merged and under == len(cells) == len(words) and "" not in words
    return only_titles or any(
        max(grid.match(below, c).values(), default=0.0) >= 0.8 for c, _ in cells
    )


def _lanes(grid: Grid, band: range, left: int, right: int) -> tuple[Lane, ...]:
    lanes = []
    for col in range(left, right + 1):
        parts, cell, period = _stack(grid, band, left, col)
        lanes.append(Lane(col, " / ".join(parts), cell, period))
    return tuple(lanes)


def _stack(
    grid: Grid, band: range, left: int, col: int
) -> tuple[list[str], Position | None, Period | None]:
    """Return the header texts above a column, its lowest cell, and its period."""
    parts: list[str] = []
    cell: Position | None = None
    period: Period | None = None
    for row in band:
        place = grid.anchor(row, col)
        if grid.empty(*place) and row < band[-1]:
            place = _spread(grid, band, row, left, col) or place
        if place == cell or grid.empty(*place):
            continue
        own = place[1] == col or grid.spans.get(place) is not None
        found = grid.period(*place)
        if found and (period is None or own):
            period = found
        text = grid.text(*place)
        if text and (not parts or fold(parts[-1]) != fold(text)):
            parts.append(text)
        if own or cell is None:
            cell = place if own else cell
    return parts, cell, period


def _spread(grid: Grid, band: range, row: int, left: int, col: int) -> Position | None:
    """Return the group title that reaches a column from its left without a merge."""
    if not _QUALIFIER.fullmatch(fold(grid.text(band[-1], col))):
        return None
    for near in range(col - 1, max(left - 1, col - 6), -1):
        if not grid.empty(row, near):
            span = grid.span(row, near)
            return (row, near) if span.right == span.left else None
        if not _QUALIFIER.fullmatch(fold(grid.text(band[-1], near))):
            return None
    return None


def _limit(
    header: HeaderRow, stops: Iterable[HeaderRow], left: int, right: int, end: int
) -> int:
    """Return the row before which the body must end."""
    below = [
        s.row
        for s in stops
        if s.sure and s.row > header.row and s.left <= right and left <= s.right
    ]
    return min(below, default=end)


def _body(
    grid: Grid, lanes: tuple[Lane, ...], start: int, limit: int
) -> tuple[int, ...]:
    """Return the rows below a header that belong to its table."""
    cols = [lane.at for lane in lanes if lane.period is None] or [x.at for x in lanes]
    left, right = lanes[0].at, lanes[-1].at
    core = set(cols)
    whole = len(core) == right - left + 1
    body: list[int] = []
    past = _Past()
    for row in range(start, limit):
        cells = grid.between(row, left, right)
        if not whole:
            cells = [cell for cell in cells if cell[0] in core]
        if not cells:
            past = past._replace(blank=past.blank + 1)
            if past.blank > _MAX_BLANK_ROWS and not body:
                break
            continue
        if past.blank > _MAX_BLANK_ROWS and not _resumes(
            grid, body, range(row, limit), core
        ):
            break
        if body and past.blank and _is_total_row(grid, body[-1], left, right):
            break
        if body and _ends_table(grid, range(row, limit), cells, past, core):
            break
        if past.blank and _heads_another(grid, row, cells, body):
            break
        body.append(row)
        narrow = past.narrow or len(cells) == 1
        past = _Past(0, max(past.widest, len(cells)), narrow)
    return tuple(body)


def _heads_another(
    grid: Grid, row: int, cells: Sequence[tuple[int, Value]], body: Sequence[int]
) -> bool:
    """Whether a row below a blank one heads a table of its own.

    It holds words only, and below them stand numbers where the rows above have dates, or
    dates where they have numbers.
    """
    if len(cells) < 2 or any(not isinstance(v, str) for _, v in cells):
        return False
    named = [column for column, _ in cells[1:]]
    turned = 0
    for column in named:
        above = {_is_date(v) for r in body if is_data(v := grid.sheet.value(r, column))}
        below = grid.sheet.value(row + 1, column)
        turned += is_data(below) and above == {not _is_date(below)}
    return turned * 2 >= len(named)


def _is_date(value: Value) -> bool:
    return isinstance(value, date)


def _resumes(
    grid: Grid, body: Sequence[int], rest: range, core: Collection[int]
) -> bool:
    """Whether the rows after a long gap, where ``rest`` begins, are of the same table.

    They fill the columns of the table and no other beside them, with values of the kinds
    seen there above the gap, and one of them as fully as the rows above do.
    """
    seen = [_kinds(grid, row, core) for row in body]
    known = frozenset[tuple[int, type]]().union(*seen)
    usual = sorted(map(len, seen))[(len(seen) - 1) // 2]
    near: list[frozenset[tuple[int, type]]] = []
    for row in rest[:_LOOK_AHEAD]:
        kinds = _kinds(grid, row, core)
        if kinds:
            near.append(kinds)
            outside = grid.between(row, min(core) - 1, max(core) + 1)
            if len(outside) > len(kinds) or len(kinds & known) * 5 < len(kinds) * 4:
                return False
    widest = max(map(len, near), default=0)
    return len(near) >= 2 and widest >= max(3, usual)


def _kinds(grid: Grid, row: int, core: Collection[int]) -> frozenset[tuple[int, type]]:
    return frozenset(
        (col, float if is_number(value) else date if is_data(value) else str)
        for col, value in grid.between(row, min(core), max(core))
        if col in core
    )


class _Past(NamedTuple):
    """What the rows of a body were so far.

    Attributes:
        blank: Empty rows just before.
        widest: Filled cells of the fullest row.
        narrow: Whether one had a single cell.
    """

    blank: int = 0
    widest: int = 0
    narrow: bool = False


def _is_total_row(grid: Grid, row: int, left: int, right: int) -> bool:
    texts = [fold(v) for _, v in grid.between(row, left, right) if isinstance(v, str)]
    return any(t.startswith(("total", "grand total", "somme")) for t in texts[:2])


def _ends_table(
    grid: Grid,
    rest: range,
    cells: Sequence[tuple[int, Value]],
    past: _Past,
    core: set[int],
) -> bool:
    """Whether the first row of ``rest``, filled as ``cells``, is no longer of the table."""
    column, first = cells[0]
    if isinstance(first, str):
        text = first.strip()
        label = text.endswith(":")
        if past.blank == 1 and past.narrow and column == min(core):
            return label or len(text) >= _LONG_NOTE
        if label and len(cells) <= 2:
            return True
        if past.blank and len(cells) <= 2 and len(text) > _LONG_NOTE:
            return True
    if not past.blank or past.widest < 3:
        return past.blank >= 2 and len(cells) < max(1, past.widest - 1)
    if len(cells) >= max(2, past.widest / 3):
        return False
    fits = max(2, past.widest / 2)
    return not any(
        sum(1 for c, _ in grid.filled[r] if c in core) >= fits for r in rest[1:3]
    )


def _title(grid: Grid, top: int, left: int, right: int) -> tuple[str, Position | None]:
    """Return the lone texts in the four rows above a table, nearest first."""
    found: list[str] = []
    where: Position | None = None
    for row in range(top - 1, max(-1, top - 5), -1):
        cells = list(grid.between(row, left, right)) or list(
            grid.between(row, 0, right)
        )
        texts = [(c, v.strip()) for c, v in cells if isinstance(v, str)]
        distinct = {t for _, t in texts}
        if len(distinct) == 1 and len(texts) == len(cells) and len(texts[0][1]) <= 150:
            found.append(texts[0][1])
            where = where or (row, texts[0][0])
        elif cells:
            break
    return " | ".join(found), where
