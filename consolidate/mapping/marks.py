"""Check-mark grids: a column for each value, a mark under those that hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from consolidate.mapping.assign import Choice
from consolidate.mapping.scope import Scope
from consolidate.model.block import Block, Lane
from consolidate.model.schema import Field, TableSpec
from consolidate.model.text import fold
from consolidate.model.workbook import Sheet, Value

METHOD = "mark"
_MARKS = frozenset({"x", "✓", "✔", "☑", "☒", "√", "●", "•", "■"})
_SYMBOLS = frozenset({"ü", "þ", "ý", "û", "n", "l"})
_SURE = 0.8
_KINDS = frozenset({"code", "list"})


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns side by side of which the marked one names the value.

    Attributes:
        field: The field they give together.
        said: Column and value that a mark in it stands for, by number of the lane.
    """

    field: str
    said: Mapping[int, tuple[int, str]]


def is_marked(sheet: Sheet, row: int, col: int) -> bool | None:
    """Whether a cell is ticked; None when it holds something else than a mark."""
    raw: Value = sheet.value(row, col)
    if raw is None or isinstance(raw, bool):
        return bool(raw)
    if not isinstance(raw, str):
        return None
    text = raw.strip().lower()
    if not text or text in {"-", "–", "☐", "□"}:
        return False
    symbol = bool(sheet.look(row, col).font) and text in _SYMBOLS
    return True if symbol or text in _MARKS else None


def with_marks(
    scope: Scope, block: Block, spec: TableSpec, choices: Sequence[Choice]
) -> tuple[Choice, ...]:
    """Give the columns of check-mark grids the field that they share.

    A field that a column of its own gives stays that column's.
    """
    settled = list(choices)
    for grid in _grids(scope, block, spec, choices):
        for number in grid.said:
            settled[number] = Choice(grid.field, 0.9, METHOD)
    return tuple(settled)


def grids_of(block: Block, fields: Sequence[tuple[str, str]]) -> tuple[Grid, ...]:
    """Return the grids of a table from the field and method of each lane."""
    found: dict[str, dict[int, tuple[int, str]]] = {}
    for number, ((field, method), lane) in enumerate(
        zip(fields, block.lanes, strict=True)
    ):
        if method == METHOD:
            found.setdefault(field, {})[number] = (lane.at, _last(lane))
    return tuple(Grid(field, said) for field, said in found.items())


def _grids(
    scope: Scope, block: Block, spec: TableSpec, choices: Sequence[Choice]
) -> Iterator[Grid]:
    ticked = [
        i
        for i, lane in enumerate(block.lanes)
        if lane.label and lane.period is None and _holds_marks(scope.sheet, block, lane)
    ]
    for group, numbers in groupby(ticked, key=lambda i: _group(block.lanes[i])):
        said = {i: (block.lanes[i].at, _last(block.lanes[i])) for i in numbers}
        taken = {c.field for i, c in enumerate(choices) if i not in said and c.field}
        fits = [
            field.name
            for field in _fields(scope, spec, group)
            if field.name not in taken
            and _knows(scope, field, [text for _, text in said.values()])
        ]
        if len(said) > 1 and len(fits) == 1:
            yield Grid(fits[0], said)


def _holds_marks(sheet: Sheet, block: Block, lane: Lane) -> bool:
    """Whether a column holds marks, or nothing at all."""
    return all(is_marked(sheet, row, lane.at) is not None for row in block.body)


def _fields(scope: Scope, spec: TableSpec, group: str) -> list[Field]:
    """Return the fields a grid may give: those its group header names, else any code."""
    if not group:
        return [f for f in spec.fields if f.type == "code" and f.values]
    meanings = scope.lexicon.match_by_table(group).get(spec.name, {})
    return [
        spec.by_name[name]
        for name, score in meanings.items()
        if score >= _SURE and spec.by_name[name].type in _KINDS
    ]


def _knows(scope: Scope, field: Field, texts: Iterable[str]) -> bool:
    if field.type == "list":
        return True
    words = scope.schemas.known_words
    return all(field.values in words.get(fold(text), ()) for text in texts)


def _group(lane: Lane) -> str:
    return lane.label.rpartition(" / ")[0]


def _last(lane: Lane) -> str:
    return lane.label.rpartition(" / ")[2].strip()
