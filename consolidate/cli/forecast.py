"""``consolidate forecast``: ranges for ends and costs, and how often such ranges held."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consolidate.cli import options as opt

if TYPE_CHECKING:
    import pandas as pd

    from consolidate.packs.data import PackData


@click.command("forecast", epilog="Example: consolidate forecast --period 2026-10")
@click.option(
    "--period",
    metavar="MONTH",
    callback=opt.month,
    help="Month forecast from, as 2026-10.  [default: the last one of the store]",
)
@click.option(
    "--backtest", "only_held", is_flag=True, help="Tell how often ranges held, alone."
)
@opt.store_option
@opt.json_option
@opt.shared
def command(
    *,
    period: str | None,
    only_held: bool,
    store: str | None,
    as_json: bool,
    settings: opt.Settings,
) -> int:
    """Tell a range for each running project's end and cost, from the portfolio's own past.

    A range leaves out the best and the worst fifth of what became of such announcements;
    the backtest makes the ranges of past months again, with what was known then, and
    counts those that held. Too little history gives no range, and says so.
    """
    from consolidate.packs import forecasts
    from consolidate.packs_run import PackOptions, load_data

    url = opt.store_url(settings, store)
    asked = PackOptions((), period or "", Path(), url, settings.config, settings.lang)
    data = load_data(asked)
    held = dataclasses.asdict(forecasts.held(data))
    ends, costs = forecasts.forecasts(data)
    if as_json:
        told: dict[str, Any] = {"period": data.portfolio.period, "backtest": held}
        if not only_held:
            told |= {"ends": _plain(ends), "costs": _plain(costs)}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2, default=str))
        return 0
    lines = [] if only_held else [*_lines(data, ends)]
    click.echo("\n".join([*lines, *_held(data, held)]))
    return 0


def _plain(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    known = frame.astype("object").where(frame.notna(), None)
    return [
        {k: v.date() if hasattr(v, "date") else v for k, v in row.items()}
        for row in known.to_dict("records")
    ]


def _lines(data: PackData, ends: pd.DataFrame) -> Iterator[str]:
    """Yield a table of the ranges given, and how many are not."""
    from consolidate.cli.text import excerpt, table
    from consolidate.report import format as figures

    given = ends[ends["why_not"] == ""]
    names = ("announced", "low", "middle", "high")
    heads = (data.label("projects", "project_code"), *(data.tr(f"forecast-{n}") for n in names))  # fmt: skip
    rows = [
        (
            excerpt(f"{row['project_code']} {row['project'] or ''}", 44),
            *(figures.day(row[n].date(), data.lang) for n in names),
        )
        for row in given.to_dict("records")
    ]
    if rows:
        yield from table([heads, *rows])
    for why, count in ends.loc[ends["why_not"] != "", "why_not"].value_counts().items():
        how = data.rules.packs["forecast"]
        words = {"months": how["least_months"], "projects": how["least_in_all"]}
        yield data.plural("forecast-not", int(count), why=data.tr(f"forecast-{why}", **words))  # fmt: skip


def _held(data: PackData, held: dict[str, int]) -> Iterator[str]:
    if not held["ranges"]:
        yield data.tr("forecast-held-none")
        return
    from consolidate.report import format as figures

    share = {
        k: figures.percent(held[k] / held["ranges"], data.lang)
        for k in ("within", "before")
    }
    yield data.plural("forecast-held", held["ranges"], months=held["months"], open=held["open"], **share)  # fmt: skip
