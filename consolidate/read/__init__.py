"""Read the bytes of one delivered file, whatever it is, inside a confined worker."""

from __future__ import annotations

from consolidate.model.workbook import Workbook
from consolidate.read.delimited import read_csv, read_html
from consolidate.read.sniff import sniff
from consolidate.read.spreadsheet import read_ooxml, read_other

__all__ = ["read_workbook"]


def read_workbook(name: str, data: bytes) -> Workbook:
    """Return a workbook as a person sees it, by its content and not by its name.

    Raises:
        UnreadableWorkbookError: It is no workbook, or one that cannot be read.
    """
    kind = sniff(data)
    if kind == "csv":
        return read_csv(name, data)
    if kind == "html":
        return read_html(name, data)
    if kind == "xlsx":
        return read_ooxml(name, data)
    return read_other(name, data, kind)
