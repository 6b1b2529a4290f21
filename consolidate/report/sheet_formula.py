"""Formulas of the workbook: they follow its tables when these are edited or filtered.

They are made of labels of our own alone, never of what was read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlsxwriter.utility import xl_col_to_name

_FIELD = re.compile(r"\{(?:(\w+)\.)?(\w+)\}")
_WILD = re.compile(r"([~*?])")
_SPECIAL = re.compile(r"(['#\[\]])")

Headers = Mapping[str, Mapping[str, str]]
"""Header of each column a sheet has, by table and column."""


def table_name(table: str) -> str:
    """Return what the workbook calls the Excel table of a canonical table."""
    return f"t_{table}"


def row_formula(template: str, table: str, headers: Headers) -> str:
    """Return a formula of a table's row.

    Args:
        template: ``{column}`` is the cell of the same row, ``{table.column}`` a whole
            column of another table. What is not there is an empty text.
        table: The row's table.
        headers: What sheets have.
    """

    def place(found: re.Match[str]) -> str:
        other, column = found.groups()
        header = headers.get(other or table, {}).get(column)
        if header is None:
            return '""'
        if other:
            return f"{table_name(other)}[{_escaped(header)}]"
        return f"{table_name(table)}[[#This Row],[{_escaped(header)}]]"

    return _FIELD.sub(place, template)


def shared_formula(template: str, places: Mapping[str, int], row: int) -> str:
    """Return a row's formula by addresses, so that other rows may share it.

    Args:
        template: As ``row_formula`` takes it.
        places: 0-based place of each column of the table.
        row: 1-based row.

    Returns:
        The formula; empty for one that speaks of another table: not to be shared.
    """
    if any(other for other, _ in _FIELD.findall(template)):
        return ""

    def place(found: re.Match[str]) -> str:
        at = places.get(found[2])
        return '""' if at is None else f"{xl_col_to_name(at)}{row}"

    return _FIELD.sub(place, template)


def book_formula(template: str, headers: Headers) -> str | None:
    """Return a formula over whole columns; None when the workbook lacks one of them.

    Args:
        template: ``{table.column}`` is a column.
        headers: What sheets have.
    """
    wanted = _FIELD.findall(template)
    if any(column not in headers.get(table, {}) for table, column in wanted):
        return None
    return "=" + row_formula(template, "", headers)


def quoted(label: str) -> str:
    """Return a label as a text of a formula."""
    return '"' + label.replace('"', '""') + '"'


def criterion(label: str) -> str:
    """Return a label as what a cell must hold, for COUNTIFS and its kin."""
    return quoted("=" + _WILD.sub(r"~\1", label))


def exclusion(label: str) -> str:
    """Return a label as what a cell must not hold, for COUNTIFS and its kin."""
    return quoted("<>" + _WILD.sub(r"~\1", label))


def _escaped(header: str) -> str:
    return _SPECIAL.sub(r"'\1", header)
