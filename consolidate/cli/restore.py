"""``consolidate restore``: a state home again from its backup."""

from __future__ import annotations

from pathlib import Path

import click

from consolidate.cli import options as opt


@click.command("restore", epilog="Example: consolidate restore pmo.zip --home /srv/pmo")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Compare every byte with its hash; restore nothing.")  # fmt: skip
@opt.shared
def command(*, file: Path, only_check: bool, settings: opt.Settings) -> int:
    """Make the state home from a backup FILE, all of it or nothing.

    Every file is compared with its hash first. A home that holds something is never
    written over: name another with --home, or move it away.
    """
    from consolidate.backup import check, restore
    from consolidate.wording import plural

    lang = settings.lang
    found = check(file, lang) if only_check else restore(file, settings.home, lang)
    key = "restore-checked" if only_check else "restore-made"
    told = {"path": file, "home": settings.home, "at": found.at}
    click.echo(plural(key, len(found.files), lang, **told))
    if found.store == "elsewhere":
        from consolidate.wording import tr

        click.echo(tr("restore-store-elsewhere", lang))
    return 0
