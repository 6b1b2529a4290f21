"""``consolidate backfill``: months of the past from old workbooks."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consolidate.cli import options as opt
from consolidate.cli.group import EXIT_FINDINGS
from consolidate.cli.progress import progress_bar

if TYPE_CHECKING:
    from consolidate.backfill import Plan


@click.command(
    "backfill", epilog="Example: consolidate backfill archives --apply --output past"
)
@click.argument(
    "folders",
    metavar="FOLDER...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@click.option(
    "--apply", is_flag=True, help="Consolidate the months; else they are only listed."
)
@click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Publish each month in DIR/YYYY-MM too.  [default: the store alone]",
)
@opt.store_option
@opt.json_option
@opt.shared
def command(
    *,
    folders: tuple[Path, ...],
    apply: bool,
    output: Path | None,
    store: str | None,
    as_json: bool,
    settings: opt.Settings,
) -> int:
    """Make the months of the past from old workbooks, so that trends exist from day one.

    The month of a workbook is that of its report date, else of its name or its folder's,
    else of its file's date; read the list before --apply. Months that the store has
    already, and those that are not over, are left as they are.
    """
    from consolidate.backfill import backfill
    from consolidate.pipeline import RunOptions

    day = opt.today()
    last = opt.last_complete_month(day)
    url = opt.store_url(settings, store)
    known = _known(url)
    if apply and not store and not settings.config.run.store:
        opt.make_home(settings.home)
    with tempfile.TemporaryDirectory(prefix="consolidate-") as scratch:
        options = RunOptions(
            inboxes=folders,
            output=output or Path(scratch),
            period=last,
            as_of=opt.cut_off(last, day),
            lang=settings.lang,
            store=url,
            config=settings.config,
            jobs=settings.config.run.jobs or opt.processors(),
            home=settings.home if apply else None,
            at=opt.now(),
        )
        with progress_bar(quiet=as_json, lang=settings.lang) as progress:
            plan = backfill(
                options,
                lambda month: month <= last and month not in known,
                apply=apply,
                progress=progress,
            )
    if as_json:
        content: dict[str, Any] = dataclasses.asdict(plan)
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(plan, known, last, settings.lang)))
    return EXIT_FINDINGS if plan.rejected else 0


def _known(url: str) -> frozenset[str]:
    from consolidate import store

    return frozenset(s.period for s in store.history(url))


def _lines(plan: Plan, known: frozenset[str], last: str, lang: str) -> Iterator[str]:
    from consolidate.cli.text import excerpt, table
    from consolidate.wording import plural, tr

    by_name = {one.workbook: one for one in plan.dated}
    for month, names in plan.months.items():
        state = (
            "stored"
            if month in plan.stored
            else "known"
            if month in known
            else "not-over"
            if month > last
            else "planned"
        )
        count = plural("cli-backfill-workbooks", len(names), lang)
        yield f"{month}  {count}  {tr(f'cli-backfill-{state}', lang)}"
        rows = []
        for name in names:
            one = by_name[name]
            told = tr(
                f"cli-backfill-by-{one.evidence}", lang, said=excerpt(one.said, 40)
            )
            other = tr("cli-backfill-other", lang, month=one.other) if one.other else ""
            rows.append((excerpt(name, 60), told, other))
        yield from table(rows, indent="  ")
    for name in plan.rejected:
        yield tr("cli-backfill-rejected", lang, workbook=excerpt(name, 80))
    if not plan.stored:
        yield tr("cli-backfill-dry", lang)
