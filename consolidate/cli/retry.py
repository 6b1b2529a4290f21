"""``consolidate retry``: read a delivery again."""

from __future__ import annotations

import click

from consolidate.cli import options as opt
from consolidate.cli.inbox import item_of


@click.command("retry", epilog="Example: consolidate retry 17")
@click.argument("key", metavar="ID")
@click.option(
    "--by", metavar="NAME", help="Who asks.  [default: the user of this computer]"
)
@opt.shared
def command(*, key: str, by: str | None, settings: opt.Settings) -> int:
    """Read a delivery again as if it had just come: after an update, or a repair.

    The watched folder does so at its next look, from the archive.
    """
    from consolidate.intake import Mailroom
    from consolidate.wording import tr

    lang = settings.lang
    item = item_of(settings, key)
    if item.state in {"duplicate", "superseded", "ignored"} or not item.sha256:
        state = tr(f"inbox-state-{item.state}", lang)
        raise click.UsageError(tr("retry-not-read", lang, id=key, state=state))
    room = Mailroom(settings.home, lang)
    with opt.writing_home(settings):
        room.journal.append(opt.now(), "retried", id=key, by=by or opt.user())
    click.echo(tr("retry-done", lang, id=key, name=item.name))
    return 0
