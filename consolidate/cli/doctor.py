"""``consolidate doctor``: is the installation well, and what to do if not."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from consolidate.cli import options as opt

_SIGNS = {"good": "ok", "fair": "!", "poor": "x"}


@click.command("doctor", epilog="Example: consolidate doctor --home /srv/pmo")
@opt.store_option
@opt.json_option
@opt.shared
def command(*, store: str | None, as_json: bool, settings: opt.Settings) -> int:
    """Examine the installation and say what to do.

    Python and packages, the state home and who may enter it, room on the disk, schemas,
    layouts, registers, the store, the journal, and a trial reading. Nothing is changed.
    Status 1 when something will not work.
    """
    from consolidate.cli.text import one_line
    from consolidate.doctor import examine
    from consolidate.wording import tr

    url = opt.store_url(settings, store)
    found = []
    for check in examine(settings.home, url, settings.config, settings.lang):
        found.append(check)
        if not as_json:
            click.echo(f"{_SIGNS[check.verdict]:2} {one_line(check.told)}")
            if check.remedy:
                click.echo(f"   {one_line(check.remedy)}")
    is_poor = any(check.verdict == "poor" for check in found)
    if as_json:
        told = {"checks": [asdict(c) for c in found], "well": not is_poor}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(tr(f"doctor-{'ill' if is_poor else 'well'}", settings.lang))
    return int(is_poor)
