"""Columns worked out in the workbook itself: slips, delays, gaps, and what counts.

Each is a formula of the table, so that it follows what the PMO edits, and its result,
worked out here too from the same cells, for readers that do not calculate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from consolidate.report.sheet_block import Cell
from consolidate.report.sheet_column import SheetColumn, serial
from consolidate.report.sheet_formula import quoted
from consolidate.report.sheet_rows import Flags, Numbers, Rows, worked
from consolidate.report.sheet_words import BookWords
from consolidate.report.sheet_workings import (
    ENDED,
    milestone_counts,
    project_counts,
    project_ranks,
    risk_counts,
)

AS_OF = "as_of"
"""Name of the cell that holds the day dates are compared with."""

NEXT_DAYS = 90
"""How far ahead a milestone is near."""


@dataclass(frozen=True, slots=True)
class Due:
    """What makes a record of a table late, by field.

    Attributes:
        dates: When it is due: the first that is known.
        done: Dates that say it is done.
        ended: States that say so too.
    """

    dates: tuple[str, ...]
    done: tuple[str, ...]
    ended: tuple[str, ...]


DUE: Mapping[str, Due] = {
    "projects": Due(("end_forecast", "end_baseline"), ("end_actual",), ENDED),
    "milestones": Due(
        ("end_forecast", "end_baseline"), ("end_actual",), ("completed", "cancelled")
    ),
    "risks": Due(("due_date",), ("closed_on",), ("closed",)),
    "actions": Due(
        ("revised_due_date", "due_date"), ("closed_on",), ("closed", "cancelled")
    ),
    "deliverables": Due(
        ("due_date",),
        ("delivered_on", "validated_on"),
        ("delivered", "validated", "not_applicable"),
    ),
    "compliance": Due(
        ("due_date",), ("completed_on",), ("compliant", "not_applicable")
    ),
}


def derived(
    table: str,
    columns: Sequence[SheetColumn],
    words: BookWords,
    as_of: date,
    projects: Sequence[SheetColumn] = (),
) -> list[SheetColumn]:
    """Return the columns worked out from those of a table; formulas are templates.

    Args:
        table: The table.
        columns: Its columns, ``source`` among them.
        words: Labels and codes.
        as_of: The day dates are compared with.
        projects: Columns of the projects, once they are known.
    """
    own = {c.name: c for c in columns}
    day = serial(as_of)
    assert isinstance(day, int)
    found: list[SheetColumn] = []
    for make in _MAKERS.get(table, (_late,)):
        known = own | {c.name: c for c in found}
        rows = Rows(table, known, words, day, {c.name: c for c in projects})
        found += make(rows)
    return found


def _first(names: Sequence[str]) -> str:
    """Return a formula for the first number that is known, else 0."""
    told = f"N({{{names[-1]}}})"
    for name in reversed(names[:-1]):
        told = f"IF(ISNUMBER({{{name}}}),{{{name}}},{told})"
    return told


def _ended(rows: Rows, due: Due) -> tuple[str, Flags]:
    """Return tests of what is done, and by row whether it is."""
    labels = rows.labels(due.ended)
    tests = [f'{{{name}}}<>""' for name in due.done if rows.has(name)]
    flags = rows.holds("state", *labels)
    for name in due.done:
        flags |= rows.filled(name)
    if rows.has("state"):
        tests += [f"{{state}}={quoted(label)}" for label in labels]
    return ",".join(tests), flags


def _late(rows: Rows) -> Iterator[SheetColumn]:
    due = DUE.get(rows.table)
    if due is None or not rows.has(*due.dates):
        return
    dates = [n for n in due.dates if rows.has(n)]
    tests, is_done = _ended(rows, due)
    when = rows.first(*dates)
    late = np.where(~is_done & (when < rows.as_of), rows.as_of - when, np.nan)
    when_told = _first(dates)
    asked = f"{tests},{when_told}=0,{when_told}>={AS_OF}".lstrip(",")
    formula = f'IF(OR({asked}),"",{AS_OF}-{when_told})'
    yield worked(rows, "late", "count", formula, late)


def _slip(rows: Rows) -> Iterator[SheetColumn]:
    if not (rows.has("end_baseline") and rows.has("end_forecast", "end_actual")):
        return
    ends = [n for n in ("end_actual", "end_forecast") if rows.has(n)]
    slip = rows.first(*ends) - rows.numbers("end_baseline")
    end = _first(ends)
    formula = (
        f'IF(OR(NOT(ISNUMBER({{end_baseline}})),{end}=0),"",{end}-{{end_baseline}})'
    )
    yield worked(rows, "slip", "gap", formula, slip)


def _project_late(rows: Rows) -> Iterator[SheetColumn]:
    """A project is late when its end is past, or slips behind what was first planned."""
    dates = [n for n in ("end_forecast", "end_baseline") if rows.has(n)]
    if not dates:
        return
    labels = rows.labels(ENDED)
    when, slip = rows.first(*dates), rows.numbers("slip")
    is_past = ~rows.filled("end_actual") & (when < rows.as_of)
    over = np.where(is_past, rows.as_of - when, 0)
    worst = np.fmax(slip, over)
    is_late = ~rows.holds("state", *labels) & (worst > 0)
    told = _first(dates)
    past = f'IF(AND({{end_actual}}="",{told}>0),{AS_OF}-{told},0)'
    both = f"MAX(N({{slip}}),{past})"
    ended = ",".join(f"{{state}}={quoted(x)}" for x in labels)
    formula = f'IF(OR({ended},{both}<=0),"",{both})'
    yield worked(rows, "late", "count", formula, np.where(is_late, worst, np.nan))


def _money(rows: Rows) -> Iterator[SheetColumn]:
    budgets = [n for n in ("budget_revised", "budget_initial") if rows.has(n)]
    if not rows.has(*budgets, "committed", "spent", "forecast_cost"):
        return
    given = np.zeros(rows.size, dtype="bool")
    for name in (*budgets, "committed", "spent", "forecast_cost"):
        given |= ~np.isnan(rows.numbers(name))
    budget = rows.first(*budgets) if budgets else np.full(rows.size, np.nan)
    if budgets:
        parts = "".join(f"IF(ISNUMBER({{{n}}}),{{{n}}}," for n in budgets)
        formula = f'{parts}""{")" * len(budgets)}'
        yield worked(rows, "budget", "money", formula, budget)
    yield _basis(rows, given, [*budgets, "committed", "spent", "forecast_cost"])
    if budgets and rows.has("forecast_cost"):
        yield from _gaps(rows, budget)


def _basis(rows: Rows, given: Flags, amounts: Sequence[str]) -> SheetColumn:
    total = rows.words.code("amount_scope", "total")
    yearly = rows.words.code("amount_scope", "year")
    unknown = rows.words.tr("basis-none")
    year = rows.words.tr("basis-year", year="").strip()
    cells: list[Cell] = []
    columns = (rows.holds("amount_scope", total), rows.holds("amount_scope", yearly))
    for is_given, is_total, is_year, number in zip(
        given.tolist(), *columns, rows.numbers("amount_year").tolist(), strict=True
    ):
        dated = is_year and not math.isnan(number)
        told = f"{year} {number:.0f}" if dated else unknown
        cells.append((total if is_total else told) if is_given else None)
    dated = f"AND({{amount_scope}}={quoted(yearly)},ISNUMBER({{amount_year}}))"
    numbers = ",".join(f"{{{n}}}" for n in amounts if rows.has(n))
    formula = (
        f'IF(COUNT({numbers})=0,"",IF({{amount_scope}}={quoted(total)},{quoted(total)},'
        f"IF({dated},{quoted(year + ' ')}&{{amount_year}},{quoted(unknown)})))"
    )
    return worked(rows, "basis", "text", formula, cells)


def _gaps(rows: Rows, budget: Numbers) -> Iterator[SheetColumn]:
    landing = rows.numbers("forecast_cost")
    basis = _basis_known(rows)
    gap = np.where(basis, landing - budget, np.nan)
    unknown = quoted(rows.words.tr("basis-none"))
    formula = (
        f"IF(OR({{basis}}={unknown},NOT(ISNUMBER({{budget}})),"
        'NOT(ISNUMBER({forecast_cost}))),"",{forecast_cost}-{budget})'
    )
    yield _if_any(worked(rows, "gap", "signed_money", formula, gap))
    share = np.divide(gap, budget, out=np.full(rows.size, np.nan), where=budget > 0)
    formula = 'IF(AND(ISNUMBER({gap}),N({budget})>0),{gap}/{budget},"")'
    yield _if_any(worked(rows, "gap_share", "signed_share", formula, share))


def _if_any(column: SheetColumn) -> SheetColumn:
    """Return a column, folded away as long as there is nothing in it."""
    return replace(column, fold=all(c is None for c in column.cells))


def _basis_known(rows: Rows) -> Flags:
    scope = rows.words.code
    dated = rows.holds("amount_scope", scope("amount_scope", "year"))
    dated &= ~np.isnan(rows.numbers("amount_year"))
    return dated | rows.holds("amount_scope", scope("amount_scope", "total"))


def _milestone_due(rows: Rows) -> Iterator[SheetColumn]:
    """Whether a milestone is achieved, late, or when it comes, in words."""
    if not rows.has("end_forecast", "end_baseline"):
        return
    words = rows.words
    dates = [n for n in ("end_forecast", "end_baseline") if rows.has(n)]
    when, told = rows.first(*dates), _first(dates)
    keys = ("done", "overdue", "undated", "next90", "later")
    done, overdue, undated, soon, later = (words.tr(k) for k in keys)
    completed, cancelled = rows.labels(("completed", "cancelled"))
    is_gone = rows.holds("state", cancelled)
    is_done = rows.holds("state", completed) | rows.filled("end_actual")
    cells = np.select(
        [
            is_gone,
            is_done,
            np.isnan(when),
            when < rows.as_of,
            when <= rows.as_of + NEXT_DAYS,
        ],
        np.array(["", done, undated, overdue, soon], dtype="object"),
        later,
    ).tolist()
    is_done_told = f'OR({{state}}={quoted(completed)},{{end_actual}}<>"")'
    formula = (
        f'IF({{state}}={quoted(cancelled)},"",IF({is_done_told},{quoted(done)},'
        f"IF({told}=0,{quoted(undated)},IF({told}<{AS_OF},{quoted(overdue)},"
        f"IF({told}<={AS_OF}+{NEXT_DAYS},{quoted(soon)},{quoted(later)})))))"
    )
    given = [c or None for c in cells]
    yield worked(rows, "due", "text", formula, given)


_MAKERS: Mapping[str, Sequence[Callable[[Rows], Iterator[SheetColumn]]]] = {
    "projects": (_slip, _project_late, _money, project_counts, project_ranks),
    "milestones": (_slip, _late, _milestone_due, milestone_counts),
    "risks": (_late, risk_counts),
}
