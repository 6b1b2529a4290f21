"""``consolidate config``: what is in force, and where each value came from."""

from __future__ import annotations

import json

import click

from consolidate.cli import options as opt


@click.command("config", epilog="Example: consolidate config --home /srv/pmo")
@opt.store_option
@opt.json_option
@opt.shared
def command(
    *,
    store: str | None,
    as_json: bool,
    settings: opt.Settings,
) -> int:
    """Show the configuration in force and where each value came from.

    An option comes before the environment, the environment before the configuration
    file, the file before the default.
    """
    from consolidate.cli.text import one_line, table

    rows = _rows(settings, store)
    if as_json:
        content = {key: {"value": value, "from": source} for key, value, source in rows}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        shown = [
            (key, one_line(value) or "–", one_line(source))
            for key, value, source in rows
        ]
        click.echo("\n".join(table(shown)))
    return 0


def _rows(settings: opt.Settings, store: str | None) -> list[tuple[str, str, str]]:
    """Return key, value and source of all that is configured."""
    values = {**settings.config.settings(), "run.lang": settings.lang}
    sources = {**settings.config.origins, "run.lang": settings.origins["lang"]}
    values["run.store"] = opt.without_password(opt.store_url(settings, store))
    if store:
        sources["run.store"] = opt.source("store", "default")
    rows = [("home", str(settings.home), settings.origins["home"])]
    rows += [
        (key, "" if value is None else str(value), sources.get(key, "default"))
        for key, value in values.items()
    ]
    return rows
