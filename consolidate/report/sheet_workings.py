"""Columns folded away that the first page counts and ranks by.

They say which rows are in view: the page follows the filters set on the sheets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from consolidate.report.sheet_block import Cell
from consolidate.report.sheet_column import SheetColumn
from consolidate.report.sheet_formula import quoted
from consolidate.report.sheet_rows import Numbers, Rows, worked

ENDED = ("completed", "cancelled", "archived")
GONE = ("cancelled", "archived")
_SEEN = "_xlfn.AGGREGATE(3,5,{source})"  # 1 while no filter hides the row


def project_counts(rows: Rows) -> Iterator[SheetColumn]:
    """What counts: rows in view, projects that are not containers, those that run."""
    mco = rows.words.code("project_kind", "mco")
    ones = np.ones(rows.size)
    counted = (~rows.holds("kind", mco)).astype("float64")
    running = counted * ~rows.holds("state", *rows.labels(ENDED))
    alive = (~rows.holds("state", *rows.labels(GONE))).astype("float64")

    def none_of(codes: Sequence[str]) -> str:
        return "".join(f"*({{state}}<>{quoted(x)})" for x in rows.labels(codes))

    yield _folded(rows, "visible", _SEEN, ones)
    yield _folded(rows, "counted", f"{{visible}}*({{kind}}<>{quoted(mco)})", counted)
    yield _folded(rows, "running", f"{{counted}}{none_of(ENDED)}", running)
    yield _folded(rows, "alive", f"{{visible}}{none_of(GONE)}", alive)


def project_ranks(rows: Rows) -> Iterator[SheetColumn]:
    """What the lists of the first page are ordered by; rows tell equals apart."""
    row = np.arange(rows.size) + 4.0
    running = rows.numbers("running") == 1
    if rows.has("late"):
        key = np.where(running, rows.numbers("late") + 1 - row / 1e6, np.nan)
        formula = 'IF(AND({running}=1,ISNUMBER({late})),{late}+1-ROW()/1000000,"")'
        yield _folded(rows, "late_rank", formula, key)
    if rows.has("decisions", "assistance_requested"):
        yes = rows.words.tr("yes")
        asks = rows.filled("decisions") | rows.holds("assistance_requested", yes)
        rank, told = _priority(rows)
        key = np.where(running & asks, rank + row / 1e6, np.nan)
        asked = f'OR({{decisions}}<>"",{{assistance_requested}}={quoted(yes)})'
        formula = f'IF(AND({{running}}=1,{asked}),{told}+ROW()/1000000,"")'
        yield _folded(rows, "ask_rank", formula, key)
    if rows.has("budget"):
        basis = main_basis(rows.columns["basis"].cells)
        budget = rows.numbers("budget")
        key = np.where(
            rows.holds("basis", basis), budget + (1 - row / 1e5) / 100, np.nan
        )
        test = f"{{visible}}=1,{{basis}}={quoted(basis)},ISNUMBER({{budget}})"
        formula = f'IF(AND({test}),{{budget}}+(1-ROW()/100000)/100,"")'
        yield _folded(rows, "budget_rank", formula, key)


def main_basis(cells: Sequence[Cell]) -> str:
    """Return what most amounts are of, the first of equals."""
    given = [str(c) for c in cells if c]
    return max(dict.fromkeys(given), key=given.count, default="")


def _priority(rows: Rows) -> tuple[Numbers, str]:
    """Return the rank of each project's priority, and a formula for it; 9 for none."""
    rank, told = np.full(rows.size, 9.0), "9"
    vocabulary = rows.words.schemas.vocabularies["priority"]
    for n, code in reversed(list(enumerate(vocabulary.codes, start=1))):
        label = rows.words.code("priority", code)
        rank = np.where(rows.holds("priority", label), n, rank)
        told = f"IF({{priority}}={quoted(label)},{n},{told})"
    return rank, told


def _of_project(rows: Rows, working: str) -> tuple[str, Numbers]:
    """Return a formula for a column of workings of a row's project, else 1; and its cells."""
    codes, column = rows.columns.get("project_code"), rows.projects.get(working)
    if codes is None or column is None:
        return "1", np.ones(rows.size)
    own = rows.projects["project_code"].cells
    found = dict(zip(own, column.cells, strict=True))
    row = "MATCH({project_code},{projects.project_code},0)"
    cells = np.array([found.get(c, 1.0) for c in codes.cells], dtype="float64")
    return f"IFERROR(INDEX({{projects.{working}}},{row}),1)", cells


def milestone_counts(rows: Rows) -> Iterator[SheetColumn]:
    """What counts: milestones in view, of projects in view that are not given up."""
    told, cells = _of_project(rows, "alive")
    yield _folded(rows, "counted", f"{_SEEN}*{told}", cells)


def risk_counts(rows: Rows) -> Iterator[SheetColumn]:
    """What counts: risks in view that are not closed, of projects in view."""
    (closed,) = rows.labels(("closed",))
    told, cells = _of_project(rows, "visible")
    formula = f"{_SEEN}*{told}*({{state}}<>{quoted(closed)})"
    cells = cells * ~rows.holds("state", closed)
    yield _folded(rows, "counted", formula, cells)


def _folded(rows: Rows, name: str, formula: str, cells: Numbers) -> SheetColumn:
    return replace(worked(rows, name, "number", formula, cells), fold=True)
