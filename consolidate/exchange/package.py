"""Write a workbook of openpyxl so that the same content always gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.writer.excel import ExcelWriter

from consolidate.exchange.guard import unguarded
from consolidate.model.reply import CUSTOM_PART, PROPERTY, TEMPLATE, fingerprint

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNSEALED = "0" * 64
_FIRST = "[Content_Types].xml"


def packed(book: Workbook, stamp: datetime, *, is_template: bool = False) -> bytes:
    """Return a workbook's bytes, marked as a reply that is not sealed yet.

    Args:
        book: Of which only one such mark is kept.
        stamp: When it was last saved, as its properties say.
        is_template: Whether it is handed out to be filled in for another month.
    """
    properties = book.custom_doc_props
    for name in (PROPERTY, TEMPLATE):
        if name in properties.names:
            del properties[name]
    if is_template:
        properties.append(StringProperty(name=TEMPLATE, value="own"))
    properties.append(StringProperty(name=PROPERTY, value=_UNSEALED))
    book.properties.modified = stamp
    buffer = io.BytesIO()
    # Not ``save``: it would say that it was saved now.
    ExcelWriter(book, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED)).save()
    with zipfile.ZipFile(buffer) as archive:
        return _steady({n: unguarded(archive.read(n)) for n in archive.namelist()})


def sealed(data: bytes) -> bytes:
    """Return a packed workbook that can tell that it was not changed since."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        print_ = fingerprint(archive).encode()
    parts[CUSTOM_PART] = parts[CUSTOM_PART].replace(_UNSEALED.encode(), print_)
    return _steady(parts)


def _steady(parts: dict[str, bytes]) -> bytes:
    """Return a zip of parts in an order of their own, without times or a system's marks."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(parts, key=lambda n: (n != _FIRST, n)):
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, parts[name])
    return buffer.getvalue()
