"""Write an empty register workbook: a sheet a register, with headers, help and choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from xlsxwriter import Workbook

from consolidate.model.register import RegisterColumn, RegisterSpec
from consolidate.model.schema import Schemas
from consolidate.report.sheet_style import FONT, HEAD, MUTED, SIZE
from consolidate.report.sheet_text import Cleaner

_WIDTHS = {"value": 24, "reason": 44, "record": 30, "field": 24, "author": 18}
_WIDTH = 14
_ROWS = 500
_LONGEST_LIST = 255
"""What Excel takes as the text of a list of choices."""


def write_registers(
    path: Path,
    specs: Sequence[RegisterSpec],
    schemas: Schemas,
    lang: str,
    known: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
) -> None:
    """Write the workbook.

    Args:
        path: The file; it does not exist.
        specs: The registers.
        schemas: Tables that choices are offered of.
        lang: ``fr`` or ``en``.
        known: Rows already filled in, by register: columns by name.
    """
    font = {"font_name": FONT, "font_size": SIZE}
    with Workbook(
        str(path), {"default_format_properties": font, "strings_to_formulas": False}
    ) as book:
        for spec in specs:
            _write(book, spec, schemas, lang)
            _fill(book, spec, (known or {}).get(spec.name, ()))


def _write(book: Workbook, spec: RegisterSpec, schemas: Schemas, lang: str) -> None:
    sheet = book.add_worksheet(spec.label[lang])
    sheet.write_string(
        0,
        0,
        spec.label[lang],
        book.add_format({"bold": True, "font_size": 14, "font_color": HEAD}),
    )
    note = book.add_format({"font_color": MUTED, "text_wrap": True, "valign": "top"})
    last = len(spec.columns) - 1
    sheet.merge_range(1, 0, 1, last, spec.help[lang], note)
    head = book.add_format(
        {"bold": True, "bg_color": HEAD, "font_color": "#FFFFFF", "text_wrap": True}
    )
    for k, column in enumerate(spec.columns):
        sheet.set_column(k, k, _WIDTHS.get(column.name, _WIDTH))
        star = " *" if column.required else ""
        sheet.write_string(3, k, column.label[lang] + star, head)
        if lang in column.help:
            sheet.write_comment(3, k, column.help[lang])
        choices = _choices(spec, column, schemas, lang)
        if choices and len(",".join(choices)) <= _LONGEST_LIST:
            sheet.data_validation(
                4,
                k,
                3 + _ROWS,
                k,
                {"validate": "list", "source": choices, "error_type": "warning"},
            )
    sheet.freeze_panes(4, 1)


def _fill(
    book: Workbook, spec: RegisterSpec, rows: Sequence[Mapping[str, str]]
) -> None:
    sheet = book.worksheets()[-1]
    clean = Cleaner().text
    for at, row in enumerate(rows, start=4):
        for k, column in enumerate(spec.columns):
            if row.get(column.name):
                sheet.write_string(at, k, clean(row[column.name]))


def _choices(
    spec: RegisterSpec, column: RegisterColumn, schemas: Schemas, lang: str
) -> list[str]:
    if column.name == "table":
        return [table.label[lang] for table in schemas.tables.values()]
    if (spec.name, column.name) == ("arbitrations", "decision"):
        labels = schemas.vocabularies["arbitration"].labels.values()
        return [label[lang] for label in labels]
    return []
