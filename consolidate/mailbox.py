"""Fetch mails over IMAP, TLS only: each is archived and journalled before it is moved.

The folder read holds what is still to be fetched, and nothing else tells: a mail that
somebody opened meanwhile is fetched all the same, one that could not be moved is known
by its number the next time.
"""

from __future__ import annotations

import imaplib
import io
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls
from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderSelectError,
    MailboxLoginError,
)

from consolidate.config import MailboxConfig
from consolidate.intake import Mailroom
from consolidate.intake.mailroom import MAILBOX
from consolidate.intake.mails import MOST_BYTES, origin_of
from consolidate.intake.names import shown
from consolidate.keeping import home_told
from consolidate.model.delivery import Delivery
from consolidate.model.error import ConsolidateError, UnreadableWorkbookError
from consolidate.wording import tr

SECONDS = 60.0
"""How long the server may keep us waiting at each step."""

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxError(ConsolidateError):
    """The mailbox cannot be read."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens the mailbox: a password, or a token of OAuth 2; never shown."""

    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail of the folder.

    Attributes:
        uid: Its number there.
        size: In bytes.
        id: Of its delivery in the journal; empty when it was left.
        left: Why it was left where it is, as a code: ``too-large``, ``gone``.
    """

    uid: str
    size: int
    id: str = ""
    left: str = ""


@contextmanager
def opened(
    config: MailboxConfig,
    secret: Secret,
    lang: str,
    context: ssl.SSLContext | None = None,
) -> Iterator[BaseMailBox]:
    """Give the mailbox, its folder chosen.

    Args:
        config: Server, port, security, user and folder.
        secret: What opens it.
        lang: Of what is told.
        context: Which certificates are trusted; the system's when None.

    Raises:
        MailboxError: It cannot be reached, trusted, opened or read, or was lost meanwhile.
    """
    with _told(config, lang):
        box = _reached(config, context or ssl.create_default_context())
        try:
            _enter(box, config.user, secret)
            box.folder.set(config.folder)
            yield box
        finally:
            with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
                box.logout()


def _reached(config: MailboxConfig, context: ssl.SSLContext) -> BaseMailBox:
    kind = MailBox if config.security == "tls" else MailBoxStartTls
    return kind(config.host, config.port, timeout=SECONDS, ssl_context=context)


def _enter(box: BaseMailBox, user: str, secret: Secret) -> None:
    if secret.token:
        box.xoauth2(user, secret.token, initial_folder=None)
    elif f"{user}{secret.password}".isascii():
        box.login(user, secret.password, initial_folder=None)
    else:
        box.login_utf8(user, secret.password, initial_folder=None)


def waiting(box: BaseMailBox, most: int) -> list[Fetched]:
    """Return the mails of the folder with their sizes, oldest first, ``most`` at most."""
    found = []
    for uid in box.uids(charset=None)[:most]:
        answer = box.client.uid("fetch", uid, "(RFC822.SIZE)")[1]
        sizes = (_SIZE.search(line) for line in answer if isinstance(line, bytes))
        size = next((int(m[1]) for m in sizes if m), None)
        if size is not None:
            found.append(Fetched(uid, size))
    return found


def fetch(
    box: BaseMailBox,
    config: MailboxConfig,
    room: Mailroom,
    at: str,
    *,
    most: int,
    lang: str,
) -> Iterator[Fetched]:
    """Archive and journal each mail of the folder, then move it; yield what became of it.

    Args:
        box: As ``opened`` gives it.
        config: User and folders.
        room: Where they are kept.
        at: The time now, UTC.
        most: Mails at most.
        lang: Of what is told.

    Raises:
        ConsolidateError: The state home cannot be written, or its journal is broken:
            nothing more is moved.
    """
    series = box.folder.status(config.folder, ["UIDVALIDITY"])["UIDVALIDITY"]
    if not box.folder.exists(config.done):
        box.folder.create(config.done)
    for mail in waiting(box, most):
        place = shown(f"{MAILBOX}{config.user}/{config.folder}/{series}/{mail.uid}")
        name = f"mail-{mail.uid}.eml"
        if mail.size > MOST_BYTES:
            told = Delivery(name, size=mail.size, origin="mail", kind="parcel")
            with home_told(room.home, lang):
                room.refuse(told, place, "too-large", at)
            yield Fetched(mail.uid, mail.size, left="too-large")
            continue
        data = _content(box, mail.uid)
        if data is None:
            yield Fetched(mail.uid, mail.size, left="gone")
            continue
        told = _delivery(name, data)
        with home_told(room.home, lang):
            key = room.receive(io.BytesIO(data), told, place, at)
        box.move(mail.uid, config.done)
        yield Fetched(mail.uid, len(data), key)


def _content(box: BaseMailBox, uid: str) -> bytes | None:
    """Return a mail as it is; None when somebody took it away meanwhile."""
    answer = box.client.uid("fetch", uid, "(BODY.PEEK[])")[1]
    texts = [piece[1] for piece in answer if isinstance(piece, tuple)]
    return texts[0] if texts and isinstance(texts[0], bytes) else None


def _delivery(name: str, data: bytes) -> Delivery:
    """Return the delivery of a mail; who sent it is read again when it is opened."""
    try:
        sender, subject, date = origin_of(data)
    except UnreadableWorkbookError:
        sender = subject = date = ""
    return Delivery(
        name,
        size=len(data),
        received_at=date,
        origin="mail",
        kind="parcel",
        sender=sender,
        subject=subject,
    )


@contextmanager
def _told(config: MailboxConfig, lang: str) -> Iterator[None]:
    """Tell trouble with the mailbox in one line that names no secret."""
    try:
        yield
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as err:
        case = _case(err)
        told = {"host": config.host, "user": config.user, "folder": config.folder}
        text = tr(f"mailbox-{case}", lang, port=config.port, **told)
        raise MailboxError(text) from None


def _case(err: Exception) -> str:
    if isinstance(err, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(err, MailboxFolderSelectError):
        return "folder"
    if isinstance(err, MailboxLoginError) or _is_refusal(err):
        return "login"
    if isinstance(err, TimeoutError):
        return "timeout"
    return "unreachable" if isinstance(err, OSError) else "lost"


def _is_refusal(err: Exception) -> bool:
    """Return whether a server refused to let us in; ``abort`` is a line that broke off."""
    return type(err) is imaplib.IMAP4.error
