"""Inboxes for the tests of intake: files, zip files and mails made in code."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path

import openpyxl

from consolidate.intake import receive
from consolidate.intake.parcels import Parcel
from consolidate.model.delivery import Delivery, Failure
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.finding import Outcome


def book(text: str = "Jalon") -> bytes:
    """Return a small true workbook that holds a text."""
    made = openpyxl.Workbook()
    assert made.active is not None
    made.active["A1"] = text
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def fill(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write files below a folder, made with its sub-folders."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip file of the members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def mail(
    attachments: Sequence[tuple[str, bytes]],
    subject: str = "Tableau de bord",
    **headers: str,
) -> bytes:
    """Return a saved mail with attachments."""
    message = EmailMessage()
    message["From"] = "Chef de projet <pm@example.org>"
    message["Subject"] = subject
    message["Date"] = "Tue, 03 Nov 2026 09:15:00 +0100"
    for key, value in headers.items():
        message[key] = value
    message.set_content("Bonjour, voici mon tableau de bord.")
    for name, content in attachments:
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()


def here(
    function: Callable[[Parcel], tuple[Delivery, ...]], parcels: Sequence[Parcel]
) -> Iterator[tuple[Delivery, ...] | Failure]:
    """Open parcels in this very process, for tests of what is opened."""
    for parcel in parcels:
        try:
            yield function(parcel)
        except UnreadableWorkbookError as err:
            yield Failure(err.reason, err.detail)


def received(inbox: Path, spool: Path) -> Outcome[tuple[Delivery, ...]]:
    """Receive an inbox, its parcels opened here."""
    spool.mkdir(exist_ok=True)
    return receive([inbox], spool, here)


def states(deliveries: Sequence[Delivery]) -> dict[str, str]:
    """Return by name why a delivery is not read; empty when it is."""
    return {d.name: d.reason for d in deliveries}


def private(path: Path) -> bool:
    """Return whether only its owner may open a file or folder, where modes say so."""
    return sys.platform == "win32" or path.stat().st_mode & 0o077 == 0
