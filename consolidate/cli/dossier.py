"""``consolidate dossier``: all that months have told of a project, for an audit."""

from __future__ import annotations

import click

from consolidate.cli import options as opt
from consolidate.cli.pack import Asked, asked, tell


@click.command("dossier", epilog="Example: consolidate dossier PRJ-101 -o audit")
@click.argument("code")
@asked
@opt.shared
def command(*, code: str, asked: Asked, settings: opt.Settings) -> int:
    """Write every budget, date, decision and correction of a project over time.

    A workbook and a page: each value with what was written, its file, the hash of the
    file and its cell; what changed from month to month; who closed or reopened a month
    and why. The project is the one with this CODE.
    """
    from consolidate.packs_run import PackOptions, write_dossier

    url = opt.store_url(settings, asked.store)
    options = PackOptions(
        (),
        asked.period,
        asked.output,
        url,
        settings.config,
        settings.lang,
        password=asked.secret.password(settings.lang),
    )
    files = [path.as_posix() for path in write_dossier(options, code)]
    tell(files, asked, settings.lang)
    return 0
