"""``consolidate cases``: the projects that need help, who sees to them, how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from consolidate.cli import options as opt

if TYPE_CHECKING:
    import pandas as pd

    from consolidate.model.case import CaseStep

_HEADS = ("id", "project", "cause", "opened", "owner", "state")

case_argument = click.argument("case", metavar="CASE")
by_option = click.option(
    "--by", metavar="NAME", help="Who says so.  [default: the user of this computer]"
)
on_option = click.option(
    "--on",
    metavar="YYYY-MM-DD",
    callback=opt.day,
    help="The day it was done.  [default: today]",
)


@click.group("cases", epilog="Example: consolidate cases list")
def command() -> None:
    """Follow the projects that need help.

    A run opens a case for each critical alert and each manager's request. It lives until
    somebody closes it: an alert that is gone says so, and closes nothing. The sheet of
    cases of the monthly review does the same, once it is filled in and read back.
    """


@command.command("list", epilog="Example: consolidate cases list --all")
@click.option("--all", "every", is_flag=True, help="Closed ones too.")
@opt.store_option
@opt.json_option
@opt.shared
def list_command(
    *, every: bool, store: str | None, as_json: bool, settings: opt.Settings
) -> int:
    """List the cases that are open, the oldest first, and how fast they are seen to."""
    from consolidate import store as kept
    from consolidate.wording import tr

    lang = settings.lang
    found = kept.cases(opt.store_url(settings, store), lang)
    shown = found if every else found[found["outcome"].isna()]
    if as_json:
        rows = shown.astype("object").where(shown.notna(), None).to_dict("records")
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
    elif shown.empty:
        click.echo(tr("cli-cases-none", lang))
    else:
        click.echo("\n".join(_lines(shown, found, lang)))
    return 0


@command.command(
    "take", epilog='Example: consolidate cases take AST-0001 --by "A. Name"'
)
@case_argument
@by_option
@on_option
@opt.store_option
@opt.shared
def take_command(
    *,
    case: str,
    by: str | None,
    on: date | None,
    store: str | None,
    settings: opt.Settings,
) -> int:
    """See to a case: --by is its owner at the PMO from now on."""
    who = by or opt.user()
    return _noted(settings, store, lambda step: step(case, "take", on, who, who))


@command.command(
    "act", epilog='Example: consolidate cases act AST-0001 --reason "Met the supplier"'
)
@case_argument
@click.option("--reason", required=True, metavar="TEXT", help="What was done.")
@by_option
@on_option
@opt.store_option
@opt.shared
def act_command(
    *,
    case: str,
    reason: str,
    by: str | None,
    on: date | None,
    store: str | None,
    settings: opt.Settings,
) -> int:
    """Write down what was done about a case."""
    who = by or opt.user()
    return _noted(settings, store, lambda step: step(case, "act", on, who, reason))


@command.command(
    "close",
    epilog='Example: consolidate cases close AST-0001 --outcome solved --reason "New date agreed"',
)
@case_argument
@click.option(
    "--outcome",
    type=click.Choice(["solved", "arbitrated", "escalated", "dropped"]),
    required=True,
    help="How it ends.",
)
@click.option("--reason", required=True, metavar="TEXT", help="Why it is closed.")
@by_option
@on_option
@opt.store_option
@opt.shared
def close_command(  # noqa: PLR0913 (one argument an option)
    *,
    case: str,
    outcome: Any,
    reason: str,
    by: str | None,
    on: date | None,
    store: str | None,
    settings: opt.Settings,
) -> int:
    """Close a case; it opens again only when its alert begins again."""
    who = by or opt.user()
    return _noted(
        settings, store, lambda step: step(case, "close", on, who, reason, outcome)
    )


def _noted(
    settings: opt.Settings,
    store: str | None,
    made: Callable[[Callable[..., CaseStep]], CaseStep],
) -> int:
    from consolidate import store as kept
    from consolidate.model.case import CaseStep
    from consolidate.wording import tr

    def step(case: str, kind: Any, on: date | None, *told: Any) -> CaseStep:
        return CaseStep(case.strip().upper(), kind, on or opt.today(), *told)

    done, lang = made(step), settings.lang
    kept.note_steps(opt.store_url(settings, store), [done], lang)
    key = "cli-cases-closed" if done.step == "close" else "cli-cases-noted"
    click.echo(tr(key, lang, case=done.case))
    return 0


def _lines(shown: pd.DataFrame, every: pd.DataFrame, lang: str) -> Iterator[str]:
    from consolidate.cli.text import excerpt, number, table
    from consolidate.model.case import days_to_action
    from consolidate.wording import plural, tr

    heads = tuple(tr(f"cli-cases-head-{name}", lang) for name in _HEADS)
    rows = [
        (
            case["id"],
            excerpt(case["project_code"] or case["object"] or "", 20),
            excerpt(case["cause"] or case["rule"], 60),
            _day(case["opened_on"], lang),
            excerpt(case["owner"] or "–", 24),
            _state(case, lang),
        )
        for case in shown.astype("object").where(shown.notna(), None).to_dict("records")
    ]
    yield plural("cli-cases-count", len(rows), lang)
    yield from table([heads, *rows])
    median, acted = days_to_action(every)
    if median is not None:
        days = number(round(median), lang)
        yield plural("cli-cases-days", acted, lang, days=days, total=len(every))


def _day(day: date | None, lang: str) -> str:
    if day is None:
        return "–"
    return f"{day:%d/%m/%Y}" if lang == "fr" else f"{day:%Y-%m-%d}"


def _state(case: Any, lang: str) -> str:
    from consolidate.wording import tr

    if case["outcome"] is None:
        return tr(f"cli-cases-state-{case['news']}", lang)
    return tr("cli-cases-state-closed", lang, day=_day(case["closed_on"], lang))
