"""``consolidate remind``: who owes a return of the month."""

from __future__ import annotations

from pathlib import Path

import click

from consolidate.cli import options as opt


@click.command("remind", epilog="Example: consolidate remind --period 2026-10 --draft")
@click.option("--period", metavar="MONTH", callback=opt.month, help="Month, as 2026-10.  [default: the last one of the store]")  # fmt: skip
@click.option("--by", "due", metavar="YYYY-MM-DD", callback=opt.day, help="Day by which it is asked for.")  # fmt: skip
@click.option("--draft", is_flag=True, help="Draft a reminder for each; without it, only say who.")  # fmt: skip
@opt.store_option
@opt.shared
def command(
    *,
    period: str | None,
    due: object,
    draft: bool,
    store: str | None,
    settings: opt.Settings,
) -> int:
    """Say whose returns are missing, and draft a reminder to each into the outbox.

    Nobody who is away by the register of people is reminded, nor anybody of a month that
    its calendar leaves out or that is closed; one reminder a month and person at most.
    """
    from consolidate import store as kept
    from consolidate.answers import Unaddressed, reminders
    from consolidate.cli.outbox import book_of, drafted
    from consolidate.cli.text import one_line
    from consolidate.packs_run import PackOptions, missing_returns
    from consolidate.wording import tr

    lang, url = settings.lang, opt.store_url(settings, store)
    asked = PackOptions((), period or "", Path(), url, settings.config, lang)
    missing, month = missing_returns(asked)
    found = kept.month(url, month, lang)
    if found is not None and found.state == "closed":
        click.echo(tr("remind-closed", lang, month=month))
        return 0
    if missing.empty:
        click.echo(tr("remind-none", lang, month=month))
        return 0
    by = str(due) if due else ""
    letters = list(reminders(missing, month, by, book_of(settings), lang))
    if draft:
        drafted(settings, letters)
        return 0
    for letter in letters:
        if isinstance(letter, Unaddressed):
            names = ", ".join(letter.names) or tr("outbox-nobody", lang)
            click.echo(one_line(tr("outbox-no-address", lang, what=letter.what, names=names)))  # fmt: skip
        else:
            click.echo(one_line(f"{letter.to}  {letter.subject}"))
    click.echo(tr("remind-dry", lang, count=len(missing)))
    return 0
