"""Find forms: labels with their value at their right, below, or in the same cell."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from consolidate.detect.grid import Grid, Taken, is_data
from consolidate.model.address import Box
from consolidate.model.block import Block, Lane, Pair
from consolidate.model.text import fold
from consolidate.model.workbook import Position, Value

_MAX_GAP = 4
_SURE = 0.84
_NAMED = 0.8
_MAX_ROWS = 400
_HEADED = 12
_SENTENCE = 15
_IN_SENTENCES = frozenset({
    "description", "objective", "highlights", "next_steps", "attention_points",
    "decisions", "assistance_requested", "dependencies", "comment",
})  # fmt: skip
"""Fields of a project that people title and write below."""

_LABEL_ROWS = 80
_NAME = "Projet"
"""What the row of names above a transposed table is when its own label is missing."""

_ABOUT_A_PROJECT = frozenset(
    {"project_manager", "sponsor", "establishment", "department", "phase", "state"}
)
_SAME_CELL = re.compile(r"^([^:\n]{2,60}?)\s*:\s*(\S.*)$", re.S)


def labels_above(grid: Grid, tables: Sequence[Block]) -> list[Block]:
    """Return the blocks that look like tables of one row and are rows of labels of a form.

    Two of them, one right under the other, each naming fields of a project.
    """
    single = [b for b in tables if len(b.body) == 1 and _names_a_project(grid, b)]
    return [
        block
        for block in single
        if any(
            0 <= later.header[0] - earlier.body[-1] <= 2
            for other in single
            if other is not block
            for earlier, later in ((block, other), (other, block))
        )
    ]


def _names_a_project(grid: Grid, block: Block) -> bool:
    labels = [lane.label for lane in block.lanes if lane.label]
    named = sum(1 for label in labels if label_score(grid, label) >= _NAMED)
    return bool(labels) and named * 3 >= len(labels) * 2


def find_forms(
    grid: Grid,
    taken: Taken,
    above: Sequence[Block] = (),
    axes: Sequence[Pair] = (),
) -> list[Block]:
    """Return the forms of a sheet, outside the cells that tables have taken.

    Args:
        grid: The sheet.
        taken: Cells that are of a table.
        above: Rows of labels with their values below.
        axes: Statuses by axis, known already.
    """
    pairs = [p for p in axes if p.cell not in taken] + [
        Pair(lane.label, lane.cell, (block.body[0], lane.at))
        for block in above
        for lane in block.lanes
        if lane.cell and lane.label and not grid.empty(block.body[0], lane.at)
    ]
    used = {place for pair in pairs for place in (pair.cell, pair.value)}
    for row in range(min(len(grid.filled), _MAX_ROWS)):
        for col, value in taken.free(grid, row):
            place = (row, col)
            if place in used or not isinstance(value, str):
                continue
            pair = _pair(grid, place, value, taken, used)
            if pair:
                pairs.append(pair)
                used.update((pair.cell, pair.value))
    pairs.sort(key=lambda pair: pair.cell)
    likely = [p for p in pairs if p in axes or not _in_a_header(grid, p, used)]
    return [_form(group) for group in _split(grid, likely)]


def label_score(grid: Grid, text: str) -> float:
    """Return how surely a text names a field of a project."""
    if not text or len(text) >= 400:
        return 0.0
    found = grid.lexicon.match_by_table(
        text if len(text) <= 160 else text.partition("(")[0]
    )
    return max(found["projects"].values()) if "projects" in found else 0.0


def _pair(
    grid: Grid,
    place: Position,
    value: str,
    taken: Taken,
    used: Container[Position],
) -> Pair | None:
    text = value.strip()
    colon = text.endswith(":")
    if len(text) > 400 or len(text.partition("(")[0]) > 100:
        return None
    same = None if colon else _SAME_CELL.match(text)
    if same and label_score(grid, same[1]) >= 0.9:
        return Pair(same[1], place, place)
    score = label_score(grid, text)
    if score < (0.6 if colon else _SURE):
        return None
    target = _coloured(grid, place, text)
    if target in used:
        return None  # the colour of another label: Météo, left of the axes' statuses
    target = target or _right(grid, place, taken, used)
    if target is None:
        target = _below(grid, place, taken, used)
    return Pair(text, place, target) if target else None


def _coloured(grid: Grid, place: Position, text: str) -> Position | None:
    """Return the cell at the right of a status label when it is only a colour."""
    row, col = place[0], grid.span(*place).right + 1
    look = grid.sheet.look(row, col)
    if (
        not (look.fill or look.icon)
        or not grid.empty(row, col)
        or look.fill == "FFFFFF"
    ):
        return None
    return (row, col) if _names_a_status(grid, text) else None


def _names_a_status(grid: Grid, text: str) -> bool:
    found = grid.lexicon.match(text)
    return any(
        s >= _SURE and m.table == "projects" and m.field.startswith(("status", "trend"))
        for m, s in found.items()
    )


def _in_a_header(grid: Grid, pair: Pair, used: Container[Position]) -> bool:
    """Whether a pair stands in a row that reads like the header of a table."""
    row = pair.cell[0]
    texts = [c for c, v in grid.filled[row] if isinstance(v, str)]
    inside = sum(1 for c in texts if (row, c) in used)
    return len(texts) >= 4 and inside * 2 < len(texts)


def _right(
    grid: Grid, place: Position, taken: Taken, used: Container[Position]
) -> Position | None:
    row, col = place
    start = grid.span(row, col).right + 1
    gap = 0
    for near, value in grid.between(row, start, start + 40):
        gap = sum(1 for c in range(start, near) if grid.anchor(row, c) == (row, c))
        if gap > _MAX_GAP or (row, near) in taken or (row, near) in used:
            return None
        if _is_label(grid, value):
            return None
        return _among(grid, row, near) if is_data(value) else (row, near)
    return None


def _among(grid: Grid, row: int, first: int) -> Position | None:
    """Return the figure of a label: the only one, else the one headed Total.

    Investissement, Fonctionnement and Total across: the first is not the project's.
    """
    figures = []
    for col, value in grid.between(row, first, first + 40):
        if not is_data(value):
            break
        figures.append(col)
    if len(figures) == 1:
        return row, first
    totals = [col for col in figures if _heading(grid, row, col).startswith("total")]
    return (row, totals[0]) if len(totals) == 1 else None


def _heading(grid: Grid, row: int, col: int) -> str:
    """Return the folded text that heads a column of figures, empty when none does."""
    for above in range(row - 1, max(-1, row - _HEADED), -1):
        if text := grid.text(above, col):
            return fold(text)
        if grid.empty(above, col):
            return ""
    return ""


def _below(
    grid: Grid, place: Position, taken: Taken, used: Container[Position]
) -> Position | None:
    row, col = grid.span(*place).bottom + 1, place[1]
    if row >= len(grid.filled) or grid.empty(row, col):
        return None
    if (row, col) in taken or (row, col) in used:
        return None
    value = grid.sheet.value(row, col)
    if _is_label(grid, value):
        return None
    alone = grid.empty(row + 1, col) or _is_label(grid, grid.sheet.value(row + 1, col))
    labels = [
        c
        for c, v in grid.filled[place[0]]
        if isinstance(v, str) and _is_label(grid, v) and not grid.empty(row, c)
    ]
    if alone and _heads_a_text(grid, place, (row, col)):
        return row, col
    left = [c for c, _ in grid.between(row, 0, col - 1)]
    labelled = any(_is_label(grid, grid.sheet.value(row, c)) for c in left)
    return (row, col) if alone and not labelled and len(labels) >= 2 else None


def _heads_a_text(grid: Grid, place: Position, value: Position) -> bool:
    """Whether a label alone in its row titles a text alone below it: Objectifs."""
    rows = (grid.filled[place[0]], grid.filled[value[0]])
    text = grid.text(*value)
    if any(len(cells) != 1 for cells in rows) or len(text) < _SENTENCE:
        return False
    found = grid.lexicon.match_by_table(grid.text(*place)).get("projects", {})
    return any(s >= _NAMED and name in _IN_SENTENCES for name, s in found.items())


def _is_label(grid: Grid, value: Value) -> bool:
    if not isinstance(value, str):
        return False
    text = value.strip()
    return text.endswith(":") or (len(text) < 60 and label_score(grid, text) >= 0.9)


def _split(grid: Grid, pairs: Iterable[Pair]) -> list[list[Pair]]:
    """Start a new form where the project's name or code comes a second time."""
    groups: list[list[Pair]] = []
    seen: set[str] = set()
    for pair in pairs:
        key = fold(pair.label) if _identity(grid, pair.label) else ""
        if not groups or (key and key in seen):
            groups.append([])
            seen = set()
        if key:
            seen.add(key)
        groups[-1].append(pair)
    return groups


def _identity(grid: Grid, label: str) -> str:
    best = max(
        (
            (s, m.field)
            for m, s in grid.lexicon.match(label).items()
            if m.table == "projects"
        ),
        default=(0.0, ""),
    )
    return best[1] if best[0] >= 0.9 and best[1] in {"name", "project_code"} else ""


def _form(pairs: list[Pair]) -> Block:
    cells = [p.cell for p in pairs] + [p.value for p in pairs]
    box = Box(
        min(r for r, _ in cells),
        min(c for _, c in cells),
        max(r for r, _ in cells),
        max(c for _, c in cells),
    )
    return Block("form", box, pairs=tuple(pairs))


def find_transposed(grid: Grid) -> list[Block]:
    """Return tables whose fields run down a column and whose records run across."""
    found = []
    for col in _label_columns(grid):
        block = _transposed(grid, col)
        if block:
            found.append(block)
    return found


def _label_columns(grid: Grid) -> list[int]:
    count: dict[int, set[str]] = {}
    known = grid.lexicon.exact
    for row in range(min(len(grid.filled), _LABEL_ROWS)):
        for col, value in grid.filled[row][:3]:
            if type(value) is not str or len(value) >= 80:
                continue
            words = fold(value)
            if words in known and label_score(grid, value.strip()) >= 0.9:
                count.setdefault(col, set()).add(words)
    return [col for col, labels in sorted(count.items()) if len(labels) >= 4]


def _is_label_column(grid: Grid, col: int, rows: Iterable[int]) -> bool:
    """Whether a column holds labels too: the sheet is a form of several pairs a row."""
    texts = [grid.text(r, col) for r in rows]
    named = sum(
        1 for t in texts if t and (t.endswith(":") or label_score(grid, t) >= _SURE)
    )
    return named >= 2


def _transposed(grid: Grid, col: int) -> Block | None:
    rows = [r for r in range(min(len(grid.filled), _MAX_ROWS)) if grid.text(r, col)]
    named = [r for r in rows if label_score(grid, grid.text(r, col)) >= 0.9]
    identities = {
        r: told for r in named if (told := _identity(grid, grid.text(r, col)))
    }
    names = [*identities]
    if len(named) < 4:
        return None
    if "name" not in identities.values() and (titles := _name_row(grid, col, named)):
        names = titles
        rows, named = sorted({*names, *rows}), [*names, *named]
    if not names:
        return None
    across = [
        c
        for c, v in grid.between(names[0], col + 1, col + 200)
        if not _is_label(grid, v) or _numbered(str(v))
    ]
    filled = [
        c
        for c in across
        if sum(not grid.empty(r, c) for r in named) >= len(named) * 0.4
    ]
    if len(filled) < 2 or is_data(grid.sheet.value(names[0], filled[0])):
        return None
    if any(_is_label_column(grid, c, named) for c in range(col + 1, filled[-1] + 1)):
        return None
    first, last = named[0], max(r for r in rows if r <= named[-1] + 3)
    lanes = tuple(
        Lane(r, grid.text(r, col) or _NAME, (r, col))
        for r in rows
        if first <= r <= last
    )
    box = Box(first, col, last, filled[-1])
    return Block("transposed", box, header=(col,), lanes=lanes, body=tuple(filled))


def _name_row(grid: Grid, col: int, named: Sequence[int]) -> list[int]:
    """Return the row of titles just above the labels when it names projects.

    Titles such as Prévu and Réel head figures, not projects: none may be the name of a
    field, and a label below must be of a project itself, as its manager is.
    """
    row = named[0] - 1
    while row >= 0 and not grid.filled[row]:
        row -= 1
    if row < max(0, named[0] - 2) or grid.text(row, col):
        return []
    titles = [v for _, v in grid.between(row, col + 1, col + 200)]
    texts = [v for v in titles if isinstance(v, str) and len(v) < 100]
    plain = all(
        max(grid.lexicon.match(t).values(), default=0.0) < _SURE or _numbered(t)
        for t in texts
    )
    fields = {
        m.field
        for r in named
        for m, s in grid.match(r, col).items()
        if m.table == "projects" and s >= _SURE
    }
    telling = plain and len(texts) == len(titles) == len({*texts})
    return [row] if len(texts) > 1 and telling and fields & _ABOUT_A_PROJECT else []


def _numbered(text: str) -> bool:
    """Whether a title is a word and what tells it from its neighbours: Projet A."""
    return len(text.split()) == 2 and len(text.split()[1]) <= 2
