"""Send messages by SMTP, over TLS only."""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from consolidate.config import MailConfig
from consolidate.outbox import Send

_WELCOME = 235
SECONDS = 30.0
"""How long a server may keep us waiting at each step."""


@dataclass(frozen=True, slots=True)
class Account:
    """How to reach the server.

    Attributes:
        config: Server, port, security, user.
        password: Of the user; from the environment, never from a file.
        context: Which certificates are trusted; the system's when None.
    """

    config: MailConfig
    password: str = ""
    context: ssl.SSLContext | None = None


@contextmanager
def sending(account: Account) -> Iterator[Send]:
    """Give what sends a message, on one connection.

    Raises:
        OSError: The server cannot be reached, offers no TLS, or refuses the password.
    """
    config = account.config
    context = account.context or ssl.create_default_context()
    if config.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            config.smtp_host, config.smtp_port, timeout=SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=SECONDS)
    try:
        if config.smtp_security != "tls":
            server.starttls(context=context)
        if config.smtp_user:
            _enter(server, config.smtp_user, account.password)
    except BaseException:
        server.close()  # no goodbye to who is not trusted: it might never answer
        raise
    with server:
        yield lambda message: _sent(server, message)


def _enter(server: smtplib.SMTP, user: str, password: str) -> None:
    """Log in; smtplib knows passwords in ASCII only, RFC 4616 has them in UTF-8."""
    if f"{user}{password}".isascii():
        server.login(user, password)
        return
    told = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    server.ehlo_or_helo_if_needed()
    code, answer = server.docmd("AUTH", f"PLAIN {told}")
    if code != _WELCOME:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _sent(server: smtplib.SMTP, message: EmailMessage) -> str:
    del message["X-Unsent"]
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused:
        return "recipient-refused"
    except smtplib.SMTPSenderRefused:
        return "sender-refused"
    except smtplib.SMTPDataError:
        return "message-refused"
    return ""
