"""The columns of a table as they were understood, and what is to tell of them."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from consolidate.mapping.assign import Choice
from consolidate.mapping.builder import Builder
from consolidate.mapping.choice import ROW_NUMBERS
from consolidate.mapping.marks import METHOD as MARK
from consolidate.mapping.periods import takes_periods
from consolidate.mapping.profile import Profile
from consolidate.mapping.scope import Scope, Table
from consolidate.model.address import Box, a1
from consolidate.model.block import Block, Lane
from consolidate.model.finding import Severity
from consolidate.model.lexicon import hints, title_unit
from consolidate.model.workbook import Column, Sheet

_TOLD_BELOW = 0.93
_OF_A_YEAR = re.compile(
    r"budget|exercice|eprd|cr[ée]dits?|d[ée]penses?|annuel|annual|fiscal|year", re.I
)
"""A title that names a year heads amounts of that year when it speaks of a budget."""
_DRAWN = 3
"""A calendar is drawn with marks (1, 0, 100 %): few different ones."""

_REASONS = {"whole": "column-whole", ROW_NUMBERS: "column-row-numbers"}
_MONEY = frozenset({"eur", "keur", "meur", "usd", "gbp", "chf"})
_TIME = frozenset({"day", "hour", "fte"})


def describe_column(
    builder: Builder,
    scope: Scope,
    block: Block,
    lane: Lane,
    choice: Choice,
    seen: Profile,
) -> Column:
    """Return what a column was found to hold: field, unit, tax, year, scale."""
    said = hints(lane.label)
    words = _choices_of(scope.sheet, lane, block)
    title = hints(block.title)
    scale = said.scale or _scale_of(words)
    legend = scope.legends.for_header(lane.label)
    unit = said.unit or _unit_of_formats(seen) or ""
    return Column(
        ref=builder.place(
            a1(*(lane.cell or (block.header[-1] if block.header else 0, lane.at)))
        ),
        header=lane.label,
        field=choice.field,
        confidence=round(choice.score, 2),
        method=choice.method,
        candidates=choice.candidates,
        unit=unit or _note_unit(scope, block.title, choice),
        tax=said.tax or title.tax,
        year=said.year or _title_year(scope, block.title, choice.field),
        scale=scale or legend.scale,
        codes=legend.codes,
        choices=words,
    )


def _title_year(scope: Scope, title: str, name: str) -> int:
    """Return the year a title gives a column: to amounts, only when it is of a budget."""
    if name in scope.schemas.money_fields and not _OF_A_YEAR.search(title):
        return 0
    return hints(title).year


def _note_unit(scope: Scope, title: str, choice: Choice) -> str:
    """Return the unit that a note or the title states for the amounts of a table."""
    name = choice.candidates[0][0] if choice.method == "across" else choice.field
    told = title_unit(title)
    if name in scope.schemas.money_fields:
        return scope.legends.unit or (told if told in _MONEY else "")
    return told if name.startswith("effort_") and told in _TIME else ""


def _unit_of_formats(seen: Profile) -> str:
    return "percent" if seen.percent > 0.5 else ""


def _choices_of(sheet: Sheet, lane: Lane, block: Block) -> tuple[str, ...]:
    if not block.body:
        return ()
    where = (block.body[0], lane.at)
    return next((words for area, words in sheet.choices if area.holds(*where)), ())


def _scale_of(words: Sequence[str]) -> int:
    numbers = [int(w) for w in words if w.strip().isdigit()]
    if len(numbers) == len(words) and len(words) in range(3, 11):
        return max(numbers)
    return 0


def tell_columns(builder: Builder, table: Table, held: Set[int]) -> None:
    """Tell of columns that are not used, in doubt or empty.

    Args:
        builder: Where to tell.
        table: The table.
        held: Numbers of the columns that gave a value.
    """
    lanes = zip(table.block.lanes, table.columns, table.profiles, strict=True)
    unused: dict[tuple[str, str], list[tuple[Column, int]]] = {}
    for i, (lane, column, seen) in enumerate(lanes):
        if lane.period is not None and column.method != "other":
            continue
        if column.field:
            _tell_doubt(builder, table, column, empty=i not in held)
        elif column.header or seen.filled:
            key = (_why_unused(column), column.ref)
            unused.setdefault(key, []).append((column, seen.filled))
    for (rule, ref), alike in unused.items():
        _tell_unused(builder, table, rule, ref, alike)
    _tell_calendar(builder, table)


def _tell_unused(
    builder: Builder,
    table: Table,
    rule: str,
    ref: str,
    alike: Sequence[tuple[Column, int]],
) -> None:
    """Tell once of the columns that stand under one merged header."""
    column = alike[0][0]
    names = ", ".join(name for name, _ in column.candidates[:3])
    filled = sum(count for _, count in alike)
    builder.tell(
        rule,
        Severity.INFO,
        table.sheet.name,
        builder.place(ref),
        table=table.name,
        raw=column.header,
        params={"candidates": names, "filled": str(filled)},
    )


def _why_unused(column: Column) -> str:
    if column.method in _REASONS:
        return _REASONS[column.method]
    return "column-ambiguous" if column.candidates else "column-unused"


def _tell_doubt(builder: Builder, table: Table, column: Column, *, empty: bool) -> None:
    rivals = [
        n
        for n, s in column.candidates
        if n != column.field and s > column.confidence - 0.12
    ]
    if column.method == MARK:
        return
    if empty:
        rule = "column-empty"
    elif column.method == "position":
        rule = "column-assumed"
    elif column.confidence < _TOLD_BELOW:
        rule = "column-doubtful"
    elif rivals:
        rule = "column-rivals"
    else:
        return
    certainty = f"{column.confidence:.0%}"
    builder.tell(
        rule,
        Severity.INFO,
        table.sheet.name,
        builder.place(column.ref),
        table=table.name,
        name=column.field,
        raw=column.header,
        params={"candidates": ", ".join(rivals) or "–", "certainty": certainty},
    )


def _tell_calendar(builder: Builder, table: Table) -> None:
    """Tell of months, weeks or days across that gave no value: a drawn calendar."""
    block = table.block
    lanes = [lane for lane in block.lanes if lane.period is not None]
    if not lanes or takes_periods(table.name, table.sheet, block):
        return
    where = Box(block.box.top, lanes[0].at, block.box.bottom, lanes[-1].at).a1
    figures = [
        value
        for row in block.body
        for lane in lanes
        if type(value := table.sheet.value(row, lane.at)) in {int, float}
    ]
    builder.tell(
        "region-periods" if len(set(figures)) > _DRAWN else "region-calendar",
        Severity.INFO,
        table.sheet.name,
        where,
        table=table.name,
        params={"count": str(len(figures))},
    )
