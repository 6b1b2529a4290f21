"""Read the attachments of a message saved by Outlook (.msg): MS-OXMSG, in an OLE file."""

from __future__ import annotations

import email.parser
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.message import Message
from functools import partial
from typing import BinaryIO

from olefile import OleFileIO
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from consolidate.intake.mails import (
    DEEPEST,
    MOST_BYTES,
    MOST_HEADERS,
    MOST_PARTS,
    Mail,
    Part,
    header_date,
    header_text,
    plain,
)
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.files import utc
from consolidate.model.identifiers import masked_name

_OF_MESSAGE, _OF_ATTACHMENT = 32, 8
"""Where properties begin, in bytes (MS-OXMSG 2.4.1)."""

_SUBJECT, _HEADERS, _SENT = 0x0037, 0x007D, 0x0039
_SENDER_SMTP, _SENDER = 0x5D01, 0x0C1F
_NAMES = (0x3707, 0x3704, 0x3001)
"""Of an attachment: its long name, its short one, what is shown (MS-OXPROPS)."""

_DATA, _METHOD, _BY_VALUE = 0x3701, 0x3705, 1
_MESSAGE_INSIDE = "__substg1.0_3701000D"


def read_msg(file: BinaryIO) -> Mail:
    """Return the attachments of a message, those of messages in it included.

    Raises:
        UnreadableWorkbookError: ``too-large`` beyond a cap, ``damaged`` when it is none.
    """
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UnreadableWorkbookError("too-large", "mail")
    try:
        with OleFileIO(data) as ole:
            root = Storage.from_ole(ole)
        top = Properties(root, _OF_MESSAGE)
        headers = _headers(top)
        parts = tuple(_parts(root, 0))
        sent = top.date_prop_value(_SENT)
    except (UnreadableWorkbookError, MemoryError, RecursionError):
        raise
    except Exception as err:  # whatever the libraries stumble over
        raise UnreadableWorkbookError("damaged", type(err).__name__) from None
    sender = header_text(headers, "From") or _address(top)
    subject = plain(top.str_prop_value(_SUBJECT) or "")
    date = header_date(headers) or _moment(sent)
    return Mail(masked_name(sender), masked_name(subject), date, parts)


def _headers(top: Properties) -> Message:
    """Return the headers the message came with; none of one that was never sent."""
    text = top.str_prop_value(_HEADERS) or ""
    if len(text) > MOST_HEADERS:
        raise UnreadableWorkbookError("too-large", "mail header")
    return email.parser.HeaderParser().parsestr(text)


def _address(top: Properties) -> str:
    """Return the sender's address; that of Exchange's own directory is none."""
    found = (top.str_prop_value(pid) or "" for pid in (_SENDER_SMTP, _SENDER))
    return plain(next((text for text in found if "@" in text), ""))


def _moment(sent: datetime | None) -> str:
    return utc(sent.timestamp()) if sent is not None else ""


def _parts(message: Storage, depth: int) -> Iterator[Part]:
    if depth > DEEPEST:
        raise UnreadableWorkbookError("too-large", "mails in mails")
    storages: Sequence[Storage] = tuple(message.iter_attachment_storages())
    if len(storages) > MOST_PARTS:
        raise UnreadableWorkbookError("too-large", "parts")
    for number, storage in enumerate(storages, start=1):
        inside = [s for s in storage.storages if s.name == _MESSAGE_INSIDE]
        if inside:
            yield from _parts(inside[0], depth + 1)
        else:
            yield _part(Properties(storage, _OF_ATTACHMENT), number)


def _part(told: Properties, number: int) -> Part:
    names = (told.str_prop_value(pid) or "" for pid in _NAMES)
    name = plain(next(filter(None, names), f"part-{number}"))
    if told.int_prop_value(_METHOD) != _BY_VALUE:
        # A link to a file kept elsewhere, or a drawing: never fetched.
        return Part(name, 0, bytes, "mail-fragment")
    data = told.binary_prop_value(_DATA) or b""
    return Part(name, len(data), partial(bytes, data))
