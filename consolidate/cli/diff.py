"""``consolidate diff``: what moved between two months."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consolidate.cli import options as opt
from consolidate.cli.secret import Secret, encrypting

if TYPE_CHECKING:
    import pandas as pd

    from consolidate.model.schema import Schemas
    from consolidate.packs_run import PackOptions


@click.command("diff", epilog="Example: consolidate diff 2026-09 2026-10")
@click.argument("before", metavar="MONTH", callback=opt.month)
@click.argument("after", metavar="MONTH", callback=opt.month)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write it as a workbook and a page, too, into a folder of the later month in DIR.",
)
@opt.store_option
@opt.json_option
@encrypting
@opt.shared
def command(  # noqa: PLR0913 (one argument an option)
    *,
    before: str,
    after: str,
    output: Path | None,
    store: str | None,
    as_json: bool,
    secret: Secret,
    settings: opt.Settings,
) -> int:
    """Tell what moved between two months kept in the store, both cells named.

    What needs a look comes first: projects without a return, statuses that got worse,
    baselines changed without a decision, ends that slipped, costs that grew. A project
    without a return is last known as it was; it did not leave, and nothing was saved.
    """
    from consolidate.cli.findings import configured_schemas
    from consolidate.compare import compare
    from consolidate.packs_run import PackOptions
    from consolidate.wording import plural

    lang, password = settings.lang, secret.password(settings.lang)
    found = compare(opt.store_url(settings, store), before, after, lang)
    if output is not None:
        url = opt.store_url(settings, store)
        asked = PackOptions((), after, output, url, settings.config, lang, password=password)  # fmt: skip
        _write(found, before, asked)
    moves = found.astype("object").where(found.notna(), None).to_dict("records")
    if as_json:
        click.echo(json.dumps(moves, ensure_ascii=False, indent=2, default=str))
        return 0
    months = {"before": before, "after": after}
    click.echo(plural("cli-diff", len(moves), lang, **months))
    click.echo(
        "\n".join(_lines(moves, configured_schemas(settings.config), months, lang))
    )
    return 0


def _write(found: pd.DataFrame, before: str, asked: PackOptions) -> None:
    """Write what moved as a pack, and say which files it is."""
    from consolidate.packs.moves import moves_pack
    from consolidate.packs_run import load_data, write_all

    data = load_data(asked)
    files = write_all(asked, data, [moves_pack(data, found, before)])
    click.echo("\n".join(path.as_posix() for path in files), err=True)


def _lines(
    moves: list[dict[Any, Any]], schemas: Schemas, months: Mapping[str, str], lang: str
) -> Iterator[str]:
    from itertools import groupby

    from consolidate.cli.text import excerpt, number
    from consolidate.wording import tr

    for kind, group in groupby(moves, key=lambda m: m["move"]):
        rows = list(group)
        yield f"{tr(f'move-{kind}', lang, **months)} ({number(len(rows), lang)})"
        for move in rows:
            names = [n for n in (move["project"], move["object"]) if n]
            told = _told(move, schemas, lang)
            yield f"  {move['project_code']}  {excerpt(' / '.join(names), 60)}{told}"
            # The same cell of the same workbook is named once.
            cells = [*dict.fromkeys(c for c in _cells(move) if c)]
            yield f"      {excerpt(' → '.join(cells), 150)}"


def _cells(move: Mapping[Any, Any]) -> tuple[str, str]:
    return move["before_cell"], move["after_cell"]


def _told(move: Mapping[Any, Any], schemas: Schemas, lang: str) -> str:
    """Return which field went from what to what, and by how much."""
    from consolidate.cli.text import excerpt
    from consolidate.report import moves as shown

    if not move["field"]:
        return ""
    was, now = (shown.value(move, end, schemas, lang) for end in ("before", "after"))
    field = shown.field(move, schemas, lang)
    amount = shown.amount(move, lang)
    tail = f" ({amount})" if amount else ""
    colon = "\u00a0:" if lang == "fr" else ":"
    return f"  {field}{colon} {excerpt(was, 40)} → {excerpt(now, 40)}{tail}"
