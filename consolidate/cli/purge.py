"""``consolidate purge``: remove what has been kept long enough."""

from __future__ import annotations

from pathlib import Path

import click

from consolidate.cli import options as opt


@click.command("purge", epilog="Example: consolidate purge --list to-sign.xlsx")
@click.option("--list", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the list of what is to go, to have it signed.")  # fmt: skip
@click.option("--confirm", is_flag=True, help="Remove it for good; without it, only say what would go.")  # fmt: skip
@click.option("--by", metavar="NAME", help="Who decides.  [default: the user of this computer]")  # fmt: skip
@opt.store_option
@opt.shared
def command(
    *,
    target: Path | None,
    confirm: bool,
    by: str | None,
    store: str | None,
    settings: opt.Settings,
) -> int:
    """Remove archived workbooks, months, answers and cached readings kept long enough.

    How long is in retention.toml (a copy in your own schemas folder changes it). What was
    published stays. The journal keeps a tombstone of each: its hash or its month, nothing
    of what it held.
    """
    from consolidate.cli.text import one_line
    from consolidate.purge import due, elimination_list, remove, terms
    from consolidate.report.pack_book import write_pack_book
    from consolidate.resources import search_path
    from consolidate.wording import plural, tr

    lang, today = settings.lang, opt.today()
    kept = terms(search_path("schemas", settings.config.paths.schemas))
    url = opt.store_url(settings, store)
    found = due(settings.home, today, kept, lang, url)
    for item in found:
        if item.kind != "cache":
            kind = tr(f"purge-kind-{item.kind}", lang)
            click.echo(one_line(f"{item.since}  {kind}  {item.name}  {item.mark[:16]}"))
    if target is not None:
        write_pack_book(elimination_list(found, kept, today, lang), target)
        target.chmod(0o600)
    if confirm:
        remove(settings.home, found, by or opt.user(), opt.now(), lang, url)
    click.echo(plural("purge-done" if confirm else "purge-due", len(found), lang))
    if found and not confirm:
        click.echo(tr("purge-dry", lang))
    return 0
