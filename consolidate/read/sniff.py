"""What a file is, by its first bytes and its parts; its name is not asked."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter

from consolidate.model.error import UnreadableWorkbookError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08][\x04-\x10]\x00")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML = re.compile(
    rb"<\s*(?:!doctype\s+html|html|table|body|head|meta|div|style)\b", re.I
)
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
)
_DELIMITERS = ";\t,|"
_SAMPLE = 64 * 1024


def sniff(data: bytes) -> str:
    """Return the kind of a file: xlsx, xlsb, xls, ods, html or csv.

    Raises:
        UnreadableWorkbookError: It is empty, encrypted, damaged, or no workbook.
    """
    if not data.strip(b"\0 \r\n\t"):
        raise UnreadableWorkbookError("empty")
    if data[:2] == b"PK":
        return _zipped(data)
    if data[:8] == _OLE:
        return _compound(data)
    if _BIFF.match(data):
        return "xls"
    if data.startswith(_BINARY):
        raise UnreadableWorkbookError("not-a-workbook")
    return _text(data)


def _zipped(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {info.filename.lower() for info in archive.infolist()}
            encrypted = any(info.flag_bits & 1 for info in archive.infolist())
            kind = archive.read("mimetype") if "mimetype" in names else b""
            manifest = (
                archive.read("META-INF/manifest.xml")
                if b"opendocument" in kind
                else b""
            )
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, KeyError) as err:
        raise UnreadableWorkbookError("damaged", type(err).__name__) from err
    except (NotImplementedError, RuntimeError) as err:
        raise UnreadableWorkbookError("encrypted", type(err).__name__) from err
    if encrypted or b"encryption-data" in manifest:
        raise UnreadableWorkbookError("encrypted")
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(n.startswith("xl/") for n in names) or "workbook.xml" in names:
        return "xlsx"
    if b"opendocument.spreadsheet" in kind:
        return "ods"
    raise UnreadableWorkbookError("not-a-workbook")


def _compound(data: bytes) -> str:
    """Tell an old workbook from an encrypted one and from other compound files."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableWorkbookError("encrypted")
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return "xls"
    if len(data) < 4096:
        raise UnreadableWorkbookError("damaged")
    raise UnreadableWorkbookError("not-a-workbook")


def _text(data: bytes) -> str:
    head = data[:_SAMPLE]
    if head[:2] in {_MARKS[1], _MARKS[2]}:
        text = head.decode("utf-16", "replace")
    elif b"\0" in head:
        raise UnreadableWorkbookError("not-a-workbook")
    else:
        text = head.decode("utf-8", "replace")
    plain = text.lstrip("\ufeff \r\n\t")
    if plain.startswith("<?xml") and "Workbook" in plain[:2000]:
        raise UnreadableWorkbookError("not-a-workbook", "spreadsheetml-2003")
    if _HTML.match(plain[:200].encode()) and re.search(
        r"<\s*(?:table|tr)\b", text, re.I
    ):
        return "html"
    if plain.startswith(("<", "{", "MIME-Version", "From ", "ID;P")):
        raise UnreadableWorkbookError("not-a-workbook")
    if delimiter_of(text) is None:
        raise UnreadableWorkbookError("not-a-workbook")
    return "csv"


def delimiter_of(text: str) -> str | None:
    """Return the delimiter of a delimited text, None when it is prose or a single list.

    It is the one that most lines hold equally often, quoted parts left aside.
    """
    bare = re.sub(r'"(?:[^"]|"")*"', "", text)
    lines = [line for line in bare.splitlines()[:200] if line.strip()]
    if len(lines) < 2:
        return None
    best: tuple[float, str] | None = None
    for sign in _DELIMITERS:
        counts = Counter(line.count(sign) for line in lines)
        usual, times = max(counts.items(), key=lambda kv: (kv[1] * (kv[0] > 0), kv[0]))
        share = times / len(lines)
        if usual and share >= 0.6 and (best is None or share * usual > best[0]):
            if sign == "," and _is_prose(lines):
                continue
            best = (share * usual, sign)
    return best[1] if best else None


def _is_prose(lines: list[str]) -> bool:
    """Whether lines are sentences: commas followed by spaces, long, ended by a full stop."""
    ended = sum(1 for line in lines if line.rstrip().endswith((".", "!", "?")))
    spaced = sum(line.count(", ") for line in lines)
    commas = sum(line.count(",") for line in lines)
    return ended * 2 > len(lines) and spaced * 10 >= commas * 8
