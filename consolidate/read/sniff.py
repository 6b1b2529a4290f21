"""What a file is, by its first bytes and its parts; its name is not asked."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter

from consolidate.model.error import UnreadableWorkbookError
from consolidate.read.encoding import decoded

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08][\x04-\x10]\x00")
# The globals of a workbook whose second record (third when write-protected) is FILEPASS.
_FILEPASS = re.compile(
    rb"\x09\x08(?:\x10\x00\x00\x06\x05\x00.{12}|\x08\x00\x00\x05\x05\x00.{4})"
    rb"(?:\x86\x00\x00\x00)?\x2f\x00",
    re.S,
)
_STREAMS = ("Workbook", "WorkBook", "WORKBOOK", "Book", "BOOK")
_PROLOG = re.compile(r"(?:\s|\ufeff|<\?[^>]*\?>|<!--.*?-->)*", re.S)
_SPREADSHEETML = re.compile(r"<(?:\w+:)?Workbook\b")
_HTML = re.compile(
    r"<\s*(?:!doctype\s+html|html|table|body|head|meta|div|style)\b", re.I
)
_TABLE = re.compile(rb"<\s*(?:table|tr)\b", re.I)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MOST_CONTROLS = 4
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"RIFF",
    b"II*\0",
    b"MM\0*",
    b"\x1f\x8b",
)
_SEP = re.compile(r"\"?sep=.\"?\r?\n", re.I)
_DECIMAL = re.compile(r"(?<=\d),(?=\d)")
_DELIMITERS = ";\t|,"
_SAMPLE = 64 * 1024
_MANIFEST = "META-INF/manifest.xml"
_MOST_MANIFEST = 4 << 20


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
        return _unless_encrypted(data)
    if data.startswith(_BINARY):
        raise UnreadableWorkbookError("not-a-workbook")
    return _text(data)


def _zipped(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {info.filename.lower() for info in archive.infolist()}
            encrypted = any(info.flag_bits & 1 for info in archive.infolist())
            kind = _start(archive, "mimetype", 200)
            manifest = (
                _start(archive, _MANIFEST, _MOST_MANIFEST)
                if b"opendocument" in kind
                else b""
            )
    except (zipfile.BadZipFile, zlib.error, struct.error) as err:
        raise UnreadableWorkbookError("damaged", type(err).__name__) from err
    except (OSError, ValueError, EOFError) as err:
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


def _start(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return the first bytes of a part, which may be a bomb; none when there is none."""
    if name not in archive.NameToInfo:
        return b""
    with archive.open(name) as part:
        return part.read(most)


def _compound(data: bytes) -> str:
    """Tell an old workbook from an encrypted one and from other compound files."""
    if has_stream(data, "EncryptedPackage"):
        raise UnreadableWorkbookError("encrypted")
    if any(has_stream(data, name) for name in _STREAMS):
        return _unless_encrypted(data)
    sector = 4096 if data[30:32] == b"\x0c\x00" else 512
    directory = (int.from_bytes(data[48:52], "little") + 1) * sector
    if len(data) < max(4096, directory + 128):
        raise UnreadableWorkbookError("damaged", "directory")
    raise UnreadableWorkbookError("not-a-workbook")


def has_stream(data: bytes, name: str) -> bool:
    """Whether the directory has a stream of this name; text that says it does not count.

    Source:
        MS-CFB 2.6.1: entries of 128 bytes, the name, and its size in bytes at 64.
    """
    raw = f"{name}\0".encode("utf-16-le")
    size = len(raw).to_bytes(2, "little")
    at = data.find(raw)
    while at >= 0:
        if at % 128 == 0 and data[at + 64 : at + 66] == size:
            return True
        at = data.find(raw, at + 1)
    return False


def _unless_encrypted(data: bytes) -> str:
    if _FILEPASS.search(data):
        raise UnreadableWorkbookError("encrypted")
    return "xls"


def _text(data: bytes) -> str:
    text = decoded(data[:_SAMPLE])
    # A few stray control characters are a slip of an export; many are no text.
    controls = len(_CONTROLS.findall(text))
    if controls > max(_MOST_CONTROLS, len(text) // 100):
        raise UnreadableWorkbookError("not-a-workbook")
    prolog = _PROLOG.match(text)
    plain = text[prolog.end() if prolog else 0 :]
    if _SPREADSHEETML.match(plain):
        raise UnreadableWorkbookError("not-a-workbook", "spreadsheetml-2003")
    # Styles may fill the first pages, so tables are looked for to the end.
    if _HTML.match(plain) and _TABLE.search(data.replace(b"\0", b"")):
        return "html"
    if plain.startswith(("<", "{", "MIME-Version", "From ", "ID;P")):
        raise UnreadableWorkbookError("not-a-workbook")
    if not _SEP.match(text) and delimiter_of(text) is None:
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
        if sign == "," and best:  # between other delimiters they are decimal signs
            lines = [_DECIMAL.sub("", line) for line in lines]
        counts = Counter(line.count(sign) for line in lines)
        usual, times = max(counts.items(), key=lambda kv: (kv[1] * (kv[0] > 0), kv[0]))
        share = times / len(lines)
        if usual and share >= 0.6 and (best is None or share * usual > best[0]):
            if sign in ",;" and _is_prose(lines, sign):
                continue
            best = (share * usual, sign)
    return best[1] if best else None


def _is_prose(lines: list[str], sign: str) -> bool:
    """Whether lines are sentences: a space after each sign, a full stop at the end."""
    ended = sum(1 for line in lines if line.rstrip().endswith((".", "!", "?")))
    spaced = sum(line.count(f"{sign} ") for line in lines)
    signs = sum(line.count(sign) for line in lines)
    return ended * 2 > len(lines) and spaced * 10 >= signs * 8
