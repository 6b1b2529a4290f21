"""``consolidate layout``: how workbooks are read, who approved it, who confirmed it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consolidate.cli import options as opt

if TYPE_CHECKING:
    from consolidate.layouts_run import LayoutOptions, Listed

_HEADS = ("layout", "state", "read", "workbooks", "managers", "decided")
_FEW = 2
_STATES = ("proposed", "approved", "confirmed", "rejected")

names_argument = click.argument("names", metavar="LAYOUT...", nargs=-1)
all_option = click.option("--all", "every", is_flag=True, help="All of the month.")
by_option = click.option(
    "--by", metavar="NAME", help="Who decides.  [default: the user of this computer]"
)


def of_month(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of the month, and give them as ``options``."""

    @wraps(command)
    def with_options(
        period: str | None, store: str | None, settings: opt.Settings, **given: Any
    ) -> int:
        from consolidate.layouts_run import LayoutOptions

        url = opt.store_url(settings, store)
        known = (settings.home, period or "", url, settings.config, settings.lang)
        return command(options=LayoutOptions(*known), **given)

    period = click.option(
        "--period",
        metavar="MONTH",
        callback=opt.month,
        help="Month whose workbooks count, as 2026-10.  [default: the last one of the store]",
    )
    return period(opt.store_option(opt.shared(with_options)))


@click.group("layout", epilog="Example: consolidate layout list")
def command() -> None:
    """Follow how workbooks are read: proposed, approved by the PMO, confirmed by managers.

    Reading a workbook proposes its layout: which table each block is, which field each
    header is. A workbook that is read in another way than the one approved is proposed
    again. With [report] direction = "approved", the page of general management tells
    only of projects whose layouts are approved or confirmed.

    LAYOUT is what the list shows, a workbook's name or a project's code.
    """


@command.command("list", epilog="Example: consolidate layout list --state proposed")
@click.option("--state", type=click.Choice(_STATES), help="Those in this state alone.")
@opt.json_option
@of_month
def list_command(*, state: str | None, as_json: bool, options: LayoutOptions) -> int:
    """List the layouts of a month: who uses each, how well it reads, where it stands."""
    from consolidate.cli.text import table
    from consolidate.layouts_run import last_month, listed
    from consolidate.wording import plural, tr

    lang = options.lang
    every = listed(options, last_month(options))
    shown = [each for each in every if state in {None, each.standing.state}]
    if as_json:
        click.echo(json.dumps(list(map(_told, shown)), ensure_ascii=False, indent=2))
        return 0
    heads = tuple(tr(f"layout-head-{name}", lang) for name in _HEADS)
    if not every:
        click.echo(tr("layout-none", lang))
        return 0
    if shown:
        click.echo("\n".join(table([heads, *(_row(each, lang) for each in shown)])))
    states: list[str] = [each.standing.state for each in every if not each.name]
    counts = {name: states.count(name) for name in _STATES}
    click.echo(plural("layout-counts", len(states), lang, **counts))
    return 0


@command.command("show", epilog="Example: consolidate layout show PRJ-101")
@click.argument("name", metavar="LAYOUT")
@of_month
def show_command(*, name: str, options: LayoutOptions) -> int:
    """Show what a layout reads, header by header; what was not approved before is marked."""
    from consolidate.layouts_run import chosen, last_month, listed, said
    from consolidate.wording import tr

    lang = options.lang
    for each in chosen(listed(options, last_month(options)), (name,), lang):
        stand = each.standing.how or each.standing.state
        click.echo(tr(f"layout-is-{stand}", lang, name=each.short))
        if stand != "shipped" and not each.name:
            proposal, approved = said(options, each)
            click.echo("\n".join(_lines(proposal, approved, options)) + "\n")
    return 0


def _lines(proposal: Any, approved: frozenset[str], options: LayoutOptions) -> Iterator[str]:  # fmt: skip
    """Yield the blocks of a layout, and its columns, those not approved marked."""
    from consolidate.cli.findings import configured_schemas
    from consolidate.cli.text import one_line
    from consolidate.wording import tr

    lang = options.lang
    schemas = configured_schemas(options.config)
    for block in proposal.blocks:
        spec = schemas.tables[block.table]
        new = not approved.issuperset(block.keys)
        mark = tr("layout-new", lang) if new else ""
        yield f"\n{spec.label[lang]}  {mark}".rstrip()
        for header, name in block.fields:
            field = spec.by_name.get(name)
            label = field.label[lang] if field else name
            yield f"  {one_line(header)}  →  {label or tr('layout-unread', lang)}"


@command.command("approve", epilog="Example: consolidate layout approve PRJ-101")
@names_argument
@all_option
@by_option
@of_month
def approve_command(
    *, names: tuple[str, ...], every: bool, by: str | None, options: LayoutOptions
) -> int:
    """Approve layouts: what they read is right. Look at them first (layout show).

    --all approves those that are proposed; one that a manager contested is named.
    """
    return _decide("approved", names, every=every, by=by, options=options)


@command.command("reject", epilog="Example: consolidate layout reject PRJ-101")
@names_argument
@by_option
@of_month
def reject_command(
    *, names: tuple[str, ...], by: str | None, options: LayoutOptions
) -> int:
    """Reject layouts: what they read is wrong, until they read it in another way.

    Teach what is right with consolidate map --write, and run the month again.
    """
    return _decide("rejected", names, every=False, by=by, options=options)


@command.command(
    "confirm", epilog="Example: consolidate layout confirm PRJ-101 --draft"
)
@names_argument
@all_option
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("checks"),
    show_default=True,
    metavar="DIR",
    help="Folder of the sheets.",
)
@click.option("--draft", is_flag=True, help="Draft the messages to the managers too.")
@of_month
def confirm_command(
    *,
    names: tuple[str, ...],
    every: bool,
    output: Path,
    draft: bool,
    options: LayoutOptions,
) -> int:
    """Make a sheet for each manager: ten figures read in the workbook, is each right?

    --draft puts them into the outbox. What comes back is read with layout read. --all asks
    about the layouts that nobody confirmed yet.
    """
    from consolidate.cli.outbox import book_of, drafted
    from consolidate.layouts_confirm import checks, letters, write_checks
    from consolidate.layouts_run import chosen, last_month, listed
    from consolidate.wording import plural, tr

    if bool(names) == every:
        raise click.UsageError(tr("layout-name-some", options.lang))
    lang, month = options.lang, last_month(options)
    known = listed(options, month)
    about = chosen(known, names, lang)
    if every:
        about = tuple(x for x in known if x.standing.state in ("proposed", "approved"))
    asked = list(checks(options, month, about))
    for each in about:
        if names and each.id not in {check.layout for check in asked}:
            click.echo(tr("layout-nobody", lang, name=each.short))
    files = write_checks(options, asked, output / month.period, opt.now())
    for path in files:
        click.echo(path.as_posix())
    click.echo(plural("layout-asked", len(files), lang))
    if draft:
        settings = opt.Settings(options.home, options.config, lang, {})
        drafted(settings, letters(asked, files, book_of(settings)))
    return 0


@command.command("read", epilog="Example: consolidate layout read returned/*.xlsx")
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@of_month
def read_command(*, files: tuple[Path, ...], options: LayoutOptions) -> int:
    """Read the sheets that managers sent back: confirmed, or what is not right.

    Exit status: 0 all confirmed; 1 one is not, or cannot be read.
    """
    from consolidate.cli.text import one_line
    from consolidate.layouts_confirm import Reply, read_back
    from consolidate.wording import plural, tr

    lang, are_right = options.lang, True
    for found in read_back(options, files, opt.now()):
        if not isinstance(found, Reply):
            click.echo(found)
            are_right = False
            continue
        are_right &= found.verdict == "confirmed"
        told = {"path": found.path, "layout": found.layout[:8]}
        click.echo(plural(f"layout-answer-{found.verdict}", found.count, lang, **told))
        for answer in found.wrong:
            line = answer.line
            words = {"place": line.place, "label": line.label}
            words |= {"understood": line.understood, "right": answer.right or "–"}
            click.echo("  " + one_line(tr("layout-answer-line", lang, **words)))
    return 0 if are_right else 1


def _decide(
    event: str,
    names: tuple[str, ...],
    *,
    every: bool,
    by: str | None,
    options: LayoutOptions,
) -> int:
    from consolidate.layouts_run import LayoutError, chosen, decided, last_month, listed
    from consolidate.wording import plural, tr

    if bool(names) == every:
        raise click.UsageError(tr("layout-name-some", options.lang))
    lang = options.lang
    known = listed(options, last_month(options))
    about = known if every else chosen(known, names, lang)
    if every:
        about = [
            x for x in about if x.standing.state == "proposed" and not x.standing.how
        ]
    try:
        changed = decided(options, event, about, opt.now(), by or opt.user())
    except OSError as err:
        raise LayoutError(f"{options.home}: {err.strerror}") from err
    for each in changed:
        click.echo(f"{each.short}  {_few(each.workbooks)}")
    click.echo(plural(f"layout-{event}", len(changed), lang))
    return 0


def _row(each: Listed, lang: str) -> tuple[str, ...]:
    from consolidate.cli.text import one_line
    from consolidate.wording import tr

    stand = each.standing
    share = "–" if each.share is None else f"{each.share:.0%}"
    decided = tr(f"layout-by-{stand.how}", lang) if stand.how else ""
    if stand.at:
        told = f"{one_line(stand.by)} {stand.at[:10]}"
        decided = f"{decided} {told}".strip()
    return (
        one_line(each.short),
        tr(f"layout-state-{stand.state}", lang),
        share,
        _few(each.workbooks),
        _few(each.managers),
        decided,
    )


def _few(names: tuple[str, ...]) -> str:
    from consolidate.cli.text import excerpt

    more = f" +{len(names) - _FEW}" if len(names) > _FEW else ""
    return (", ".join(excerpt(n, 40) for n in names[:_FEW]) + more) or "–"


def _told(each: Listed) -> dict[str, object]:
    """Return a layout as JSON has it."""
    return {
        "layout": each.id,
        "name": each.name,
        **dataclasses.asdict(each.standing),
        "workbooks": each.workbooks,
        "managers": each.managers,
        "projects": each.projects,
        "read": each.share,
    }
