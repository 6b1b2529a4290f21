"""Read the bytes of one delivered file, whatever it is, inside a confined worker."""

from __future__ import annotations

from consolidate.model.workbook import Workbook
from consolidate.read.covered import without_covered
from consolidate.read.delimited import read_csv, read_html
from consolidate.read.forgotten import without_forgotten
from consolidate.read.ods import read_ods
from consolidate.read.replies import without_help, without_reply
from consolidate.read.sniff import sniff
from consolidate.read.spreadsheet import read_ooxml
from consolidate.read.xls import read_xls
from consolidate.read.xlsb import read_xlsb

__all__ = ["read_workbook"]


def read_workbook(name: str, data: bytes) -> Workbook:
    """Return a workbook as a person sees it, by its content and not by its name.

    Those who were forgotten are read as their pseudonyms.

    Raises:
        UnreadableWorkbookError: It is no workbook, one that cannot be read, or a reply
            of ours as it was sent.
    """
    kind = sniff(data)
    if kind == "csv":
        book = read_csv(name, data)
    elif kind == "html":
        book = read_html(name, data)
    elif kind == "xlsx":
        book = read_ooxml(name, data)
    elif kind == "ods":
        book = read_ods(name, data)
    elif kind == "xlsb":
        book = read_xlsb(name, data)
    else:
        book = read_xls(name, data)
    return without_forgotten(without_covered(without_help(without_reply(book))), data)
