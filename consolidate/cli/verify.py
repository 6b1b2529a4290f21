"""``consolidate verify``: is everything still what was written?"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from consolidate.cli import options as opt


@click.command("verify", epilog="Example: consolidate verify out")
@click.argument("outputs", metavar="[OUT]...", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))  # fmt: skip
@click.option("--head", metavar="HASH", help="Head of the journal as noted elsewhere the last time: it has still to be in the chain.")  # fmt: skip
@opt.store_option
@opt.json_option
@opt.shared
def command(
    *,
    outputs: tuple[Path, ...],
    head: str | None,
    store: str | None,
    as_json: bool,
    settings: opt.Settings,
) -> int:
    """Compare the journal, the archive, the store and published folders with their hashes.

    Any changed byte is told, with its file and what to do; nothing is mended. Status 1
    when something is not what was written. Note the head of the journal somewhere else:
    given back with --head, it tells whether lines were cut off the end.
    """
    from consolidate.cli.text import one_line
    from consolidate.store import parse_url, sqlite_path
    from consolidate.verify import PARTS, Checked, cut_off, verify
    from consolidate.wording import tr

    lang, count = settings.lang, Checked()
    place = sqlite_path(parse_url(opt.store_url(settings, store), lang))
    found = list(verify(settings.home, place, outputs, lang, count))
    found += cut_off(settings.home, head or "", lang)
    if as_json:
        faults = [{**asdict(f), "path": str(f.path)} for f in found]
        compared = {part: getattr(count, part) for part in PARTS}
        told = {"compared": compared, "head": count.head, "faults": faults}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for fault in found:
            click.echo(f"{'x' if fault.is_grave else '!'}  {one_line(fault.told)}")
            click.echo(f"   {one_line(fault.remedy)}")
        counts = {part: getattr(count, part) for part in PARTS}
        click.echo(tr("verify-compared", lang, **counts))
        if count.head:
            click.echo(tr("verify-head", lang, head=count.head))
        click.echo(tr("verify-ill" if any(f.is_grave for f in found) else "verify-well", lang))  # fmt: skip
    return int(any(f.is_grave for f in found))
