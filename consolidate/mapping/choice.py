"""Which table a block is: what a layout says, else what the evidence says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consolidate.mapping.assign import Choice, Reading, read_as
from consolidate.mapping.builder import Builder
from consolidate.mapping.lead import choose, nudges
from consolidate.mapping.profile import Profile
from consolidate.mapping.scope import Scope
from consolidate.model.block import Block, Lane
from consolidate.model.finding import Severity
from consolidate.model.layout import Fit, find_fits
from consolidate.model.schema import TableSpec
from consolidate.model.text import fold
from consolidate.model.workbook import Value

_MOST_TABLES = 6
_LABEL = 0.9
ROW_NUMBERS = "row-numbers"


def choose_table(
    scope: Scope, block: Block, profiles: Sequence[Profile], fit: Fit | None
) -> tuple[Reading | None, tuple[tuple[str, float], ...]]:
    """Return the table of a block: the layout's word, else the evidence's."""
    if fit is not None:
        spec = scope.schemas.tables.get(fit.region.table)
        if spec is None:
            return None, ()
        found = read_as(block, profiles, spec, scope.lexicon)
        return found or Reading(spec, 1.0, tuple(Choice() for _ in block.lanes), {}), ()
    hint = nudges(
        scope.schemas, scope.sheet.name, block.title, scope.workbook.rpartition("/")[2]
    )
    readings = [
        found
        for name in _in_question(scope, block, hint)
        if (
            found := read_as(block, profiles, scope.schemas.tables[name], scope.lexicon)
        )
    ]
    best, ranking = choose(readings, hint)
    if best is not None and _lists_fields(scope, block, best):
        return None, ranking
    return best, ranking


def _lists_fields(scope: Scope, block: Block, best: Reading) -> bool:
    """Whether the rows of a table are figures of one project: Budget, Charge, Date de fin.

    Only asked where no header says what the rows are.
    """
    at = next(
        (
            lane.at
            for lane, choice in zip(block.lanes, best.choices, strict=True)
            if choice.method == "position" and choice.field in best.spec.names
        ),
        None,
    )
    if at is None:
        return False
    texts = [
        v for r in block.body if isinstance(v := scope.sheet.value(r, at), str) and v
    ]
    known = sum(
        1
        for text in texts
        if max(scope.lexicon.match_by_table(text).get("projects", {"": 0.0}).values())
        >= _LABEL
    )
    return len(texts) >= 3 and known * 2 > len(texts)


def _in_question(scope: Scope, block: Block, hint: Mapping[str, float]) -> list[str]:
    """Return the tables whose words the headers use most; the others cannot win."""
    said = {name: weight for name, weight in hint.items() if weight}
    for lane in block.lanes:
        if lane.label and lane.period is None:
            for name, fields in scope.lexicon.match_by_table(lane.label).items():
                said[name] = said.get(name, 0.0) + max(fields.values())
    return sorted(said, key=lambda name: (-said[name], name))[:_MOST_TABLES]


def find_fit(builder: Builder, scope: Scope, block: Block) -> Fit | None:
    """Return the layout that settles a block; tell when it moved or two claim it."""
    labels = [lane.label for lane in block.lanes if lane.label]
    fits = find_fits(scope.layouts, scope.sheet.name, labels)
    if not fits:
        return None
    where = block.box.a1
    if len({f.layout for f in fits}) > 1:
        names = ", ".join(sorted({f.layout for f in fits}))
        builder.tell(
            "layout-conflict",
            Severity.ERROR,
            scope.sheet.name,
            where,
            params={"layouts": names},
        )
        return None
    if fits[0].missing:
        builder.tell(
            "layout-moved",
            Severity.WARNING,
            scope.sheet.name,
            where,
            params={"layout": fits[0].layout, "missing": ", ".join(fits[0].missing)},
        )
    return fits[0]


def settle(block: Block, best: Reading, fit: Fit | None) -> tuple[Choice, ...]:
    """Put the layout's word in the place of what the evidence chose."""
    if fit is None:
        return best.choices
    said = {fold(header): name for header, name in fit.region.fields.items()}
    taken = {name for name in said.values() if name}
    settled = []
    for lane, choice in zip(block.lanes, best.choices, strict=True):
        if fold(lane.label) in said:
            name = said[fold(lane.label)]
            settled.append(Choice(name, 1.0 if name else 0.0, "layout", ()))
        elif choice.field in taken:
            settled.append(Choice(candidates=choice.candidates))
        else:
            settled.append(choice)
    return tuple(settled)


def without_row_numbers(
    scope: Scope, block: Block, spec: TableSpec, choices: Sequence[Choice]
) -> tuple[Choice, ...]:
    """Take numbers that count the rows of a list of projects for no codes.

    As codes they would make one project of the first rows of two managers' lists.
    """
    if spec.name != "projects":
        return tuple(choices)
    return tuple(
        Choice(method=ROW_NUMBERS)
        if choice.field == "project_code" and _counts_rows(scope, block, lane)
        else choice
        for lane, choice in zip(block.lanes, choices, strict=True)
    )


def _counts_rows(scope: Scope, block: Block, lane: Lane) -> bool:
    values = [v for r in block.body if (v := scope.sheet.value(r, lane.at)) is not None]
    numbers = [float(str(v)) for v in values if _is_small_number(v)]
    counted = [float(n) for n in range(1, len(numbers) + 1)]
    return len(numbers) > 1 and numbers == counted and len(values) - len(numbers) < 2


def _is_small_number(value: Value) -> bool:
    if isinstance(value, str):
        return value.strip().isdecimal() and len(value.strip()) <= 3
    return isinstance(value, int | float) and not isinstance(value, bool)
