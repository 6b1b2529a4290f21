"""``consolidate template``: next month's workbook of each project manager."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consolidate.cli import options as opt
from consolidate.cli.pack import Asked

if TYPE_CHECKING:
    from consolidate.templates_run import Made


def asked(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of where and for when, and give them as ``asked``."""

    @wraps(command)
    def with_asked(
        period: str | None, output: Path, store: str | None, as_json: bool, **given: Any
    ) -> int:
        return command(asked=Asked(period or "", output, store, as_json), **given)

    period = click.option(
        "--period",
        metavar="MONTH",
        callback=opt.month,
        help="Month to report on, as 2026-11.  [default: after the last one of the store]",
    )
    output = click.option(
        "-o",
        "--output",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("templates"),
        show_default=True,
        metavar="DIR",
        help="Folder of the workbooks; those of a month go into one of its own in it.",
    )
    return period(output(opt.store_option(opt.json_option(with_asked))))


@click.command(
    "template",
    epilog="Example: consolidate template --all --period 2026-11 -o to-send",
)
@click.argument("managers", metavar="MANAGER...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Make those of all managers.")
@click.option(
    "--own",
    is_flag=True,
    help="In each manager's own workbook, where that loses nothing.",
)
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where the workbooks of last month are too, for --own; the archive comes first.",
)
@asked
@opt.shared
def command(
    *,
    managers: tuple[str, ...],
    every: bool,
    own: bool,
    folder: Path | None,
    asked: Asked,
    settings: opt.Settings,
) -> int:
    """Make the workbook each project manager fills in for a month.

    Already filled with what the portfolio kept of the month before: each manager's own
    projects and no other. What is returned is read without any guess; one that comes back
    with nothing changed is told.

    --own hands back the manager's own workbooks of last month when openpyxl keeps all that is
    in them; the report date and the month in titles move on where they are certain.

    Without MANAGER nor --all, lists the managers.
    """
    from consolidate.intake.archive import Archive
    from consolidate.own_workbooks import Originals
    from consolidate.templates_run import (
        TemplateOptions,
        known_managers,
        write_templates,
    )

    url = opt.store_url(settings, asked.store)
    originals = Originals(Archive(settings.home / "archive"), folder) if own else None
    options = TemplateOptions(
        managers,
        asked.period,
        asked.output,
        url,
        settings.config,
        settings.lang,
        originals,
    )
    if not managers and not every:
        click.echo("\n".join(known_managers(options)))
        return 0
    made = list(write_templates(options))
    if asked.as_json:
        told = [{"manager": m.manager, "file": m.file.as_posix()} for m in made]
        click.echo(json.dumps({"files": told}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(made, settings.lang)))
    return 0


def _lines(made: list[Made], lang: str) -> list[str]:
    from consolidate.wording import plural, tr

    if not made:
        return [tr("cli-template-nobody", lang)]
    lines = []
    for each in made:
        projects = plural("cli-template-projects", each.projects, lang)
        records = plural("cli-template-records", each.records, lang)
        lines.append(f"{each.file.as_posix()}  {projects}, {records}")
        if each.told:
            lines.append(f"  {each.told}")
    first = made[0]
    asked = tr("cli-template-of", lang, month=first.period, source=first.source or "–")
    return [asked, *lines]
