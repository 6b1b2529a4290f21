"""``consolidate priorities``: in which order, and where the means run out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consolidate.cli import options as opt

if TYPE_CHECKING:
    import pandas as pd

    from consolidate.packs.data import PackData
    from consolidate.packs.priority_ranking import Ranking

_TOLD = (
    *("rank", "kind", "item", "name", "position", "score", "completeness", "missing"),
    *("mandatory", "days", "money", "days_after", "money_after", "runs_out"),
    *("decision", "reason", "decided_by", "decided_on", "workbook", "sheet", "row"),
)

_MOST = 12
"""Items without a place that the terminal lists; all are in the pack and in --json."""


@click.command("priorities", epilog="Example: consolidate priorities --build-days 400")
@click.option(
    "--period",
    metavar="MONTH",
    callback=opt.month,
    help="Month, as 2026-10.  [default: the last one of the store]",
)
@click.option(
    "--build-days",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Person-days to share out.  [default: priorities.toml, else the workload]",
)
@click.option(
    "--budget",
    type=click.FloatRange(min=0),
    metavar="EUROS",
    help="Money to share out, of the scope of priorities.toml.",
)
@click.option(
    "--scenario", metavar="NAME", help="Which scenario.  [default: the first]"
)
@opt.store_option
@opt.json_option
@opt.shared
def command(
    *,
    scenario: str | None,
    store: str | None,
    as_json: bool,
    settings: opt.Settings,
    **asked: Any,
) -> int:
    """Rank projects and requests, and draw the line where days or budget run out.

    The grid, weights, scenarios and means are in priorities.toml. Arbitrations filled in
    (the sheet of « consolidate pack priorities », in the folder decisions of the state
    home, or the register) hold: what is kept stays above the line, what is refused or
    postponed below. What cannot be placed says what is missing, and where.
    """
    from consolidate.packs_run import PackOptions, load_data, ranking_of

    url = opt.store_url(settings, store)
    period = asked["period"] or ""
    data = load_data(PackOptions((), period, Path(), url, settings.config, settings.lang))  # fmt: skip
    found = ranking_of(data, asked["build_days"], asked["budget"])
    known = list(found.scenarios)
    if scenario and scenario not in known:
        from consolidate.wording import tr

        text = tr("cli-priorities-scenario", settings.lang, name=scenario, known=", ".join(known))  # fmt: skip
        raise click.UsageError(text)
    name = scenario or known[0]
    if as_json:
        click.echo(json.dumps(_json(found, data), ensure_ascii=False, indent=2))
    else:
        beside = [] if scenario or len(known) == 1 else _moving(found, data.lang)
        click.echo("\n".join([*_lines(found, name, data), *beside]))
    return 0


def _json(found: Ranking, data: PackData) -> dict[str, Any]:
    return {
        "period": data.portfolio.period,
        "scenarios": {
            name: {
                "build_days": found.means[name].days,
                "budget": found.means[name].money,
                "items": _records(rows, found),
            }
            for name, rows in found.scenarios.items()
        },
        "not_applied": found.stray.to_dict("records"),
    }


def _records(rows: pd.DataFrame, found: Ranking) -> list[dict[Any, Any]]:
    names = [*_TOLD, *(f"part_{c.name}" for c in found.grid.criteria)]
    told = rows[names].astype("object")
    records: list[dict[Any, Any]] = json.loads(
        told.where(told.notna(), None).to_json(orient="records", date_format="iso")
    )
    return records


def _lines(found: Ranking, name: str, data: PackData) -> Iterator[str]:
    from consolidate.cli.text import excerpt, number
    from consolidate.wording import plural, tr

    lang = data.lang
    rows, means = found.scenarios[name], found.means[name]
    label = next(s.label[lang] for s in found.grid.scenarios if s.name == name)
    means_told = {
        key: tr("part-no-limit", lang) if value is None else _number(value, lang)
        for key, value in (("days", means.days), ("money", means.money))
    }
    yield plural("cli-priorities", len(rows), lang, scenario=label, **means_told)
    for position, group in rows.groupby("position", sort=False):
        yield ""
        yield f"{tr(f'part-position-{position}', lang)} ({number(len(group), lang)})"
        placed = position in {"above", "below"}
        shown = group if placed else group.head(_MOST)
        for row in shown.astype("object").where(shown.notna(), None).to_dict("records"):
            score = "–" if row["score"] is None else _number(row["score"], lang)
            rank = "" if row["rank"] is None else f"{row['rank']:.0f}"
            days = "–" if row["days"] is None else _number(row["days"], lang)
            tail = _tail(row, found, lang)
            item, title = excerpt(str(row["item"]), 16), excerpt(str(row["name"]), 44)
            yield f"{rank:>4} {score:>6}  {item:16} {title:44} {days:>8}  {tail}".rstrip()
        if len(shown) < len(group):
            rest = len(group) - len(shown)
            yield f"            {plural('cli-priorities-more', rest, lang)}"
    if len(found.stray):
        yield f"\n{tr('part-arbitration-stray', lang)}"
    for lost in found.stray.to_dict("records"):
        yield f"{excerpt(lost['source'], 80)}: {excerpt(lost['item'], 40)}: {lost['why']}"


def _moving(found: Ranking, lang: str) -> Iterator[str]:
    """Yield the items whose side of the line hangs on the scenario."""
    from consolidate.cli.text import excerpt
    from consolidate.wording import plural, tr

    labels = {s.name: s.label[lang] for s in found.grid.scenarios}
    moving = found.beside[found.beside["moves"]]
    if not len(moving):
        return
    yield ""
    yield plural("cli-priorities-moving", len(moving), lang, names=" | ".join(labels.values()))  # fmt: skip
    for row in moving.to_dict("records"):
        places = [tr(f"part-position-{row[f'position_{n}']}", lang) for n in labels]
        item, title = excerpt(str(row["item"]), 16), excerpt(str(row["name"]), 44)
        yield f"            {item:16} {title:44} {' | '.join(places)}"


def _number(value: float, lang: str) -> str:
    from consolidate.report.format import number

    return number(value, lang, 0 if value == round(value) else 1)


def _tail(row: dict[Any, Any], found: Ranking, lang: str) -> str:
    """Return what explains where an item stands."""
    from consolidate.wording import tr

    labels = {c.name: c.label[lang] for c in found.grid.criteria}
    told = [tr("part-mandatory", lang)] if row["mandatory"] else []
    told += [tr(f"part-runs-out-{w}", lang) for w in row["runs_out"].split(";") if w]
    if row["decision"]:
        told.append(tr(f"cli-decision-{row['decision'].replace('_', '-')}", lang))
    if row["position"] == "unscored":
        told.append(tr("cli-priorities-missing", lang, names=", ".join(labels[n] for n in row["missing"].split(";") if n)))  # fmt: skip
    return " · ".join(told)
