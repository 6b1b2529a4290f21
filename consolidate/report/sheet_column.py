"""Columns of a sheet from a canonical table: values as cells, headers, widths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date
from typing import Any

import pandas as pd

from consolidate.model.schema import Field, TableSpec
from consolidate.report.csv_text import values
from consolidate.report.format import CellKind
from consolidate.report.sheet_block import Cell
from consolidate.report.sheet_text import LONGEST, Cleaner, unique
from consolidate.report.sheet_words import BookWords
from consolidate.report.source_link import Link, source_link

WIDE = 46
"""Width of a column of long texts, in characters."""

_NARROW, _BROAD = 7, 30
_EPOCH = date(1899, 12, 30).toordinal()
_FIRST_DAY = 61  # 1 March 1900: Excel counts a 29 February before it
_KINDS: Mapping[str, CellKind] = {
    "date": "date",
    "month": "month",
    "money": "money",
    "effort": "days",
    "duration": "days",
    "hours": "days",
    "share": "share",
    "rating": "count",
    "criticality": "count",
    "integer": "count",
    "number": "number",
}


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of a sheet.

    Attributes:
        name: The field, or another name of the sheet's own.
        header: What its header cell shows.
        kind: How its cells are written.
        cells: What they hold.
        width: In characters.
        wrap: Whether text goes on below.
        formula: What works its cells out; empty for what was read.
        shared: The same by addresses, as the first row has it; empty if not to be shared.
        fold: Whether it is folded away, one click from being seen.
        aside: Whether it is shown but not printed.
        links: Where each cell leads; none for a column without links.
        notes: Comments of cells, by 0-based row.
    """

    name: str
    header: str
    kind: CellKind
    cells: Sequence[Cell]
    width: float
    wrap: bool = False
    formula: str = ""
    shared: str = ""
    fold: bool = False
    aside: bool = False
    links: Sequence[Link | None] = ()
    notes: Mapping[int, str] = dataclass_field(default_factory=dict)


def table_columns(
    spec: TableSpec,
    frame: pd.DataFrame,
    names: Mapping[str, str],
    words: BookWords,
    cleaner: Cleaner,
    source_root: str | None = None,
) -> list[SheetColumn]:
    """Return the columns of a canonical table that have a value, and where rows were read.

    Args:
        spec: The table.
        frame: Its rows.
        names: Name of each project, by code.
        words: Labels and codes.
        cleaner: Makes texts fit.
        source_root: Where sources lead to; None for text alone.
    """
    found = []
    for field in spec.fields:
        given = values(frame[field.name])
        if field.name == "project_name":
            codes = values(frame["project_code"])
            given = [names.get(c) or v for c, v in zip(codes, given, strict=True)]
        if any(v is not None and v != "" for v in given):
            found.append(_column(spec.name, field, given, words, cleaner))
    return [*found, source_column(frame, words, cleaner, source_root)]


def with_headers(columns: Sequence[SheetColumn]) -> list[SheetColumn]:
    """Return columns whose headers differ from each other."""
    headers = unique(c.header for c in columns)
    return [replace(c, header=h) for c, h in zip(columns, headers, strict=True)]


def source_column(
    frame: pd.DataFrame,
    words: BookWords,
    cleaner: Cleaner,
    source_root: str | None,
) -> SheetColumn:
    """Return where each record was read, as ``file ! sheet ! row``."""
    books, sheets = values(frame["workbook"]), values(frame["sheet"])
    rows, places = values(frame["row"]), list(zip(books, sheets, strict=True))
    known = {place: _place(place, cleaner) for place in dict.fromkeys(places)}
    cells = [
        f"{known[place]} ! {row}" if row else known[place]
        for place, row in zip(places, rows, strict=True)
    ]
    column = _texts("source", words.tr("source"), cells, 60)
    at = [f"A{r}" if r else "" for r in rows] if source_root else []
    return replace(column, links=source_links(source_root, books, sheets, at))


def _place(names: Sequence[str | None], cleaner: Cleaner) -> str:
    """Return what a file and a sheet are called, with room for a row behind it."""
    told = " ! ".join(cleaner.text(n) for n in names if n)
    return told if len(told) < LONGEST // 2 else cleaner.text(told[: LONGEST // 4])


def source_links(
    root: str | None,
    books: Sequence[str | None],
    sheets: Sequence[str | None],
    cells: Sequence[str | None],
) -> list[Link | None]:
    """Return where each place leads; nothing without a root."""
    if root is None:
        return []
    places = zip(books, sheets, cells, strict=True)
    return [source_link(root, b or "", s or "", c or "") for b, s, c in places]


def text_column(
    name: str,
    header: str,
    texts: Sequence[str | None],
    cleaner: Cleaner,
    *,
    most: int = _BROAD,
) -> SheetColumn:
    """Return a column of texts as wide as they need, up to ``most`` characters."""
    return _texts(name, header, cleaner.clean(texts), most)


def _texts(
    name: str, header: str, cells: Sequence[str | None], most: int
) -> SheetColumn:
    lengths = sorted(map(len, filter(None, cells)))
    # A code is never broken; of longer texts, a few may go on below.
    whole = len(lengths) - 1 if name.endswith("code") else int(len(lengths) * 0.95)
    usual = lengths[whole] if lengths else 0
    width = max(min(usual + 2, most), head_width(header))
    wrap = bool(lengths) and lengths[-1] + 1 > width
    return SheetColumn(name, header, "text", cells, width, wrap)


def number_column(
    name: str, header: str, kind: CellKind, numbers: Sequence[float | None]
) -> SheetColumn:
    """Return a column of numbers."""
    known = [n for n in numbers if n is not None]
    width = len(f"{max(map(abs, known), default=0):,.0f}") + 4
    return SheetColumn(name, header, kind, numbers, max(width, head_width(header)))


def month_column(name: str, header: str, months: Sequence[str | None]) -> SheetColumn:
    """Return a column of months, given as ``YYYY-MM``."""
    return _dated(name, header, "month", [_month(m) for m in months])


def head_width(header: str) -> float:
    """Return the least width a header needs: its longest word and the filter's button."""
    return max(max(map(len, header.split()), default=0) + 2.5, _NARROW)


def serial(day: date | None) -> int | str | None:
    """Return a day as Excel counts it; as text before March 1900."""
    if day is None:
        return None
    number = day.toordinal() - _EPOCH
    return number if number >= _FIRST_DAY else day.isoformat()


def _column(
    table: str,
    field: Field,
    given: Sequence[Any],
    words: BookWords,
    cleaner: Cleaner,
) -> SheetColumn:
    header = words.field(table, field.name)
    kind = _KINDS.get(field.type, "text")
    if kind == "text":
        most = WIDE if field.type == "long_text" else _BROAD
        texts = code_texts(field, given, words)
        return text_column(field.name, header, texts, cleaner, most=most)
    if kind == "date":
        return _dated(field.name, header, kind, [serial(v) for v in given])
    if kind == "month":
        return month_column(field.name, header, given)
    return number_column(field.name, header, _number_kind(field, given), given)


def _number_kind(field: Field, given: Sequence[Any]) -> CellKind:
    if field.name.endswith("year"):
        return "integer"
    if field.type == "share" and field.name.startswith(("availability", "restore")):
        return "fine_share"
    if field.type == "number":
        whole = all(v is None or float(v).is_integer() for v in given)
        return "count" if whole else "number"
    return _KINDS[field.type]


def _dated(
    name: str, header: str, kind: CellKind, cells: Sequence[Cell]
) -> SheetColumn:
    width = 12 if kind == "date" else 11
    return SheetColumn(name, header, kind, cells, max(width, head_width(header)))


def _month(text: str | None) -> Cell:
    try:
        return serial(date.fromisoformat(f"{text}-01")) if text else None
    except ValueError:
        return text


def code_texts(
    field: Field, given: Sequence[Any], words: BookWords
) -> list[str | None]:
    """Return values as texts: codes in words, lists with commas."""
    if field.type == "list":
        return [v.replace(";", ", ") if v else None for v in given]
    known = words.codes(field)
    if field.type == "boolean":
        return [None if v is None else known["true" if v else "false"] for v in given]
    if known:
        told = {v: known.get(v, v) for v in set(given)}
        return list(map(told.__getitem__, given))
    return list(given)
