from __future__ import annotations

import struct

import pytest
from build_read import ole, sheet, xlsx, zipped

from consolidate.model.error import UnreadableWorkbookError
from consolidate.read.sniff import sniff

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
ODS = "application/vnd.oasis.opendocument.spreadsheet"
# The first records of an .xls: its globals, then what follows them.
GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12)
FILEPASS = b"\x2f\x00\x36\x00" + b"\x01" * 54
TABLE = "<table><tr><td>a</td></tr></table>"


def refused(data: bytes) -> tuple[str, str]:
    with pytest.raises(UnreadableWorkbookError) as caught:
        sniff(data)
    return caught.value.reason, caught.value.detail


def ods(manifest: str = "<m/>", kind: str = ODS) -> bytes:
    return zipped({"mimetype": kind, "META-INF/manifest.xml": manifest})


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (xlsx(sheet(ONE)), "xlsx"),
        (zipped({"xl/workbook.bin": b"x"}), "xlsb"),
        (ods(), "ods"),
        (zipped({"mimetype": ODS, "content.xml": "<x/>"}), "ods"),
        (ole("Workbook"), "xls"),
        (ole("Book"), "xls"),
        (GLOBALS, "xls"),
        (b"Projet;Budget\nDPI;12\n", "csv"),
        (TABLE.encode(), "html"),
    ],
    ids=["xlsx", "xlsb", "ods", "ods bare", "xls", "xls 95", "biff", "csv", "html"],
)
def test_content_says_the_kind(data: bytes, kind: str) -> None:
    assert sniff(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        ole("EncryptionInfo", "EncryptedPackage"),
        ole("Workbook", first=GLOBALS + FILEPASS),
        ole("Workbook", first=GLOBALS + b"\x86\x00\x00\x00" + FILEPASS),
        GLOBALS + FILEPASS,
        ods("<m><manifest:encryption-data/></m>"),
    ],
    ids=["xlsx", "xls", "xls write-protected", "biff", "ods"],
)
def test_a_password_is_told_whatever_the_kind(data: bytes) -> None:
    assert refused(data)[0] == "encrypted"


def test_an_encrypted_part_of_a_zip_is_a_password() -> None:
    data = bytearray(xlsx(sheet(ONE)))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(data))[0] == "encrypted"


def test_text_that_names_a_stream_is_no_stream() -> None:
    said = "EncryptedPackage\0".encode("utf-16-le")
    assert sniff(ole("Workbook", first=said)) == "xls"
    word = ole("WordDocument", first="Workbook\0".encode("utf-16-le"))
    assert refused(word + bytes(4096))[0] == "not-a-workbook"


def test_a_compound_file_that_lost_its_directory_is_damaged() -> None:
    data = ole("Workbook", header={48: 0x1000}) + bytes(4096)
    assert refused(data.replace("Workbook".encode("utf-16-le"), b""))[0] == "damaged"


def test_a_zip_without_a_directory_is_damaged() -> None:
    assert refused(xlsx(sheet(ONE))[:-30])[0] == "damaged"


def test_a_part_that_does_not_inflate_is_damaged() -> None:
    data = bytearray(ods(kind=ODS * 50))
    size, extra = struct.unpack("<HH", data[26:30])
    data[30 + size + extra : 34 + size + extra] = b"\xff\xff\xff\xff"
    assert refused(bytes(data))[0] == "damaged"


@pytest.mark.parametrize("data", [b"", bytes(100), b" \r\n"])
def test_nothing_is_an_empty_file(data: bytes) -> None:
    assert refused(data)[0] == "empty"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n1;2\n3;4\n",
        b"\x89PNG\r\n1;2\n3;4\n",
        b"RIFF....WEBP\n1;2\n3;4\n",
        zipped({"ppt/presentation.xml": "<a/>"}),
        ods(kind="application/vnd.oasis.opendocument.text"),
        b'[{"a":1,"b":2},\n{"a":1,"b":2}]',
        b"<html><p>bonjour</p></html>",
        b"Projet\nDPI\nPACS\n",
        b"Le projet avance, enfin, selon le plan.\nTout va bien.\n",
        "Le projet avance ; tout va bien.\nLa suite est claire ; rien à dire.\n".encode(),
        b"a;b\n\x01\x02\x03\x04\x05;c\n",
    ],
    ids=[
        *("pdf", "image", "webp", "pptx", "odt", "json", "page without a table"),
        *("list", "prose", "prose with semicolons", "control characters"),
    ],
)
def test_anything_else_is_no_workbook(data: bytes) -> None:
    assert refused(data)[0] == "not-a-workbook"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_xml_of_excel_2003_is_named(encoding: str) -> None:
    xml = '<?xml version="1.0"?><!-- x --><ss:Workbook/>'
    assert refused(xml.encode(encoding)) == ("not-a-workbook", "spreadsheetml-2003")


@pytest.mark.parametrize(
    "page",
    [
        f" \n<HTML>{TABLE}",
        f"<!doctype html>{TABLE}",
        f"<!-- export --><html>{TABLE}",
        f'<?xml version="1.0"?><html><!-- x:ExcelWorkbook -->{TABLE}',
        "<html><style>" + "p{}" * 30_000 + f"</style>{TABLE}",
    ],
    ids=["spaces", "doctype", "comment", "xhtml", "long styles"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_of_a_page_is_found_behind_what_precedes_it(
    page: str, encoding: str
) -> None:
    assert sniff(page.encode(encoding)) == "html"


def test_a_stray_nul_does_not_make_a_text_binary() -> None:
    assert sniff(b"a;b\0x\nc;d\n") == "csv"
