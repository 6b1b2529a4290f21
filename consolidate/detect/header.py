"""Find header rows: rows whose cells name the fields of one table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from consolidate.detect.grid import NUMBER, Grid, is_data, is_number
from consolidate.model.lexicon import Meaning
from consolidate.model.text import fold
from consolidate.model.workbook import Value

_MAX_HEADER_TEXT = 220
_GAP_ROWS = 12
_MAX_GAP = 2
_NUMBERED = re.compile(r"(\D*?) ?\d{1,3}\D?")
_SURE = 0.8
_LIKELY = 0.55


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A row that heads a table, or a part of one beside another.

    Attributes:
        row: 0-based row.
        left, right: First and last column of its cells.
        score: Sum of the certainties of its cells for its best table.
        named: How many different fields of that table it names.
        sure: Whether most of its cells are exactly names of fields, so that it can
            end the table above it.
    """

    row: int
    left: int
    right: int
    score: float
    named: int
    sure: bool


def find_headers(grid: Grid) -> list[HeaderRow]:
    """Return the header rows of a sheet, from top to bottom.

    A row that only groups another (Budget | Initial ...) is left to the other.
    """
    found: list[HeaderRow] = []
    inside = False
    for row, cells in enumerate(grid.filled):
        if len(cells) < 2:
            inside = inside and bool(cells)
            continue
        if not _worth_a_look(grid, cells, inside=inside):
            continue
        for run in _runs(grid, row, cells):
            header = _judge(grid, row, run)
            if header:
                found.append(header)
                inside = True
    return _best_of_neighbours(grid, found)


def _worth_a_look(
    grid: Grid, cells: tuple[tuple[int, Value], ...], *, inside: bool
) -> bool:
    """Whether a row has cells that are exactly aliases, and little data.

    Args:
        grid: The sheet.
        cells: The filled cells of the row.
        inside: Whether a header stands above without an empty row between: a second
            header there must be plain.
    """
    is_alias = grid.lexicon.is_alias
    if inside and not _begins_like_a_header(grid, cells):
        return False
    typed = _typed(cells)
    if typed and typed * 4 >= len(cells):
        return False
    texts = [v for _, v in cells if isinstance(v, str)]
    if not texts:
        return False
    hits = sum(1 for t in texts if is_alias(t))
    if hits >= 2 or (hits and 2 <= len(texts) <= 5 and not inside):
        return True
    return not inside and len(texts) >= 2 and _loosely(grid, texts)


def _begins_like_a_header(grid: Grid, cells: tuple[tuple[int, Value], ...]) -> bool:
    """Whether one of the first three texts of a row is exactly an alias."""
    # A plain loop: asked of every row, and ``any`` of a generator takes twice as long.
    for _, value in cells[:3]:
        if isinstance(value, str) and grid.lexicon.is_alias(value):
            return True
    return False


def _typed(cells: tuple[tuple[int, Value], ...]) -> int:
    """Count the cells that a header would not have; dates of a calendar are not counted."""
    dates = numbers = 0
    for _, value in cells:
        kind = type(value)
        if kind is str or kind is bool:
            continue
        if isinstance(value, date):
            dates += 1
        elif is_number(value) and not _is_year_like(value):
            numbers += 1
    return numbers + (dates if dates <= 2 else 0)


def _loosely(grid: Grid, texts: list[str]) -> bool:
    short = [t for t in texts if len(t) <= _MAX_HEADER_TEXT]
    if len(short) > 60:
        return True
    named = 0
    for text in short[:30]:
        words = fold(text).split()
        known = grid.lexicon.loose
        if any(w in known for w in words[:3]) or (words and words[-1] in known):
            named += 1
        if named >= 2:
            return True
    return False


def _is_year_like(value: Value) -> bool:
    return isinstance(value, NUMBER) and 2000 <= value <= 2049


def _runs(
    grid: Grid, row: int, cells: tuple[tuple[int, Value], ...]
) -> list[list[tuple[int, Value]]]:
    """Split a row where a column is empty in it and just below it."""
    runs: list[list[tuple[int, Value]]] = [[cells[0]]]
    for before, cell in pairwise(cells):
        right = grid.span(row, before[0]).right
        gap = range(right + 1, cell[0])
        if any(_column_is_empty(grid, row, col) for col in gap):
            runs.append([])
        runs[-1].append(cell)
    return _joined(grid, row, runs)


def _joined(
    grid: Grid, row: int, runs: list[list[tuple[int, Value]]]
) -> list[list[tuple[int, Value]]]:
    """Join runs again that are one table with an empty column inside."""
    joined = [runs[0]]
    for run in runs[1:]:
        gap = run[0][0] - joined[-1][-1][0] - 1
        if gap <= _MAX_GAP and not _is_another(grid, row, joined[-1], run):
            joined[-1] = joined[-1] + run
        else:
            joined.append(run)
    return joined


def _is_another(
    grid: Grid, row: int, left: list[tuple[int, Value]], right: list[tuple[int, Value]]
) -> bool:
    """Whether a run is a table of its own: it repeats its neighbour, or names records."""
    labels = {fold(str(v)) for _, v in left}
    if len(right) >= 5 and all(len(str(v)) <= 2 for _, v in right):
        return True
    if any(fold(str(v)) in labels for _, v in right):
        return True
    return (
        len(right) >= 2
        and _starts_records(grid, row, right)
        and _starts_records(grid, row, left)
    )


def _starts_records(grid: Grid, row: int, run: list[tuple[int, Value]]) -> bool:
    """Whether the first cells of a run name what its rows are (Jalon, Risque, Indicateur)."""
    return any(
        m.field in {"name", "title", "label", "indicator", "code"} and s >= _SURE
        for col, _ in run[:2]
        for m, s in grid.match(row, col).items()
    )


def _column_is_empty(grid: Grid, row: int, col: int) -> bool:
    anchor = grid.anchor(row, col)
    if anchor[0] < row and not grid.empty(*anchor):
        return False
    last = min(row + 1 + _GAP_ROWS, len(grid.filled))
    end = next((r for r in range(row + 1, last) if not grid.filled[r]), last)
    below = range(row + 1, end)
    return all(grid.empty(r, col) and grid.anchor(r, col)[1] == col for r in below)


def _judge(grid: Grid, row: int, run: list[tuple[int, Value]]) -> HeaderRow | None:
    labels = [(c, v) for c, v in run if isinstance(v, str) and not grid.period(row, c)]
    while len(labels) > 2 and len(labels[0][1]) > _MAX_HEADER_TEXT:
        labels, run = labels[1:], [cell for cell in run if cell[0] > labels[0][0]]
    labels = _without_series(labels)
    if not labels or any(len(v) > 400 for _, v in labels):
        return None
    scores, fields = _by_table(grid, row, labels)
    if not scores:
        return None
    table = max(scores, key=lambda t: scores[t])
    named = len(fields[table])
    stray = sum(1 for c, v in run if is_data(v) and not grid.period(row, c))
    if stray > named / 2:
        return None
    if not _has_months(grid, row, run) and _is_form_row(grid, row, labels):
        return None
    share = scores[table] / len(labels)
    strong = named >= 2 and share >= 0.34 and _has_sure(fields[table])
    many = named >= 3 and share >= 0.25
    weak = named == 1 and 2 <= len(run) <= 8 and _typed_below(grid, row, run)
    if not (strong or many or weak):
        return None
    exact = sum(1 for score in fields[table].values() if score >= _SURE)
    sure = exact >= 2 and exact * 2 >= len(labels)
    return HeaderRow(row, run[0][0], run[-1][0], scores[table], named, sure)


def _has_months(grid: Grid, row: int, run: list[tuple[int, Value]]) -> bool:
    """Whether months stand side by side in a row: no form has that."""
    months = [c for c, _ in run if (p := grid.period(row, c)) and p.kind == "month"]
    return any(b - a == 1 for a, b in pairwise(months))


def _without_series(labels: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Leave out numbered columns (Cours 1, Cours 2 ...): they say nothing of the table."""
    stems = Counter(
        found[1] for _, v in labels if (found := _NUMBERED.fullmatch(fold(v)))
    )
    series = {stem for stem, count in stems.items() if count >= 4}
    return [
        (c, v)
        for c, v in labels
        if not ((found := _NUMBERED.fullmatch(fold(v))) and found[1] in series)
    ]


def _has_sure(fields: dict[str, float]) -> bool:
    return max(fields.values()) >= _SURE or len(fields) >= 3


def _by_table(
    grid: Grid, row: int, labels: list[tuple[int, str]]
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    scores: dict[str, float] = {}
    fields: dict[str, dict[str, float]] = {}
    for col, _ in labels:
        best: dict[str, tuple[float, str]] = {}
        for meaning, score in grid.match(row, col).items():
            fresh = meaning.field not in fields.get(meaning.table, {})
            weight = score if fresh else score * 0.9
            if score >= _LIKELY and weight > best.get(meaning.table, (0.0, ""))[0]:
                best[meaning.table] = (weight, meaning.field)
        for table, (score, name) in best.items():
            known = fields.setdefault(table, {})
            if name not in known:
                known[name] = score
                scores[table] = scores.get(table, 0.0) + score
            else:
                scores[table] += score * 0.4
    return scores, fields


def _is_form_row(grid: Grid, row: int, labels: list[tuple[int, str]]) -> bool:
    """Whether a row reads label, value, label, value rather than as a header."""
    sure = [c for c, v in labels if v.rstrip().endswith(":")]
    if sure and len(sure) * 3 >= len(labels):
        return True
    if _in_a_label_column(grid, row, labels[0][0]):
        return True
    named = [c for c, _ in labels if _names_a_field(grid.match(row, c))]
    if not named or len(named) > (len(labels) + 1) // 2:
        return False
    if _alternates(labels, named) and _blank_or_named_below(grid, row, named):
        return True
    stacked = sum(
        1
        for col in named
        for near in (row - 1, row + 1)
        if grid.text(near, col) and _names_a_field(grid.match(near, col))
    )
    return stacked >= len(named)


def _in_a_label_column(grid: Grid, row: int, col: int) -> bool:
    """Whether a row's first cell has labels of a project above and below it.

    Under a header stand values: a label there means that the row is one of a form. Three
    labels in a column, this one included, are enough at the top or bottom of a form.
    """
    if _project_label(grid, row, col) < _SURE:
        return False
    above = _project_label(grid, row - 1, col) >= _SURE
    below = _project_label(grid, row + 1, col) >= _SURE
    if above and below:
        rows = [row - 1, row, row + 1]
    elif above or below:
        further = row - 2 if above else row + 2
        if _project_label(grid, further, col) < _SURE:
            return False
        rows = [row, row - 1 if above else row + 1, further]
    else:
        return False
    return len({fold(grid.text(r, col)) for r in rows}) == len(rows)


def _project_label(grid: Grid, row: int, col: int) -> float:
    if row < 0 or not grid.text(row, col):
        return 0.0
    text = grid.text(row, col)
    found = grid.lexicon.match_by_table(text) if len(text) <= 200 else {}
    return max(found["projects"].values()) if "projects" in found else 0.0


def _alternates(labels: list[tuple[int, str]], named: list[int]) -> bool:
    """Whether every second cell names a field: label, value, label, value."""
    flags = [c in named for c, _ in labels]
    return flags[0] and not any(a and b for a, b in pairwise(flags))


def _blank_or_named_below(grid: Grid, row: int, named: list[int]) -> bool:
    return all(
        grid.empty(row + 1, col) or _names_a_field(grid.match(row + 1, col))
        for col in named
    )


def _names_a_field(meanings: Mapping[Meaning, float]) -> bool:
    return max(meanings.values(), default=0.0) >= _SURE


def _typed_below(grid: Grid, row: int, run: list[tuple[int, Value]]) -> bool:
    """Whether a column of the run has numbers or dates in the two rows below."""
    rows = range(row + 1, min(row + 4, len(grid.filled)))
    return any(
        sum(1 for r in rows if is_data(grid.sheet.value(r, col))) >= 2 for col, _ in run
    )


def _are_rivals(grid: Grid, upper: HeaderRow, lower: HeaderRow) -> bool:
    """Whether two header rows are so near that one is a part of the other's header.

    With values between them they are labels above their values, twice.
    """
    if lower.row - upper.row > 2:
        return False
    if lower.row - upper.row == 1:
        return True
    between = grid.between(upper.row + 1, upper.left, upper.right)
    under = [c for c, _ in between if not grid.empty(upper.row, c)]
    return len(under) < 2 or len(under) * 2 < upper.right - upper.left + 1


def _best_of_neighbours(grid: Grid, found: list[HeaderRow]) -> list[HeaderRow]:
    """Keep the best of header rows that stand within two rows of one another."""
    kept: list[HeaderRow] = []
    for header in found:
        rivals = [
            k
            for k in kept
            if _are_rivals(grid, k, header)
            and k.left <= header.right
            and header.left <= k.right
        ]
        if any(k.score >= header.score for k in rivals):
            continue
        kept = [k for k in kept if k not in rivals]
        kept.append(header)
    return kept
