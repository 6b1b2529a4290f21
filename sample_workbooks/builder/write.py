"""Write books as .xlsx, .xlsm and .csv, the same bytes each time, and convert the rest."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import tempfile
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from builder.book import Book, Sheet
from builder.part import a1

_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - a spreadsheet's dates have no zone
_PLAIN_TYPE = (
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
)
_MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
OFFICE = (".xls", ".ods")
"""Formats written once by LibreOffice: their bytes differ from run to run."""


def content_of(book: Book) -> bytes:
    """Return the bytes of a book, .xls and .ods as the .xlsx they are made from."""
    if book.content is not None:
        return book.content
    if book.name.endswith(".csv"):
        return _csv(book)
    content = _xlsx(book)
    return _with_macros(content) if book.name.endswith(".xlsm") else content


def convert(book: Book, target: Path) -> None:
    """Write a .xls or .ods with LibreOffice.

    Raises:
        FileNotFoundError: LibreOffice is not installed.
        subprocess.CalledProcessError: It failed.
    """
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise FileNotFoundError(
            "LibreOffice is needed to convert .xls and .ods samples"
        )
    kind = target.suffix.removeprefix(".")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, f"{target.stem}.xlsx")
        source.write_bytes(content_of(book))
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [
            office,
            profile,
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            folder,
        ]
        subprocess.run(
            [*command, str(source)], check=True, capture_output=True, timeout=120
        )
        shutil.move(source.with_suffix(target.suffix), target)


def _xlsx(book: Book) -> bytes:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_urls": False}
    )
    workbook.set_properties({"title": Path(book.name).stem, "created": _CREATED})
    formats: dict[tuple[tuple[str, Any], ...], Any] = {}
    for sheet in book.sheets:
        worksheet = workbook.add_worksheet(sheet.name)
        if sheet.hidden:
            worksheet.hide()
        _fill(workbook, worksheet, sheet, formats)
    workbook.close()
    return buffer.getvalue()


def _fill(
    workbook: Any, worksheet: Worksheet, sheet: Sheet, formats: dict[Any, Any]
) -> None:
    def look(properties: dict[str, object]) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in formats:
            formats[key] = workbook.add_format(properties)
        return formats[key]

    for col, width in sheet.widths.items():
        worksheet.set_column(col, col, width)
    for first_row, first_col, last_row, last_col in sheet.merges:
        _, properties = sheet.cells.get((first_row, first_col), (None, {}))
        if (first_row, first_col) != (last_row, last_col):
            box = (first_row, first_col, last_row, last_col)
            worksheet.merge_range(*box, "", look(properties))
    for (row, col), (shown, properties) in sorted(sheet.cells.items()):
        _write(worksheet, row, col, shown, look(properties))
    for cell, text in sheet.comments.items():
        worksheet.write_comment(cell, text, {"author": "Alix Exemple"})
    for cells, word, colour in sheet.rules:
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"'}
        worksheet.conditional_format(
            cells, {**rule, "format": look({"bg_color": colour})}
        )
    for cells, words in sheet.choices:
        worksheet.data_validation(cells, {"validate": "list", "source": words})


def _write(worksheet: Worksheet, row: int, col: int, shown: Any, look: Any) -> None:
    if shown is None:
        worksheet.write_blank(row, col, None, look)
    elif isinstance(shown, tuple):
        worksheet.write_formula(row, col, shown[0], look, shown[1])
    elif isinstance(shown, bool):
        worksheet.write_boolean(row, col, shown, look)
    elif isinstance(shown, date):
        worksheet.write_datetime(row, col, shown, look)
    elif isinstance(shown, (int, float)):
        worksheet.write_number(row, col, shown, look)
    else:
        worksheet.write_string(row, col, shown, look)


def _with_macros(content: bytes) -> bytes:
    """Return the workbook declared as one that may hold macros (it holds none)."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == "[Content_Types].xml":
                part = part.replace(_PLAIN_TYPE, _MACRO_TYPE)
            target.writestr(entry, part)
    return buffer.getvalue()


def _csv(book: Book) -> bytes:
    """Return a .csv as Excel saves it in France, or as its delimiter says."""
    (sheet,) = book.sheets
    rows = 1 + max(row for row, _ in sheet.cells)
    cols = 1 + max(col for _, col in sheet.cells)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=book.delimiter, lineterminator="\r\n")
    for row in range(rows):
        line = [sheet.cells.get((row, col), (None, {})) for col in range(cols)]
        writer.writerow([_typed(shown, look, book.delimiter) for shown, look in line])
    return buffer.getvalue().encode(book.encoding)


def _typed(shown: Any, look: dict[str, object], delimiter: str) -> str:
    comma = delimiter == ";"
    if shown is None:
        return ""
    if isinstance(shown, date):
        return f"{shown:%d/%m/%Y}" if comma else shown.isoformat()
    if look.get("num_format") == "0%":
        return f"{shown * 100:.0f}%"
    if isinstance(shown, float):
        return f"{shown:.2f}".replace(".", ",") if comma else f"{shown:.2f}"
    return str(shown)


def shown_in_csv(sheet: Sheet, delimiter: str) -> dict[str, str]:
    """Return the text of each filled cell of a .csv sheet, by address."""
    return {
        a1(row, col): _typed(shown, look, delimiter)
        for (row, col), (shown, look) in sheet.cells.items()
    }
