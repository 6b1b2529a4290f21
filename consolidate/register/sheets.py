"""Read a register workbook: sheets by name, columns by header, in a confined worker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from consolidate.model.address import a1
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.register import Entry, RegisterSpec
from consolidate.model.workbook import Sheet
from consolidate.register.specs import register_specs

Read = tuple[tuple[Entry, ...], tuple[Finding, ...]]

_HEADER_WITHIN = 20
"""The header is among the first rows of its sheet; titles and help may stand above."""


def read_register(path: Path) -> Read:
    """Return the rows of every register of a workbook, and what is wrong with it.

    Raises:
        UnreadableWorkbookError: It is no workbook, or one that cannot be read.
    """
    from consolidate.read import read_workbook  # noqa: PLC0415 (in the worker alone)

    book = read_workbook(path.name, path.read_bytes())
    entries: list[Entry] = []
    findings: list[Finding] = []
    for sheet in book.sheets:
        for spec in register_specs():
            if spec.is_called(sheet.name):
                found, told = read_sheet(book.name, sheet, spec)
                entries += found
                findings += told
    return tuple(entries), tuple(findings)


def read_sheet(workbook: str, sheet: Sheet, spec: RegisterSpec) -> Read:
    """Return the rows of one register, and what is wrong with them."""
    top, columns = _header(sheet, spec)
    if top < 0:
        names = ", ".join(spec.required)
        return (), (
            Finding(
                "register-no-header",
                Severity.ERROR,
                CellRef(workbook, sheet.name),
                raw=spec.name,
                params={"columns": names},
            ),
        )
    unknown = tuple(
        Finding(
            "register-column-unknown",
            Severity.WARNING,
            CellRef(workbook, sheet.name, a1(top, col)),
            raw=str(value).strip(),
        )
        for col, value in enumerate(sheet.rows[top])
        if str(value or "").strip() and col not in columns.values()
    )
    entries, findings = [], list(unknown)
    for entry in _rows(workbook, sheet, spec, top, columns):
        lacking = [name for name in spec.required if not entry.text(name)]
        if lacking:
            findings.append(
                Finding(
                    "register-row-incomplete",
                    Severity.ERROR,
                    entry.ref(),
                    raw=entry.text(spec.columns[0].name),
                    params={"columns": ", ".join(lacking)},
                )
            )
        else:
            entries.append(entry)
    return tuple(entries), tuple(findings)


def _header(sheet: Sheet, spec: RegisterSpec) -> tuple[int, Mapping[str, int]]:
    """Return the row of the header and where each column is; -1 when there is none."""
    for row, cells in enumerate(sheet.rows[:_HEADER_WITHIN]):
        found: dict[str, int] = {}
        for col, value in enumerate(cells):
            name = spec.column(value) if isinstance(value, str) else ""
            if name:
                found.setdefault(name, col)
        if set(spec.required) <= set(found):
            return row, found
    return -1, {}


def _rows(
    workbook: str,
    sheet: Sheet,
    spec: RegisterSpec,
    top: int,
    columns: Mapping[str, int],
) -> Iterator[Entry]:
    for row in range(top + 1, len(sheet.rows)):
        values = {
            name: value
            for name, col in columns.items()
            if (value := sheet.value(row, col)) is not None and str(value).strip()
        }
        if not values:
            continue
        formats = {
            name: form
            for name in values
            if (form := sheet.look(row, columns[name]).format)
        }
        place = (workbook, sheet.name, row, {n: columns[n] for n in values})
        yield Entry(spec.name, values, formats, *place)
