"""Files that hold no return: unreadable, repeated, left by Excel."""

from __future__ import annotations

from builder.book import Book
from builder.books.patient_record import patient_record
from builder.books.registers import workload_left
from builder.part import Expected
from builder.value import Month
from builder.write import content_of

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCK = (
    b"\x0cAlix Exemple"
    + b" " * 42
    + b"\x0c\x00"
    + "Alix Exemple".encode("utf-16-le")
    + b" \x00" * 92
)


def unreadable(m: Month) -> Book:
    """A workbook truncated by the mail (September), or under a password (October)."""
    name = m("Imagerie - budget.xlsx", "Imagerie - budget protégé.xlsx")
    book = Book(name, state="rejected", content=m(_truncated, _encrypted)())
    book.reason = m("Fichier tronqué.", "Protégé par un mot de passe.")
    book.expected.append(
        Expected(
            "",
            "",
            f"Illisible : {book.reason}",
            "error",
            m("workbook-damaged", "workbook-encrypted"),
        )
    )
    return book


def repeated(m: Month) -> Book:
    """The same bytes under another name, as mail clients make them."""
    original = patient_record(m)
    name = "Renvois/PRJ-101 Dossier patient (copie).xlsx"
    book = Book(name, state="duplicate", content=content_of(original))
    book.expected.append(Expected("", "", "Mêmes octets qu'un autre classeur.", "info"))
    return book


def older(m: Month) -> Book:  # noqa: ARG001 - October only
    """The first version of a list, sent again with the second."""
    book = workload_left(Month("2026-09"))
    book.name = "Suivi equipe projets v1.xlsx"
    book.state = "superseded"
    for sheet in book.sheets:
        sheet.expected.clear()
    book.expected.append(
        Expected("", "", "Remplacé par la version v2.", "info", "workbook-superseded")
    )
    return book


def lock(m: Month) -> Book:  # noqa: ARG001 - the same each month
    """The file Excel keeps beside an open workbook."""
    return Book("~$PRJ-101_Dossier patient.xlsx", state="ignored", content=_LOCK)


def _truncated() -> bytes:
    content = content_of(patient_record(Month("2026-09")))
    return content[: len(content) // 2]


def _encrypted() -> bytes:
    """Return the outside of an encrypted package: an OLE file with its two streams' names."""
    header = (
        _OLE
        + bytes(16)
        + bytes.fromhex(
            "3e000300feff0900060000000000000000000000010000000100000000000000001000000200000001000000feffffff0000000000000000"
        )
    )
    header = header.ljust(512, b"\xff")
    fat = (
        b"\xfd\xff\xff\xff"
        + b"\xfe\xff\xff\xff"
        + b"\xfe\xff\xff\xff" * 2
        + b"\xff" * (512 - 16)
    )
    entries = [
        _entry("Root Entry", 5, 1),
        _entry("EncryptionInfo", 2, 2),
        _entry("EncryptedPackage", 2, 3),
        bytes(128),
    ]
    return (
        header
        + fat
        + b"".join(entries)
        + bytes(range(256)) * 2
        + bytes(range(255, -1, -1)) * 16
    )


def _entry(name: str, kind: int, start: int) -> bytes:
    text = name.encode("utf-16-le").ljust(64, b"\0") + (2 * len(name) + 2).to_bytes(
        2, "little"
    )
    links = b"\xff" * 12 if kind == 2 else b"\xff" * 8 + b"\x01\0\0\0"
    return (
        text
        + bytes([kind, 1])
        + links
        + bytes(36)
        + start.to_bytes(4, "little")
        + (4096).to_bytes(8, "little")
    ).ljust(128, b"\0")
