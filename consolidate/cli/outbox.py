"""``consolidate outbox``: answers to project managers, released by the PMO."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from consolidate.cli import options as opt

if TYPE_CHECKING:
    from consolidate.answers import Unaddressed
    from consolidate.outbox import Draft, Letter

PASSWORD = "CONSOLIDATE_SMTP_PASSWORD"  # noqa: S105 - the variable's name


@click.group("outbox", epilog="Example: consolidate outbox list")
def command() -> None:
    """Draft, list and release answers to project managers.

    An answer is drafted once for each workbook received and waits for the PMO. It goes
    to the address that the register of people has, never to one a mail names.
    """


@command.command("list", epilog="Example: consolidate outbox list")
@opt.json_option
@opt.shared
def list_command(*, as_json: bool, settings: opt.Settings) -> int:
    """List the answers and reminders, and where each stands."""
    from consolidate.cli.text import table
    from consolidate.outbox import Outbox
    from consolidate.wording import tr

    lang = settings.lang
    rows = [(d.id, *_about(d), d.state, d.at) for d in Outbox(settings.home, lang).drafts()]  # fmt: skip
    if as_json:
        names = ("id", "to", "subject", "state", "at")
        told = [dict(zip(names, row, strict=True)) for row in rows]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif not rows:
        click.echo(tr("outbox-none", lang))
    else:
        words = [
            (a, b, c, tr(f"outbox-state-{s}", lang), at) for a, b, c, s, at in rows
        ]
        click.echo("\n".join(table(words)))
    return 0


@command.command("fill", epilog="Example: consolidate outbox fill out")
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
@opt.shared
def fill_command(*, out: Path, settings: opt.Settings) -> int:
    """Draft an answer for each reply that a run with --replies put in OUT."""
    from consolidate.answers import answers
    from consolidate.outbox import OutboxError
    from consolidate.wording import tr

    try:
        found = list(answers(out, book_of(settings)))
    except (OSError, ValueError, KeyError):
        text = tr("outbox-no-replies", settings.lang, path=out)
        raise OutboxError(text) from None
    drafted(settings, found)
    return 0


@command.command("release", epilog="Example: consolidate outbox release --all --send")
@click.argument("ids", metavar="ID...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All that wait.")
@click.option("--send", is_flag=True, help="Do it; without it, only say what would go.")
@opt.shared
def release_command(
    *, ids: tuple[str, ...], every: bool, send: bool, settings: opt.Settings
) -> int:
    """Send the answers named, or all that wait; say which without --send.

    They go by SMTP when [mail] smtp_host is configured, over TLS, with the password of
    CONSOLIDATE_SMTP_PASSWORD. Else they are handed over: open the files named with the
    mail program, where each is a draft ready to send.
    """
    from consolidate.cli.text import one_line
    from consolidate.outbox import Outbox, OutboxError
    from consolidate.posting import Account, sending
    from consolidate.wording import tr

    if bool(ids) == every:
        raise click.UsageError("name answers, or give --all")
    lang, mail = settings.lang, settings.config.mail
    box = Outbox(settings.home, lang)
    waiting = box.waiting(ids)
    if not send:
        for draft in waiting:
            to, subject = _about(draft)
            click.echo(f"{draft.id}  {one_line(to)}  {one_line(subject)}")
        click.echo(tr("outbox-dry", lang, count=len(waiting)))
        return 0
    refused = 0
    try:
        with ExitStack() as held:
            account = Account(mail, os.environ.get(PASSWORD, ""))
            post = held.enter_context(sending(account)) if mail.smtp_host else None
            for draft, refusal in box.release(waiting, post, opt.now()):
                refused += bool(refusal)
                case = refusal or ("sent" if post else "handed")
                told = {"to": _about(draft)[0], "path": draft.path, "id": draft.id}
                click.echo(one_line(tr(f"outbox-{case}", lang, **told)))
    except OSError as err:
        told = {"host": mail.smtp_host or settings.home, "why": type(err).__name__}
        raise OutboxError(tr("outbox-unreachable", lang, **told)) from None
    return int(bool(refused))


def book_of(settings: opt.Settings) -> dict[str, str]:
    """Return the addresses of the register of people."""
    from consolidate.registers import registers_of
    from consolidate.roster import addresses
    from consolidate.worker import Reader

    file = settings.config.registers.file
    return dict(addresses(registers_of(file, lambda: Reader(jobs=1)).entries))


def drafted(settings: opt.Settings, found: Iterable[Letter | Unaddressed]) -> None:
    """Draft letters and say what was, and what has no address."""
    from consolidate.answers import Unaddressed
    from consolidate.cli.text import one_line
    from consolidate.outbox import Letter, Outbox
    from consolidate.wording import plural, tr

    lang, every = settings.lang, list(found)
    letters = [x for x in every if isinstance(x, Letter)]
    sender = settings.config.mail.sender
    made = list(Outbox(settings.home, lang).draft(letters, sender, opt.now()))
    for draft in made:
        to, subject = _about(draft)
        click.echo(f"{draft.id}  {one_line(to)}  {one_line(subject)}")
    for lost in (x for x in every if isinstance(x, Unaddressed)):
        names = ", ".join(lost.names) or tr("outbox-nobody", lang)
        click.echo(one_line(tr("outbox-no-address", lang, what=lost.what, names=names)))
    click.echo(
        plural("outbox-drafted", len(made), lang, known=len(letters) - len(made))
    )


def _about(draft: Draft) -> tuple[str, str]:
    try:
        message = draft.message()
    except OSError:
        return "?", "?"
    return str(message["To"]), str(message["Subject"])
