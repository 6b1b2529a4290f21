"""Draw what each sheet shows and what its cells were taken for, small enough to keep.

Runs in the worker, where the sheets are; the "what I understood" pages are made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from consolidate.model.address import Box, position
from consolidate.model.drawing import packed
from consolidate.model.workbook import Extract, Position, Region, Sheet, Value, Workbook

MOST_ROWS = 24
MOST_COLS = 24
_LONGEST = 80
_FIRST_ROWS = 5
"""Rows of a region's body that are drawn when it has more than fit."""

_MOST_SHEETS = 40
_DECIMALS = re.compile(r"0\.(0+)")


_PERIOD = "across"
_LEFT = frozenset("Xxno")
"""Kinds of cells that found no place in the portfolio."""


def draw(workbook: Workbook, extract: Extract) -> tuple[bytes, int]:
    """Return the drawing of a workbook, packed, and how many of its cells are left out.

    Args:
        workbook: As read, masked.
        extract: What was understood of it.
    """
    marks = _marks(workbook, extract)
    french = extract.language != "en"
    sheets = []
    left = 0
    for number, sheet in enumerate(workbook.sheets):
        regions = [
            _without_blanks(sheet, r) for r in extract.regions if r.sheet == sheet.name
        ]
        values = marks.get(sheet.name, {})
        kinds = _Kinds(regions)
        left += _left(sheet, values, kinds)
        if number < _MOST_SHEETS:
            told = _told_rows(sheet.name, extract)
            sheets.append(_sheet(sheet, regions, told, (values, kinds), french=french))
    more = max(len(workbook.sheets) - _MOST_SHEETS, 0)
    return packed({"sheets": sheets, "more": more}), left


def _left(
    sheet: Sheet, values: Mapping[Position, tuple[str, str]], kinds: _Kinds
) -> int:
    """Return how many filled cells of a sheet gave nothing and say nothing of others."""
    filled = [
        (row, col)
        for row, line in enumerate(sheet.rows)
        for col, value in enumerate(line)
        if value is not None and value != ""
    ]
    return sum(kinds.of(*at) in _LEFT for at in filled if at not in values)


def _marks(
    workbook: Workbook, extract: Extract
) -> Mapping[str, Mapping[Position, tuple[str, str]]]:
    """Return, by sheet, the table and field that each cell gave a value to."""
    tables = [record.table for record in extract.records]
    found: dict[str, dict[Position, tuple[str, str]]] = {
        sheet.name: {} for sheet in workbook.sheets
    }
    cells = extract.cells
    for record, field, sheet, row, col in zip(
        cells.record, cells.field, cells.sheet, cells.row, cells.col, strict=True
    ):
        if row >= 0 and sheet in found:
            found[sheet].setdefault((row, col), (tables[record], field))
    return found


def _sheet(
    sheet: Sheet,
    regions: Sequence[Region],
    told: set[int],
    taken: tuple[Mapping[Position, tuple[str, str]], _Kinds],
    *,
    french: bool,
) -> dict[str, Any]:
    values, kinds = taken
    rows = _rows(sheet, regions, told)
    cols = _cols(sheet, rows)
    drawn = []
    fields: dict[tuple[str, str], int] = {}
    for row in rows:
        line = sheet.rows[row]
        for col in cols:
            value = line[col] if col < len(line) else None
            look = sheet.looks.get((row, col))
            fill = look.fill if look else ""
            if value is None and not fill:
                continue
            text = _text(value, look.format if look else "", french=french)
            what = values.get((row, col))
            number = -1 if what is None else fields.setdefault(what, len(fields))
            bold = 1 if look and look.bold else 0
            if what is not None and (row, col) not in kinds.periods:
                kind = "v"
            else:
                kind = kinds.of(row, col) if text else ""
            drawn.append([row, col, text, fill, bold, kind, number])
    filled = _filled(sheet)
    return {
        "name": sheet.name,
        "visible": sheet.visible,
        "rows": rows,
        "cols": cols,
        "more_rows": len(filled) - len(set(rows) & set(filled)),
        "more_cols": max(_width(sheet) - (cols[-1] + 1 if cols else 0), 0),
        "hidden_rows": [r for r in rows if r in sheet.hidden_rows],
        "hidden_cols": [c for c in cols if c in sheet.hidden_cols],
        "merges": _merges(sheet, rows, cols),
        "cells": drawn,
        "fields": [list(pair) for pair in fields],
        "row_kinds": _row_kinds(regions, rows),
        "regions": [_region(region) for region in regions],
    }


def _without_blanks(sheet: Sheet, region: Region) -> Region:
    """Return a region without its columns that have a header and nothing else.

    The days of a calendar drawn in colours are such: nothing of them was left out.
    """
    if region.shape == "form" or all(c.field for c in region.columns):
        return region
    columns = tuple(
        c
        for c in region.columns
        if c.field or c.method == _PERIOD or not c.ref or _holds(sheet, region, c.ref)
    )
    return replace(region, columns=columns)


def _holds(sheet: Sheet, region: Region, ref: str) -> bool:
    """Return whether a column of a region has something under its header."""
    row, col = position(ref)
    if region.shape == "transposed":
        line = sheet.rows[row] if row < len(sheet.rows) else ()
        return any(v not in {None, ""} for v in line[col + 1 : region.box.right + 1])
    body = sheet.rows[row + 1 : region.box.bottom + 1]
    return any(col < len(line) and line[col] not in {None, ""} for line in body)


def _row_kinds(regions: Sequence[Region], rows: Sequence[int]) -> list[list[Any]]:
    """Return the rows drawn that are no record of their table, and what they are."""
    found: dict[int, str] = {}
    drawn = set(rows)
    for region in regions:
        if region.shape != "transposed":
            for row, kind in region.rows:
                if row in drawn:
                    found.setdefault(row, kind)
    return [list(pair) for pair in sorted(found.items())]


def _region(region: Region) -> dict[str, Any]:
    box = region.box
    return {
        "box": [box.top, box.left, box.bottom, box.right],
        "table": region.table,
        "shape": region.shape,
        "reason": region.reason,
        "records": region.records,
        "score": round(region.score, 2),
        "columns": [
            [c.ref, c.header[:_LONGEST], c.field, round(c.confidence, 2), c.method,
             [name for name, _ in c.candidates[:2]]]
            for c in region.columns
        ],
    }  # fmt: skip


class _Kinds:
    """What the cells of a sheet are that gave no value."""

    def __init__(self, regions: Sequence[Region]) -> None:
        self._regions = regions
        self._heads: dict[Position, str] = {}
        self._unused: list[set[int]] = []
        self.periods: set[Position] = set()
        for region in regions:
            unused: set[int] = set()
            flat = region.shape == "transposed"
            for column in region.columns:
                if not column.ref:
                    continue
                at = position(column.ref)
                across = column.method == _PERIOD
                if across:
                    self.periods.add(at)
                self._heads[at] = "M" if across else "H" if column.field else "X"
                if not column.field and not across:
                    unused.add(at[0] if flat else at[1])
            self._unused.append(unused)

    def of(self, row: int, col: int) -> str:
        """Return what one cell is."""
        head = self._heads.get((row, col))
        if head:
            return head
        for region, unused in zip(self._regions, self._unused, strict=True):
            if not region.box.holds(row, col):
                continue
            if region.reason or not region.table:
                return "n"
            flat = region.shape == "transposed"
            if (col if flat else row) in region.header_rows:
                return "h"
            if region.shape != "form" and (row if flat else col) in unused:
                return "x"
            return "t"
        return "o"


def _told_rows(name: str, extract: Extract) -> set[int]:
    """Return the rows of a sheet that understanding has something to say about."""
    found = set()
    for finding in extract.findings:
        cell = finding.ref.cell
        if finding.ref.sheet == name and cell and ":" not in cell:
            found.add(position(cell)[0])
    return found


def _rows(sheet: Sheet, regions: Sequence[Region], told: set[int]) -> list[int]:
    """Return the rows that are drawn: all, or those that show how the rest is read."""
    filled = _filled(sheet)
    if not filled:
        return []
    if filled[-1] < MOST_ROWS:
        return list(range(filled[-1] + 1))
    wanted: list[int] = []
    for region in regions:
        body = [r for r in filled if region.box.top <= r <= region.box.bottom]
        wanted += [*body[:_FIRST_ROWS], *body[-1:]]
    wanted += [r for r in filled if r in told]
    wanted += filled
    chosen: dict[int, None] = {}
    for row in wanted:
        if len(chosen) == MOST_ROWS:
            break
        chosen[row] = None
    return sorted(chosen)


def _filled(sheet: Sheet) -> list[int]:
    """Return the rows that hold something."""
    rows = enumerate(sheet.rows)
    return [k for k, line in rows if line.count(None) + line.count("") < len(line)]


def _width(sheet: Sheet) -> int:
    return max((len(line) for line in sheet.rows), default=0)


def _cols(sheet: Sheet, rows: Sequence[int]) -> list[int]:
    last = -1
    for row in rows:
        line = sheet.rows[row]
        for col in range(len(line) - 1, last, -1):
            if line[col] not in {None, ""}:
                last = col
                break
    return list(range(min(last + 1, MOST_COLS)))


def _merges(sheet: Sheet, rows: Sequence[int], cols: Sequence[int]) -> list[list[int]]:
    """Return the merged ranges that are drawn whole, as top, left, height, width."""
    if not rows or not cols:
        return []
    place = {row: k for k, row in enumerate(rows)}
    return [
        [box.top, box.left, box.bottom - box.top + 1, right - box.left + 1]
        for box, right in _clipped(sheet.merges, cols[-1])
        if _is_whole(box, place)
    ]


def _clipped(merges: Sequence[Box], last: int) -> Iterator[tuple[Box, int]]:
    for box in merges:
        if box.left <= last:
            yield box, min(box.right, last)


def _is_whole(box: Box, place: Mapping[int, int]) -> bool:
    """Return whether the rows of a merged range are all drawn, one below the other."""
    if box.top not in place or box.bottom not in place:
        return False
    return place[box.bottom] - place[box.top] == box.bottom - box.top


def _text(value: Value, form: str, *, french: bool) -> str:
    """Return a value about as its sheet shows it."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
    if isinstance(value, bool):
        return ("FAUX", "VRAI")[value] if french else ("FALSE", "TRUE")[value]
    if isinstance(value, date):
        return _day(value, form, french=french)
    if isinstance(value, int | float):
        return _number(float(value), form, french=french)
    return "" if value is None else str(value)


def _day(value: date, form: str, *, french: bool) -> str:
    low = form.lower()
    if "d" not in low and "j" not in low and "m" in low and "h" not in low:
        return f"{value.month:02}/{value.year}"
    if french:
        return f"{value.day:02}/{value.month:02}/{value.year}"
    return f"{value:%Y-%m-%d}"


@lru_cache(maxsize=1024)
def _manner(form: str) -> tuple[bool, int | None, bool, str]:
    """Return whether a format shows per cent, how many decimals, groups, a currency."""
    first = form.partition(";")[0]
    decimals = _DECIMALS.search(first)
    fixed = len(decimals[1]) if decimals else 0 if "0" in first else None
    money = "€" if "€" in first else ""
    return "%" in first, fixed, "," in first or " " in first, money


def _number(value: float, form: str, *, french: bool) -> str:
    percent, digits, groups, money = _manner(form)
    shown = value * 100 if percent else value
    if digits is None:
        text = f"{shown:.10g}"
    else:
        text = f"{shown:{',' if groups else ''}.{digits}f}"
    if french:
        text = text.replace(",", "\u202f").replace(".", ",")
    tail = "%" if percent else money
    return f"{text}\u00a0{tail}" if tail else text
