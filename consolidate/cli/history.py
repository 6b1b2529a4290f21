"""``consolidate history``: the months kept in the store."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import click

from consolidate.cli import options as opt

_COUNTS = ("workbooks", "projects", "records", "findings")
_SHOWN = ("period", "as_of", *_COUNTS, "stored_at", "is_current")


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
        click.echo("\n".join(_lines(months, settings.lang)))
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


def _lines(months: list[dict[str, Any]], lang: str) -> list[str]:
    """Return the months as a table; what only a program needs is left to ``--json``."""
    from consolidate.cli.text import table
    from consolidate.report import format as figures
    from consolidate.wording import tr

    heads = tuple(tr(f"cli-history-{name}", lang) for name in _SHOWN)
    rows = [
        (
            m["period"],
            figures.day(m["as_of"], lang),
            *(figures.number(m[name], lang) for name in _COUNTS),
            m["stored_at"][:16].replace("T", " "),
            "" if m["is_current"] else tr("cli-history-replaced", lang),
        )
        for m in months
    ]
    return table([heads, *rows])
