"""Parts of a package that are never read as values and may identify a patient all the same."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import replace

from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.identifiers import without_identifiers
from consolidate.model.workbook import Workbook

_PARTS = re.compile(r"(?i)docprops/.*|meta\.xml|customxml/.*|xl/drawings/.*\.xml|xl/charts/.*\.xml")  # fmt: skip
_MOST_BYTES = 1 << 20
_TAG = re.compile(r"<[^>]*>")


def with_properties_told(workbook: Workbook, data: bytes) -> Workbook:
    """Return a workbook with a finding when its properties, shapes or charts name a patient.

    Nothing of these parts is published; it is the original that is not to be kept.
    """
    if not any(_names_patient(text) for text in hidden_texts(data)):
        return workbook
    found = Finding("patient-identifier", Severity.WARNING, CellRef(workbook.name))
    return replace(workbook, findings=(*workbook.findings, found))


def hidden_texts(data: bytes) -> list[str]:
    """Return the texts of properties, shapes and charts; none of what is no package."""
    if not data.startswith(b"PK"):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return [
                package.read(info).decode("utf-8", "replace")
                for info in package.infolist()
                if _PARTS.fullmatch(info.filename) and info.file_size <= _MOST_BYTES
            ]
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError):
        return []  # damaged: no value of it is published either


def _names_patient(xml: str) -> bool:
    text = _TAG.sub("\n", xml)
    return without_identifiers(text) != text
