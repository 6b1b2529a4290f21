"""``consolidate inbox``: what was received, and what became of it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from consolidate.cli import options as opt

if TYPE_CHECKING:
    from consolidate.intake import Item

_STATES = (
    *("received", "consolidated", "partial", "rejected", "duplicate"),
    *("superseded", "deferred", "held", "ignored"),
)
_HEADS = ("id", "received", "month", "state", "name", "sender", "reason")
_FINISHED = frozenset({"consolidated", "duplicate", "superseded", "ignored"})


@click.command("inbox", epilog="Example: consolidate inbox --state held")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(_STATES),
    help="Only these; may be given again.",
)
@click.option(
    "--month", metavar="YYYY-MM", callback=opt.month, help="Only those of a month."
)
@click.option("--all", "every", is_flag=True, help="Those that need nothing too.")
@opt.json_option
@opt.shared
def command(
    *,
    states: tuple[str, ...],
    month: str | None,
    every: bool,
    as_json: bool,
    settings: opt.Settings,
) -> int:
    """List what was received, and what became of it.

    Without an option: what somebody has to look at, that is all but what is consolidated,
    a duplicate, superseded by a newer version or nothing to do with projects.
    """
    from consolidate.intake import Mailroom
    from consolidate.wording import plural, tr

    lang = settings.lang
    ledger = Mailroom(settings.home, lang).ledger()
    items = [dataclasses.replace(item, name=ledger.label(item)) for item in ledger]
    wanted = set(states) or ({*_STATES} if every or month else {*_STATES} - _FINISHED)
    found = [
        item
        for item in items
        if item.state in wanted and (month is None or item.month == month)
    ]
    if as_json:
        rows = [dataclasses.asdict(item) for item in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    if found:
        click.echo("\n".join(_lines(found, lang)))
    total = sum(not item.parent for item in items)
    click.echo(plural("inbox-total", total, lang, shown=len(found)))
    if any(item.state in {"held", "deferred"} for item in found):
        click.echo(tr("inbox-hint", lang))
    return 0


def _lines(items: Sequence[Item], lang: str) -> Iterator[str]:
    from consolidate.cli.text import excerpt, table
    from consolidate.intake import reason_text
    from consolidate.wording import tr

    rows = [
        (
            item.id,
            item.at[:16].replace("T", " "),
            item.month,
            tr(f"inbox-state-{item.state}", lang),
            excerpt(item.name, 44),
            excerpt(item.sender, 28),
            excerpt(reason_text(item.reason, lang), 60) if item.reason else "",
        )
        for item in items
    ]
    heads = tuple(tr(f"inbox-head-{name}", lang) for name in _HEADS)
    return iter(table([heads, *rows]))


def item_of(settings: opt.Settings, key: str) -> Item:
    """Return a delivery by its id.

    Raises:
        UsageError: There is none of that id.
    """
    from consolidate.intake import Mailroom
    from consolidate.wording import tr

    ledger = Mailroom(settings.home, settings.lang).ledger()
    if key not in ledger:
        raise click.UsageError(tr("inbox-no-such", settings.lang, id=key))
    return ledger[key]
