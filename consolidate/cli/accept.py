"""``consolidate accept``: let in a delivery that waits."""

from __future__ import annotations

import click

from consolidate.cli import options as opt
from consolidate.cli.inbox import item_of

_BY_MONTH = frozenset({"month-not-over", "month-closed"})


@click.command(
    "accept", epilog='Example: consolidate accept 17 --reason "deputy for May"'
)
@click.argument("key", metavar="ID")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is let in.")
@click.option(
    "--month",
    metavar="YYYY-MM",
    callback=opt.month,
    help="The month it is of.  [default: the one that was found]",
)
@click.option(
    "--by", metavar="NAME", help="Who decides.  [default: the user of this computer]"
)
@opt.shared
def command(
    *, key: str, reason: str, month: str | None, by: str | None, settings: opt.Settings
) -> int:
    """Let in a delivery that is held or deferred; the journal keeps who and why.

    The watched folder consolidates it at its next look. What waits for its month to end, or
    is of a closed month, needs --month; a closed month is opened again by consolidate
    month reopen.
    """
    from consolidate.intake import Mailroom
    from consolidate.wording import tr

    lang = settings.lang
    item = item_of(settings, key)
    if item.state not in {"held", "deferred"}:
        state = tr(f"inbox-state-{item.state}", lang)
        raise click.UsageError(tr("accept-not-waiting", lang, id=key, state=state))
    if item.reason in _BY_MONTH and month is None:
        raise click.UsageError(tr("accept-needs-month", lang, id=key, month=item.month))
    facts = {"id": key, "by": by or opt.user(), "reason": reason}
    if month:
        facts["month"] = month
    room = Mailroom(settings.home, lang)
    with opt.writing_home(settings):
        room.journal.append(opt.now(), "accepted", **facts)
    click.echo(tr("accept-done", lang, id=key, name=item.name))
    return 0
