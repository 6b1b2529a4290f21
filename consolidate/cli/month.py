"""``consolidate month``: the life of a month, provisional, closed, reopened."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consolidate.cli import options as opt

if TYPE_CHECKING:
    from consolidate.store import Month

_HEADS = ("period", "state", "version", "at", "by", "workbooks", "projects", "late")

period_argument = click.argument("period", metavar="YYYY-MM", callback=opt.month)
by_option = click.option(
    "--by", metavar="NAME", help="Who decides.  [default: the user of this computer]"
)


@click.group("month", epilog="Example: consolidate month close 2026-10 --output out")
def command() -> None:
    """Close a month once it was presented, reopen it to correct it, list them.

    A closed month is kept as the very files that were published: a later run of it
    publishes them again, computes nothing, and lists workbooks that came too late.
    """


@command.command("list", epilog="Example: consolidate month list")
@opt.store_option
@opt.json_option
@opt.shared
def list_command(*, store: str | None, as_json: bool, settings: opt.Settings) -> int:
    """List the months, their state and what waits for a decision."""
    from consolidate import store as kept
    from consolidate.wording import tr

    url = opt.store_url(settings, store)
    found = kept.months(url, settings.lang)
    if as_json:
        text = json.dumps([dataclasses.asdict(m) for m in found], default=str, indent=2)
        click.echo(text)
    elif found:
        click.echo("\n".join(_lines(found, settings.lang)))
    else:
        place = opt.without_password(url)
        click.echo(tr("cli-no-snapshot", settings.lang, store=place))
    return 0


@command.command(
    "close", epilog="Example: consolidate month close 2026-10 --output out"
)
@period_argument
@click.option(
    "--output",
    "-o",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    metavar="OUT",
    help="What was published; its files are kept in the store.",
)
@click.option("--reason", default="", metavar="TEXT", help="Why it is closed again.")
@by_option
@opt.store_option
@opt.shared
def close_command(
    *,
    period: str,
    output: Path,
    reason: str,
    by: str | None,
    store: str | None,
    settings: opt.Settings,
) -> int:
    """Close a month as OUT shows it: version 1, or the next one after a correction."""
    from consolidate import months
    from consolidate import store as kept
    from consolidate.wording import plural, tr

    url, lang = opt.store_url(settings, store), settings.lang
    found = months.close(url, period, output, by or opt.user(), reason, lang)
    click.echo(
        tr("cli-month-closed", lang, **_told(found))
        + plural("cli-month-files", found.files, lang)
    )
    told = kept.difference_of(url, found, lang)
    if told:
        click.echo(plural("cli-month-changes", told["changes"], lang, **told))
        for name, count in told["by_table"].items():
            click.echo(f"  {name}: {count}")
    return 0


@command.command(
    "reopen", epilog='Example: consolidate month reopen 2026-10 --reason "late invoice"'
)
@period_argument
@click.option("--reason", required=True, metavar="TEXT", help="Why it is corrected.")
@by_option
@opt.store_option
@opt.shared
def reopen_command(
    *,
    period: str,
    reason: str,
    by: str | None,
    store: str | None,
    settings: opt.Settings,
) -> int:
    """Let the next run correct a closed month; what was published is kept."""
    from consolidate import store as kept
    from consolidate.wording import tr

    url, lang = opt.store_url(settings, store), settings.lang
    found = kept.reopen_month(url, period, by or opt.user(), reason, lang)
    click.echo(tr("cli-month-reopened", lang, **_told(found)))
    return 0


def _told(found: Month) -> dict[str, Any]:
    return {"period": found.period, "version": found.version, "by": found.by}


def _lines(found: list[Month], lang: str) -> list[str]:
    from consolidate.cli.text import excerpt, number, table
    from consolidate.wording import plural, tr

    rows = [
        (
            m.period,
            tr(f"cli-month-state-{m.state}", lang),
            f"v{m.version}" if m.version else "",
            m.at[:16].replace("T", " "),
            excerpt(m.by, 30),
            number(m.snapshot.workbooks, lang),
            number(m.snapshot.projects, lang),
            plural("cli-month-late", len(m.late), lang) if m.late else "",
        )
        for m in found
    ]
    heads = tuple(tr(f"cli-month-head-{name}", lang) for name in _HEADS)
    reasons = [f"{m.period}: {excerpt(m.reason, 90)}" for m in found if m.reason]
    return [*table([heads, *rows]), *reasons]
