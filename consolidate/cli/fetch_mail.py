"""``consolidate fetch-mail``: take the mails of a mailbox into the archive."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from consolidate.cli import options as opt

if TYPE_CHECKING:
    from consolidate.config import MailboxConfig
    from consolidate.mailbox import Fetched, Secret

PASSWORD = "CONSOLIDATE_IMAP_PASSWORD"  # noqa: S105 - the variable's name
TOKEN = "CONSOLIDATE_IMAP_TOKEN"  # noqa: S105 - the variable's name
SERVICE = "consolidate"
"""Under which the system's keyring keeps the password."""


@click.command("fetch-mail", epilog="Example: consolidate fetch-mail --dry-run")
@click.option("--most", type=click.IntRange(1, 10_000), default=500, show_default=True, metavar="N", help="Mails fetched at most.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what is there, fetch nothing.")
@opt.json_option
@opt.shared
def command(*, most: int, dry_run: bool, as_json: bool, settings: opt.Settings) -> int:
    """Archive the mails of the mailbox that is configured, and move them aside.

    All that is in [mailbox] folder is fetched over IMAP, encrypted; a mail is moved to
    [mailbox] done once it is in the archive and the journal. What they hold is then
    consolidated by consolidate watch. The password is that of CONSOLIDATE_IMAP_PASSWORD
    or of the system's keyring (keyring set consolidate USER); CONSOLIDATE_IMAP_TOKEN is
    a token of OAuth 2 instead. Status 1 when a mail was left where it is.
    """
    from consolidate.intake import Mailroom
    from consolidate.mailbox import MailboxError, fetch, opened, waiting
    from consolidate.wording import tr

    lang, config = settings.lang, settings.config.mailbox
    if not (config.host and config.user):
        raise MailboxError(tr("mailbox-none", lang))
    secret = _secret(config)
    if secret is None:
        told = {"user": config.user, "password": PASSWORD, "token": TOKEN}
        raise MailboxError(tr("mailbox-no-secret", lang, **told))
    room = Mailroom(settings.home, lang)
    with opened(config, secret, lang) as box:
        found = (
            waiting(box, most)
            if dry_run
            else list(fetch(box, config, room, opt.now(), most=most, lang=lang))
        )
    _tell(found, config, lang, as_json=as_json, dry_run=dry_run)
    return int(any(mail.left for mail in found))


def _tell(
    found: list[Fetched],
    config: MailboxConfig,
    lang: str,
    *,
    as_json: bool,
    dry_run: bool,
) -> None:
    from consolidate.cli.text import one_line
    from consolidate.wording import plural, tr

    if as_json:
        names = ("uid", "size", "id", "left")
        told = [{name: getattr(mail, name) for name in names} for mail in found]
        click.echo(json.dumps(told, indent=2))
        return
    for mail in found:
        if mail.left:
            size = round(mail.size / 1_000_000)
            text = tr(f"mailbox-left-{mail.left}", lang, uid=mail.uid, size=size)
            click.echo(one_line(text))
    count = sum(not mail.left for mail in found)
    key = "mailbox-waiting" if dry_run else "mailbox-fetched"
    click.echo(one_line(plural(key, count, lang, folder=config.folder, done=config.done)))  # fmt: skip


def _secret(config: MailboxConfig) -> Secret | None:
    """Return what opens the mailbox: of the environment, else of the keyring."""
    from consolidate.mailbox import Secret

    token, password = os.environ.get(TOKEN, ""), os.environ.get(PASSWORD, "")
    if not (token or password):
        password = _kept(config.user)
    return Secret(password, token) if token or password else None


def _kept(user: str) -> str:
    """Return the password that the system keeps for a user; empty where it keeps none."""
    import keyring
    from keyring.errors import KeyringError

    with suppress(KeyringError, RuntimeError):
        return keyring.get_password(SERVICE, user) or ""
    return ""
