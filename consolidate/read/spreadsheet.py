"""Workbooks of spreadsheet programs: values by calamine, looks by a pass of our own."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace

from python_calamine import CalamineWorkbook

from consolidate.model.address import Box, a1, box
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.workbook import Look, Position, Sheet, Value, Workbook
from consolidate.read.looks import Seen, in_usual_order, see
from consolidate.read.ooxml import Package, Part, local, open_package, parse
from consolidate.read.preflight import may_reach_far, preflight, sheet_extent
from consolidate.read.rules import coloured_by_rules
from consolidate.read.styles import Styles, read_styles
from consolidate.read.values import (
    list_sheets,
    open_values,
    read_cells,
    read_grid,
    shared_strings,
)

_MOST_AREA = 5_000_000
_FAR_ROWS, _FAR_COLS = 100_000, 200
_DATED = re.compile(r"[dyjaDYJA]|m{3}|mmm")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_MOST_CHOICES = 60
_STRING_CELL = re.compile(rb't="s"[^>]*><v>(\d+)</v>')


def read_ooxml(name: str, data: bytes) -> Workbook:
    """Read an .xlsx or .xlsm: values, merges, looks, lists, comments, hidden parts.

    Raises:
        UnreadableWorkbookError: It is damaged, encrypted or too large.
    """
    preflight(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError) as err:
        raise UnreadableWorkbookError("damaged", type(err).__name__) from err
    with archive:
        package = open_package(archive)
        styles = read_styles(package.read(package.styles), package.read(package.theme))
        return _read_package(name, data, package, styles)


def _read_package(name: str, data: bytes, package: Package, styles: Styles) -> Workbook:
    findings = _notices(name, package)
    strings: list[str] | None = None
    book: CalamineWorkbook | None = None
    broken = len({p.name for p in package.parts}) < len(package.parts)
    known: dict[str, str] = {}
    sheets: list[Sheet] = []
    for part in package.parts:
        raw = package.read(part.path)
        xml = in_usual_order(raw)
        if xml is not raw or may_reach_far(xml):
            sheet_extent(raw)  # a cell beyond the grid would stall calamine
        seen = see(xml, styles)
        far = seen.rows * seen.cols > _MOST_AREA
        rows: list[list[Value]] = []
        merges: tuple[Box, ...] = ()
        if seen.rows and not far and not broken:
            try:
                book = book or open_values(data)
                rows, merges = read_grid(book, part.name, known)
            except UnreadableWorkbookError as err:
                if err.reason == "encrypted":
                    raise
                broken = True
        if far or broken:
            if strings is None:
                strings = shared_strings(package.read("xl/sharedStrings.xml"))
            dated = {i: _is_dated(look.format) for i, look in enumerate(styles.looks)}
            cells = read_cells(xml, strings, dated, date_1904=package.date_1904)
            rows, beyond = _near(cells)
            merges = _merges(xml)
            if beyond:
                findings.append(_sparse(name, part.name, beyond))
        if _filled(rows) + len(seen.errors) < seen.filled:
            strings = strings or shared_strings(package.read("xl/sharedStrings.xml"))
            findings.extend(_differ(name, part.name, rows, seen, _blank(xml, strings)))
        sheets.append(_sheet(package, part, styles, xml, seen, rows, merges))
    named = {s.name: s for s in sheets}
    found = tuple(_with_choices(s, named, package.names) for s in sheets)
    return Workbook(name, "xlsx", found, tuple(findings))


def _notices(name: str, package: Package) -> list[Finding]:
    ref = CellRef(name)
    found = []
    if package.macros:
        found.append(Finding("workbook-has-macros", Severity.INFO, ref))
    if package.links:
        found.append(Finding("workbook-has-links", Severity.INFO, ref))
    return found


def _is_dated(number_format: str) -> bool:
    return bool(_DATED.search(_QUOTED.sub("", number_format)))


def _near(cells: Mapping[Position, Value]) -> tuple[list[list[Value]], list[Position]]:
    """Return the grid of the cells that stand near A1, and the positions beyond."""
    near = {at: v for at, v in cells.items() if at[0] < _FAR_ROWS and at[1] < _FAR_COLS}
    beyond = sorted(at for at in cells if at not in near)
    height = max((r for r, _ in near), default=-1) + 1
    rows: list[list[Value]] = [[] for _ in range(height)]
    for (r, c), value in sorted(near.items()):
        row = rows[r]
        row.extend([None] * (c + 1 - len(row)))
        row[c] = value
    return rows, beyond


def _sparse(name: str, sheet: str, beyond: Sequence[Position]) -> Finding:
    cells = ", ".join(a1(*at) for at in beyond[:5])
    params = {"cells": cells, "count": str(len(beyond))}
    ref = CellRef(name, sheet, a1(*beyond[0]))
    return Finding("sheet-sparse", Severity.ERROR, ref, params=params)


def _merges(xml: bytes) -> tuple[Box, ...]:
    found = re.findall(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"', xml)
    return tuple(box(ref.decode()) for ref in found)


def _filled(rows: Sequence[Sequence[Value]]) -> int:
    return sum(len(row) - row.count(None) for row in rows)


def _blank(xml: bytes, strings: Sequence[str]) -> int:
    """Count the cells whose text is empty: they look filled in the file, to nobody else."""
    empty = {str(i).encode() for i, text in enumerate(strings) if not text}
    if not empty:
        return 0
    return sum(1 for index in _STRING_CELL.findall(xml) if index in empty)


def _differ(
    name: str, sheet: str, rows: Sequence[Sequence[Value]], seen: Seen, blank: int
) -> list[Finding]:
    """Tell when the values read are fewer than the cells that stand in the file."""
    read, there = _filled(rows) + len(seen.errors), seen.filled - blank
    if read >= there:
        return []
    params = {"read": str(read), "seen": str(there)}
    ref = CellRef(name, sheet)
    return [Finding("workbook-readers-differ", Severity.WARNING, ref, params=params)]


def _sheet(  # noqa: PLR0913, PLR0917 (the parts of one record)
    package: Package,
    part: Part,
    styles: Styles,
    xml: bytes,
    seen: Seen,
    rows: list[list[Value]],
    merges: tuple[Box, ...],
) -> Sheet:
    return Sheet(
        part.name,
        rows,
        visible=part.state == "visible",
        merges=merges,
        looks=coloured_by_rules(xml, styles, rows, _inside(seen, rows)),
        errors=seen.errors,
        uncached=seen.uncached,
        formulas=seen.formulas,
        comments=_comments(package, part),
        hidden_rows=seen.hidden_rows,
        hidden_cols=seen.hidden_cols,
        choices=tuple(
            (area, (source,)) for areas, source in seen.lists for area in areas
        ),
        struck=seen.struck,
    )


def _inside(seen: Seen, rows: Sequence[Sequence[Value]]) -> Mapping[Position, Look]:
    """Return the looks of cells within the grid: fills far below the data say nothing."""
    height, width = len(rows), max(map(len, rows), default=0)
    if seen.last_look[0] < height and seen.last_look[1] < width:
        return seen.looks
    return {at: x for at, x in seen.looks.items() if at[0] < height and at[1] < width}


def _comments(package: Package, part: Part) -> dict[Position, str]:
    found: dict[Position, str] = {}
    for kind in ("comments", "threadedComment"):
        root = parse(package.read(part.related.get(kind, "")))
        for item in root.iter() if root is not None else ():
            if local(item.tag) in {"comment", "threadedComment"}:
                text = "".join(
                    e.text or "" for e in item.iter() if local(e.tag) in {"t", "text"}
                )
                try:
                    at = box(item.get("ref", ""))
                except ValueError:
                    continue
                if text.strip():
                    found[at.top, at.left] = text.strip()
    return found


def _with_choices(
    sheet: Sheet, named: Mapping[str, Sheet], names: Mapping[str, str]
) -> Sheet:
    """Return a sheet with the words of its drop-down lists in the place of their source."""
    if not sheet.choices:
        return sheet
    choices = tuple(
        (area, words)
        for area, (source,) in sheet.choices
        if (words := _words(source, sheet, named, names))
    )
    return replace(sheet, choices=choices)


def _words(
    source: str, sheet: Sheet, named: Mapping[str, Sheet], names: Mapping[str, str]
) -> tuple[str, ...]:
    if source.startswith('"'):
        return tuple(w.strip() for w in source.strip('"').split(",") if w.strip())
    reference = names.get(source.lstrip("="), source).lstrip("=")
    where, _, cells = reference.rpartition("!")
    target = named.get(where.strip("'").replace("''", "'"), None) if where else sheet
    try:
        area = box(cells)
    except ValueError:
        return ()
    if target is None:
        return ()
    values = [
        target.value(r, c)
        for r in range(area.top, min(area.bottom, area.top + _MOST_CHOICES) + 1)
        for c in range(area.left, min(area.right, area.left + _MOST_CHOICES) + 1)
    ]
    return tuple(
        str(int(v)) if isinstance(v, float) and v == int(v) else str(v).strip()
        for v in values
        if v is not None
    )


def read_other(name: str, data: bytes, kind: str) -> Workbook:
    """Read an .xls, .xlsb or .ods: values, merges and hidden sheets.

    Raises:
        UnreadableWorkbookError: It is damaged, encrypted or too large.
    """
    if kind != "xls":
        preflight(data)
    book = open_values(data)
    known: dict[str, str] = {}
    sheets = []
    for listed in list_sheets(book):
        rows, merges = read_grid(book, listed.name, known)
        sheets.append(Sheet(listed.name, rows, listed.visible, merges))
    told = Finding("look-not-read", Severity.INFO, CellRef(name), params={"kind": kind})
    return Workbook(name, kind, tuple(sheets), (told,), looks_read=False)
