"""The password of what is encrypted: from the environment or a file of its owner's alone."""

from __future__ import annotations

import dataclasses
import os
import stat
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

VARIABLE = "CONSOLIDATE_PACK_PASSWORD"
_MOST = 4096


@dataclasses.dataclass(frozen=True, slots=True)
class Secret:
    """What was asked about encrypting.

    Attributes:
        wanted: Whether anything is to be encrypted.
        file: That holds the password; else the environment does.
    """

    wanted: bool = False
    file: Path | None = None

    def password(self, lang: str) -> str:
        """Return the password; none when nothing is to be encrypted.

        Raises:
            click.UsageError: There is none, it is too short, or others may read its file.
        """
        return read_password(self.file, lang) if self.wanted else ""


NO_SECRET = Secret()
"""Nothing is to be encrypted."""


def encrypting(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of what can be encrypted, and give them as ``secret``."""

    @wraps(command)
    def with_secret(encrypt: bool, password_file: Path | None, **given: Any) -> int:
        wanted = encrypt or password_file is not None
        return command(secret=Secret(wanted, password_file), **given)

    encrypt = click.option(
        "--encrypt",
        is_flag=True,
        help=f"Encrypt the workbooks (AES-256) with the password in {VARIABLE} or --password-file; no pages are written, for they cannot be encrypted.",
    )
    file = click.option(
        "--password-file",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Encrypt with the first line of FILE, which only you may read.",
    )
    return encrypt(file(with_secret))


def read_password(file: Path | None, lang: str) -> str:
    """Return the password to encrypt with.

    Raises:
        click.UsageError: There is none, it is too short, or others may read its file.
    """
    from consolidate.report.encryption import SHORTEST
    from consolidate.wording import tr

    found = os.environ.get(VARIABLE, "") if file is None else _first_line(file, lang)
    if not found:
        raise click.UsageError(tr("encrypt-no-password", lang, variable=VARIABLE))
    if len(found) < SHORTEST:
        raise click.UsageError(tr("encrypt-short", lang, count=SHORTEST))
    return found


def _first_line(file: Path, lang: str) -> str:
    from consolidate.wording import tr

    try:
        with file.open(encoding="utf-8") as source:
            mode = os.fstat(source.fileno()).st_mode
            if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
                raise click.UsageError(tr("encrypt-file-open", lang, path=file))
            return source.readline(_MOST).rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise click.UsageError(tr("encrypt-file-unread", lang, path=file)) from None
