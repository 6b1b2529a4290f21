"""Reply to a workbook made by a test, in this process."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
from openpyxl.workbook.workbook import Workbook

from consolidate.exchange.order import Built, Order
from consolidate.exchange.remark import Remark
from consolidate.replies import build

MACROS = b"\xd0\xcf\x11\xe0 not a true project"


def remark(
    cell: str = "B2",
    severity: str = "error",
    message: str = "« bientôt » n'est pas une date.",
    *,
    sheet: str = "Jalons",
    rule: str = "date-unread",
    raw: str = "bientôt",
    advice: str = "Écrire une date (31/03/2026).",
    quiet: bool = False,
) -> Remark:
    return Remark(severity, rule, sheet, cell, raw, message, advice, quiet)


def order(
    data: bytes,
    folder: Path,
    remarks: Sequence[Remark] = (remark(),),
    *,
    name: str = "p1.xlsx",
    lang: str = "fr",
    copy: bool = True,
) -> Order:
    """An order to reply to a workbook, written into a folder first."""
    path = folder / "received"
    path.write_bytes(data)
    return Order(
        name,
        path if copy else None,
        len(data),
        hashlib.sha256(data).hexdigest(),
        "in",
        tuple(remarks),
        lang,
        {"fr": "octobre 2026", "en": "October 2026"}[lang],
        datetime(2026, 10, 31),
        folder,
    )


def reply(data: bytes, folder: Path, *remarks: Remark, lang: str = "fr") -> Built:
    return build(order(data, folder, remarks or (remark(),), lang=lang))


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def milestones() -> Workbook:
    """A workbook of one sheet with a date nobody can read in B2."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Jalons"
    for line in (("Jalon", "Échéance"), ("Recette", "bientôt"), ("Bascule", "31/12/2026")):  # fmt: skip
        sheet.append(line)
    return book


def opened(built: Built) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(built.data), keep_vba=False)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rezipped(given: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in given.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_macros(data: bytes) -> bytes:
    """The same workbook as an .xlsm."""
    given = parts(data)
    given["xl/vbaProject.bin"] = MACROS
    given["[Content_Types].xml"] = (
        given["[Content_Types].xml"]
        .replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
        .replace(
            b"</Types>",
            b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
        )
    )
    given["xl/_rels/workbook.xml.rels"] = given["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="v1" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>',
    )
    return rezipped(given)
