"""Columns of a sheet from a canonical table: values as cells, headers, widths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from consolidate.model.schema import Field, TableSpec
from consolidate.report.csv_text import values
from consolidate.report.format import CellKind
from consolidate.report.sheet_block import Cell
from consolidate.report.sheet_text import Cleaner, unique
from consolidate.report.sheet_words import BookWords

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
LEAD: Mapping[str, tuple[str, ...]] = {
    "projects": (
        *("project_code", "name", "project_manager", "state", "phase", "status"),
        *("status_quality", "status_cost", "status_schedule", "status_risk"),
        *("status_resources", "trend", "progress", "start_planned", "start_actual"),
        *("end_baseline", "end_forecast", "end_actual", "budget_initial"),
        *("budget_revised", "committed", "spent", "forecast_cost", "amount_scope"),
        *("amount_year", "priority", "kind", "establishment", "department", "domain"),
    ),
    "milestones": (
        *("project_code", "project_name", "name", "phase", "state", "status"),
        *("progress", "end_baseline", "end_forecast", "end_actual", "slip_days"),
    ),
    "budget_lines": ("project_code", "project_name", "label", "category", "nature"),
    "risks": (
        *("project_code", "project_name", "code", "title", "probability", "impact"),
        *("criticality", "state", "owner", "due_date"),
    ),
    "actions": (
        *("project_code", "project_name", "code", "kind", "title", "state"),
        *("priority", "owner", "due_date"),
    ),
    "workload": ("project_code", "project_name", "person", "team", "month", "category"),
    "requests": ("code", "title", "state", "priority", "requester", "establishment"),
    "services": ("service_code", "name", "application", "month", "establishment"),
    "compliance": ("project_code", "project_name", "framework", "requirement", "state"),
    "convergence": ("domain", "establishment", "state"),
}
"""Fields a sheet begins with; the others follow in the schema's order, long texts last."""


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
    """

    name: str
    header: str
    kind: CellKind
    cells: Sequence[Cell]
    width: float
    wrap: bool = False


def table_columns(
    spec: TableSpec,
    frame: pd.DataFrame,
    names: Mapping[str, str],
    words: BookWords,
    cleaner: Cleaner,
) -> list[SheetColumn]:
    """Return the columns of a canonical table's sheet; those without a value are left out.

    Args:
        spec: The table.
        frame: Its rows.
        names: Name of each project, by code.
        words: Labels and codes.
        cleaner: Makes texts fit.
    """
    found = []
    for name in _ordered(spec):
        field = spec.by_name[name]
        given = values(frame[name])
        if name == "project_name":
            codes = values(frame["project_code"])
            given = [names.get(c) or v for c, v in zip(codes, given, strict=True)]
        if any(v is not None and v != "" for v in given):
            found.append(_column(spec.name, field, given, words, cleaner))
    found.append(source_column(frame, words, cleaner))
    headers = unique(c.header for c in found)
    return [replace(c, header=h) for c, h in zip(found, headers, strict=True)]


def source_column(
    frame: pd.DataFrame, words: BookWords, cleaner: Cleaner
) -> SheetColumn:
    """Return where each record was read, as ``file ! sheet ! row``."""
    rows = [str(r) if r else "" for r in values(frame["row"])]
    parts = zip(values(frame["workbook"]), values(frame["sheet"]), rows, strict=True)
    places = [" ! ".join(str(p) for p in place if p) for place in parts]
    column = text_column("source", words.tr("source"), places, cleaner, most=60)
    return replace(column, wrap=False)


def text_column(
    name: str,
    header: str,
    texts: Sequence[str | None],
    cleaner: Cleaner,
    *,
    most: int = _BROAD,
) -> SheetColumn:
    """Return a column of texts as wide as they need, up to ``most`` characters."""
    cells = cleaner.clean(texts)
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
    width = len(f"{max(map(abs, known), default=0):,.0f}") + 3
    return SheetColumn(name, header, kind, numbers, max(width, head_width(header)))


def head_width(header: str) -> float:
    """Return the least width a header needs: its longest word and the filter's button."""
    return max(max(map(len, header.split()), default=0) + 2.5, _NARROW)


def serial(day: date | None) -> int | str | None:
    """Return a day as Excel counts it; as text before March 1900."""
    if day is None:
        return None
    number = day.toordinal() - _EPOCH
    return number if number >= _FIRST_DAY else day.isoformat()


def _ordered(spec: TableSpec) -> list[str]:
    """Return its fields as they are read: what identifies first, long texts last."""
    lead = LEAD.get(spec.name, ("project_code", "project_name"))
    first = [name for name in lead if name in spec.by_name]
    rest = [f for f in spec.fields if f.name not in first]
    short = [f.name for f in rest if f.type != "long_text"]
    return [*first, *short, *(f.name for f in rest if f.type == "long_text")]


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
        return _dated(field.name, header, kind, [_month(v) for v in given])
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
    width = 11 if kind == "date" else 10
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
        return [known.get(v, v) for v in given]
    return list(given)
