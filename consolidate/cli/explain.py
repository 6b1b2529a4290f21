"""``consolidate explain``: where a project's values come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from consolidate.cli import options as opt
from consolidate.model.error import ConsolidateError

if TYPE_CHECKING:
    from consolidate.cli.lineage import Data


@click.command("explain", epilog="Example: consolidate explain P-0042 budget_initial")
@click.argument("code")
@click.argument("field", required=False)
@click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    metavar="OUT",
    help="Folder of the results to explain.",
)
@opt.json_option
@opt.shared
def command(
    *,
    code: str,
    field: str | None,
    output: Path,
    as_json: bool,
    settings: opt.Settings,
) -> int:
    """Tell where the values of project CODE come from: cell, text as written, reading.

    \b
    FIELD is
      a field of the project            budget_initial
      a table of its records            milestones
      a field of a table's records      milestones.end_forecast
    Without FIELD, all that is known of the project itself is told.
    """  # noqa: D301 (click reads the \b)
    from consolidate.cli import lineage
    from consolidate.cli.findings import configured_schemas

    data = lineage.Data(output / "data")
    project = data.find_project(code)
    if project is None:
        raise ConsolidateError(_unknown(code, output, data, settings.lang))
    schemas = configured_schemas(settings.config)
    table, name = lineage.parse_field(field, schemas, settings.lang)
    values = data.values(project["project_code"], table, name)
    if as_json:
        content = {"project_code": project["project_code"], "values": values}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        lines = lineage.value_lines(project, values, table, schemas, settings.lang)
        click.echo("\n".join(lines))
    return 0


def _unknown(code: str, output: Path, data: Data, lang: str) -> str:
    from consolidate.wording import tr

    near = ", ".join(data.nearest(code))
    key = "cli-unknown-project" if near else "cli-unknown-project-alone"
    return tr(key, lang, code=code, output=output, near=near)
