"""Read the attachments of a saved mail within caps, whatever the mail does."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from functools import partial
from typing import BinaryIO

from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.files import utc
from consolidate.model.identifiers import masked_name

MOST_BYTES = 50 << 20
MOST_PARTS = 2000
MOST_HEADERS = 256 << 10
DEEPEST = 20
_CLIP = 4096
_BLANK = re.compile(rb"\r?\n\r?\n")
_TYPE = re.compile(rb"(?im)^content-type[ \t]*:")
_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel.sheet.macroenabled.12": ".xlsm",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": ".xlsb",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "text/csv": ".csv",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One attachment.

    Attributes:
        name: As the mail says; a label.
        size: Length of its text in the mail.
        content: Decodes it.
        reason: Why it is not opened; empty when it may be.
    """

    name: str
    size: int
    content: Callable[[], bytes]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """What is kept of a mail: who, about what, when (UTC, empty if unsaid), and its files."""

    sender: str
    subject: str
    date: str
    parts: tuple[Part, ...]


def read_mail(file: BinaryIO) -> Mail:
    """Return the attachments of a mail, those of forwarded mails included.

    Raises:
        UnreadableWorkbookError: ``too-large`` beyond a cap, ``damaged`` when it is no mail.
    """
    data = file.read(MOST_BYTES + 1)
    message = _parsed(data)
    if not message.keys():
        raise UnreadableWorkbookError("damaged", "no mail header")
    parts: list[Part] = []
    for count, part in enumerate(_leaves(message, 0), start=1):
        if count > MOST_PARTS:
            raise UnreadableWorkbookError("too-large", "parts")
        found = _attachment(part, len(parts) + 1)
        if found is not None:
            parts.append(found)
    sender, subject = (
        masked_name(header_text(message, h)) for h in ("From", "Subject")
    )
    return Mail(sender, subject, header_date(message), tuple(parts))


def origin_of(data: bytes) -> tuple[str, str, str]:
    """Return sender, subject and date of a mail by its headers alone; its body is left.

    Raises:
        UnreadableWorkbookError: ``too-large`` beyond a cap, ``damaged`` when it is no mail.
    """
    blank = _BLANK.search(data[: MOST_HEADERS + 4])
    message = _parsed(data[: blank.start() if blank else MOST_HEADERS + 1])
    sender, subject = (
        masked_name(header_text(message, h)) for h in ("From", "Subject")
    )
    return sender, subject, header_date(message)


def _parsed(data: bytes) -> Message:
    """Return the parsed mail, refusing what the parser is known to choke on."""
    if len(data) > MOST_BYTES:
        raise UnreadableWorkbookError("too-large", "mail")
    blank = _BLANK.search(data)
    if (blank.start() if blank else len(data)) > MOST_HEADERS:
        raise UnreadableWorkbookError("too-large", "mail header")
    if sum(1 for _ in _TYPE.finditer(data)) > MOST_PARTS + DEEPEST:
        raise UnreadableWorkbookError("too-large", "parts")
    try:
        return BytesParser(policy=compat32).parsebytes(data)
    except (ValueError, TypeError, LookupError, AttributeError):
        raise UnreadableWorkbookError("damaged", "mail") from None


def _leaves(message: Message, depth: int) -> Iterator[Message]:
    """Yield the parts of a mail that hold no other, in order."""
    if depth > DEEPEST:
        raise UnreadableWorkbookError("too-large", "mails in mails")
    payload = _held(message)
    if message.get_content_type() == "message/rfc822":
        inner = _forwarded(message)
        if inner is not None:
            yield from _leaves(inner, depth + 1)
    elif isinstance(payload, list) and not _is_fragment(message):
        for part in payload:
            if isinstance(part, Message):
                yield from _leaves(part, depth + 1)
    else:
        yield message


def _held(part: Message) -> object:
    """Return what a part holds, None when its character set makes no sense."""
    try:
        return part.get_payload()
    except (ValueError, LookupError):
        return None


def _forwarded(message: Message) -> Message | None:
    """Return the mail in a message/rfc822 part, also where some program encoded it."""
    payload = _held(message)
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message):
        return None
    encoding = str(message.get("Content-Transfer-Encoding", "")).strip().lower()
    body = _held(inner)
    if encoding == "base64" and isinstance(body, str):
        try:
            return _parsed(base64.b64decode(body.encode("ascii", "ignore")))
        except binascii.Error:
            return None
    return inner


def _attachment(part: Message, number: int) -> Part | None:
    """Return a part as an attachment; None for the mail's own text and its pictures."""
    kind = part.get_content_type()
    name = _file_name(part)
    if _is_fragment(part):
        # A piece of a mail, or a file kept elsewhere: never put together, never fetched.
        return Part(name or f"part-{number}", 0, bytes, "mail-fragment")
    if not name:
        if kind not in _TYPES:
            return None
        name = f"attachment-{number}{_TYPES[kind]}"
    if kind.startswith("image/") and "Content-ID" in part:
        return None
    payload = _held(part)
    return Part(
        name, len(payload) if isinstance(payload, str) else 0, partial(_decoded, part)
    )


def _is_fragment(part: Message) -> bool:
    return part.get_content_type() in {"message/partial", "message/external-body"}


def _decoded(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, binascii.Error, AssertionError):
        data = None
    if not isinstance(data, bytes):
        raise UnreadableWorkbookError("damaged", "attachment")
    return data


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename()
    except (ValueError, TypeError, LookupError, IndexError, AttributeError):
        return "?"
    return plain(name) if name else ""


def header_text(message: Message, header: str) -> str:
    """Return a header on one line, decoded; empty without one."""
    return plain(message.get(header, ""))


def plain(value: object) -> str:
    """Return a header's text on one line, clipped, its encoded words decoded."""
    text = str(value)[:_CLIP]
    try:
        pieces = decode_header(text) if "=?" in text else [(text, None)]
        text = "".join(
            p if isinstance(p, str) else p.decode(c or "latin-1", "replace")
            for p, c in pieces
        )
    except (ValueError, LookupError, binascii.Error):
        pass
    return " ".join(text.split())


def header_date(message: Message) -> str:
    """Return when a mail says it was sent, UTC; empty when it does not."""
    try:
        moment = parsedate_to_datetime(str(message.get("Date", ""))[:_CLIP])
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return utc(moment.timestamp())
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
