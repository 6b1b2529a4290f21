"""``consolidate history``: the months kept in the store."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import click

from consolidate.cli import options as opt


@click.command("history", epilog="Example: consolidate history")
@opt.store_option
@opt.json_option
@opt.shared
def command(
    *,
    store: str | None,
    as_json: bool,
    settings: opt.Settings,
) -> int:
    """List the monthly snapshots kept in the store."""
    from consolidate.wording import tr

    url = opt.store_url(settings, store)
    months = [dataclasses.asdict(s) for s in _snapshots(url)]
    if as_json:
        click.echo(json.dumps(months, ensure_ascii=False, indent=2, default=str))
    elif months:
        click.echo("\n".join(_lines(months)))
    else:
        click.echo(
            tr("cli-no-snapshot", settings.lang, store=opt.without_password(url))
        )
    return 0


def _snapshots(url: str) -> list[Any]:
    """Return the snapshots; none, and no new file, when the SQLite file is not there."""
    path = url.removeprefix("sqlite:///")
    if path != url and not Path(path).exists():
        return []
    from consolidate import store

    return list(store.history(url))


def _lines(months: list[dict[str, Any]]) -> list[str]:
    from consolidate.cli.text import excerpt, table

    rows = [tuple(months[0])]
    rows += [tuple(excerpt(value, 40) for value in month.values()) for month in months]
    return table(rows)
