"""``consolidate pack``: what each reader is given of a month."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from consolidate.cli import options as opt
from consolidate.cli.secret import NO_SECRET, Secret, encrypting


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """Of which month, from where, and into what."""

    period: str
    output: Path
    store: str | None
    as_json: bool
    secret: Secret = NO_SECRET


def asked(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of whatever makes packs, and give them as ``asked``."""

    @wraps(command)
    def with_asked(
        period: str | None,
        output: Path,
        store: str | None,
        as_json: bool,
        secret: Secret,
        **given: Any,
    ) -> int:
        about = Asked(period or "", output, store, as_json, secret)
        return command(asked=about, **given)

    period = click.option(
        "--period",
        metavar="MONTH",
        callback=opt.month,
        help="Month, as 2026-10.  [default: the last one of the store]",
    )
    output = click.option(
        "-o",
        "--output",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("packs"),
        show_default=True,
        metavar="DIR",
        help="Folder of the packs; those of a month go into one of its own in it.",
    )
    return period(output(opt.store_option(opt.json_option(encrypting(with_asked)))))


@click.command("pack", epilog="Example: consolidate pack deadlines --period 2026-10")
@click.argument("packs", metavar="PACK...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Make all of them.")
@asked
@opt.shared
def command(
    *, packs: tuple[str, ...], every: bool, asked: Asked, settings: opt.Settings
) -> int:
    """Make packs of a month of the store: a workbook and a page each, for one reader.

    Without PACK, lists those there are. A closed month is told as it was closed.
    """
    from consolidate.packs.registry import PACKS
    from consolidate.wording import tr

    lang = settings.lang
    unknown = [p for p in packs if p not in PACKS]
    if unknown:
        known = ", ".join(PACKS)
        raise click.UsageError(tr("pack-unknown", lang, pack=unknown[0], known=known))
    names = PACKS if every else packs
    if not names:
        lines = [f"{name:14} {tr(f'pack-{name}-title', lang)}" for name in PACKS]
        click.echo("\n".join(lines))
        return 0
    return made(settings, names, asked)


def made(settings: opt.Settings, names: tuple[str, ...], asked: Asked) -> int:
    """Make packs and say which files they are."""
    from consolidate.cli.progress import progress_bar
    from consolidate.packs_run import PackOptions, write_packs

    url = opt.store_url(settings, asked.store)
    options = PackOptions(
        names,
        asked.period,
        asked.output,
        url,
        settings.config,
        settings.lang,
        settings.config.run.jobs or opt.processors(),
        settings.home,
        asked.secret.password(settings.lang),
    )
    with progress_bar(quiet=asked.as_json, lang=settings.lang, what="packs") as show:
        files = [path.as_posix() for path in write_packs(options, show)]
    tell(files, asked, settings.lang)
    return 0


def tell(files: list[str], asked: Asked, lang: str) -> None:
    """Say which files were written."""
    from consolidate.wording import tr

    if asked.as_json:
        click.echo(json.dumps({"files": files}, ensure_ascii=False, indent=2))
        return
    click.echo("\n".join(files))
    if asked.secret.wanted:
        click.echo(tr("encrypt-no-pages", lang), err=True)
