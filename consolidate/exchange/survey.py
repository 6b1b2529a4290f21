"""Whether a workbook comes out of openpyxl as it went in, but for what is added.

openpyxl drops what it does not know without a word. So a workbook is annotated only when
each of its parts, and each element of them, is of a kind known to survive or to be remade
by any program; a drawing, a slicer, a newer rule, a link to another workbook is not.
"""

from __future__ import annotations

import re
import zipfile

_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:core|app|custom)\.xml"
    r"|docProps/thumbnail\.\w+|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/styles\.xml|xl/theme/theme\d+\.xml|xl/sharedStrings\.xml|xl/calcChain\.xml"
    r"|xl/worksheets/sheet\d+\.xml|xl/worksheets/_rels/sheet\d+\.xml\.rels"
    r"|xl/(?:comments/comment|comments)\d*\.xml|xl/tables/table\d+\.xml"
    r"|xl/drawings/(?:vmlDrawing|commentsDrawing)\d*\.vml|xl/vbaProject\.bin"
    r"|xl/drawings/drawing\d+\.xml|xl/printerSettings/printerSettings\d+\.bin"
)
_MACROS = "xl/vbaProject.bin"
_MOST_BYTES = 32 << 20
"""Of all sheets, unpacked: beyond, openpyxl takes more time than a reply is worth."""

_ELEMENT = re.compile(rb"<(?:\w+:)?([A-Za-z]\w*)[\s/>]")
_DRAWN = re.compile(rb"ObjectType\s*=\s*[\"'](\w+)")
_SHEET = frozenset(
    b"worksheet sheetPr tabColor outlinePr pageSetUpPr dimension sheetViews sheetView pane "
    b"selection sheetFormatPr cols col sheetData row c v f is t r rPr b i u strike sz color "
    b"rFont family charset scheme vertAlign sheetProtection autoFilter filterColumn filters "
    b"filter dateGroupItem customFilters customFilter top10 dynamicFilter colorFilter "
    b"iconFilter sortState sortCondition mergeCells mergeCell phoneticPr "
    b"conditionalFormatting cfRule formula colorScale cfvo dataBar iconSet dataValidations "
    b"dataValidation formula1 formula2 hyperlinks hyperlink printOptions pageMargins "
    b"pageSetup headerFooter oddHeader oddFooter evenHeader evenFooter firstHeader "
    b"firstFooter rowBreaks colBreaks brk ignoredErrors ignoredError legacyDrawing drawing "
    b"tableParts tablePart".split()
)
_WORKBOOK = frozenset(
    b"workbook fileVersion workbookPr AlternateContent Choice absPath revisionPtr "
    b"documentId coauthVersionMax bookViews workbookView sheets sheet definedNames "
    b"definedName calcPr workbookProtection extLst ext calcFeatures feature ArchID "
    b"extCalcPr fileRecoveryPr".split()
)
_TABLE = frozenset(
    b"table autoFilter filterColumn filters filter customFilters customFilter dateGroupItem "
    b"dynamicFilter top10 sortState sortCondition tableColumns tableColumn "
    b"calculatedColumnFormula totalsRowFormula tableStyleInfo".split()
)
_NO_DRAWING = frozenset({b"wsDr"})
"""Some programs give every sheet a drawing with nothing in it."""


def survives(archive: zipfile.ZipFile) -> bool:
    """Return whether nothing of a workbook would be lost by annotating it.

    Args:
        archive: An xlsx that has been read once: no bomb, its parts of different names.
    """
    infos = archive.infolist()
    if any(not _PARTS.fullmatch(info.filename) for info in infos):
        return False
    sheets = [i for i in infos if i.filename.startswith("xl/worksheets/sheet")]
    if not sheets or sum(i.file_size for i in sheets) > _MOST_BYTES:
        return False
    return all(_holds(archive, info.filename) for info in infos)


def has_macros(archive: zipfile.ZipFile) -> bool:
    """Return whether a workbook has macros."""
    return _MACROS in archive.namelist()


def _holds(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether every element of a part is of a kind that survives."""
    if name.endswith(".vml"):
        return set(_DRAWN.findall(archive.read(name))) <= {b"Note"}
    known = _known(name)
    if known is None:
        return True
    found = _elements(archive.read(name))
    # No element at all is a part in another encoding: it cannot be vouched for.
    return bool(found) and found <= known


def _known(name: str) -> frozenset[bytes] | None:
    if name.startswith("xl/worksheets/sheet"):
        return _SHEET
    if name.startswith("xl/tables/"):
        return _TABLE
    if name.startswith("xl/drawings/"):
        return _NO_DRAWING
    return _WORKBOOK if name == "xl/workbook.xml" else None


def _elements(xml: bytes) -> frozenset[bytes]:
    return frozenset(_ELEMENT.findall(xml))
