"""A value of any field of any table as a page shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from consolidate.report import format as shown
from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record

Cell: TypeAlias = tuple[str, Figure]
"""What kind of cell (``n`` number, ``s`` status, nothing for text) and what it shows."""

_Maker: TypeAlias = Callable[[Context, str, Record, str], Figure]


def _month(context: Context, table: str, row: Record, field: str) -> Figure:
    value = row.get(field)
    if value is None:
        return Figure()
    told = shown.month(str(value), context.lang, short=True)
    return Figure(told, str(value), context.proof(table, row, field))


def _year(context: Context, table: str, row: Record, field: str) -> Figure:
    value = row.get(field)
    return (
        Figure()
        if value is None
        else Figure(str(int(value)), int(value), context.proof(table, row, field))
    )


def _list(context: Context, table: str, row: Record, field: str) -> Figure:
    value = row.get(field)
    if value is None:
        return Figure()
    told = ", ".join(str(value).split(";"))
    return Figure(told, None, context.proof(table, row, field))


_MAKERS: Mapping[str, tuple[str, _Maker]] = {
    "date": ("n", Context.day),
    "money": ("n", Context.money),
    "share": ("n", Context.share),
    "month": ("", _month),
    "list": ("", _list),
    **dict.fromkeys(
        ("number", "integer", "effort", "rating", "criticality", "duration", "hours"),
        ("n", Context.count),
    ),
}
_FINE = ("availability_target", "availability_actual")


def figure_of(context: Context, table: str, row: Record, field: str) -> Cell:
    """Return a value as its type is shown."""
    spec = context.words.schemas.tables[table].by_name[field]
    if field == "year":
        return "n", _year(context, table, row, field)
    if field in _FINE:
        return "n", context.share(table, row, field, fine=True)
    if spec.values == "rag":
        return "s", context.rag(table, row, field)
    kind, make = _MAKERS.get(spec.type, ("", Context.text))
    return kind, make(context, table, row, field)
