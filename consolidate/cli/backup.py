"""``consolidate backup``: the whole state home in one file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from consolidate.cli import options as opt


@click.command("backup", epilog="Example: consolidate backup /mnt/backups/pmo.zip")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@opt.store_option
@opt.json_option
@opt.shared
def command(
    *, file: Path, store: str | None, as_json: bool, settings: opt.Settings
) -> int:
    """Write the state home into FILE: store, archive, journal, registers, layouts.

    It may be in use meanwhile. The file holds what the home holds, names and amounts
    included: keep it where the home may be kept. Months kept on a PostgreSQL server are
    not in it: the server has backups of its own.
    """
    from consolidate.backup import backup
    from consolidate.store import parse_url, sqlite_path
    from consolidate.wording import plural

    lang = settings.lang
    path = sqlite_path(parse_url(opt.store_url(settings, store), lang))
    at = opt.now()
    made = backup(settings.home, path, file, at, lang)
    if as_json:
        told = {"file": str(file), "files": len(made.files), "bytes": made.size}
        click.echo(json.dumps({**told, "store": made.store}, ensure_ascii=False))
        return 0
    size = f"{made.size / 2**20:.1f}"
    click.echo(plural(f"backup-made-{made.store}", len(made.files), lang, path=file, size=size))  # fmt: skip
    return 0
