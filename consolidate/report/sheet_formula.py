"""Formulas of the first page: they follow the projects' sheet when it is edited.

They are made of labels of our own alone, never of what was read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from consolidate.report.book_facts import Sum
from consolidate.report.sheet_table import TableSheet
from consolidate.report.sheet_words import BookWords

_WILD = re.compile("[*?~]|^[<>=]")


def count_formula(
    projects: TableSheet | None, tests: Mapping[str, str | None]
) -> str | None:
    """Return a formula that counts projects; None when it cannot say what is meant.

    Args:
        projects: The sheet of projects.
        tests: What columns must hold: a text, ``<>`` and a text, or nothing (None). A
            test that excludes is dropped when the sheet has no such column.
    """
    if projects is None:
        return None
    parts = []
    for column, wanted in tests.items():
        test = _test(projects, column.strip(), wanted)
        if test is None:
            return None
        parts += [test] if test else []
    return f"=COUNTIFS({','.join(parts)})" if parts else None


def sum_formula(
    projects: TableSheet | None, amount: str, found: Sum, words: BookWords
) -> str | None:
    """Return a formula that sums an amount of one scope; None when it cannot.

    The reference budget is the revised one, else the initial one.
    """
    if projects is None:
        return None
    scope = _test(projects, "amount_scope", words.code("amount_scope", found.scope))
    if not scope:
        return None
    tests = scope
    if found.year is not None:
        if projects.at("amount_year") is None:
            return None
        tests += f",{projects.cells('amount_year')},{found.year}"
    if amount != "budget":
        column = "forecast_cost" if amount == "landing" else amount
        return _sum(projects, column, tests)
    revised = _sum(projects, "budget_revised", tests)
    initial = _sum(projects, "budget_initial", tests)
    if revised is None or initial is None:
        return revised or initial
    blank = f'{projects.cells("budget_revised")},"="'
    return f"{revised}+SUMIFS({projects.cells('budget_initial')},{tests},{blank})"


def _sum(projects: TableSheet, column: str, tests: str) -> str | None:
    if projects.at(column) is None:
        return None
    return f"=SUMIFS({projects.cells(column)},{tests})"


def _test(projects: TableSheet, column: str, wanted: str | None) -> str | None:
    """Return one test; empty when it excludes nothing, None when it cannot be said."""
    excludes = wanted is not None and wanted.startswith("<>")
    if projects.at(column) is None:
        return "" if excludes else None
    label = "" if wanted is None else wanted.removeprefix("<>")
    if _WILD.search(label):
        return None
    quoted = label.replace('"', '""')
    criterion = "=" if wanted is None else f"<>{quoted}" if excludes else quoted
    return f'{projects.cells(column)},"{criterion}"'
