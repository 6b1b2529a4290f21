"""What a received file is: by its name, and by its first bytes when the name is silent."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import BinaryIO

from consolidate.model.delivery import Kind

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv"})
MAILS = frozenset({".eml", ".msg"})
PARCELS = MAILS | {".zip"}
_TEMPORARY = frozenset(
    {".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".bak", ".lock"}
)
_DESKTOP = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "__macosx"})
_OTHERS = frozenset(
    {
        *(".pdf", ".doc", ".docx", ".docm", ".odt", ".rtf", ".txt", ".md", ".log"),
        *(".ppt", ".pptx", ".pptm", ".odp", ".mpp", ".vsd", ".vsdx", ".one"),
        *(".htm", ".html", ".xml", ".json", ".toml", ".yaml", ".yml", ".py"),
        *(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".tif", ".tiff", ".webp"),
        *(".heic", ".mp3", ".mp4", ".avi", ".mov", ".wav", ".exe", ".dll", ".lnk"),
        *(".url", ".7z", ".rar", ".gz", ".tar", ".db", ".sqlite", ".ics", ".vcf"),
        *(".p7s", ".asc"),
    }
)
_ENDS = 1 << 16


def ignored(name: str) -> str:
    """Return why a file of this name is never opened; empty when it may be.

    Args:
        name: Its last part, without folders.

    Returns:
        ``temporary`` for lock files and files still being written, ``hidden``,
        ``outlook-wrapper``, ``signed-mail``, or empty.
    """
    lower = name.lower()
    suffix = PurePosixPath(lower).suffix
    if lower.startswith(("~$", ".~", "~wr")) or suffix in _TEMPORARY:
        return "temporary"
    if is_hidden(lower):
        return "hidden"
    if lower == "winmail.dat":
        return "outlook-wrapper"
    return "signed-mail" if suffix == ".p7m" else ""


def is_hidden(name: str) -> bool:
    """Return whether a file or folder belongs to a system or a program, by its name."""
    return name.startswith(".") or name.lower() in _DESKTOP


def kind_of(name: str) -> Kind | None:
    """Return what a name says its file is; None when only the content can tell."""
    suffix = PurePosixPath(name.lower()).suffix
    if suffix in WORKBOOKS:
        return "workbook"
    if suffix in PARCELS:
        return "parcel"
    return "other" if suffix in _OTHERS else None


def looks_like_workbook(file: BinaryIO, size: int) -> bool:
    """Return whether the content is a workbook's, by its two ends; nothing is parsed."""
    file.seek(0)
    head = file.read(_ENDS)
    file.seek(max(0, size - _ENDS))
    tail = file.read(_ENDS)
    if head.startswith(b"PK\x03\x04"):
        if kind_of(_first_member(head)) in {"workbook", "parcel"}:
            return False  # a parcel whose members are not packed shows their parts
        return (
            b"xl/workbook." in head + tail
            or b"application/vnd.oasis.opendocument.spreadsheet" in head[:200]
        )
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_names_workbook(file, head)
    return False


def _first_member(head: bytes) -> str:
    """Return the name of the first member of a zip."""
    length = int.from_bytes(head[26:28], "little")
    return head[30 : 30 + length].decode("utf-8", "replace")


def _ole_names_workbook(file: BinaryIO, head: bytes) -> bool:
    """Return whether the first directory sectors of an OLE file name a workbook."""
    shift = 12 if head[30:32] == b"\x0c\x00" else 9
    file.seek((int.from_bytes(head[48:52], "little") + 1) << shift)
    directory = file.read(8192)
    names = ("Workbook", "Book")
    return any(f"{name}\0".encode("utf-16-le") in directory for name in names)
