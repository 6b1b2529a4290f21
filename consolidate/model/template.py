"""The standard workbook handed to project managers, as its writer and its reader know it.

Each of its sheets says what it is in its first cell, its headers are the labels of the
schemas, and a hidden sheet keeps a print of what was written: so it is read without any
guess, and one that came back untouched is told from a filled one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from consolidate.model.schema import FieldType, Schemas
from consolidate.model.workbook import Sheet, Value

MARKS: Mapping[str, str] = {
    "fr": "Modèle du PMO · consolidate",
    "en": "Template of the PMO · consolidate",
}
"""What the first cell of each sheet begins with, by language."""

TURNED = "projects"
"""The table whose records stand side by side, a field on each row."""

HEADER = 3
"""0-based row of the headers; of the first field of a turned table."""

PRINT = (1, 0)
"""Cell of the hidden sheet that keeps the print."""

_BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One field of a sheet.

    Attributes:
        field: Canonical name.
        header: What the manager sees.
        type: Of the field.
        vocabulary: Its list of choices; empty when anything can be typed.
        words: The choices, in the workbook's language.
        is_open: Whether another word than these may be typed.
        hint: What to type.
        is_key: Whether a record is nothing without it.
        is_fixed: Whether what is written in it is not the manager's to change.
        is_asked: Whether it is to be written every month.
        section: What the rows of a turned table stand under.
    """

    field: str
    header: str
    type: FieldType
    vocabulary: str = ""
    words: tuple[str, ...] = ()
    is_open: bool = False
    hint: str = ""
    is_key: bool = False
    is_fixed: bool = False
    is_asked: bool = False
    section: str = ""


@dataclass(frozen=True, slots=True)
class TemplateSheet:
    """One table.

    Attributes:
        table: Canonical name.
        mark: What its first cell says.
        title: Of the sheet and its tab.
        lead: One sentence on what it is for.
        columns: Its fields.
        rows: Records already filled in, a value a column.
    """

    table: str
    mark: str
    title: str
    lead: str
    columns: tuple[TemplateColumn, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Template:
    """One manager's workbook of one month.

    Attributes:
        manager: Whose it is.
        period: Month to report on, ``YYYY-MM``.
        source: Month its values come from, ``YYYY-MM``; empty when it has none.
        lang: ``fr`` or ``en``.
        sheets: Its tables.
    """

    manager: str
    period: str
    source: str
    lang: str
    sheets: tuple[TemplateSheet, ...]


def mark_of(label: str, lang: str, subject: str = "") -> str:
    """Return what the first cell of a table's sheet says.

    Args:
        label: Of the table.
        lang: ``fr`` or ``en``.
        subject: Code or name of the one project the sheet is about, where its columns
            have no place for it and there are several.
    """
    return _BETWEEN.join(filter(None, (MARKS[lang], label, subject)))


def is_template(first_cell: object) -> bool:
    """Whether a sheet whose first cell says this is one of the standard workbook."""
    return isinstance(first_cell, str) and first_cell.startswith(tuple(MARKS.values()))


def is_help(first_cell: object) -> bool:
    """Whether a sheet of the standard workbook holds no table: instructions, lists."""
    return first_cell in MARKS.values()


def table_of(first_cell: object, schemas: Schemas) -> tuple[str, str, str] | None:
    """Return the table of a sheet, its language and its subject; None of no template."""
    for lang, mark in MARKS.items():
        if isinstance(first_cell, str) and first_cell.startswith(mark + _BETWEEN):
            label, _, subject = first_cell.removeprefix(mark + _BETWEEN).partition(_BETWEEN)  # fmt: skip
            named = (t.name for t in schemas.tables.values() if t.label[lang] == label)
            table = next(named, None)
            return (table, lang, subject) if table else None
    return None


def fingerprint(sheets: Iterable[tuple[str, Sequence[Sequence[Value]]]]) -> str:
    """Return what tells the content of the tables from any other, however it was saved.

    Args:
        sheets: Their names and grids; what is above the headers does not count.
    """
    digest = hashlib.sha256()
    for name, rows in sheets:
        digest.update(f"\x1e{name}".encode("utf-8", "replace"))
        for row, cells in enumerate(rows):
            for col, value in enumerate(cells):
                if row >= HEADER and value not in {None, ""}:
                    told = f"\x1f{row},{col}={_said(value)}"
                    digest.update(told.encode("utf-8", "replace"))
    return digest.hexdigest()


def is_untouched(sheets: Sequence[Sheet]) -> bool:
    """Whether a standard workbook came back with nothing written into it."""
    tables = [s for s in sheets if not is_help(s.value(0, 0))]
    prints = {s.value(*PRINT) for s in sheets if is_help(s.value(0, 0))}
    if not all(is_template(s.value(0, 0)) for s in tables):
        return False
    return fingerprint((s.name, s.rows) for s in tables) in prints


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return repr(float(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").strip()
