"""Workbooks of spreadsheet programs: values by calamine, looks by a pass of our own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace

from consolidate.model.address import box
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.reply import unchanged
from consolidate.model.workbook import Look, Position, Sheet, Value, Workbook
from consolidate.read.grids import Grid, Grids, tell_sparse
from consolidate.read.looks import Seen, see
from consolidate.read.ooxml import Package, Part, local, open_package, parse
from consolidate.read.preflight import may_reach_far, preflight, sheet_extent
from consolidate.read.rules import coloured_by_rules
from consolidate.read.styles import Styles, read_styles
from consolidate.read.usual import in_usual_order, is_usual
from consolidate.read.values import tell_cleaned

_MOST_CHOICES = 60


def read_ooxml(name: str, data: bytes) -> Workbook:
    """Read an .xlsx or .xlsm: values, merges, looks, lists, comments, hidden parts.

    Raises:
        UnreadableWorkbookError: It is damaged, encrypted or too large, or a copy that
            consolidate annotated, unchanged.
    """
    preflight(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError) as err:
        raise UnreadableWorkbookError("damaged", type(err).__name__) from err
    with archive:
        if ours := unchanged(archive):
            raise UnreadableWorkbookError(ours)
        package = open_package(archive)
        styles = read_styles(package.read(package.styles), package.read(package.theme))
        return _read_package(name, data, package, styles)


def _read_package(name: str, data: bytes, package: Package, styles: Styles) -> Workbook:
    findings = _notices(name, package)
    grids = Grids(data, package, styles)
    sheets: list[Sheet] = []
    met: set[str] = set()
    for part in package.parts:
        raw = b"" if part.path in met else package.read(part.path)
        xml, whole = (raw, True) if is_usual(raw) else in_usual_order(raw)
        if b"<sheetData" not in xml:
            ref = CellRef(name, part.name)
            findings.append(Finding("sheet-not-read", Severity.ERROR, ref))
            sheets.append(Sheet(part.name, [], part.state == "visible"))
            continue
        met.add(part.path)
        if xml is not raw or may_reach_far(xml):
            sheet_extent(raw)  # a cell beyond the grid would stall calamine
        seen = see(xml, styles)
        grid = grids.read(part.name, xml, seen, whole=whole)
        findings.extend(_lost(name, part.name, grid))
        sheets.append(_sheet(package, part, styles, xml, seen, grid))
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


def _lost(name: str, sheet: str, grid: Grid) -> list[Finding]:
    """Tell what stands in the file and could not be read, or is too far to be read."""
    found = tell_sparse(name, sheet, grid.beyond)
    if grid.cleaned:
        found.extend(tell_cleaned(name, sheet, grid.rows))
    params = {"read": str(grid.read), "seen": str(grid.there)}
    ref = CellRef(name, sheet)
    if not grid.whole:
        found.append(Finding("sheet-damaged", Severity.ERROR, ref, params=params))
    elif grid.read < grid.there:
        rule = "workbook-readers-differ"
        found.append(Finding(rule, Severity.WARNING, ref, params=params))
    return found


def _sheet(
    package: Package,
    part: Part,
    styles: Styles,
    xml: bytes,
    seen: Seen,
    grid: Grid,
) -> Sheet:
    return Sheet(
        part.name,
        grid.rows,
        visible=part.state == "visible",
        merges=grid.merges,
        looks=coloured_by_rules(xml, styles, grid.rows, _inside(seen, grid.rows)),
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
